"""The command line's door and the one place that knows every part: it reads the settings, chooses the parts, and
starts and joins their threads.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.bell import Bell
from kiosk.catalogue import offline_policy
from kiosk.catalogue_files import load as load_services
from kiosk.clock import SystemClock
from kiosk.set_up import SetUpMistake
from kiosk.settings import Settings
from kiosk.settings import load as load_settings
from ui.commands.parser import make_parser

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from devices.cards.reader import SmartCards
    from devices.cards.signing.card import SigningCard
    from devices.payments.terminal import CardTerminal
    from devices.payments.training import TrainingPayments
    from devices.printers.ipp import IppReceiptPrinter
    from devices.virtual.stage import Stage
    from kiosk.catalogue import Service
    from kiosk.diagnostics import Examination, Finding
    from kiosk.events import Event
    from kiosk.help import ClerkBell, HelpDesk
    from kiosk.line_history import LineHistory
    from kiosk.offline import OfflinePolicy
    from kiosk.ports import Signer
    from kiosk.refunds import Refunds
    from kiosk.report import Report
    from kiosk.signing import Application
    from kiosk.staff import StaffMember
    from kiosk.texts import Language
    from kiosk.visit import Parts
    from offline_queue.desk import QueueDesk
    from offline_queue.gateway import HttpsGateway
    from offline_queue.help_desk import CentreClerkBell
    from offline_queue.ledger import SqlLedger
    from offline_queue.sync import Sync
    from offline_queue.training import TrainingCentre
    from ui.app import Kiosk
    from ui.clerk.app import Counter
    from ui.clerk.citizen_display import CitizenDisplay
    from ui.look import Panel
    from ui.opening import FirstWindow
    from ui.staff.window import StaffWindow
    from ui.technician.door import Host
    from ui.technician.entrance import MakeRoom
    from ui.technician.errands import Run
    from ui.technician.parts import TechnicianParts
    from ui.technician.window import TechnicianWindow
    from ui.tour.tour import CounterPlace

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
SERVICES = HERE / "assets" / "services"
RETENTION = HERE / "assets" / "retention.toml"
KEYS = BUILD / "demo" / "keys"
CARDS = BUILD / "demo" / "cards"
INTAKE = [sys.executable, "-m", "offline_queue.intake"]
USED_WRONGLY = 2


# ---------------------------------------------------------------- the parts


class Shown:
    """The language of the screen that is open, for the paper that comes out beside it."""

    def __init__(self) -> None:
        self.ask: Callable[[], Language] = lambda: "ar"

    def language(self) -> Language:
        return self.ask()


class Quiet:
    """Whether nobody is being served, for what waits for that; safe to ask on any thread."""

    def __init__(self) -> None:
        self.ask: Callable[[], bool] = lambda: True

    def is_quiet(self) -> bool:
        return self.ask()


@dataclasses.dataclass(frozen=True, slots=True)
class Trade:
    """What a terminal trades with: its ledger, who states and takes the amounts, who pays, and who is called."""

    ledger: SqlLedger
    gateway: HttpsGateway | TrainingCentre
    sync: Sync | TrainingCentre
    payments: CardTerminal | TrainingPayments
    help_desk: HelpDesk
    bell: ClerkBell


@dataclasses.dataclass(frozen=True, slots=True)
class Terminal:
    """The parts of one terminal, started."""

    settings: Settings
    ledger: SqlLedger
    gateway: HttpsGateway | TrainingCentre
    sync: Sync | TrainingCentre
    payments: CardTerminal | TrainingPayments
    help_desk: HelpDesk
    bell: ClerkBell
    cards: SmartCards
    printer: IppReceiptPrinter
    line: Bell
    card_events: Bell
    power: Bell
    shown: Shown
    quiet: Quiet


@contextlib.contextmanager
def open_terminal(settings: Settings) -> Iterator[Terminal]:
    """Everything that a terminal needs, the ledger first and closed last. Nothing here waits for the network."""
    from devices.diagnosis import open_cards
    from devices.power import PowerWatcher
    from devices.printers.ipp import IppReceiptPrinter
    from ui.garbage import keep_for_good

    line, card_events, power = Bell(), Bell(), Bell()
    with contextlib.ExitStack() as parts:
        open_trade = _open_training if settings.terminal.training else _open_service
        quiet = Quiet()
        trade = open_trade(settings, line, quiet, parts)
        shown = Shown()
        printer = IppReceiptPrinter(settings.printer.url, language=shown.language, mode=settings.terminal.mode)
        parts.callback(printer.close)
        cards = open_cards(settings, SystemClock())
        cards.start(card_events.ring)
        parts.callback(cards.close)
        watcher = PowerWatcher(power.ring)
        watcher.start()
        parts.callback(watcher.close)
        keep_for_good()
        yield Terminal(
            settings=settings,
            ledger=trade.ledger,
            gateway=trade.gateway,
            sync=trade.sync,
            payments=trade.payments,
            help_desk=trade.help_desk,
            bell=trade.bell,
            cards=cards,
            printer=printer,
            line=line,
            card_events=card_events,
            power=power,
            shown=shown,
            quiet=quiet,
        )


def _open_ledger(settings: Settings, desk: QueueDesk, parts: contextlib.ExitStack) -> SqlLedger:
    for warning in desk.warnings():
        logging.getLogger("keys").warning("%s", warning)
    settings.folders.state.mkdir(parents=True, exist_ok=True, mode=0o700)
    ledger = desk.ledger(SystemClock())
    parts.callback(ledger.close)
    return ledger


def _open_service(settings: Settings, line: Bell, quiet: Quiet, parts: contextlib.ExitStack) -> Trade:
    from devices.payments.terminal import CardTerminal, Patience
    from kiosk.lane import Lane
    from offline_queue.desk import QueueDesk
    from offline_queue.drain import Drain, Pace
    from offline_queue.help_desk import CentreClerkBell, CentreHelpDesk
    from offline_queue.night_check import NightWatch
    from offline_queue.retention import Retention
    from offline_queue.retention_schedule import load_schedule
    from offline_queue.sync import Sync

    clock, desk = SystemClock(), QueueDesk(settings)
    ledger = _open_ledger(settings, desk, parts)
    gateway = parts.enter_context(contextlib.closing(desk.gateway()))
    # Somebody watches a demonstration: its line is asked for more often than a whole country could be.
    pace = Pace(probe_up=3.0, probe_down=1.0, base=0.5) if settings.terminal.demonstration else Pace()
    beside = parts.enter_context(contextlib.closing(Lane("sync, second batch")))
    drain = Drain(ledger, gateway, settings.terminal.id, clock, pace=pace, beside=beside)
    retention = Retention(ledger, load_schedule(RETENTION), desk.trust.centre, clock)
    sync = Sync(ledger, drain, line.ring, retention.step)
    patience = Patience(person=settings.payment.person_seconds)
    payments = CardTerminal(settings.payment.host, settings.payment.port, patience)
    parts.callback(payments.close)
    sync.start()
    parts.callback(sync.close)
    night = NightWatch(desk.chain(), ledger, clock, quiet.is_quiet)
    night.start()
    parts.callback(night.close)
    return Trade(ledger, gateway, sync, payments, CentreHelpDesk(gateway, clock), CentreClerkBell(gateway))


def _open_training(settings: Settings, line: Bell, _quiet: Quiet, parts: contextlib.ExitStack) -> Trade:
    """No gateway, no sync, no payment terminal: nothing here could reach anybody. What was practised long ago leaves
    when the training is opened; its chain is short, and is checked by command."""
    from devices.payments.training import TrainingPayments
    from offline_queue.desk import QueueDesk
    from offline_queue.retention import Retention
    from offline_queue.retention_schedule import load_schedule
    from offline_queue.training import NobodyCalls, NobodyToCall, TrainingCentre
    from offline_queue.training_keys import load_centre, make_keys

    make_keys(settings.folders)
    desk = QueueDesk(settings)
    ledger = _open_ledger(settings, desk, parts)
    retention = Retention(ledger, load_schedule(RETENTION), desk.trust.centre, SystemClock())
    while retention.step():
        pass
    centre = TrainingCentre(ledger, load_centre(settings.folders.keys), SystemClock(), line.ring)
    payments = TrainingPayments()
    parts.callback(payments.close)
    return Trade(ledger, centre, centre, payments, NobodyToCall(), NobodyCalls())


@contextlib.contextmanager
def open_stage(folder: Path) -> Iterator[Stage]:
    """The virtual parts of a demonstration, each in its own process; their state lives in `folder`."""
    from devices.cards.trust.imports import take_newer_revocations
    from devices.cards.trust.store import Policy
    from devices.virtual.stage import Stage

    take_newer_revocations(CARDS / "anchors", (CARDS / "crls").glob("*.crl"), Policy(), SystemClock().now())
    with Stage(folder, intake_command=[*INTAKE, "--keys", str(KEYS)], keys=KEYS, cards=CARDS) as stage:
        os.environ.update(stage.environment)
        yield stage


# ---------------------------------------------------------------- the program on a screen


def _offline_policy(settings: Settings) -> OfflinePolicy:
    return offline_policy(load_services(SERVICES).services, settings.offline)


def _visit_parts(terminal: Terminal, services: tuple[Service, ...]) -> Parts:
    import uuid6

    from kiosk.parking import Parking
    from kiosk.settlement import Settlement
    from kiosk.visit import Parts

    known, printer = terminal.settings.terminal, terminal.printer
    # By the gateway's clock, the centre's: whether a quote has run out is asked when it comes and when it is agreed to.
    settlement = Settlement(
        terminal.ledger,
        terminal.payments,
        terminal.sync,
        printer,
        terminal.gateway,
        known.office,
        offline_policy(services, terminal.settings.offline),
        corrections=terminal.ledger.corrections,
    )
    parking = Parking(terminal.ledger.parked, printer, terminal.gateway, known.office)
    # In training nothing is signed: a signature counts wherever it is shown, and the card cannot be told that it is not
    # meant. A service that wants one says that it is not to be had here.
    signer = None if known.training else _signer(terminal.settings)
    return Parts(known.id, terminal.cards, terminal.gateway, settlement, parking, uuid6.uuid7, signer=signer)


def _signer(settings: Settings) -> Signer:
    """What it needs is loaded when somebody signs."""
    from devices.cards.signing.holder_signer import Drawn, HolderSigner

    def draw(application: Application) -> Drawn:
        from devices.printers.application import SIGNATURE_BOX, SIGNATURE_PAGE, draw_application

        return Drawn(draw_application(application), SIGNATURE_PAGE, SIGNATURE_BOX)

    return HolderSigner(lambda: _signing_card(settings), draw)


def _signing_card(settings: Settings) -> SigningCard:
    from devices.cards.profiles import load_profiles
    from devices.cards.signing.card import SigningCard
    from devices.diagnosis import PROFILES

    return SigningCard(settings.card.readers, SystemClock(), load_profiles(PROFILES), settings.card.signing_module)


def _resolve_unfinished(terminal: Terminal) -> None:
    """What a power cut or a silent payment terminal left half done; asked again each time nobody is served."""
    from kiosk.recovery import Resolution, resolve

    if any(entry.resolution is Resolution.COMMITTED for entry in resolve(terminal.ledger, terminal.payments)):
        terminal.sync.wake()


def _at_rest_of_counter(terminal: Terminal, refunds: Refunds) -> None:
    _resolve_unfinished(terminal)
    refunds.resume()


def _first_window(settings: Settings, panel: Panel, *, motion: bool = True) -> FirstWindow:
    from ui.opening import FirstWindow

    known, services = settings.terminal, load_services(SERVICES).services
    return FirstWindow(panel, known.office, services, motion=motion, mode=known.mode)


def _open_kiosk(terminal: Terminal, first: FirstWindow) -> Kiosk:
    from ui.app import Kiosk
    from ui.technician.entrance import at_kiosk

    parts, rest = _visit_parts(terminal, first.services), partial(_resolve_unfinished, terminal)
    kiosk = Kiosk(parts, first.services, first.serve, rest, terminal.help_desk)
    at_kiosk(kiosk, _technician(terminal, kiosk.window), SystemClock())
    terminal.shown.ask = kiosk.language
    terminal.quiet.ask = kiosk.is_quiet
    terminal.line.listen(kiosk.line_changed.emit)
    terminal.card_events.listen(kiosk.post)
    terminal.power.listen(kiosk.post)
    return kiosk


def _technician(terminal: Terminal, host: Host) -> MakeRoom:
    """Makes the technician's window beside the citizen's or the clerk's, when somebody comes."""

    def make(line: LineHistory, run: Run) -> TechnicianWindow:
        from ui.technician.window import make_beside

        return make_beside(host.look, _technician_parts(terminal, line), run)

    return make


