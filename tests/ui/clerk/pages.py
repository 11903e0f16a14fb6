"""Every page of the counter, by name: a real visit that was brought there, and the desk that shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import msgspec

from kiosk.counter import Behalf, Capacity, Consent, DocumentSeen
from kiosk.events import (
    BehalfStated,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    ConsentGiven,
    Event,
    FormFilled,
    MethodChosen,
    ParkWanted,
    PersonTyped,
    ReadingWanted,
    ServiceChosen,
)
from kiosk.failures import Failure
from kiosk.offline import Bound, Use
from kiosk.scene import Scene, State
from kiosk.transaction import PaymentMethod
from tests.kiosk.parts import MARKER_NUMBER, SERVICES, Stage
from tests.ui.clerk.parts import (
    BANK_IN_DOUBT,
    CASH_IN_DOUBT,
    NOT_PRINTED,
    RANA,
    ScriptedBell,
    ScriptedRecords,
    ScriptedRegister,
    call,
    recent,
)
from tests.ui.samples import FACE, PARKED, services
from tests.ui.samples_second import FEE, QUOTE
from tests.ui.samples_signing import WRONG, signing
from ui.clerk.desk import Desk, Tools
from ui.clerk.sheet import Office, Over, Section

TYPED = PersonTyped(MARKER_NUMBER, "مريم المزروعة", DocumentSeen.PASSPORT)
VEHICLE = FormFilled((("search_by", "vehicle"), ("plate", "12-34567")))
CASH = MethodChosen(PaymentMethod.CASH)
FINES = ServiceChosen("traffic.fines")
SCREEN = ConsentGiven(Consent.SCREEN)
PROXY = Behalf(Capacity.PROXY, "9990001112", DocumentSeen.POWER_OF_ATTORNEY)
ELEVEN = msgspec.structs.replace(
    QUOTE, lines=tuple(msgspec.structs.replace(QUOTE.lines[at % 4], id=f"M-2026-{at:05d}") for at in range(11))
)

Prepare = Callable[[Stage, Desk], None]


def desk_at(*events: Event, prepare: Prepare | None = None, stage: Stage | None = None) -> Desk:
    """The desk after these events; all work in between is done."""
    stage = stage or Stage(assisted=True)
    stage.desk.quote = stage.desk.quote if len(stage.desk.quote.lines) > 5 else QUOTE
    parts = stage.visit.parts

    def ask(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        then(work())

    tools = Tools(
        register=ScriptedRegister(),
        bell=ScriptedBell(),
        records=ScriptedRecords(),
        ring=lambda: None,
        clock=stage.clock,
        print_again=parts.settlement.print,
    )
    desk = Desk(tools, SERVICES, stage.visit.handle, ask, renew=lambda: None, sign_out=lambda at_once=False: None)
    desk.member = RANA
    stage.visit._show = desk.take
    desk.take(stage.visit.scene())
    for event in events:
        stage.visit.handle(event)
        stage.work()
    if prepare is not None:
        prepare(stage, desk)
    return desk


def _over(over: Over) -> Prepare:
    return lambda _stage, desk: desk.over(over)


def _busy_office(_stage: Stage, desk: Desk) -> None:
    desk.office.now = Office(
        calls=(call(1), call(2, "paying")),
        parked=(PARKED, msgspec.structs.replace(PARKED, reference="9XHD-44TZ")),
        recent=tuple(recent(number) for number in range(1, 8)),
        unresolved=(CASH_IN_DOUBT, BANK_IN_DOUBT, NOT_PRINTED),
        offline=(Use("", Bound.COUNT, 412, 500),),
        section=Section.UNRESOLVED,
    )


def _saved(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    desk.office.open_section(Section.SAVED)


def _receipts(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    desk.office.open_section(Section.RECEIPTS)
    desk.told = "The copy is printed"


def _cash_in_doubt(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    desk.office.decide(CASH_IN_DOUBT)


def _tendered(text: str) -> Prepare:
    return lambda _stage, desk: desk.till.set_tendered(text)


def _seven_services(_stage: Stage, desk: Desk) -> None:
    desk.services = services(7)
    desk.found = type(desk.found)(desk.services)


def _wrong_person(stage: Stage, desk: Desk) -> None:
    desk.sheet.number = "123"
    desk.type_person()


def _revealed(_stage: Stage, desk: Desk) -> None:
    desk.reveal()


def _proxy_unfinished(stage: Stage, desk: Desk) -> None:
    desk.filling.choose_capacity(Capacity.PARENT)
    desk.sheet.other_number = "12"
    desk.filling.enquire()
    stage.work()


def _stop_at(state: State) -> Prepare:
    """Half way through a payment in cash."""

    def prepare(stage: Stage, _desk: Desk) -> None:
        stage.visit.handle(CashTaken(50_000))
        while stage.at() is not state:
            stage.work_once()

    return prepare


def _failing(failure: Failure, *events: Event) -> Desk:
    stage = Stage(assisted=True)
    stage.desk.failure = failure
    return desk_at(TYPED, FINES, VEHICLE, *events, stage=stage)


def _no_paper() -> Desk:
    stage = Stage(assisted=True)
    stage.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    return desk_at(TYPED, FINES, VEHICLE, SCREEN, CashTaken(50_000), stage=stage)


def _not_saved() -> Desk:
    stage = Stage(assisted=True)
    stage.ledger.faults["record_payment"] = 1
    return desk_at(TYPED, FINES, VEHICLE, SCREEN, CashTaken(50_000), stage=stage)


def _with_face() -> Desk:
    stage = Stage(assisted=True)
    stage.reader.face = FACE
    return desk_at(CardInserted(), FINES, VEHICLE, CASH, stage=stage, prepare=_tendered("50"))


def _eleven() -> Desk:
    stage = Stage(assisted=True)
    stage.desk.quote = ELEVEN
    return desk_at(TYPED, FINES, VEHICLE, stage=stage)


def _access_number() -> Desk:
    stage = Stage(assisted=True)
    stage.reader.access_number = "123456"
    return desk_at(CardInserted(), stage=stage)


def _nothing_owed() -> Desk:
    stage = Stage(assisted=True)
    desk = desk_at(TYPED, FINES, stage=stage)
    stage.desk.quote = msgspec.structs.replace(QUOTE, lines=())
    stage.feed(VEHICLE).work()
    return desk


def _fee() -> Desk:
    stage = Stage(assisted=True)
    desk = desk_at(CardInserted(), ServiceChosen(FEE.service), stage=stage)
    stage.desk.quote = FEE
    stage.feed(FormFilled((("purpose", "travel"), ("delivery", "post")))).work()
    return desk


def _identifying() -> Desk:
    stage = Stage(assisted=True)
    desk = desk_at(stage=stage)
    stage.feed(CardInserted())
    return desk


def _enquiring() -> Desk:
    stage = Stage(assisted=True)
    desk = desk_at(TYPED, FINES, stage=stage)
    stage.feed(VEHICLE)
    return desk


def _signing(scene: Scene, *, second_screen: bool = True) -> Callable[[], Desk]:
    """A person with a card who has answered everything; what is signed, and how far it has come, is the scene's."""

    def prepare(_stage: Stage, desk: Desk) -> None:
        desk.second_screen = second_screen
        desk.take(dataclasses.replace(desk.scene, state=scene.state, signing=scene.signing))

    return lambda: desk_at(CardInserted(), FINES, VEHICLE, prepare=prepare)


