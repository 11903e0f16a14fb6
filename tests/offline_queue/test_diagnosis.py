"""The technician's checks of network, ledger, keys and trust, on real sockets, real TLS and a real ledger."""

from __future__ import annotations

import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.diagnostics import Examination, Finding, Health
from kiosk.failures import Failure
from kiosk.offline import Limits, OfflinePolicy, OfflineRule
from kiosk.settings import Card, Folders, Gateway, Secrets, Settings, load
from offline_queue import network_checks, probe, trust_checks
from offline_queue.centre import CentreHealth, NoAnswer, Silence
from offline_queue.delivery_desk import SyncDesk
from offline_queue.desk import QueueDesk
from offline_queue.diagnosis import checks, versions
from offline_queue.drain import Drain
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.sync import Sync
from tests.offline_queue.https_server import TestServer
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, agreement, sell

ROOT = Path(__file__).resolve().parents[2]
OpenLedger = Callable[[], SqlLedger]
NAME, CONNECTION, SECURE = probe.NAME.en, probe.CONNECTION.en, probe.SECURE.en


@pytest.fixture
def settings(key_folder: Path, ledger_file: Path) -> Settings:
    example = load(ROOT / "assets" / "deployment" / "terminal.toml")
    folders = Folders(state=ledger_file.parent, keys=key_folder / "terminal", trust=key_folder / "trust")
    gateway = Gateway(url="https://localhost:9", authority=key_folder / "tls" / "authority.pem", timeout_seconds=1.0)
    card = Card(readers=("Example",), anchors=key_folder / "tls")
    return msgspec.structs.replace(example, folders=folders, gateway=gateway, card=card)


@pytest.fixture
def server(key_folder: Path, terminal_keys: TerminalKeys) -> Iterator[TestServer]:
    made = TestServer(key_folder / "tls", terminal_keys.ledger.public_key())
    yield made
    made.close()


POLICY = OfflinePolicy(Limits(count=10, sum_fils=100_000), {"traffic.fines": OfflineRule(allowed=True)})


def found(settings: Settings, identifier: str) -> Finding:
    every = checks(settings, POLICY, SystemClock())
    (check,) = (check for check in every if check.id == identifier)
    return Examination(every, SystemClock()).run(check)


def walked(gateway: Gateway, interfaces: Path) -> dict[str, Health]:
    return {step.title.en: step.health for step in probe.walk(gateway, interfaces)}


def interface(folder: Path, name: str, carrier: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "carrier").write_text(carrier)


# ---------------------------------------------------------------- the road


def test_a_whole_road_to_a_centre_that_is_not_one(settings: Settings, server: TestServer) -> None:
    """Something with the right certificate answers, without the centre's signature."""
    there = msgspec.structs.replace(settings, gateway=msgspec.structs.replace(settings.gateway, url=server.url))
    measured = found(there, "gateway").measured
    assert measured.health is Health.BAD
    assert {step.title.en: step.health for step in measured.steps} == {
        NAME: Health.GOOD,
        CONNECTION: Health.GOOD,
        SECURE: Health.GOOD,
        "Answer": Health.GOOD,
        "Centre's signature": Health.BAD,
    }