def _technician_parts(terminal: Terminal, line: LineHistory) -> TechnicianParts:
    from offline_queue.delivery_desk import SyncDesk
    from ui.technician.parts import TechnicianParts

    settings = terminal.settings
    return TechnicianParts(
        terminal=settings.terminal.id,
        office=settings.terminal.office,
        clock=SystemClock(),
        examination=_examination(settings, terminal.cards),
        report=partial(_report, settings),
        register=terminal.ledger.staff,
        printer=terminal.printer,
        delivery=SyncDesk(settings, terminal.sync, _offline_policy(settings), SystemClock()),
        line=line,
        state=settings.folders.state,
        mode=settings.terminal.mode,
    )


def _open_counter(
    terminal: Terminal, window: StaffWindow, make_display: Callable[[Callable[[Event], None]], CitizenDisplay | None]
) -> Counter:
    """The same terminal with a clerk before it."""
    from kiosk.records import LedgerRecords
    from kiosk.refunds import Refunds
    from ui.clerk.app import Counter
    from ui.clerk.desk import Tools
    from ui.sound import Sounds
    from ui.technician.entrance import at_counter

    sounds, services = Sounds(window), load_services(SERVICES).services
    parts = _visit_parts(terminal, services)
    refunds = Refunds(
        corrections=terminal.ledger.corrections,
        payments=terminal.payments,
        printer=terminal.printer,
        clock=SystemClock(),
        services=services,
        office=terminal.settings.terminal.office,
        wake=terminal.sync.wake,
    )
    tools = Tools(
        register=terminal.ledger.staff,
        bell=terminal.bell,
        records=LedgerRecords(
            terminal.ledger,
            terminal.ledger.unresolved,
            terminal.sync.wake,
            services,
            terminal.settings.terminal.office,
            parts.settlement.offline,
            SystemClock(),
            terminal.ledger.chain_holds,
        ),
        ring=sounds.ring,
        clock=SystemClock(),
        print_again=parts.settlement.print,
        refunds=refunds,
    )

    def let_technician_in(member: StaffMember) -> None:
        entrance.door.let_in(member)

    counter = Counter(
        parts,
        services,
        tools,
        window,
        make_display,
        lock_seconds=terminal.settings.counter.lock_seconds,
        at_rest=partial(_at_rest_of_counter, terminal, refunds),
        open_technician=let_technician_in,
    )
    entrance = at_counter(counter, _technician(terminal, window), SystemClock())
    terminal.shown.ask = counter.language
    terminal.quiet.ask = counter.is_quiet
    terminal.line.listen(counter.line_changed.emit)
    terminal.card_events.listen(counter.post)
    terminal.power.listen(counter.post)
    counter.closing.connect(sounds.close)
    return counter