PAGES: dict[str, Callable[[], Desk]] = {
    "free": desk_at,
    "free-busy-office": lambda: desk_at(prepare=_busy_office),
    "free-saved": lambda: desk_at(prepare=_saved),
    "free-receipts": lambda: desk_at(prepare=_receipts),
    "cash-in-doubt": lambda: desk_at(prepare=_cash_in_doubt),
    "new-person": lambda: desk_at(prepare=_over(Over.NEW_PERSON)),
    "new-person-wrong": lambda: desk_at(prepare=_wrong_person),
    "keys": lambda: desk_at(prepare=_over(Over.KEYS)),
    "identifying": _identifying,
    "access-number": _access_number,
    "choosing": lambda: desk_at(TYPED, prepare=_seven_services),
    "form": lambda: desk_at(CardInserted(), FINES),
    "form-wrong": lambda: desk_at(TYPED, FINES, FormFilled((("search_by", "vehicle"), ("plate", "12-")))),
    "form-parent-wrong": lambda: desk_at(TYPED, FINES, prepare=_proxy_unfinished),
    "enquiring": _enquiring,
    "check-cash": lambda: desk_at(CardInserted(), FINES, VEHICLE, CASH, SCREEN, prepare=_tendered("50")),
    "check-card": lambda: desk_at(TYPED, FINES, VEHICLE),
    "check-proxy": lambda: desk_at(TYPED, FINES, BehalfStated(PROXY), VEHICLE, CASH),
    "check-many": _eleven,
    "check-face": _with_face,
    "check-fee": _fee,
    "check-revealed": lambda: desk_at(TYPED, FINES, VEHICLE, prepare=_revealed),
    "nothing-owed": _nothing_owed,
    "finder": lambda: desk_at(TYPED, FINES, VEHICLE, prepare=_over(Over.FINDER)),
    "signing": _signing(signing()),
    "signing-asking": _signing(signing(answered=False)),
    "signing-wrong": _signing(signing(2, mistake=WRONG)),
    "signing-working": _signing(signing(working=True)),
    "signing-last-try": _signing(signing(1)),
    "signing-at-reader": _signing(signing(at_reader=True)),
    "signing-at-reader-working": _signing(signing(at_reader=True, working=True)),
    "signing-one-screen": _signing(signing(), second_screen=False),
    "signing-one-screen-wrong": _signing(signing(2, mistake=WRONG), second_screen=False),
    "signing-one-screen-last-try": _signing(signing(1), second_screen=False),
    "signing-one-screen-at-reader": _signing(signing(at_reader=True), second_screen=False),
    "paying": lambda: desk_at(TYPED, FINES, VEHICLE, SCREEN, prepare=_stop_at(State.PAYING)),
    "receipt": lambda: desk_at(TYPED, FINES, VEHICLE, SCREEN, prepare=_stop_at(State.RECEIPT)),
    "done": lambda: desk_at(CardInserted(), FINES, VEHICLE, SCREEN, CashTaken(50_000)),
    "done-no-paper": _no_paper,
    "parked": lambda: desk_at(TYPED, FINES, VEHICLE, ParkWanted()),
    "failed-agency": lambda: _failing(Failure.AGENCY_UNREACHABLE),
    "failed-not-saved": _not_saved,
    "failed-no-card": lambda: desk_at(ReadingWanted()),
    "card-removed": lambda: desk_at(CardInserted(), FINES, VEHICLE, CardRemoved()),
    "take-card": lambda: desk_at(CardInserted(), Cancelled()),
}
