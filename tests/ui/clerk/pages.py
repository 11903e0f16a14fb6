"""Every page of the counter, by name: a real visit that was brought there, and the desk that shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from kiosk.corrections import Correcting, Objection, Reason, RefundAgreed, person_of
from kiosk.counter import Behalf, Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.events import (
    BasketItemOpened,
    BehalfStated,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    Confirmed,
    ConsentGiven,
    CorrectionOpened,
    Event,
    FormFilled,
    MethodChosen,
    ParkWanted,
    PersonTyped,
    ReadingWanted,
    ScanWanted,
    ServiceChosen,
)
from kiosk.failures import Failure, ServiceFailure
from kiosk.offline import Bound, Use
from kiosk.refunds import Refunds
from kiosk.scene import Scene, State
from kiosk.staff import SignInRefused
from kiosk.transaction import AgreedLine, Agreement, PaymentMethod, TransactionState
from kiosk.wire import Fact, Quote, QuoteLine, Words
from tests.kiosk.basketing import both
from tests.kiosk.following_samples import DOCUMENT
from tests.kiosk.papers import LEASE, PaperStage
from tests.kiosk.parts import MARKER_NUMBER, SERVICES, Stage
from tests.ui.clerk.parts import (
    BANK_IN_DOUBT,
    CASH_IN_DOUBT,
    HUDA,
    NOT_PRINTED,
    PINS,
    RANA,
    ScriptedBell,
    ScriptedCorrections,
    ScriptedRecords,
    ScriptedRegister,
    call,
    recent,
    refused,
)
from tests.ui.samples import FACE, PARKED, SUBSCRIPTION, services
from tests.ui.samples_answers import PAID_UNTIL
from tests.ui.samples_customs import CUSTOMS_PAGES
from tests.ui.samples_documents import scanned as shown_pages
from tests.ui.samples_due import COMPANY, CREDIT, DUES
from tests.ui.samples_due import QUOTE as DUE_QUOTE
from tests.ui.samples_facts import FACT_PAGES
from tests.ui.samples_requests import ALL as REQUESTS
from tests.ui.samples_second import FEE, QUOTE
from tests.ui.samples_signing import WRONG, signing
from ui.clerk.attention_desk import AttentionDesk
from ui.clerk.desk import Desk, Tools
from ui.clerk.sheet import Office, Over, Section

TYPED = PersonTyped(MARKER_NUMBER, "مريم المزروعة", DocumentSeen.PASSPORT)
BY_PASSPORT = PersonTyped("UTO P4471203", "Elena Marin", DocumentSeen.PASSPORT)
VEHICLE = FormFilled((("search_by", "vehicle"), ("plate", "12-34567")))
SCAN = ScanWanted(LEASE.id)
WITHOUT_PAPER = FormFilled((*VEHICLE.texts, (LEASE.id, "")))
CASH = MethodChosen(PaymentMethod.CASH)
FINES = ServiceChosen("traffic.fines")
SCREEN = ConsentGiven(Consent.SCREEN)
PROXY = Behalf(Capacity.PROXY, "9990001112", DocumentSeen.POWER_OF_ATTORNEY)
ELEVEN = msgspec.structs.replace(
    QUOTE, lines=tuple(msgspec.structs.replace(QUOTE.lines[at % 4], id=f"M-2026-{at:05d}") for at in range(11))
)


def refunds_of(stage: Stage, corrections: ScriptedCorrections) -> Refunds:
    """Over the stage's own payment terminal and printer."""
    settlement = stage.visit.parts.settlement
    return Refunds(
        corrections=corrections,
        payments=settlement.payments,
        printer=settlement.printer,
        clock=stage.clock,
        services=SERVICES,
        office=settlement.office,
        wake=lambda: None,
    )


Prepare = Callable[[Stage, Desk], None]