def _run_counter(application: QApplication, settings: Settings) -> int:
    """The counter, full screen on one or two screens."""
    from ui.clerk.opening import on_second_screen, staff_window
    from ui.start import not_set_up, own_screen

    office, diagonal = settings.terminal.office, settings.counter.citizen_diagonal_inches
    mode = settings.terminal.mode
    window = staff_window(own_screen(settings.terminal.diagonal_inches), office, mode=mode)
    window.showFullScreen()
    try:
        with open_terminal(settings) as terminal:
            counter = _open_counter(terminal, window, partial(on_second_screen, diagonal, office, mode=mode))
            window.activateWindow()
            status = application.exec()
            counter.close()
    except SetUpMistake as mistake:
        _tell_technician(mistake)
        window.close()
        page = not_set_up()
        page.showFullScreen()
        application.exec()
        return USED_WRONGLY
    return status


def run(arguments: argparse.Namespace) -> int:
    """The kiosk, full screen. Where it cannot start, a page says so: nobody may stand before an empty screen."""
    from ui.source_texts import leave_unread

    leave_unread()
    from ui.opening import Opening
    from ui.start import not_set_up, own_screen, start_qt

    application = start_qt()
    try:
        settings = _settings(arguments)
    except SetUpMistake as mistake:
        _tell_technician(mistake)
        page = not_set_up()
        page.showFullScreen()
        application.exec()
        return USED_WRONGLY
    if settings.counter.assisted:
        return _run_counter(application, settings)
    first = _first_window(settings, own_screen(settings.terminal.diagonal_inches))
    first.window.showFullScreen()
    with contextlib.ExitStack() as parts:
        opening = Opening(
            first,
            open_parts=lambda: parts.enter_context(open_terminal(settings)),
            make_kiosk=lambda terminal: _open_kiosk(terminal, first),
            tell=_tell_technician,
        )
        with contextlib.closing(opening):
            status = application.exec()
    return USED_WRONGLY if opening.mistake else status


