"""A whole visit in training, by the composition that runs: nothing leaves the terminal, and service is untouched."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pypdfium2
import pytest

import main
from devices.payments.training import TrainingPayments
from devices.printers.preview import read_code
from devices.virtual.printer import VirtualPrinter
from kiosk import recovery
from kiosk.catalogue import files as catalogue_files
from kiosk.counter import Consent, DocumentSeen
from kiosk.events import (
    Answered,
    CardInserted,
    CashTaken,
    Confirmed,
    ConsentGiven,
    Event,
    FormFilled,
    LinesPicked,
    PersonTyped,
    ServiceChosen,
    Started,
)
from kiosk.failures import Failure
from kiosk.mode import Mode
from kiosk.receipt import ReceiptOutcome
from kiosk.scene import Scene, State
from kiosk.settings import Folders, Gateway, Payment, Printer, Scanner, Settings
from kiosk.settings import load as load_settings
from kiosk.terminal import Terminal
from kiosk.texts import Language
from kiosk.visit import Visit
from offline_queue.desk import QueueDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from offline_queue.receipt_code import verify
from offline_queue.signed_code import Reason
from tests.e2e.conftest import ROOT, run_main
from tests.kiosk.parts import ScriptedReader
from tests.offline_queue.parts import VERIFY_URL, SetClock, sell

EXAMPLE = ROOT / "assets" / "deployment" / "terminal.toml"
SERVICES = catalogue_files.load(main.SERVICES).services


class Unwanted:
    """Listens where the intake, the payment terminal and the scanner would be, and remembers whoever comes."""

    def __init__(self) -> None:
        self.came: list[bytes] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection:
                    connection.settimeout(1)
                    with contextlib.suppress(OSError):
                        self.came.append(connection.recv(4096))

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


@pytest.fixture
def unwanted() -> Iterator[Unwanted]:
    listening = Unwanted()
    yield listening
    listening.close()


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path / "printer") as running:
        yield running


@pytest.fixture
def service(tmp_path: Path, unwanted: Unwanted, printer: VirtualPrinter) -> Settings:
    """A terminal in service that has sold something; around it nothing but a printer answers."""
    issue(tmp_path / "issued", "KRK3")
    own = Folders(state=tmp_path / "state", keys=tmp_path / "issued" / "terminal", trust=tmp_path / "issued" / "trust")
    own.state.mkdir()
    ledger = _ledger(own, "KRK3")
    sell(ledger)
    ledger.close()
    return msgspec.structs.replace(
        load_settings(EXAMPLE),
        folders=own,
        gateway=Gateway(url=f"https://127.0.0.1:{unwanted.port}", authority=tmp_path / "issued/tls/authority.pem"),
        scanner=Scanner(host="127.0.0.1", port=unwanted.port),
        payment=Payment(host="127.0.0.1", port=unwanted.port),
        printer=Printer(url=printer.url),
    )


def _ledger(folders: Folders, terminal: str) -> SqlLedger:
    keys = load_terminal(folders.keys)
    return SqlLedger(folders.state / "ledger.db", terminal=terminal, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)


def _digests(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.iterdir()) if file.is_file())
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


class Trainee:
    """A visit by the parts that `main` puts together, with a card that is read at once and nobody who takes time."""

    def __init__(self, terminal: Terminal, *, assisted: bool = False) -> None:
        assert isinstance(terminal.payments, TrainingPayments)
        terminal.payments._person_seconds = 0
        given = terminal.visit_parts(SERVICES)
        settlement = dataclasses.replace(given.settlement, pause=lambda _seconds: None)
        parts = dataclasses.replace(
            given,
            reader=ScriptedReader(),
            settlement=settlement,
            assisted=assisted,
            clerk=lambda: "rana" if assisted else "",
        )
        self.pending: list[tuple[Callable[[], Event], Callable[[Event], None]]] = []
        self.visit = Visit(parts, SERVICES, lambda work, then: self.pending.append((work, then)), lambda _scene: None)

    def does(self, *events: Event) -> Scene:
        for event in events:
            self.visit.handle(event)
            while self.pending:
                work, then = self.pending.pop(0)
                then(work())
        return self.visit.scene()

    def asks(self, plate: str) -> Scene:
        chosen = (CardInserted(), ServiceChosen("traffic.fines"), Started())
        return self.does(*chosen, Answered("search_by", "vehicle"), Answered("plate", plate))

    def pays(self, plate: str) -> Scene:
        lines = self.asks(plate).quote
        assert lines is not None
        return self.does(LinesPicked(tuple(line.id for line in lines.lines if line.payable)), Confirmed())


@pytest.fixture
def trainee(service: Settings) -> Iterator[Trainee]:
    with main.open_terminal(main.for_training(service), SERVICES) as terminal:
        assert terminal.settings.terminal.mode is Mode.TRAINING
        yield Trainee(terminal)


@dataclasses.dataclass(frozen=True, slots=True)
class ScreenIn:
    """An open screen, as far as a paper asks for one."""

    spoken: Language

    def language(self) -> Language:
        return self.spoken

    def is_quiet(self) -> bool:
        return True

    def post(self, event: Event) -> None:
        raise AssertionError("no device reports here")


def _words_of(pdf: Path) -> str:
    """What is written on the paper, in the order in which it was set: Arabic as joined forms, from the left."""
    document = pypdfium2.PdfDocument(pdf)
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    return str(words)


def test_a_visit_ends_as_in_service_and_nothing_leaves_the_terminal(
    trainee: Trainee, service: Settings, printer: VirtualPrinter, unwanted: Unwanted
) -> None:
    before = _digests(service.folders.state)
    scene = trainee.pays("12-34567")
    assert scene.state is State.DONE
    assert scene.receipt is not None
    assert scene.receipt.outcome is ReceiptOutcome.ACCEPTED
    assert scene.total_fils == 32_500
    assert unwanted.came == []
    assert _digests(service.folders.state) == before
    assert (service.folders.state / "training" / "ledger.db").is_file()
    assert scene.receipt.number == "TRAINING-000001"


def test_a_clerk_in_training_takes_cash_that_is_none(
    service: Settings, printer: VirtualPrinter, unwanted: Unwanted
) -> None:
    before = _digests(service.folders.state)
    with main.open_terminal(main.for_training(service), SERVICES) as terminal:
        scene = Trainee(terminal, assisted=True).does(
            PersonTyped("9990001112", "", DocumentSeen.PASSPORT),
            ServiceChosen("traffic.fines"),
            FormFilled((("search_by", "mine"),)),
            ConsentGiven(Consent.SPOKEN),
            CashTaken(50_000),
        )
        assert terminal.bell.open_calls() == ()
    assert scene.receipt is not None
    assert scene.receipt.facts.tendered_fils == 50_000
    assert len(printer.printed()) == 1
    assert _digests(service.folders.state) == before
    assert unwanted.came == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_paper_says_so_in_both_languages_and_its_code_is_not_genuine(
    service: Settings, printer: VirtualPrinter, unwanted: Unwanted, language: str
) -> None:
    with main.open_terminal(main.for_training(service), SERVICES) as terminal:
        terminal.shown.screen = ScreenIn("ar" if language == "ar" else "en")
        Trainee(terminal).pays("12-34567")
    (paper,) = printer.printed()
    assert "Training only: no value" in _words_of(paper)
    assert "TRAINING-000001" in _words_of(paper)
    code = read_code(paper.read_bytes())
    assert code is not None
    assert verify(code, service.folders.trust).reason is Reason.TRAINING
    assert unwanted.came == []


@pytest.mark.parametrize(
    ("plate", "failure"),
    [
        ("12-34597", Failure.AGENCY_UNREACHABLE),
        ("12-34598", Failure.AGENCY_SILENT),
        ("12-34599", Failure.AGENCY_REFUSED),
    ],
)
def test_an_agency_that_fails(trainee: Trainee, plate: str, failure: Failure) -> None:
    scene = trainee.asks(plate)
    assert scene.failure is not None
    assert scene.failure.failure is failure


@pytest.mark.parametrize(("plate", "failure"), [("1-13", Failure.PAYMENT_DECLINED), ("1-14", Failure.PAYMENT_UNKNOWN)])
def test_a_bank_that_fails(trainee: Trainee, plate: str, failure: Failure) -> None:
    scene = trainee.pays(plate)
    assert scene.failure is not None
    assert scene.failure.failure is failure


def test_a_transaction_that_waits_for_delivery_waits_for_ever(
    trainee: Trainee, service: Settings, unwanted: Unwanted
) -> None:
    receipt = trainee.pays("12-34515").receipt
    assert receipt is not None
    assert receipt.outcome is ReceiptOutcome.AWAITING_DELIVERY
    assert QueueDesk(main.for_training(service)).status().waiting == 1
    assert unwanted.came == []


def test_a_crash_in_training_never_touches_the_services_ledger(service: Settings, tmp_path: Path) -> None:
    before = _digests(service.folders.state)
    file = tmp_path / "terminal.toml"
    file.write_text(_text(service))
    crashed = subprocess.run(
        [sys.executable, "-m", "tests.e2e.crash_in_training", str(file)], cwd=ROOT, timeout=100, check=False
    )
    assert crashed.returncode == -signal.SIGKILL
    assert _digests(service.folders.state) == before
    with main.open_terminal(main.for_training(service), SERVICES) as terminal:
        (unfinished,) = terminal.ledger.unfinished()
        (resolved,) = recovery.resolve(terminal.ledger, terminal.payments)
        assert resolved.unfinished == unfinished
        # As with a real payment terminal that was exchanged: its word decides nothing, and staff see it in the list.
        assert resolved.resolution is recovery.Resolution.UNKNOWN
    assert _digests(service.folders.state) == before
    opened = _ledger(service.folders, "KRK3")
    assert opened.unfinished() == ()
    opened.close()


def _text(settings: Settings) -> str:
    text = EXAMPLE.read_text()
    for old, new in (
        ("/var/lib/kiosk", settings.folders.state),
        ("/etc/kiosk/keys", settings.folders.keys),
        ("/etc/kiosk/trust", settings.folders.trust),
        ("https://intake.example", settings.gateway.url),
        ("/etc/kiosk/centre-ca.pem", settings.gateway.authority),
        ("ipp://127.0.0.1:631/ipp/print", settings.printer.url),
    ):
        assert f'"{old}"' in text
        text = text.replace(f'"{old}"', f'"{new}"')
    return text


@pytest.mark.parametrize("how", ["flag", "settings"])
def test_commands_look_at_trainings_ledger(service: Settings, tmp_path: Path, how: str, unwanted: Unwanted) -> None:
    with main.open_terminal(main.for_training(service), SERVICES) as terminal:
        Trainee(terminal).pays("12-34515")
    file = tmp_path / "terminal.toml"
    text = _text(service)
    file.write_text(text if how == "flag" else text.replace("training = false", "training = true"))
    flag = ["--training"] if how == "flag" else []
    status = run_main("queue", "status", "--json", "--settings", str(file), *flag)
    assert msgspec.json.decode(status.stdout)["waiting"] == 1
    assert run_main("queue", "verify", "--settings", str(file), *flag).returncode == 0
    assert run_main("queue", "verify", "--rebuild", "--settings", str(file), *flag).returncode == 0
    assert '"id": "gateway"' not in run_main("diagnose", "--json", "--settings", str(file), *flag).stdout
    assert unwanted.came == []


def test_the_state_folder_of_training_is_closed_to_others(trainee: Trainee, service: Settings) -> None:
    assert (service.folders.state / "training").stat().st_mode & 0o077 == 0
