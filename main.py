"""The command line's door and the one place that knows every floor: it reads the settings, joins the parts that the
floors open, and hands them to whoever serves.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.catalogue import Catalogue, Service, offline_policy
from kiosk.catalogue import cache as catalogue_cache
from kiosk.catalogue import files as catalogue_files
from kiosk.clock import SystemClock
from kiosk.set_up import SetUpMistake
from kiosk.settings import Settings
from kiosk.settings import load as load_settings
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY
from ui.commands.parser import make_parser

if TYPE_CHECKING:
    from devices.cards.reader import SmartCards
    from devices.virtual.stage import Stage
    from kiosk.diagnostics import Examination, Finding
    from kiosk.offers import Offers
    from kiosk.report import Report
    from kiosk.terminal import Bells, Shown, Terminal
    from kiosk.uptake import Uptake
    from offline_queue.delivery_desk import SyncDesk
    from offline_queue.opening import OpenQueue
    from offline_queue.renewal import Renewed
    from ui.tour.programme import Programme

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
SERVICES = HERE / "assets" / "services"
KEYS = BUILD / "demo" / "keys"
CARDS = BUILD / "demo" / "cards"
INTAKE = [sys.executable, "-m", "offline_queue.intake"]
REQUEST_SECONDS = "12"
"""How long a request is open in the tour: it is seen on its way, and issued while somebody looks."""


# ---------------------------------------------------------------- the parts


@contextlib.contextmanager
def open_terminal(settings: Settings, services: tuple[Service, ...]) -> Iterator[Terminal]:
    """Everything that a terminal needs, the ledger first and closed last. Nothing here waits for the network."""
    import uuid6

    from devices.opening import open_devices
    from kiosk.terminal import Bells, Shown, Terminal
    from ui.garbage import keep_for_good

    clock, bells, shown = SystemClock(), Bells(), Shown()
    with (
        _open_queue(settings, bells, shown) as queue,
        open_devices(settings, clock, shown.language, on_card=bells.cards.ring, on_power=bells.power.ring) as devices,
    ):
        keep_for_good()
        yield Terminal(
            settings=settings,
            clock=clock,
            ledger=queue.ledger,
            gateway=queue.gateway,
            sync=queue.sync,
            payments=devices.payments,
            help_desk=queue.help_desk,
            bell=queue.bell,
            cards=devices.cards,
            printer=devices.printer,
            requests=queue.requests,
            documents=devices.documents,
            signer=devices.signer,
            scanner=devices.scanner,
            new_id=uuid6.uuid7,
            examination=partial(_examination, settings, services, devices.cards),
            report=partial(_report, settings),
            delivery=partial(_delivery, settings, services, queue),
            bells=bells,
            shown=shown,
            count=queue.count,
            offers=_offers(SERVICES, services),
        )


def _open_queue(settings: Settings, bells: Bells, shown: Shown) -> AbstractContextManager[OpenQueue]:
    if settings.terminal.training:
        from offline_queue.training_opening import open_training

        return open_training(settings, SystemClock(), bells.line.ring)
    from offline_queue.opening import open_queue

    return open_queue(settings, SystemClock(), bells.line.ring, shown.is_quiet)


def _delivery(settings: Settings, services: tuple[Service, ...], queue: OpenQueue) -> SyncDesk:
    from offline_queue.delivery_desk import SyncDesk

    return SyncDesk(settings, queue.sync, offline_policy(services, settings.offline), SystemClock())


def _examination(settings: Settings, services: tuple[Service, ...], cards: SmartCards) -> Examination:
    """The technician's one list of checks, for the screen and for `diagnose`. The services' files are read anew."""
    from devices import checks as devices
    from kiosk import data_checks
    from kiosk.diagnostics import Examination
    from offline_queue import diagnosis as centre

    clock = SystemClock()
    every = (
        *devices.checks(settings, cards, clock),
        *centre.checks(settings, offline_policy(services, settings.offline), clock),
        *data_checks.checks(partial(_catalogue, SERVICES), settings.terminal.mode),
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


def load_services(settings: Settings) -> tuple[Service, ...]:
    """Those that this terminal offers; read once at a start."""
    kept = settings.folders.state / catalogue_cache.NAME
    return catalogue_files.load(SERVICES, kept).for_mode(settings.terminal.mode).services


def _offers(folder: Path, services: tuple[Service, ...]) -> Offers:
    """The bundles beside the services' folders, and the promotions beside `folder` itself."""
    from kiosk.offers import load_offers

    return load_offers(folder / "bundles.toml", folder.parent / "promotions.toml", services)