def demo(arguments: argparse.Namespace) -> int:
    """The kiosk in a window, with the panel that plays the world around it."""
    from kiosk.demonstration_staff import engage
    from ui.demo import DemoPanel, window_panel
    from ui.start import start_qt

    application = start_qt()
    if arguments.assisted:
        return _demo_counter(application, arguments)
    with contextlib.ExitStack() as parts:
        stage = parts.enter_context(open_stage(arguments.out / "terminal"))
        settings = load_settings(stage.settings_file)
        terminal = parts.enter_context(open_terminal(_for_training(settings) if arguments.training else settings))
        kiosk = _open_kiosk(terminal, _first_window(terminal.settings, window_panel()))
        staff = tuple((member.id, pin) for member, pin in engage(terminal.ledger.staff))
        panel = DemoPanel(stage, staff=staff)
        kiosk.window.show()
        panel.show()
        status = application.exec()
        kiosk.close()
    return status


def _demo_counter(application: QApplication, arguments: argparse.Namespace) -> int:
    """The counter in a window, the citizen's screen in another, and the panel with the PINs of invented staff."""
    from kiosk.demonstration_staff import engage
    from ui.clerk.opening import citizen_display, staff_window
    from ui.demo import DemoPanel, window_panel

    with open_stage(arguments.out / "terminal") as stage:
        settings = load_settings(stage.open_counter())
        settings = _for_training(settings) if arguments.training else settings
        office, mode, panel = settings.terminal.office, settings.terminal.mode, window_panel()
        with open_terminal(settings) as terminal:
            staff = tuple((member.id, pin) for member, pin in engage(terminal.ledger.staff))
            display = partial(citizen_display, panel, office, mode=mode)
            counter = _open_counter(terminal, staff_window(panel, office, mode=mode), display)
            world = DemoPanel(stage, staff=staff, insert=stage.insert_card_at_counter, pull=stage.pull_card_at_counter)
            for window in (counter.display, world, counter.window):
                if window is not None:
                    window.show()
            counter.window.activateWindow()
            status = application.exec()
            counter.close()
    return status


