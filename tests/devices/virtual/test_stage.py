"""The stage as a whole: every part answers where the settings say, and none is left behind."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest

from devices.payments import CardTerminal, Patience
from devices.scanners import EsclScanner, MrzScanner
from devices.virtual.issuer import issue as issue_cards
from devices.virtual.part import PartFailed
from devices.virtual.stage import Stage
from kiosk import settings
from kiosk.clock import SystemClock
from kiosk.demonstration import Demonstration
from kiosk.failures import Failure, ServiceFailure
from kiosk.help import HelpState
from kiosk.transaction import PaymentState
from offline_queue.desk import QueueDesk
from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
from offline_queue.intake.issue_keys import issue as issue_keys
from offline_queue.keys import load_terminal, load_trust

READ_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from devices.cards.profiles import load_profiles
from devices.cards.reader import SmartCards
from devices.cards.trust.store import Policy, read_trust
from devices.diagnosis import PROFILES
from kiosk import settings
from kiosk.clock import SystemClock
from kiosk.events import CardInserted
from devices.scanners import MrzScanner
import threading
loaded = settings.load(Path(sys.argv[1]))
scanner = MrzScanner(loaded.scanner.host, loaded.scanner.port, seconds=20)
believed = read_trust(loaded.card.anchors, Policy())
cards = SmartCards(loaded.card.readers, load_profiles(PROFILES), believed, scanner.read, SystemClock())
inserted = threading.Event()
cards.start(lambda event: inserted.set() if isinstance(event, CardInserted) else None)
assert inserted.wait(30)
print(cards.read().identity.national_number)
cards.close()
"""
"""PC/SC's client library keeps to one service for the life of a process, and this one may have spoken to another."""