def _catalogue(folder: Path) -> Catalogue:
    """The services below `folder` as their files are now, with what is wrong with them and with what offers them."""
    loaded = catalogue_files.load(folder)
    offers = _offers(folder, loaded.services)
    return dataclasses.replace(loaded, mistakes=loaded.mistakes + offers.mistakes)


@contextlib.contextmanager
def open_stage(folder: Path, *of_intake: str) -> Iterator[Stage]:
    """The virtual parts of a demonstration, each in its own process; their state lives in `folder`. `of_intake` are
    options of the intake."""
    from devices.cards.trust.imports import take_newer_revocations
    from devices.cards.trust.store import Policy
    from devices.virtual.stage import Stage
    from offline_queue.intake.issue_keys import issue_agencies

    issue_agencies(KEYS, {service.agency for service in catalogue_files.load(SERVICES).services})
    take_newer_revocations(CARDS / "anchors", (CARDS / "crls").glob("*.crl"), Policy(), SystemClock().now())
    with Stage(folder, intake_command=[*INTAKE, "--keys", str(KEYS), *of_intake], keys=KEYS, cards=CARDS) as stage:
        os.environ.update(stage.environment)
        yield stage


# ---------------------------------------------------------------- the program on a screen


def run(arguments: argparse.Namespace) -> int:
    """The kiosk, full screen, or the counter."""
    from ui.source_texts import leave_unread

    leave_unread()
    from ui import running

    return running.run(partial(_settings, arguments), load_services, open_terminal, tell_technician)


def demo(arguments: argparse.Namespace) -> int:
    """The kiosk or the counter in a window, with the panel that plays the world around it."""
    from offline_queue.intake.inspect import messages
    from ui import demonstration
    from ui.start import start_qt

    application = start_qt()
    show = demonstration.show_counter if arguments.assisted else demonstration.show_kiosk
    with open_stage(arguments.out / "terminal") as stage:
        settings = load_settings(stage.open_counter() if arguments.assisted else stage.settings_file)
        settings = for_training(settings) if arguments.training else settings
        services = load_services(settings)
        with open_terminal(settings, services) as terminal:
            return show(application, stage, terminal, services, partial(messages, stage.intake_database))


def tour(arguments: argparse.Namespace) -> int:
    """Whole visits by input events, with pictures and papers; status 1 if a step failed."""
    from devices.printers.preview import rasterise
    from offline_queue.desk import QueueDesk
    from offline_queue.help_desk import CentreClerkBell
    from offline_queue.intake.agencies.traffic import pay_at_its_window
    from offline_queue.states import OfficeStates
    from ui.start import start_qt
    from ui.tour import diary, places
    from ui.tour.programme import NoSuchRound
    from ui.tour.service_round import NoSuchAnswer
    from ui.tour.tour import Surroundings
    from ui.tour.tour import run as run_tour

    start_qt(without_a_screen=True)
    out: Path = arguments.out
    services = catalogue_files.load(SERVICES).services
    try:
        programme = _programme(arguments, services)
    except (NoSuchRound, NoSuchAnswer) as mistake:
        print(mistake, file=sys.stderr)
        return USED_WRONGLY
    diary.clear(out)
    with contextlib.ExitStack() as parts:
        stage = parts.enter_context(open_stage(out / "terminal", "--request-seconds", REQUEST_SECONDS))
        settings, at_counter = load_settings(stage.settings_file), load_settings(stage.open_counter())
        states = OfficeStates((settings, at_counter), stage.intake_database)
        terminal = parts.enter_context(open_terminal(settings, services))
        other_side = parts.enter_context(contextlib.closing(QueueDesk(at_counter).gateway()))
        opened = places.Places(
            stage,
            terminal,
            services,
            open_terminal,
            at_counter=at_counter,
            in_training=for_training(settings),
            pay_at_the_agency=lambda plate: pay_at_its_window(stage.intake_database, plate, SystemClock().now()),
        )
        problem = run_tour(
            out,
            Surroundings(
                world=stage,
                open_kiosk=opened.kiosk,
                observe=lambda: diary.Observed(ledger=states.in_ledgers(), intake=states.at_intake()),
                read_paper=partial(_read_paper, settings.folders.trust),
                applications=partial(places.signed_applications, terminal.ledger),
                picture=rasterise,
                counter=places.OtherSide(CentreClerkBell(other_side)),
                open_counter=opened.counter,
                open_training=opened.training,
                pins=places.pins_of(terminal),
                counted=opened.counted,
                pictures=not arguments.without_pictures,
            ),
            programme,
        )
    print(f"The tour stopped: {problem}" if problem else f"The tour is in {out}: pictures, receipts, tour.json")
    return FOUND_SOMETHING_WRONG if problem else FOUND_NOTHING_WRONG