def tour(arguments: argparse.Namespace) -> int:
    """Whole visits by input events, with pictures and papers; status 1 if a step failed."""
    from devices.printers.preview import rasterise
    from kiosk.demonstration_staff import engage
    from offline_queue.database import LEDGER_FILE
    from offline_queue.desk import QueueDesk
    from offline_queue.intake.inspect import stored
    from ui.start import start_qt
    from ui.tour.diary import Observed
    from ui.tour.tour import Surroundings
    from ui.tour.tour import run as run_tour

    start_qt()
    out: Path = arguments.out
    _clear(out)
    with open_stage(out / "terminal") as stage:
        settings = load_settings(stage.settings_file)
        at_counter = load_settings(stage.open_counter())
        desks = [(at.folders.state / LEDGER_FILE, QueueDesk(at)) for at in (settings, at_counter)]

        def observe() -> Observed:
            """Both terminals' ledgers; the counter's is there only once it was opened."""
            held = {str(item.transaction): item.state for item in stored(stage.intake_database)}
            states = [desk.states() for file, desk in desks if file.exists()]
            return Observed(ledger={key: state for known in states for key, state in known.items()}, intake=held)

        with open_terminal(settings) as terminal, _other_side(stage) as counter:
            problem = run_tour(
                out,
                Surroundings(
                    world=stage,
                    open_kiosk=lambda panel: _open_kiosk(terminal, _first_window(settings, panel, motion=False)),
                    observe=observe,
                    read_paper=lambda pdf: _read_paper(pdf, settings.folders.trust),
                    applications=partial(_signed_applications, terminal.ledger),
                    picture=rasterise,
                    counter=counter,
                    open_counter=partial(_open_counter_for_tour, stage, terminal),
                    open_training=partial(_open_training_for_tour, settings),
                    pins={member.id: pin for member, pin in engage(terminal.ledger.staff)},
                    pictures=not arguments.without_pictures,
                ),
            )
    print(f"The tour stopped: {problem}" if problem else f"The tour is in {out}: pictures, receipts, tour.json")
    return 1 if problem else 0


class _OtherSide:
    """The counter of the same office, asked over the centre as a clerk's terminal asks."""

    def __init__(self, bell: CentreClerkBell) -> None:
        self._bell = bell

    def look(self) -> None:
        self._bell.open_calls()

    def answer(self, clerk: str) -> None:
        for call in self._bell.open_calls():
            self._bell.answer(call.call, clerk)


class _CounterWorld:
    """What the world does at the counter's side of a demonstration."""

    def __init__(self, stage: Stage, kiosk: Terminal) -> None:
        self._stage, self._kiosk = stage, kiosk
        self.insert_card, self.pull_card = stage.insert_card_at_counter, stage.pull_card_at_counter
        self.access_number, self.cut_line, self.restore_line = stage.access_number, stage.cut_line, stage.restore_line

    def call_from_kiosk(self) -> None:
        self._kiosk.help_desk.call("steps")

    def papers(self) -> int:
        return len(self._stage.printed())


@contextlib.contextmanager
def _open_training_for_tour(settings: Settings, panel: Panel) -> Iterator[Kiosk]:
    with open_terminal(_for_training(settings)) as terminal:
        yield _open_kiosk(terminal, _first_window(terminal.settings, panel, motion=False))


@contextlib.contextmanager
def _open_counter_for_tour(stage: Stage, kiosk: Terminal, panel: Panel) -> Iterator[CounterPlace]:
    from kiosk.demonstration_staff import engage
    from ui.clerk.opening import citizen_display, staff_window
    from ui.tour.tour import LARGE, CounterPlace

    settings = load_settings(stage.open_counter())
    office = settings.terminal.office
    with open_terminal(settings) as terminal:
        pins = {member.id: pin for member, pin in engage(terminal.ledger.staff)}
        counter = _open_counter(terminal, staff_window(panel, office), partial(citizen_display, LARGE, office))
        yield CounterPlace(counter, _CounterWorld(stage, kiosk), pins)


@contextlib.contextmanager
def _other_side(stage: Stage) -> Iterator[_OtherSide]:
    from offline_queue.desk import QueueDesk
    from offline_queue.help_desk import CentreClerkBell

    with contextlib.closing(QueueDesk(load_settings(stage.open_counter())).gateway()) as gateway:
        yield _OtherSide(CentreClerkBell(gateway))


