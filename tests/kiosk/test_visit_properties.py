"""What holds for every sequence of events, answers and faults, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import recovery
from kiosk.events import (
    AccessNumberTyped,
    AnotherService,
    Answered,
    Back,
    BasketItemOpened,
    BasketItemPaid,
    BasketItemRemoved,
    BasketWanted,
    Cancelled,
    CardInserted,
    CardRemoved,
    ChangeWanted,
    Confirmed,
    CopyWanted,
    Event,
    LastTryAgreed,
    LineLost,
    LinesPicked,
    MoreTime,
    ParkWanted,
    PinTyped,
    PowerLost,
    ReaderLost,
    ResumeWanted,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import Scene, State
from kiosk.signing import PinCondition, PinState
from kiosk.texts import amount_text
from kiosk.transaction import Agreement, PaymentState, TransactionState
from tests.kiosk.parts import (
    MARKER_NAME,
    MARKER_NUMBER,
    MARYAM,
    PIN_RULES,
    SOMEBODY_ELSE,
    ScriptedSigner,
    Stage,
    quote_of,
)
from tests.kiosk.reaching import reaches

PEOPLE: tuple[Event, ...] = (
    ServiceChosen("traffic.fines"),
    ServiceChosen("no.such"),
    Started(),
    Answered("search_by", "vehicle"),
    Answered("search_by", "mine"),
    Answered("plate", "12-34567"),
    Answered("plate", "nonsense"),
    LinesPicked(("F0", "F1")),
    LinesPicked(("F1",)),
    LinesPicked(("C0",)),
    ChangeWanted("plate"),
    ChangeWanted("search_by"),
    ChangeWanted(""),
    Confirmed(),
    Back(),
    Cancelled(),
    MoreTime(),
    TryAgain(),
    AnotherService(),
    CopyWanted(),
    ParkWanted(),
    ResumeWanted("CASE-1"),
    ResumeWanted("CASE-2"),
    AccessNumberTyped("123456"),
    AccessNumberTyped("12"),
    LastTryAgreed(),
)
PIN, WRONG_PIN = ScriptedSigner.PIN, b"111111222222"
WORLD: tuple[Event, ...] = (
    CardInserted(),
    CardRemoved(),
    ReaderLost(ServiceFailure(Failure.READER_LOST)),
    TimedOut(),
    PowerLost(12),
    LineLost(),
)

Deed = Callable[[Stage], object]


def _feed(event: Event) -> Deed:
    return lambda stage: stage.feed(event)


def _work(stage: Stage) -> None:
    if stage.pending:
        stage.work_once()


def _all_work(stage: Stage) -> None:
    stage.work()


def _payment_fault(call: str, fault: str) -> Deed:
    return lambda stage: stage.payments.faults.__setitem__(call, fault)


def _ledger_fault(call: str, times: int) -> Deed:
    return lambda stage: stage.ledger.faults.__setitem__(call, times)


def _line(stage: Stage) -> None:
    stage.delivery.up = not stage.delivery.up


def _desk(stage: Stage) -> None:
    stage.desk.failure = None if stage.desk.failure else Failure.AGENCY_UNREACHABLE


def _person(stage: Stage) -> None:
    stage.reader.identity = SOMEBODY_ELSE if stage.reader.identity is MARYAM else MARYAM


def _paper(stage: Stage) -> None:
    stage.printer.failure = None if stage.printer.failure else Failure.PRINTER_OUT_OF_PAPER


def _access_number(stage: Stage) -> None:
    stage.reader.access_number = "" if stage.reader.access_number else "123456"


def _parking(stage: Stage) -> None:
    stage.parked.failure = None if stage.parked.failure else Failure.NOT_SAVED


class Signing(Stage):
    """A stage whose services want a signature; it remembers every PIN that was typed."""

    def __init__(self) -> None:
        super().__init__(signature=True)
        self.typed: list[bytearray] = []

    def type_pin(self, digits: bytes) -> None:
        self.typed.append(bytearray(digits))
        self.feed(PinTyped(self.typed[-1]))


def _pin(stage: Stage, digits: bytes) -> None:
    if isinstance(stage, Signing):
        stage.type_pin(digits)


def _signer_fault(stage: Stage, failure: Failure) -> None:
    stage.signer.failure = None if stage.signer.failure else failure


def _pin_state(stage: Stage, condition: PinCondition, tries: int) -> None:
    """Somebody used the card elsewhere, or had its PIN unblocked."""
    stage.signer.state = PinState(condition, PIN_RULES, tries)


def _new_quote(stage: Stage) -> None:
    stage.desk.quote = quote_of(20_000, 13_500, unpayable=1)


PINS: tuple[Deed, ...] = (
    partial(_pin, digits=PIN),
    partial(_pin, digits=PIN),
    partial(_pin, digits=WRONG_PIN),
    partial(_pin, digits=b"12"),
)
SIGNING_FAULTS: tuple[Deed, ...] = (
    partial(_signer_fault, failure=Failure.CARD_REMOVED),
    partial(_signer_fault, failure=Failure.SIGNING_FAILED),
    partial(_pin_state, condition=PinCondition.READY, tries=1),
    partial(_pin_state, condition=PinCondition.READY, tries=3),
    partial(_pin_state, condition=PinCondition.BLOCKED, tries=0),
    _new_quote,
)
FAULTS: tuple[Deed, ...] = (
    _payment_fault("authorise", "declined"),
    _payment_fault("authorise", "unknown"),
    _payment_fault("authorise", "bug"),
    _payment_fault("capture", "unknown"),
    _payment_fault("capture", "lost"),
    _payment_fault("void", "lost"),
    _ledger_fault("prepare", 1),
    _ledger_fault("record_payment", 1),
    _ledger_fault("commit", 1),
    _ledger_fault("commit", 2),
    _ledger_fault("doubt", 1),
    _ledger_fault("doubt", 2),
    _ledger_fault("void", 1),
    _ledger_fault("issue_receipt", 1),
    _line,
    _desk,
    _person,
    _paper,
    _access_number,
    _parking,
)


def _of_basket(event: type[BasketItemOpened | BasketItemRemoved | BasketItemPaid], place: int) -> Deed:
    """What is pressed beside a service of the basket; nothing where there is none."""

    def deed(stage: Stage) -> None:
        ids = [entry.ids for entry in stage.visit.case.basket if entry.ids is not None]
        if ids:
            stage.feed(event(ids[place].transaction))

    return deed


BASKETS: tuple[Deed, ...] = (
    _feed(BasketWanted()),
    _feed(BasketWanted()),
    _of_basket(BasketItemOpened, 0),
    _of_basket(BasketItemRemoved, -1),
    _of_basket(BasketItemPaid, 0),
)

_deeds = st.one_of(
    st.just(_work),
    st.just(_work),
    st.just(_work),
    st.sampled_from([_feed(event) for event in PEOPLE]),
    st.sampled_from([_feed(event) for event in WORLD]),
    st.sampled_from(FAULTS),
    st.sampled_from(BASKETS),
)

# A run through the happy path, so that most sequences get as far as the money before they go astray.
_way_in: list[Deed] = [
    _feed(CardInserted()),
    _work,
    _feed(ServiceChosen("traffic.fines")),
    _feed(Started()),
    _feed(Answered("search_by", "mine")),
    _work,
    _feed(LinesPicked(("F0",))),
    _feed(Confirmed()),
]
_to_fines: list[Deed] = [
    _feed(ServiceChosen("traffic.fines")),
    _feed(Started()),
    _feed(Answered("search_by", "mine")),
    _all_work,
]
_to_a_basket: list[Deed] = [
    _feed(CardInserted()),
    _all_work,
    *_to_fines,
    _feed(LinesPicked(("F0",))),
    _feed(AnotherService()),
    *_to_fines,
    _feed(LinesPicked(("F1",))),
    _feed(BasketWanted()),
    _feed(Confirmed()),
]
_alone, _together = len(_way_in), len(_to_a_basket)
_ways = st.sampled_from(
    [_way_in[:length] for length in (_alone, _alone, 0, 3, 6)]
    + [_to_a_basket[:length] for length in (_together, _together, _together - 1)]
)
_sequences = st.tuples(
    st.lists(st.sampled_from(FAULTS), max_size=3),
    _ways,
    st.lists(_deeds, max_size=30),
).map(lambda parts: parts[0] + parts[1] + parts[2])


_signing_deeds = st.one_of(
    st.just(_work),
    st.just(_work),
    st.sampled_from(PINS),
    st.sampled_from([_feed(event) for event in (*PEOPLE, *WORLD)]),
    st.sampled_from((*FAULTS, *SIGNING_FAULTS)),
)
_signing_sequences = st.tuples(
    st.lists(st.sampled_from((*FAULTS, *SIGNING_FAULTS)), max_size=2),
    st.lists(_signing_deeds, max_size=30),
).map(lambda parts: parts[0] + [*_way_in, _work] + parts[1])


def _play(deeds: list[Deed], stage: Stage | None = None) -> Stage:
    stage = stage or Stage()
    for deed in deeds:
        deed(stage)
        _check_money(stage)
        _check_who_is_here(stage)
    return stage


def _told_of(scene: Scene) -> bool:
    return scene.state is State.FAILED and scene.money in {Money.UNKNOWN, Money.RETURNED}


def _check_money(stage: Stage) -> None:
    """Outside PAYING, whoever's money is held or taken has a commit, or was told what is not known."""
    if stage.at() is State.PAYING:
        return
    told = sum(
        1
        for scene, after in zip([*stage.scenes, None], [None, *stage.scenes], strict=True)
        if scene and _told_of(scene) and not (after and _told_of(after))
    )
    moved = [
        agreement
        for agreement in stage.ledger.agreements.values()
        if stage.payments.payments.get(_movement(agreement)) in {PaymentState.AUTHORISED, PaymentState.CAPTURED}
    ]
    without_commit = {_movement(one) for one in moved if one.ids.transaction not in stage.ledger.commitments}
    assert len(without_commit) <= told