def _programme(arguments: argparse.Namespace, services: tuple[Service, ...]) -> Programme:
    """Raises NoSuchRound and NoSuchAnswer."""
    from ui.tour import programme, rounds
    from ui.tour.service_round import Wishes, check_answers

    chosen = programme.WHOLE
    if arguments.all_services:
        answers = dict(arguments.answer)
        check_answers(services, answers)
        wishes = Wishes(arguments.lang, arguments.text_size == "largest", answers)
        chosen = programme.every_service(services, wishes, rounds.SMALL if arguments.small else rounds.LARGE)
    return chosen.only(tuple(arguments.only)) if arguments.only else chosen


def _read_paper(trust: Path, pdf: bytes) -> tuple[bytes, bool | None]:
    """A paper's picture, and whether the receipt's code on it proves genuine; a slip has none, or a document's."""
    from devices.printers.preview import rasterise, read_code
    from offline_queue.document_code import verify_document
    from offline_queue.receipt_code import verify

    code = read_code(pdf)
    if code is None or verify_document(code, trust).genuine:
        return rasterise(pdf), None
    return rasterise(pdf), verify(code, trust).genuine


# ---------------------------------------------------------------- text commands


def card(arguments: argparse.Namespace) -> int:
    from ui.commands import card as command

    if arguments.what == "profile":
        return _card_profile(arguments)
    from devices.diagnosis import tell_cards, watched_cards

    settings, clock = _settings(arguments), SystemClock()
    if arguments.what == "trust":
        return _trust(settings, arguments)
    if arguments.what == "sign":
        return _sign_with_card(settings, arguments)
    if arguments.what == "read":
        with watched_cards(settings, clock) as cards:
            return command.read(arguments, cards.read, cards.complete)
    tell_cards(settings, clock, partial(command.tell, as_json=arguments.json))
    return FOUND_NOTHING_WRONG


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
    from devices.cards.trust.desk import TrustDesk
    from devices.cards.trust.refusal import ImportRefused
    from devices.diagnosis import policy
    from offline_queue.desk import QueueDesk
    from ui.commands import trust as command

    store = TrustDesk(settings.card.anchors, policy(settings), SystemClock())
    try:
        return _while_stopped(lambda: command.run(arguments, store, lambda: QueueDesk(settings).register()))
    except ImportRefused as refused:
        print(f"NOT TAKEN: {refused}", file=sys.stderr)
        return FOUND_SOMETHING_WRONG


def _sign_with_card(settings: Settings, arguments: argparse.Namespace) -> int:
    from devices.signing import signing_card
    from ui.commands import card_sign as command

    signing = signing_card(settings, SystemClock())

    def sign_pdf(pdf: bytes, pin: bytearray) -> bytes:
        from devices.cards.signing import pades  # only now: it takes half a second, and many PINs are refused before

        return pades.sign_pdf(pdf, signing, pin)

    return command.sign(
        signing, sign_pdf, arguments.source, arguments.target, last_try=arguments.last_try, as_json=arguments.json
    )


def queue(arguments: argparse.Namespace) -> int:
    from offline_queue.desk import QueueDesk
    from offline_queue.reaching import Reaching
    from offline_queue.rebuild import EntriesUnsound
    from ui.commands import queue as command

    desk = QueueDesk(settings := _settings(arguments))
    reaching = Reaching(settings, desk, command.tell, partial(_start_intake, settings.folders.state.parent))
    try:
        return command.run(arguments, desk, deliver=partial(reaching.deliver, SystemClock()), verify=reaching.verify)
    except EntriesUnsound as unsound:
        command.tell(str(unsound))
        return FOUND_SOMETHING_WRONG


@contextlib.contextmanager
def _start_intake(folder: Path) -> Iterator[str]:
    """The intake of a demonstration that has ended."""
    from devices.virtual.part import Part

    command = [*INTAKE, "--keys", str(KEYS), "--database", str(folder / "intake.db"), "--port", "0"]
    intake = Part("intake", command, folder / "intake-for-verify.log", commands=False)
    intake.start()
    try:
        yield f"https://127.0.0.1:{intake.ready()}"
    finally:
        intake.stop()