def _clear(folder: Path) -> None:
    """An earlier tour's state would answer for this one; only what a tour makes is ever removed."""
    for made in ("pictures", "failures", "receipts", "applications", "terminal"):
        shutil.rmtree(folder / made, ignore_errors=True)
    (folder / "tour.json").unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _signed_applications(ledger: SqlLedger) -> tuple[bytes, ...]:
    """The oldest first, of all that a tour can have committed."""
    bodies = [ledger.agreement_of(one.receipt_number) for one in reversed(ledger.recent(1000))]
    return tuple(body.signed_application for body in bodies if body is not None and body.signed_application)


def _read_paper(pdf: bytes, trust: Path) -> tuple[bytes, bool | None]:
    """A paper's picture, and whether the code on it proves genuine; a slip has none."""
    from devices.printers.preview import rasterise, read_code
    from offline_queue.receipt_code import verify

    code = read_code(pdf)
    return rasterise(pdf), None if code is None else verify(code, trust).genuine


# ---------------------------------------------------------------- text commands


def card(arguments: argparse.Namespace) -> int:
    from devices.diagnosis import watched_cards
    from ui.commands import card as command

    if arguments.what == "profile":
        return _card_profile(arguments)
    settings = _settings(arguments)
    if arguments.what == "trust":
        return _trust(settings, arguments)
    if arguments.what == "sign":
        return _sign_with_card(settings, arguments)
    if arguments.what == "read":
        with watched_cards(settings, SystemClock()) as cards:
            return command.read(
                cards.read,
                cards.complete,
                as_json=arguments.json,
                show_personal=arguments.show_personal,
                ask_access_number=arguments.ask_access_number,
            )
    return _watch_cards(settings, as_json=arguments.json)


def _watch_cards(settings: Settings, *, as_json: bool) -> int:
    import threading

    from devices.cards.profiles import load_profiles, profile_for
    from devices.diagnosis import PROFILES, open_cards
    from ui.commands import card as command

    profiles, cards = load_profiles(PROFILES), open_cards(settings, SystemClock())

    def tell(event: Event) -> None:
        atr = cards.state().atr
        known = profile_for(profiles, bytes.fromhex(atr))
        command.tell(event, command.CardKind(atr, known.id if known else ""), as_json=as_json)

    cards.start(tell)
    with contextlib.closing(cards), contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
    return 0


def _card_profile(arguments: argparse.Namespace) -> int:
    from devices.cards.profiles import ProfileUnreadable, check_profile
    from ui.commands import card_profile as command

    try:
        profile, mistakes = check_profile(arguments.file)
    except ProfileUnreadable as unreadable:
        print(unreadable, file=sys.stderr)
        return USED_WRONGLY
    return command.check(
        arguments.file.name,
        mistakes,
        provisional=profile.sources if profile is not None and profile.provisional else (),
        as_json=arguments.json,
    )