def test_a_refused_connection_ends_the_road(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gateway = msgspec.structs.replace(settings.gateway, url=f"https://localhost:{port}")
    assert walked(gateway, tmp_path) == {
        NAME: Health.GOOD,
        CONNECTION: Health.BAD,
        SECURE: Health.NOT_REACHED,
    }


def test_a_name_that_nobody_knows_ends_it_at_once(settings: Settings, tmp_path: Path) -> None:
    """`.invalid` is never a name (RFC 2606)."""
    interface(tmp_path, "eth0", "1")
    gateway = msgspec.structs.replace(settings.gateway, url="https://centre.invalid")
    assert walked(gateway, tmp_path) == {
        "Cable": Health.GOOD,
        NAME: Health.BAD,
        CONNECTION: Health.NOT_REACHED,
        SECURE: Health.NOT_REACHED,
    }


def test_an_unplugged_cable_is_said(settings: Settings, tmp_path: Path) -> None:
    interface(tmp_path, "eth0", "0")
    interface(tmp_path, "lo", "1")
    gateway = msgspec.structs.replace(settings.gateway, url="https://centre.invalid")
    assert walked(gateway, tmp_path)["Cable"] is Health.BAD


def test_a_cable_that_the_kernel_does_not_report_ends_nothing(settings: Settings, tmp_path: Path) -> None:
    """A machine may reach the centre by something that shows no carrier."""
    gateway = msgspec.structs.replace(settings.gateway, url="https://centre.invalid")
    cable = probe.walk(gateway, tmp_path)[0]
    assert (cable.title, cable.health) == (probe.CABLE, Health.BAD)
    assert probe.ended((cable,)) is None


def test_another_authority_is_no_secure_channel(settings: Settings, server: TestServer, tmp_path: Path) -> None:
    issue(tmp_path / "others", TERMINAL)
    gateway = msgspec.structs.replace(
        settings.gateway, url=server.url, authority=tmp_path / "others" / "tls" / "authority.pem"
    )
    steps = probe.walk(gateway, tmp_path)
    end = probe.ended(steps)
    assert end is not None
    assert (end.title.en, end.health) == (SECURE, Health.BAD)
    assert "not trusted" in end.value.en


def test_plain_text_is_no_secure_channel(settings: Settings, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gateway = msgspec.structs.replace(
            settings.gateway, url=f"https://localhost:{listening.getsockname()[1]}", timeout_seconds=0.3
        )
        assert walked(gateway, tmp_path)[SECURE] is Health.BAD  # it listens, and never answers


class Desk(QueueDesk):
    """A desk whose centre answers as told."""

    def __init__(self, answer: CentreHealth | NoAnswer) -> None:
        self._answer = answer

    def health(self) -> CentreHealth:
        if isinstance(self._answer, NoAnswer):
            raise self._answer
        return self._answer


def answered(difference_ms: int) -> CentreHealth:
    return CentreHealth(version="1", now=datetime.now(UTC), clock_difference_ms=difference_ms, milliseconds=12)


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (answered(400), Health.GOOD),
        (answered(-90_000), Health.WARNING),
        (NoAnswer(Silence.NO_LINE), Health.WARNING),
    ],
    ids=["right", "wrong", "no line"],
)
def test_the_clock_is_compared_with_the_centres(answer: CentreHealth | NoAnswer, health: Health) -> None:
    assert network_checks.clock(Desk(answer)).health is health


# ---------------------------------------------------------------- ledger and disk


def test_without_a_ledger_the_other_checks_stand(settings: Settings) -> None:
    assert found(settings, "ledger").measured.health is Health.BAD
    assert found(settings, "disk").measured.health is Health.GOOD
    assert found(settings, "keys").measured.health is Health.GOOD


def test_a_whole_ledger_counts_its_entries(settings: Settings, open_ledger: OpenLedger) -> None:
    sell(open_ledger())
    measured = found(settings, "ledger").measured
    assert measured.health is Health.GOOD
    assert "no gap" in measured.value.en


def test_what_waits_too_long_is_a_warning(settings: Settings, open_ledger: OpenLedger, clock: SetClock) -> None:
    clock.at = datetime.now(UTC) - timedelta(minutes=8)
    ledger = open_ledger()
    sell(ledger)
    assert found(settings, "waiting").measured.health is Health.GOOD
    clock.at = datetime.now(UTC) - timedelta(minutes=30)
    open_ledger().close()
    (settings.folders.state / "ledger.db").unlink()
    sell(open_ledger())
    measured = found(settings, "waiting").measured
    assert measured.health is Health.WARNING
    assert "1, oldest 30 min" in measured.value.en