def _movement(agreement: Agreement) -> UUID:
    return agreement.together.movement if agreement.together else agreement.ids.payment


def _check_who_is_here(stage: Stage) -> None:
    """A card in the reader keeps the next person out; a request that was kept is offered to its own person only."""
    assert stage.at() is not State.IDLE or not stage.visit.card_present
    scene = stage.visit.scene()
    for offer in scene.offers:
        draft = stage.parked.look(offer.reference)
        if draft is not None:
            assert scene.identity is not None
            assert draft.national_number == scene.identity.national_number


def _end(stage: Stage) -> None:
    stage.ledger.faults.clear()
    stage.payments.faults.clear()
    stage.work()
    for event in (Cancelled(), CardRemoved(), TimedOut(), TimedOut()):
        stage.feed(event).work()


EXAMPLES = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@EXAMPLES
@given(_sequences)
def test_every_sequence_reaches_idle(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    assert stage.at() is State.IDLE


@EXAMPLES
@given(_sequences)
def test_money_and_commits_agree_after_recovery(deeds: list[Deed]) -> None:
    """Each captured payment has the commits of all that it pays, each commit one captured payment; nothing stays held,
    and what was taken is what was agreed to."""
    stage = _play(deeds)
    _end(stage)
    stage.ledger.restart()
    recovery.resolve(stage.ledger, stage.payments)
    assert not stage.ledger.unfinished()
    assert stage.ledger.commits == len(stage.ledger.commitments)
    for transaction, agreement in stage.ledger.agreements.items():
        taken = stage.payments.payments.get(_movement(agreement)) is PaymentState.CAPTURED
        assert taken == (stage.ledger.states[transaction] is TransactionState.COMMITTED)
    assert PaymentState.AUTHORISED not in stage.payments.payments.values()
    captured = [id_ for id_, state in stage.payments.payments.items() if state is PaymentState.CAPTURED]
    agreed = [stage.ledger.agreements[transaction].total_fils for transaction in stage.ledger.commitments]
    assert sum(stage.payments.amounts[payment] for payment in captured) == sum(agreed)


@EXAMPLES
@given(_sequences)
def test_nothing_personal_is_reachable_after_the_visit(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    assert not reaches(stage, (MARKER_NAME, MARKER_NUMBER, "12-34567"))


@EXAMPLES
@given(_sequences)
def test_a_receipt_is_only_shown_for_a_commit(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    numbers = {commitment.receipt_number for commitment in stage.ledger.commitments.values()}
    assert {receipt.number for receipt in stage.printer.receipts} <= numbers


@EXAMPLES
@given(_signing_sequences)
def test_what_is_paid_for_was_signed_as_it_is_paid(deeds: list[Deed]) -> None:
    """Of a service that wants a signature nothing is even prepared without one, over these answers, lines and quote."""
    stage = _play(deeds, Signing())
    _end(stage)
    assert stage.at() is State.IDLE
    for agreement in stage.ledger.agreements.values():
        signed = stage.signer.signed[agreement.signed_application]
        amounts = [line.title_en for line in agreement.lines]
        assert signed.national_number == agreement.national_number
        assert [label.en for label, _ in signed.rows[-1 - len(amounts) : -1]] == amounts
        assert signed.rows[-1][1].en == amount_text(agreement.total_fils, "en")
        assert len(signed.rows) == len(agreement.answers) + len(amounts) + 1


@EXAMPLES
@given(_signing_sequences)
def test_a_pin_is_shown_once_and_left_nowhere(deeds: list[Deed]) -> None:
    stage = Signing()
    for deed in deeds:
        deed(stage)
        assert not reaches(stage, (PIN.decode(), WRONG_PIN.decode())), "a case or a scene holds a PIN"
    _end(stage)
    assert len(stage.signer.shown) <= len(stage.typed)
    assert all(pin == bytes(len(pin)) for pin in stage.typed)
    assert not reaches(stage, (MARKER_NAME, MARKER_NUMBER))


def test_the_search_for_personal_data_finds_what_is_there() -> None:
    stage = Stage().feed(CardInserted()).work()
    assert reaches(stage, (MARKER_NAME,))