def children() -> set[int]:
    """The processes that have this one as their parent, ended ones too as long as nobody has asked how."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it ended while it was looked at
            continue
        if parent == os.getpid():
            found.add(int(stat.parent.name))
    return found


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("material")
    issue_keys(folder / "keys")
    issue_cards(folder / "cards")
    return folder


def stage_in(folder: Path, material: Path, *intake: str) -> Stage:
    command = intake or (sys.executable, "-m", "offline_queue.intake", "--keys", str(material / "keys"))
    return Stage(folder, command, keys=material / "keys", cards=material / "cards")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, material: Path) -> Iterator[Stage]:
    before = children()
    with stage_in(tmp_path_factory.mktemp("stage") / "with a space", material) as running:
        assert len(children() - before) >= 5
        yield running
    assert children() <= before


def test_it_is_a_demonstration(stage: Stage) -> None:
    demonstration: Demonstration = stage
    assert {"salma", "omar", "tampered"} <= set(demonstration.cards())
    assert demonstration.printed() == []


def test_the_settings_lead_to_the_payment_terminal(stage: Stage) -> None:
    payment = settings.load(stage.settings_file).payment
    terminal = CardTerminal(payment.host, payment.port, Patience(answer=20))
    stage.payment_mode("delay 0")
    id_ = uuid4()
    assert terminal.authorise(id_, 500) is PaymentState.AUTHORISED
    assert terminal.capture(id_) is PaymentState.CAPTURED
    terminal.close()


def test_the_settings_lead_to_the_centre_over_a_line_that_can_be_cut(stage: Stage) -> None:
    loaded = settings.load(stage.settings_file)
    context = ssl.create_default_context(cafile=loaded.gateway.authority)
    port = int(loaded.gateway.url.rpartition(":")[2])

    def reaches_the_centre() -> bool:
        try:
            with (
                socket.create_connection(("127.0.0.1", port), timeout=20) as plain,
                context.wrap_socket(plain, server_hostname="localhost"),
            ):
                return True
        except OSError:
            return False

    assert reaches_the_centre()
    stage.cut_line()
    assert not reaches_the_centre()
    stage.restore_line()
    assert reaches_the_centre()


def test_a_card_is_seen_by_the_scanner_and_read_by_the_reader(stage: Stage) -> None:
    loaded = settings.load(stage.settings_file)
    scanner = MrzScanner(loaded.scanner.host, loaded.scanner.port, seconds=20)
    assert scanner.read() is None
    for name in ("omar", "salma"):
        stage.insert_card(name)
        zone = scanner.read()
        assert zone is not None
        assert read_at(stage.settings_file, stage) in zone
    stage.pull_card()
    assert scanner.read() is None
    stage.insert_card("layla")
    assert scanner.read() is None  # its print is worn off
    stage.pull_card()


def read_at(file: Path, stage: Stage) -> str:
    """The national number that the terminal of these settings reads, in a process of its own."""
    command = (sys.executable, "-c", READ_IN_ANOTHER_PROCESS, str(file))
    environment = {**os.environ, **stage.environment}
    read = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert read.returncode == 0, read.stderr
    return read.stdout.strip()


def test_a_kiosk_and_a_counter_stand_side_by_side(stage: Stage) -> None:
    counter_file = stage.open_counter()
    assert stage.open_counter() == counter_file
    kiosk, counter = settings.load(stage.settings_file), settings.load(counter_file)
    assert (kiosk.terminal.id, counter.terminal.id) == ("KRK3", "KRK1")
    assert (kiosk.counter.assisted, counter.counter.assisted) == (False, True)
    assert kiosk.terminal.office == counter.terminal.office
    assert (kiosk.gateway, kiosk.payment, kiosk.printer) == (counter.gateway, counter.payment, counter.printer)
    assert kiosk.folders.state != counter.folders.state
    for one in (kiosk, counter):
        own = load_terminal(one.folders.keys).ledger.public_key()
        assert load_trust(one.folders.trust).ledgers[one.terminal.id] == own
    stage.insert_card("salma")
    stage.insert_card_at_counter("omar")
    folder = Path(counter.card.anchors).parent / "cards"
    for file, name in ((counter_file, "omar"), (stage.settings_file, "salma")):
        assert read_at(file, stage) in (folder / name / "mrz.txt").read_text()
    stage.pull_card()
    stage.pull_card_at_counter()


def test_the_kiosk_calls_and_the_counter_hears_it(stage: Stage) -> None:
    with ExitStack() as opened:
        kiosk, counter = (
            opened.enter_context(closing(QueueDesk(settings.load(file)).gateway()))
            for file in (stage.settings_file, stage.open_counter())
        )
        desk, bell = CentreHelpDesk(kiosk, SystemClock()), CentreClerkBell(counter)
        bell.open_calls()
        call = desk.call("quote")
        assert desk.state(call) is HelpState.CALLED
        assert [(one.call, one.terminal) for one in bell.open_calls()] == [(call, "KRK3")]
        bell.answer(call, "Huda")
        assert desk.state(call) is HelpState.COMING
        desk.withdraw(call)


def test_the_card_service_can_go_and_come_back(stage: Stage) -> None:
    stage.insert_card("omar")
    stage.stop_card_service()
    stage.start_card_service()
    stage.insert_card("omar")
    stage.pull_card()
    assert not stage.environment.keys() ^ {"PCSCLITE_CSOCK_NAME"}


def test_a_card_or_a_mode_that_does_not_exist_is_a_defect_that_shows(stage: Stage) -> None:
    with pytest.raises(ValueError, match="omar"):
        stage.insert_card("nobody")
    with pytest.raises(PartFailed, match="payment-terminal"):
        stage.payment_mode("generous")


def test_a_part_that_does_not_start_is_named_with_its_log_and_nothing_stays(tmp_path: Path, material: Path) -> None:
    before = children()
    broken = stage_in(tmp_path, material, sys.executable, "-c", "import sys; sys.exit('no database today')")
    with pytest.raises(PartFailed, match=r"intake has ended; see .*intake\.log"), broken:
        pass
    assert "no database today" in (tmp_path / "intake.log").read_text()
    assert children() <= before


def test_a_paper_is_scanned_and_its_fault_is_the_world_s_to_set(stage: Stage) -> None:
    known = settings.load(stage.settings_file).document_scanner
    assert known is not None
    scanner, before = EsclScanner(known.url), stage.scanned()["pages"]
    assert scanner.scan(threading.Event()).jpeg
    assert stage.scanned()["pages"] == before + 1
    stage.scanner_fault("no-paper")
    with pytest.raises(ServiceFailure) as failed:
        scanner.scan(threading.Event())
    assert failed.value.failure is Failure.SCANNER_NO_PAPER
    stage.scanner_fault("page 0")