def desk_at(*events: Event, prepare: Prepare | None = None, stage: Stage | None = None) -> Desk:
    """The desk after these events; all work in between is done."""
    stage = stage or Stage(assisted=True)
    stage.desk.quote = stage.desk.quote if len(stage.desk.quote.lines) > 5 else QUOTE
    parts = stage.visit.parts

    def ask(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        try:
            answer = work()
        except (ServiceFailure, SignInRefused) as expected:
            answer = expected
        then(answer)

    register = ScriptedRegister()
    refunds = refunds_of(stage, ScriptedCorrections(register, stage.ledger))
    tools = Tools(
        register=register,
        bell=ScriptedBell(),
        records=ScriptedRecords(),
        ring=lambda: None,
        clock=stage.clock,
        print_again=parts.settlement.print,
        refunds=refunds,
        following=parts.following,
    )

    def holder() -> str:
        case = stage.visit.case
        return case.identity.number if case.identity is not None and case.card_proven else ""

    desk = Desk(
        tools, SERVICES, stage.visit.handle, ask, renew=lambda: None, sign_out=lambda at_once=False: None, holder=holder
    )
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


def _faulty_ledger(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    desk.office.now = dataclasses.replace(desk.office.now, chain_holds=False)


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


AGREED = RefundAgreed(
    correction=UUID(int=9), reason=Reason.WITHDRAWN, requested_by=person_of(RANA), approved_by=person_of(HUDA)
)


def _refused(*acts: Callable[[AttentionDesk], object], **changed: Any) -> Prepare:
    """What an agency did not accept is open, and these acts are done."""

    def prepare(stage: Stage, desk: Desk) -> None:
        item = refused(**changed)
        _busy_office(stage, desk)
        desk.office.now = dataclasses.replace(desk.office.now, attention=(item, refused(8, refund=AGREED)))
        corrections = desk._tools.refunds.corrections
        assert isinstance(corrections, ScriptedCorrections)
        corrections.hold(item)
        desk.office.attention.open(item)
        for act in acts:
            act(desk.office.attention)

    return prepare


def _pin_of(staff_id: str) -> Callable[[AttentionDesk], object]:
    return lambda at: at.show_pin(bytearray(PINS[staff_id]))


def _reason(at: AttentionDesk) -> None:
    at.want_refund()
    at.give_reason(Reason.WITHDRAWN)


def _objection(at: AttentionDesk) -> None:
    at.want_dispute()
    at.give_objection(Objection.NOT_REFUSABLE)


def _wrong_pin(at: AttentionDesk) -> None:
    at.show_pin(bytearray(b"999999"))


def _corrected(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    desk.office.press_receipt(msgspec.structs.replace(recent(7), state=TransactionState.REVERSED))


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


def _requests_of_the_card(stage: Stage, desk: Desk) -> None:
    stage.requests.requests = REQUESTS
    desk.requests.open()


def _request_by_paper(stage: Stage, desk: Desk) -> None:
    _busy_office(stage, desk)
    stage.requests.requests = (REQUESTS[1],)
    stage.requests.documents[REQUESTS[1].transaction] = DOCUMENT
    desk.requests.open()
    desk.requests.paper, desk.requests.number = "krk3-000481", MARKER_NUMBER
    desk.requests.look_up()
    desk.requests.print(REQUESTS[1])


def _no_such_paper(_stage: Stage, desk: Desk) -> None:
    desk.requests.open()
    desk.requests.paper, desk.requests.number = "KRK3-000009", MARKER_NUMBER
    desk.requests.look_up()


def _paper_missing(_stage: Stage, desk: Desk) -> None:
    desk.requests.open()
    desk.requests.number = "12"
    desk.requests.look_up()


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
    stage.feed(FormFilled((("purpose", "travel"), ("delivery", "post"), ("address", "Karak, P.O. box 12")))).work()
    return desk


def _free(*events: Event) -> Callable[[], Desk]:
    """Nothing is due for this request, and no signature is wanted."""

    def make() -> Desk:
        stage = Stage(assisted=True)
        stage.visit.services = tuple(msgspec.structs.replace(one, signature="none") for one in SERVICES)
        desk = desk_at(CardInserted(), ServiceChosen(FEE.service), stage=stage)
        stage.desk.quote = msgspec.structs.replace(FEE, lines=())
        stage.feed(FormFilled((("purpose", "travel"), ("delivery", "post"), ("address", "Karak, P.O. box 12")))).work()
        for event in events:
            stage.feed(event).work()
        return desk

    return make


def _paper(*events: Event, opened: bool = False, failure: Failure | None = None) -> Desk:
    """A service that asks for a paper; its pages have their pictures."""
    stage = PaperStage(assisted=True)
    desk = desk_at(TYPED, FINES, *events, stage=stage)
    if opened:
        desk.open_document(LEASE.id)
    if failure is not None:
        stage.scanner.failure = failure
        stage.feed(SCAN).work()
    case = stage.visit.case
    case.papers = dataclasses.replace(case.papers, pages=shown_pages(len(case.papers.of(LEASE.id))).pages)
    desk.take(stage.visit.scene())
    return desk


def _not_offered() -> Desk:
    """A clerk looks for what a foreigner cannot have."""
    desk = desk_at(BY_PASSPORT)
    desk.sheet.search = "fines"
    return desk


def _scanning_paper() -> Desk:
    stage = PaperStage(assisted=True)
    desk = desk_at(TYPED, FINES, stage=stage)
    desk.open_document(LEASE.id)
    stage.feed(SCAN)
    return desk


def _due(quote: Quote = DUE_QUOTE) -> Desk:
    """Of a service that is not among the shipped ones."""
    stage = Stage(assisted=True)

    desk = desk_at(TYPED, FINES, VEHICLE, stage=stage)
    picked = tuple(line.id for line in quote.lines if line.payable)
    answers = ((COMPANY, "200012345"),)
    state = State.CHECK_ANSWERS if picked else State.QUOTE
    total = sum(line.amount_fils for line in quote.lines if line.payable)
    due: dict[str, Any] = {"service": DUES, "answers": answers, "quote": quote, "picked": picked, "total_fils": total}
    desk.take(dataclasses.replace(desk.scene, state=state, **due))
    return desk


def _goes_by() -> Desk:
    """One fee, and beside it what the agency goes by."""
    desk = desk_at(TYPED, FINES, VEHICLE, stage=Stage(assisted=True))
    quoted = FACT_PAGES["facts-check"]
    changed = {"service": quoted.service, "answers": quoted.answers, "quote": quoted.quote, "picked": quoted.picked}
    desk.take(
        dataclasses.replace(desk.scene, state=State.CHECK_ANSWERS, total_fils=quoted.total_fils, **changed)  # type: ignore[arg-type]  # each as in the scene
    )
    return desk


def _wage() -> Desk:
    """A wage is asked for, within this person's own bounds."""
    desk = desk_at(TYPED, FINES, VEHICLE, stage=Stage(assisted=True))
    wage = next(step for step in SUBSCRIPTION.steps if step.id == "wage")
    title = Words(ar="أجر", en="Wage")
    facts = (
        Fact(id=wage.least_by, title=title, value="290000"),
        Fact(id=wage.most_by, title=title, value="1200000"),
        Fact(id="actions", title=title, value="join"),
    )
    desk.take(
        dataclasses.replace(
            desk.scene, state=State.STEPS, service=SUBSCRIPTION, form=(), answers=(), quote=None, facts=facts
        )
    )
    return desk


def _not_payable_yet() -> Desk:
    """How a declaration stands, in one line without an amount."""
    desk = desk_at(TYPED, FINES, VEHICLE, stage=Stage(assisted=True))
    told = CUSTOMS_PAGES["not-payable-yet"]
    desk.take(
        dataclasses.replace(
            desk.scene,
            state=State.QUOTE,
            total_fils=0,
            service=told.service,
            answers=told.answers,
            quote=told.quote,
            picked=(),
        )
    )
    return desk


def _on_file() -> Desk:
    """What the post told of a box, before the form has gone on."""
    stage = Stage(assisted=True)
    desk = desk_at(TYPED, ServiceChosen("post.box"), stage=stage)
    stage.desk.quote = msgspec.structs.replace(
        QUOTE, agency="post", service="post.box", facts=(PAID_UNTIL,), lookup="box", lines=()
    )
    stage.feed(FormFilled((("box", "1234"), ("size", ""), ("years", "2")))).work()
    return desk


def _basket(*events: Event, prepare: Prepare | None = None) -> Callable[[], Desk]:
    """Fines and a certificate are ready; `events` follow."""
    return lambda: desk_at(*events, stage=both(assisted=True), prepare=prepare)


def _second_of_basket() -> Desk:
    stage = both(assisted=True)
    ids = stage.visit.case.basket[1].ids
    assert ids is not None
    return desk_at(BasketItemOpened(ids.transaction), stage=stage)


def _one_of_basket_paid() -> Desk:
    stage = both(assisted=True)
    ids = stage.visit.case.basket[1].ids
    assert ids is not None
    return desk_at(BasketItemOpened(ids.transaction), SCREEN, Confirmed(), stage=stage)


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


def paid_for(plate: str, *lines: QuoteLine) -> Agreement:
    """What was agreed to then, and refused."""
    return Agreement(
        ids=refused().ids,
        service="traffic.fines",
        agency="traffic",
        national_number=MARKER_NUMBER,
        person_name="مريم المزروعة",
        answers={"search_by": "vehicle", "plate": plate},
        lines=tuple(
            AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
            for line in lines
        ),
        total_fils=sum(line.amount_fils for line in lines),
        method=PaymentMethod.CASH,
        quote=b"",
        agreed_at=datetime(2026, 11, 23, tzinfo=UTC),
        identified_by=IdentifiedBy.DOCUMENT,
        document_seen=DocumentSeen.PASSPORT,
        served_by="rana",
    )


def _correcting(*events: Event, lines: tuple[QuoteLine, ...] = QUOTE.lines[:3], prepare: Prepare | None = None) -> Desk:
    """The plate was typed wrongly; `events` follow after the form is open."""
    agreed = paid_for("12-00000", *lines)
    return desk_at(CorrectionOpened(Correcting(agreed, "KRK3-000007")), *events, prepare=prepare)


def _why(_stage: Stage, desk: Desk) -> None:
    desk.office.attention.want_to_send()


PAGES: dict[str, Callable[[], Desk]] = {
    "free": desk_at,
    "free-busy-office": lambda: desk_at(prepare=_busy_office),
    "free-faulty-ledger": lambda: desk_at(prepare=_faulty_ledger),
    "free-saved": lambda: desk_at(prepare=_saved),
    "free-receipts": lambda: desk_at(prepare=_receipts),
    "cash-in-doubt": lambda: desk_at(prepare=_cash_in_doubt),
    "requests-of-card": lambda: desk_at(CardInserted(), prepare=_requests_of_the_card),
    "request-by-paper": lambda: desk_at(prepare=_request_by_paper),
    "request-not-found": lambda: desk_at(prepare=_no_such_paper),
    "request-mistyped": lambda: desk_at(prepare=_paper_missing),
    "refused": lambda: desk_at(prepare=_refused(explained=2)),
    "refused-signed": lambda: desk_at(prepare=_refused(service="justice.non_conviction", explained=2)),
    "refused-correction": lambda: desk_at(prepare=_refused(correction=True, amount_fils=-42_500)),
    "refused-reason": lambda: desk_at(prepare=_refused(AttentionDesk.want_refund)),
    "refused-own-pin": lambda: desk_at(prepare=_refused(_reason, _wrong_pin)),
    "refused-supervisor": lambda: desk_at(prepare=_refused(_reason, _pin_of("rana"))),
    "refused-hand-out": lambda: desk_at(prepare=_refused(refund=AGREED)),
    "refused-unknown": lambda: desk_at(prepare=_refused(refund=AGREED, method=PaymentMethod.BANK_CARD)),
    "refused-returned": lambda: desk_at(prepare=_refused(AttentionDesk.handed_out, refund=AGREED)),
    "refused-objection": lambda: desk_at(prepare=_refused(AttentionDesk.want_dispute)),
    "refused-disputed": lambda: desk_at(prepare=_refused(_objection, _pin_of("huda"))),
    "corrected": lambda: desk_at(prepare=_corrected),
    "paper": _paper,
    "paper-missing": lambda: _paper(WITHOUT_PAPER),
    "paper-open": lambda: _paper(opened=True),
    "paper-scanning": _scanning_paper,
    "paper-page": lambda: _paper(SCAN, opened=True),
    "paper-pages": lambda: _paper(SCAN, SCAN, opened=True),
    "paper-not-read": lambda: _paper(SCAN, opened=True, failure=Failure.SCANNER_NO_PAPER),
    "paper-check": lambda: _paper(SCAN, WITHOUT_PAPER),
    "passport": lambda: desk_at(BY_PASSPORT),
    "passport-no-country": lambda: desk_at(PersonTyped("P4471203", "", DocumentSeen.PASSPORT)),
    "passport-not-offered": _not_offered,
    "correcting": _correcting,
    "correcting-check": lambda: _correcting(VEHICLE),
    "correcting-dearer": lambda: _correcting(VEHICLE, lines=QUOTE.lines[:2]),
    "correcting-reason": lambda: _correcting(VEHICLE, prepare=_why),
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
    "check-free": _free(),
    "check-free-agreed": _free(SCREEN),
    "check-revealed": lambda: desk_at(TYPED, FINES, VEHICLE, prepare=_revealed),
    "nothing-owed": _nothing_owed,
    "due": _due,
    "goes-by": _goes_by,
    "wage": _wage,
    "not-payable-yet": _not_payable_yet,
    "credit": lambda: _due(msgspec.structs.replace(DUE_QUOTE, lines=(), facts=(CREDIT,))),
    "on-file": _on_file,
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
    "basket": _basket(),
    "basket-cash": _basket(CASH, SCREEN, prepare=_tendered("50")),
    "basket-done": _basket(CASH, SCREEN, CashTaken(50_000)),
    "basket-opened": _second_of_basket,
    "basket-left": _one_of_basket_paid,
    "done": lambda: desk_at(CardInserted(), FINES, VEHICLE, SCREEN, CashTaken(50_000)),
    "done-no-paper": _no_paper,
    "done-free": _free(SCREEN, Confirmed()),
    "parked": lambda: desk_at(TYPED, FINES, VEHICLE, ParkWanted()),
    "failed-agency": lambda: _failing(Failure.AGENCY_UNREACHABLE),
    "failed-not-saved": _not_saved,
    "failed-no-card": lambda: desk_at(ReadingWanted()),
    "card-removed": lambda: desk_at(CardInserted(), FINES, VEHICLE, CardRemoved()),
    "take-card": lambda: desk_at(CardInserted(), Cancelled()),
}