def test_what_is_half_done_is_counted(settings: Settings, open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    assert found(settings, "unresolved").measured.health is Health.GOOD
    ledger.prepare(agreement())
    measured = found(settings, "unresolved").measured
    assert (measured.health, measured.value.en) == (Health.WARNING, "1")


def test_saved_requests_are_counted_and_no_fault(settings: Settings, open_ledger: OpenLedger) -> None:
    open_ledger()
    measured = found(settings, "saved").measured
    assert (measured.health, measured.value.en) == (Health.GOOD, "none")


def test_the_offline_limits_are_told_by_the_most_used(settings: Settings, open_ledger: OpenLedger) -> None:
    assert found(settings, "offline").measured.health is Health.BAD, "without a ledger there is nothing to count"
    ledger = open_ledger()
    assert found(settings, "offline").measured.health is Health.GOOD
    sell(ledger, 50_000)
    measured = found(settings, "offline").measured
    assert (measured.health, "50.000" in measured.value.en) == (Health.WARNING, True)
    sell(ledger, 50_000)
    measured = found(settings, "offline").measured
    assert (measured.health, measured.code) == (Health.BAD, Failure.OFFLINE_FULL.value)


def test_no_finding_holds_anything_personal(settings: Settings, open_ledger: OpenLedger) -> None:
    sell(open_ledger())
    findings = list(Examination(checks(settings, POLICY, SystemClock()), SystemClock()).findings())
    told = msgspec.json.encode(findings).decode()
    assert "9991112223" not in told
    assert "المزروعة" not in told


# ---------------------------------------------------------------- keys and trust


def test_missing_keys_are_named_without_their_way(settings: Settings, tmp_path: Path) -> None:
    folders = msgspec.structs.replace(settings.folders, keys=tmp_path / "none")
    bare = msgspec.structs.replace(settings, folders=folders)
    measured = found(bare, "keys").measured
    assert measured.health is Health.BAD
    assert "ledger.key" in measured.value.en
    assert str(tmp_path) not in measured.value.en
    assert "keys" in found(bare, "ledger").measured.value.en


def test_keys_that_others_may_read_are_a_warning(settings: Settings, tmp_path: Path) -> None:
    issue(tmp_path / "keys", TERMINAL)
    folders = msgspec.structs.replace(
        settings.folders, keys=tmp_path / "keys" / "terminal", trust=tmp_path / "keys" / "trust"
    )
    own = msgspec.structs.replace(settings, folders=folders)
    assert found(own, "keys").measured.health is Health.GOOD
    (folders.keys / "holder.key").chmod(stat.S_IRUSR | stat.S_IRGRP)
    assert found(own, "keys").measured.health is Health.WARNING


def test_where_the_keys_are_kept_and_whether_the_centre_could_open_the_ledger(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_folder = found(settings, "keeping").measured
    assert (in_folder.health, "development" in in_folder.value.en) == (Health.WARNING, True)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(settings.folders.keys))
    served = msgspec.structs.replace(settings, secrets=Secrets(source="credentials"))
    assert found(served, "keeping").measured.health is Health.GOOD
    assert found(served, "keys").measured.health is Health.GOOD
    shutil.copytree(settings.folders.trust, tmp_path / "trust")
    (tmp_path / "trust" / "recovery.pem").unlink()
    folders = msgspec.structs.replace(settings.folders, trust=tmp_path / "trust")
    unsealed = found(msgspec.structs.replace(served, folders=folders), "keeping").measured
    assert (unsealed.health, "nothing is sealed" in unsealed.value.en) == (Health.WARNING, True)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert found(served, "keeping").measured.health is Health.BAD
    trained = msgspec.structs.replace(settings, terminal=msgspec.structs.replace(settings.terminal, training=True))
    assert found(trained, "keeping").measured.health is Health.GOOD


def test_another_terminals_key_is_refused(settings: Settings) -> None:
    terminal = msgspec.structs.replace(settings.terminal, id="OTHER1")
    assert found(msgspec.structs.replace(settings, terminal=terminal), "keys").measured.health is Health.BAD


def test_a_certificate_that_runs_out_is_told_before(settings: Settings) -> None:
    file = settings.gateway.authority
    assert trust_checks.authority(file, datetime.now(UTC)).health is Health.GOOD
    assert trust_checks.authority(file, datetime.now(UTC) + timedelta(days=36_500)).health is Health.BAD
    assert trust_checks.authority(file.with_name("none.pem"), datetime.now(UTC)).health is Health.BAD


def test_the_versions_below_are_named() -> None:
    assert {fact.name for fact in versions()} == {"SQLite", "SQLCipher", "OpenSSL"}
    assert all(fact.value[0].isdigit() for fact in versions())


# ---------------------------------------------------------------- delivery


def test_delivery_as_it_stands(
    settings: Settings, open_ledger: OpenLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    ledger = open_ledger()
    sell(ledger)
    drain = Drain(ledger, centre, TERMINAL, clock, monotonic=clock.monotonic)
    desk = SyncDesk(settings, Sync(ledger, drain), POLICY, clock)
    before = desk.health()
    assert (before.line_is_up, before.waiting, before.last_answer_at) == (False, 1, None)
    assert [entry.state for entry in before.entries if entry.state != "unprinted"] == ["committed"]
    drain.step(hurry=True)
    after = desk.health()
    assert (after.line_is_up, after.waiting) == (True, 0)
    assert after.last_answer_at == clock.at
    assert after.next_try_at is not None
    assert after.next_try_at >= clock.at


def test_a_silent_centre_is_named(
    settings: Settings, open_ledger: OpenLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    ledger = open_ledger()
    sell(ledger)
    centre.trouble = Silence.NO_LINE
    drain = Drain(ledger, centre, TERMINAL, clock, monotonic=clock.monotonic)
    drain.step(hurry=True)
    health = SyncDesk(settings, Sync(ledger, drain), POLICY, clock).health()
    assert (health.trouble, health.sent_unknown) == ("no_line", 1)


def test_asking_at_once_wakes_the_sync(
    settings: Settings, open_ledger: OpenLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    ledger = open_ledger()
    drain = Drain(ledger, centre, TERMINAL, clock, monotonic=clock.monotonic)
    with closing(Sync(ledger, drain)) as sync:
        sync.start()
        sold = sell(ledger)
        SyncDesk(settings, sync, POLICY, clock).deliver_now()
        assert sync.wait_for_answer(sold.transaction, 60).state.value == "accepted"