def _trust(settings: Settings, arguments: argparse.Namespace) -> int:
    from devices.cards.trust.imports import take_revocations
    from devices.cards.trust.overview import overview
    from devices.cards.trust.refusal import ImportRefused
    from devices.diagnosis import policy
    from ui.commands import trust as command
    from ui.commands.records import show

    folder = settings.card.anchors
    if arguments.act_on_trust == "list":
        return command.list_trust(overview(folder), as_json=arguments.json)
    try:
        if arguments.act_on_trust == "import":
            return _import_list(settings, arguments)
        taken = take_revocations(folder, arguments.file.read_bytes(), policy(settings), SystemClock().now())
    except ImportRefused as refused:
        print(f"NOT TAKEN: {refused}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    show(taken, as_json=arguments.json)
    return 0


def _import_list(settings: Settings, arguments: argparse.Namespace) -> int:
    """The list is checked before anybody is asked for a PIN. Raises ImportRefused, OSError."""
    from devices.cards.trust.imports import offer_list, take_list
    from devices.cards.trust.master_list import open_master_list
    from devices.cards.trust.overview import change_of
    from devices.diagnosis import policy
    from offline_queue.database import LedgerInUse
    from offline_queue.desk import QueueDesk
    from ui.commands import staff as staff_command
    from ui.commands import trust as command
    from ui.commands.records import show

    folder, clock = settings.card.anchors, SystemClock()
    opened = open_master_list(arguments.file.read_bytes(), arguments.signer.read_bytes(), clock.now())
    offer = offer_list(folder, opened, policy(settings))
    show(change_of(offer), as_json=arguments.json)  # what the two answer for, before they are asked
    read_pin = (lambda _: staff_command.pin_from_input()) if arguments.pin_stdin else command.ask_pin
    try:
        with QueueDesk(settings).register() as register:
            people = command.two_people(register, tuple(arguments.by), read_pin)
            if people is None:
                return 2
            taken = take_list(folder, offer, (people[0].id, people[1].id), clock.now())
            command.journal(register, people, f"{taken.source} {taken.signed_at:%Y-%m-%d} {taken.fingerprint[:16]}")
    except LedgerInUse:
        print("The kiosk is running: stop it first, then run this again", file=sys.stderr)
        return 2
    return 0


def _sign_with_card(settings: Settings, arguments: argparse.Namespace) -> int:
    from ui.commands import card_sign as command

    source, target = arguments.source, arguments.target
    signing = _signing_card(settings)

    def sign_pdf(pdf: bytes, pin: bytearray) -> bytes:
        from devices.cards.signing import pades  # only now: it takes half a second, and many PINs are refused before

        return pades.sign_pdf(pdf, signing, pin)

    return command.sign(signing, sign_pdf, source, target, last_try=arguments.last_try, as_json=arguments.json)


def queue(arguments: argparse.Namespace) -> int:
    from offline_queue.desk import QueueDesk
    from ui.commands import records

    desk = QueueDesk(settings := _settings(arguments))
    if arguments.what == "status":
        records.show(desk.status(), as_json=arguments.json)
        return 0
    if arguments.what == "list":
        columns = ("message", "kind", "receipt_number", "state", "amount_fils", "committed_at", "attempts", "problem")
        records.show_table(desk.items(), columns, as_json=arguments.json)
        return 0
    if arguments.what == "attention":
        columns = ("receipt_number", "service", "amount_fils", "method", "code", "words_en", "explained", "refund")
        records.show_table(desk.attention(), columns, as_json=arguments.json)
        return 0
    if arguments.what == "sync":
        return _deliver_now(settings, desk, as_json=arguments.json)
    if arguments.rebuild and not _rebuilt(desk):
        return 1
    with _reachable_centre(settings, desk) as gateway:
        found = desk.verify(gateway)
    records.show(found, as_json=arguments.json)
    return 0 if found.sound and (found.centre is None or found.centre.same) else 1


def _deliver_now(settings: Settings, desk: QueueDesk, *, as_json: bool) -> int:
    """While the terminal's program runs, it delivers: its ledger is in use, and that is said."""
    from offline_queue.deliver_now import deliver_now
    from offline_queue.drain import Drain
    from ui.commands import records

    with contextlib.ExitStack() as parts:
        gateway = parts.enter_context(_reachable_centre(settings, desk))
        if gateway is None:
            return 1
        ledger = _open_ledger(settings, desk, parts)
        done = deliver_now(ledger, Drain(ledger, gateway, settings.terminal.id, SystemClock()))
    records.show(done, as_json=as_json)
    return 0 if done.waiting == 0 else 1


def _rebuilt(desk: QueueDesk) -> bool:
    """False where the entries themselves do not hold."""
    from offline_queue.rebuild import EntriesUnsound

    try:
        for problem in desk.rebuild():
            print(f"Made anew: {problem.place}: {problem.what}", file=sys.stderr)
    except EntriesUnsound as unsound:
        print(unsound, file=sys.stderr)
        return False
    return True


@contextlib.contextmanager
def _reachable_centre(settings: Settings, desk: QueueDesk) -> Iterator[HttpsGateway | None]:
    """The gateway, None without a line. Where a demonstration has ended, its intake is started for this question."""
    from devices.virtual.part import Part

    with contextlib.ExitStack() as parts:
        if settings.terminal.training:
            print("Training has no centre: only this terminal was looked at", file=sys.stderr)
            yield None
            return
        url = None
        if not desk.answers():
            if not settings.terminal.demonstration:
                print("The centre does not answer: only this terminal was looked at", file=sys.stderr)
                yield None
                return
            folder = settings.folders.state.parent
            command = [*INTAKE, "--keys", str(KEYS), "--database", str(folder / "intake.db"), "--port", "0"]
            intake = Part("intake", command, folder / "intake-for-verify.log", commands=False)
            intake.start()
            parts.callback(intake.stop)
            url = f"https://127.0.0.1:{intake.ready()}"
        yield parts.enter_context(contextlib.closing(desk.gateway(url)))


def receipt(arguments: argparse.Namespace) -> int:
    """Is this receipt genuine? The text of its code, or the PDF that was printed."""
    from devices.printers.preview import read_code
    from offline_queue.receipt_code import verify
    from ui.commands import records

    settings = _settings(arguments)
    text: str | None = arguments.receipt
    if arguments.receipt.endswith(".pdf"):
        text = read_code(Path(arguments.receipt).read_bytes())
    found = verify(text or "", settings.folders.trust)
    if found.claims is None:
        print(f"NOT GENUINE: {found.reason.value if found.reason else 'unknown'}", file=sys.stderr)
        return 1
    records.show(found.claims, as_json=arguments.json)
    return 0


def catalogue(arguments: argparse.Namespace) -> int:
    from ui.commands import catalogue as command

    loaded = load_services(SERVICES)
    act = command.check if arguments.what == "check" else command.list_services
    return act(loaded, as_json=arguments.json)


def diagnose(arguments: argparse.Namespace) -> int:
    from devices.diagnosis import watched_cards
    from ui.commands.diagnose import diagnose as command

    settings = _settings(arguments)
    with watched_cards(settings, SystemClock()) as cards:
        return command(_examination(settings, cards), lambda found: _report(settings, found), as_json=arguments.json)


def _examination(settings: Settings, cards: SmartCards) -> Examination:
    """The technician's one list of checks, for the screen and for `diagnose`."""
    from devices import checks as devices
    from kiosk import data_checks
    from kiosk.diagnostics import Examination
    from offline_queue import diagnosis as centre

    clock = SystemClock()
    every = (
        *devices.checks(settings, cards, clock),
        *centre.checks(settings, _offline_policy(settings), clock),
        *data_checks.checks(SERVICES),
    )
    return Examination(every, clock)


def _report(settings: Settings, findings: tuple[Finding, ...]) -> Report:
    from devices import checks as devices
    from kiosk.facts import own_versions, settings_in_force
    from kiosk.report import Report
    from offline_queue import diagnosis as centre

    return Report(
        terminal=settings.terminal.id,
        made_at=SystemClock().now(),
        findings=findings,
        settings=settings_in_force(settings),
        versions=(*own_versions(), *centre.versions(), *devices.versions()),
    )


def staff(arguments: argparse.Namespace) -> int:
    """`list` and `acts` read beside a running kiosk; what changes the register waits until it has been stopped."""
    from offline_queue.database import LedgerInUse
    from offline_queue.desk import QueueDesk
    from ui.commands import staff as command

    desk = QueueDesk(_settings(arguments))
    if arguments.what == "list":
        return command.list_members(desk.members(), desk.locked(), as_json=arguments.json)
    if arguments.what == "acts":
        return command.show_acts(desk.acts(command.SHOWN_ACTS), as_json=arguments.json)
    person = command.Person(id=arguments.id, role=arguments.role, name_ar=arguments.name_ar, name_en=arguments.name_en)
    read_pin = command.pin_from_input if arguments.pin_stdin else command.pin_twice
    try:
        with desk.register() as register:
            return command.change(register, arguments.what, person, read_pin)
    except LedgerInUse:
        print("The kiosk is running: stop it first, then run this again", file=sys.stderr)
        return USED_WRONGLY


def keys(arguments: argparse.Namespace) -> int:
    """`renew`: the two people sign in before anything is made. Run again, a renewal that was cut short goes on."""
    from offline_queue.database import LedgerInUse
    from offline_queue.desk import QueueDesk
    from offline_queue.renewal import renew
    from ui.commands import keys as command
    from ui.commands import staff as staff_command
    from ui.commands import trust

    settings = _settings(arguments)
    read_pin = (lambda _: staff_command.pin_from_input()) if arguments.pin_stdin else trust.ask_pin
    try:
        with QueueDesk(settings).register() as register:
            people = trust.two_people(register, tuple(arguments.by), read_pin)
            if people is None:
                return USED_WRONGLY
            command.journal(register, people, arguments.key)
        by = (people[0].id, people[1].id)
        made = renew(settings, arguments.key, by, SystemClock(), command.tell)
    except LedgerInUse:
        print("The kiosk is running: stop it first, then run this again", file=sys.stderr)
        return USED_WRONGLY
    return command.renewed(made, as_json=arguments.json)


def intake(arguments: argparse.Namespace) -> int:
    """The reference server takes its own arguments."""
    os.execv(sys.executable, [*INTAKE, *arguments.rest])  # noqa: S606 - the same program, no shell


# ---------------------------------------------------------------- the door


def _settings(arguments: argparse.Namespace) -> Settings:
    chosen: Path | None = arguments.settings
    if chosen is None:
        made = [file for name in ("tour", "demo") if (file := BUILD / name / "terminal" / "terminal.toml").exists()]
        chosen = max(made, key=lambda file: file.stat().st_mtime) if made else HERE / "terminal.toml"
    settings = load_settings(chosen)
    return _for_training(settings) if arguments.training or settings.terminal.training else settings


def _for_training(settings: Settings) -> Settings:
    from offline_queue.training_keys import for_training

    return for_training(settings)


def _tell_technician(mistake: SetUpMistake) -> None:
    print(f"{mistake}\nThis terminal is not set up yet: see the line above.", file=sys.stderr)
    print("الجهاز غير مفعّل بعد: انظر السطر أعلاه.", file=sys.stderr)


def main() -> int:
    """Exit status 0, 1 (it found something wrong) or 2 (used wrongly)."""
    loudness = 1 if os.environ.get("KIOSK_LOG") == "everything" else logging.WARNING
    logging.basicConfig(level=loudness, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    acts = (run, demo, tour, card, queue, receipt, catalogue, diagnose, keys, staff, intake)
    arguments = make_parser({act.__name__: act for act in acts}, BUILD).parse_args()
    try:
        status: int = arguments.act(arguments)
    except SetUpMistake as mistake:
        _tell_technician(mistake)
        return USED_WRONGLY
    return status


if __name__ == "__main__":
    sys.exit(main())
