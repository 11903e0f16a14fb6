"""The private service and the card behind a real pcscd, seen by real PC/SC clients."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.virtual import pcsc
from devices.virtual.pcsc import ServiceUnavailable, VirtualReaderService
from tests.devices.virtual.card.conftest import Process, zone
from tests.devices.virtual.card.terminal import open_session

Start = Callable[..., Process]
CLIENT = "tests.devices.virtual.card.pcsc_client"


@pytest.fixture
def service() -> Iterator[VirtualReaderService]:
    with VirtualReaderService() as service:
        yield service


@pytest.fixture
def hand(service: VirtualReaderService, start: Start) -> Process:
    return start("devices.virtual.card", "--port", str(service.ports[0]))


@pytest.fixture
def client(service: VirtualReaderService, start: Start) -> Process:
    return start(CLIENT, environment=service.environment)


def test_two_slots(client: Process) -> None:
    assert client.tell("readers") == "Virtual PCD 00 00|Virtual PCD 00 01"


def test_insertion_and_removal_are_seen(client: Process, hand: Process, cards: Path) -> None:
    client.tell("wait empty")
    for name in ("salma", "unknown"):
        hand.tell(f"insert {cards / name}")
        assert client.tell("wait present") == "atr " + (cards / name / "atr.txt").read_text().strip().lower()
        hand.tell("remove")
        assert client.tell("wait empty")


def test_a_mute_card_is_seen_as_mute(client: Process, hand: Process, cards: Path) -> None:
    hand.tell(f"insert {cards / 'mute'}")
    assert client.tell("wait mute") == "atr "


@pytest.mark.parametrize("extended", [True, False])
def test_the_chip_is_read_through_the_service(client: Process, hand: Process, cards: Path, extended: bool) -> None:
    hand.tell(f"insert {cards / 'salma'}")
    client.tell("wait present")
    client.tell("connect")
    session = open_session(lambda command: bytes.fromhex(client.tell(f"send {command.hex()}")), zone(cards / "salma"))
    portrait = (cards / "salma" / "EF.DG2").read_bytes()
    if extended:
        assert session.ask("00B08200", expected=0, extended=True) == (portrait, 0x9000)
    else:
        assert session.ask("00B08200", expected=231) == (portrait[:231], 0x9000)


def test_two_services_see_only_their_own_card(start: Start, cards: Path) -> None:
    with VirtualReaderService() as one, VirtualReaderService() as two:
        assert not set(one.ports) & set(two.ports)
        clients = [start(CLIENT, environment=service.environment) for service in (one, two)]
        for client in clients:
            client.tell("wait empty")
        start("devices.virtual.card", "--port", str(one.ports[0])).tell(f"insert {cards / 'salma'}")
        assert clients[0].tell("wait present") != "atr "
        assert clients[1].tell("wait empty") == "atr "


def test_after_a_restart_the_same_socket_and_ports_serve(
    service: VirtualReaderService, hand: Process, start: Start, cards: Path
) -> None:
    hand.tell(f"insert {cards / 'salma'}")
    assert start(CLIENT, environment=service.environment).tell("wait present")
    ports, environment, pid = service.ports, service.environment, service.pid
    service.restart()
    assert (service.ports, service.environment) == (ports, environment)
    assert service.pid != pid
    assert hand.complaint() == "the reader has gone"
    assert hand.tell(f"insert {cards / 'omar'}") == "ok"
    assert start(CLIENT, environment=environment).tell("wait present") != "atr "


def test_closing_ends_the_process_and_leaves_nothing() -> None:
    service = VirtualReaderService()
    service.start()
    pid, folder = service.pid, Path(service.environment["PCSCLITE_CSOCK_NAME"]).parents[2]
    assert pid
    assert folder.is_dir()
    service.close()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    service.close()


def test_a_given_folder_stays(tmp_path: Path) -> None:
    with VirtualReaderService(tmp_path):
        pass
    assert (tmp_path / "reader.conf").is_file()


def test_what_a_killed_service_left_does_not_hinder(tmp_path: Path) -> None:
    (tmp_path / "run" / "pcscd").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "run" / "pcscd" / "pcscd.comm"))
    (tmp_path / "run" / "pcscd" / "pcscd.pid").write_text(f"{os.getpid()}\n")  # its number may be another's by now
    with VirtualReaderService(tmp_path) as service:
        assert service.pid


def test_the_machines_own_service_is_not_touched(service: VirtualReaderService) -> None:
    ours, machines = Path(service.environment["PCSCLITE_CSOCK_NAME"]), Path("/run/pcscd/pcscd.comm")
    assert ours.is_socket()
    assert not (machines.exists() and machines.samefile(ours))


@pytest.mark.parametrize(("places", "package"), [("DAEMONS", "pcscd"), ("LIBRARIES", "vsmartcard-vpcd")])
def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, places: str, package: str, tmp_path: Path) -> None:
    monkeypatch.setattr(pcsc, places, (tmp_path,))
    with pytest.raises(ServiceUnavailable, match=f"apt-get install {package}$"):
        VirtualReaderService().start()


def test_a_path_too_long_for_a_socket(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable, match="too long"):
        VirtualReaderService(tmp_path / ("x" * 100)).start()


def test_a_daemon_that_will_not_run_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcsc, "ATTEMPTS", 1)
    monkeypatch.setattr(pcsc, "IN_OWN_MOUNTS", "echo the mount is refused >&2; exit 1")
    with pytest.raises(ServiceUnavailable, match="the mount is refused"):
        VirtualReaderService().start()


def test_a_port_taken_in_between_is_noticed(monkeypatch: pytest.MonkeyPatch, service: VirtualReaderService) -> None:
    pairs = iter([service.ports[0], service.ports[0], pcsc._free_pair()])
    monkeypatch.setattr(pcsc, "_free_pair", lambda: next(pairs))
    with VirtualReaderService() as other:
        assert other.ports[0] != service.ports[0]