def receipt(arguments: argparse.Namespace) -> int:
    """A receipt, or a document that an agency issued."""
    from devices.printers.preview import read_code
    from offline_queue.document_code import verify_document
    from offline_queue.receipt_code import verify
    from ui.commands import receipt as command

    trust = _settings(arguments).folders.trust
    code = command.code_of(arguments, read_code)
    if (document := verify_document(code, trust).claims) is not None:
        return command.tell(document, "", as_json=arguments.json)
    found = verify(code, trust)
    return command.tell(found.claims, found.reason.value if found.reason else "unknown", as_json=arguments.json)


def catalogue(arguments: argparse.Namespace) -> int:
    from ui.commands import catalogue as command

    folder: Path = arguments.folder or SERVICES
    return command.run(arguments, folder, partial(_catalogue, folder), SystemClock().now())


def report(arguments: argparse.Namespace) -> int:
    """Of one terminal, beside its running program; or of all of them, beside the centre's."""
    from offline_queue.desk import QueueDesk
    from offline_queue.intake.uptake import NoIntake, read_uptake
    from ui.commands import report as command

    def own() -> tuple[Uptake, ...]:
        return QueueDesk(_settings(arguments)).uptake()

    try:
        return command.run(arguments, own, read_uptake, catalogue_files.load(SERVICES))
    except NoIntake as mistake:
        print(mistake, file=sys.stderr)
        return USED_WRONGLY


def diagnose(arguments: argparse.Namespace) -> int:
    from devices.diagnosis import watched_cards
    from ui.commands.diagnose import diagnose as command

    settings = _settings(arguments)
    with watched_cards(settings, SystemClock()) as cards:
        return command(
            _examination(settings, load_services(settings), cards), partial(_report, settings), as_json=arguments.json
        )


def staff(arguments: argparse.Namespace) -> int:
    """`list` and `acts` read beside a running kiosk; what changes the register waits until it has been stopped."""
    from offline_queue.desk import QueueDesk
    from ui.commands import staff as command

    desk = QueueDesk(_settings(arguments))
    return _while_stopped(lambda: command.run(arguments, desk))


def keys(arguments: argparse.Namespace) -> int:
    """`renew`, by two people."""
    from offline_queue.desk import QueueDesk
    from offline_queue.renewal import renew
    from ui.commands import keys as command

    settings = _settings(arguments)

    def renew_key(by: tuple[str, str], tell: Callable[[str], None]) -> Renewed:
        return renew(settings, arguments.key, by, SystemClock(), tell)

    return _while_stopped(lambda: command.run(arguments, lambda: QueueDesk(settings).register(), renew_key))


def _while_stopped(act: Callable[[], int]) -> int:
    """What writes the ledger while the terminal's program does is told why it cannot."""
    from offline_queue.database import LedgerInUse

    try:
        return act()
    except LedgerInUse:
        print("The kiosk is running: stop it first, then run this again", file=sys.stderr)
        return USED_WRONGLY


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
    return for_training(settings) if arguments.training or settings.terminal.training else settings


def for_training(settings: Settings) -> Settings:
    from offline_queue import training_keys

    return training_keys.for_training(settings)


def tell_technician(mistake: SetUpMistake) -> None:
    print(f"{mistake}\nThis terminal is not set up yet: see the line above.", file=sys.stderr)
    print("الجهاز غير مفعّل بعد: انظر السطر أعلاه.", file=sys.stderr)


def main() -> int:
    """Exit status 0, 1 (it found something wrong) or 2 (used wrongly)."""
    loudness = 1 if os.environ.get("KIOSK_LOG") == "everything" else logging.WARNING
    logging.basicConfig(level=loudness, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    acts = (run, demo, tour, card, queue, receipt, catalogue, report, diagnose, keys, staff, intake)
    arguments = make_parser({act.__name__: act for act in acts}, BUILD).parse_args()
    try:
        status: int = arguments.act(arguments)
        sys.stdout.flush()
    except SetUpMistake as mistake:
        tell_technician(mistake)
        return USED_WRONGLY
    except BrokenPipeError:
        # Whoever read has seen enough, as `| head`. What is still to be written at the end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND_SOMETHING_WRONG
    return status


if __name__ == "__main__":
    sys.exit(main())
