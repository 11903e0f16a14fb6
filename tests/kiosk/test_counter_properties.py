"""What holds at the counter for every sequence of a clerk's acts, answers and faults, whatever their order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import recovery
from kiosk.counter import MYSELF, Behalf, Capacity, Consent, DocumentSeen
from kiosk.events import (
    AnotherService,
    Back,
    BasketItemOpened,
    BasketItemPaid,
    BasketItemRemoved,
    BasketWanted,
    BehalfStated,
    Cancelled,
    CardInserted,
    CardRemoved,
    CashTaken,
    ChangeWanted,
    Confirmed,
    ConsentGiven,
    CopyWanted,
    Event,
    FormFilled,
    LineLost,
    LinesPicked,
    MethodChosen,
    MoreTime,
    ParkWanted,
    PersonTyped,
    PowerLost,
    ReaderLost,
    ResumeWanted,
    ServiceChosen,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.recovery import Resolution
from kiosk.scene import State
from kiosk.transaction import Agreement, PaymentMethod, PaymentState, TransactionState
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER, MARYAM, SOMEBODY_ELSE, Stage, quote_of
from tests.kiosk.reaching import reaches

OTHER = "9990001112"
Seen = tuple[tuple[tuple[str, int], ...], str]


class Counter(Stage):
    """A clerk's stage that remembers what was before the person's eyes when they agreed."""

    def __init__(self) -> None:
        super().__init__(assisted=True)
        self.agreed_to: frozenset[Seen] | None = None
        self.checked: dict[object, tuple[Agreement, frozenset[Seen] | None]] = {}

    def see(self) -> frozenset[Seen]:
        """Of each service that would be paid now, its lines and for whom it is."""
        return frozenset(
            (tuple((line.id, line.amount_fils) for line in entry.picked_lines()), entry.for_whom().number)
            for entry in self.visit.case.ready()
        )

    def note_agreements(self) -> None:
        for transaction, agreement in self.ledger.agreements.items():
            self.checked.setdefault(transaction, (agreement, self.agreed_to))


Deed = Callable[[Counter], object]


def _feed(event: Event) -> Deed:
    def deed(stage: Counter) -> None:
        if isinstance(event, ConsentGiven) and stage.at() in {State.CHECK_ANSWERS, State.BASKET}:
            stage.agreed_to = stage.see() if event.consent is not Consent.NONE else None
        stage.feed(event)

    return deed


def _work(stage: Counter) -> None:
    if stage.pending:
        stage.work_once()


def _payment_fault(call: str, fault: str) -> Deed:
    return lambda stage: stage.payments.faults.__setitem__(call, fault)


def _ledger_fault(call: str, times: int) -> Deed:
    return lambda stage: stage.ledger.faults.__setitem__(call, times)


def _other_amounts(stage: Counter) -> None:
    """The agency states other amounts for the same lines from now on."""
    until = stage.clock.at + timedelta(minutes=15)
    stage.desk.quote = quote_of(21_000, 13_500, unpayable=1, expires_at=until)


def _quarter_of_an_hour(stage: Counter) -> None:
    stage.clock.at += timedelta(minutes=16)


def _pick_again_and_pay(stage: Counter) -> None:
    """By the page of the lines, with the consent that was given to others."""
    for event in (Back(), LinesPicked(("F1",)), CashTaken(40_000)):
        stage.feed(event)


def _pay_by_a_new_quote(stage: Counter) -> None:
    """The quote runs out, the agency states other amounts, and the clerk goes on with the old consent."""
    _quarter_of_an_hour(stage)
    _other_amounts(stage)
    for event in (CashTaken(40_000), TryAgain()):
        stage.feed(event).work()
    stage.feed(CashTaken(40_000))


def _line(stage: Counter) -> None:
    stage.delivery.up = not stage.delivery.up


def _desk(stage: Counter) -> None:
    stage.desk.failure = None if stage.desk.failure else Failure.AGENCY_UNREACHABLE


def _person(stage: Counter) -> None:
    stage.reader.identity = SOMEBODY_ELSE if stage.reader.identity is MARYAM else MARYAM


def _paper(stage: Counter) -> None:
    stage.printer.failure = None if stage.printer.failure else Failure.PRINTER_OUT_OF_PAPER


def _of_basket(event: type[BasketItemOpened | BasketItemRemoved | BasketItemPaid], place: int) -> Deed:
    def deed(stage: Counter) -> None:
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

MINE = FormFilled((("search_by", "mine"),))
CLERK: tuple[Event, ...] = (
    PersonTyped(MARKER_NUMBER, MARKER_NAME, DocumentSeen.PASSPORT),
    PersonTyped(SOMEBODY_ELSE.national_number, "", DocumentSeen.IDENTITY_CARD),
    PersonTyped("123", "", DocumentSeen.PASSPORT),
    PersonTyped(MARKER_NUMBER, "", DocumentSeen.NONE),
    ServiceChosen("traffic.fines"),
    ServiceChosen("no.such"),
    MINE,
    FormFilled((("search_by", "vehicle"), ("plate", "12-34567"))),
    FormFilled((("search_by", "vehicle"), ("plate", "nonsense"))),
    FormFilled((("search_by", "other"), ("owner", OTHER), ("plate", "12-34567"))),
    BehalfStated(Behalf(Capacity.PROXY, OTHER, DocumentSeen.POWER_OF_ATTORNEY)),
    BehalfStated(Behalf(Capacity.PARENT, OTHER, DocumentSeen.FAMILY_BOOK)),
    BehalfStated(Behalf(Capacity.PARENT, OTHER, DocumentSeen.PASSPORT)),
    BehalfStated(MYSELF),
    LinesPicked(("F0", "F1")),
    LinesPicked(("F1",)),
    LinesPicked(("C0",)),
    MethodChosen(PaymentMethod.CASH),
    MethodChosen(PaymentMethod.BANK_CARD),
    ConsentGiven(Consent.SPOKEN),
    ConsentGiven(Consent.SCREEN),
    ConsentGiven(Consent.NONE),
    Confirmed(),
    ChangeWanted("search_by"),
    ChangeWanted(""),
    Back(),
    Cancelled(),
    MoreTime(),
    TryAgain(),
    AnotherService(),
    CopyWanted(),
    ParkWanted(),
    ResumeWanted("CASE-1"),
)
WORLD: tuple[Event, ...] = (
    CardInserted(),
    CardRemoved(),
    ReaderLost(ServiceFailure(Failure.READER_LOST)),
    TimedOut(),
    PowerLost(),
    LineLost(),
)
FAULTS: tuple[Deed, ...] = (
    _payment_fault("authorise", "declined"),
    _payment_fault("authorise", "unknown"),
    _payment_fault("capture", "unknown"),
    _payment_fault("void", "lost"),
    _ledger_fault("prepare", 1),
    _ledger_fault("record_payment", 1),
    _ledger_fault("commit", 1),
    _ledger_fault("commit", 2),
    _ledger_fault("issue_receipt", 1),
    _other_amounts,
    _quarter_of_an_hour,
    _line,
    _desk,
    _person,
    _paper,
)

_cash = st.one_of(
    st.sampled_from([0, 12_499, 12_500, 32_499, 32_500, 50_000]), st.integers(min_value=-1_000, max_value=100_000)
).map(lambda tendered: _feed(CashTaken(tendered)))

_deeds = st.one_of(
    st.just(_work),
    st.just(_work),
    st.just(_work),
    _cash,
    st.sampled_from([_feed(event) for event in CLERK]),
    st.sampled_from([_feed(event) for event in WORLD]),
    st.sampled_from(FAULTS),
    st.sampled_from(BASKETS),
    st.sampled_from([_pick_again_and_pay, _pay_by_a_new_quote]),
)

# As far as the money, with consent, so that most sequences get there before they go astray.
_way_in: list[Deed] = [
    _feed(CLERK[0]),
    _feed(ServiceChosen("traffic.fines")),
    _feed(MINE),
    _work,
    _feed(ConsentGiven(Consent.SPOKEN)),
    _feed(CashTaken(40_000)),
]
_to_a_basket: list[Deed] = [
    *_way_in[:4],
    _feed(LinesPicked(("F1",))),
    _feed(BasketWanted()),
    *_way_in[1:4],
    _feed(BasketWanted()),
    *_way_in[4:],
]
_together = len(_to_a_basket)
_ways = st.sampled_from(
    [_way_in[:length] for length in (6, 6, 5, 5, 4, 0)]
    + [_to_a_basket[:length] for length in (_together, _together - 1, _together - 2)]
)
_sequences = st.tuples(
    st.lists(st.sampled_from(FAULTS), max_size=3),
    _ways,
    st.lists(_deeds, max_size=30),
).map(lambda parts: parts[0] + parts[1] + parts[2])


def _play(deeds: list[Deed]) -> Counter:
    stage = Counter()
    for deed in deeds:
        deed(stage)
        stage.note_agreements()
    return stage


def _end(stage: Counter) -> None:
    stage.ledger.faults.clear()
    stage.payments.faults.clear()
    stage.work()
    stage.note_agreements()
    for event in (Cancelled(), CardRemoved(), TimedOut(), TimedOut()):
        stage.feed(event).work()


EXAMPLES = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@EXAMPLES
@given(_sequences)
def test_every_sequence_reaches_idle(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    assert stage.at() is State.IDLE
    assert not reaches(stage, (MARKER_NAME, MARKER_NUMBER, "12-34567", OTHER))


@EXAMPLES
@given(_sequences)
def test_nothing_is_agreed_but_what_the_person_saw_and_consented_to(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    for agreement, agreed_to in stage.checked.values():
        assert agreement.consent is not Consent.NONE
        lines = tuple((line.id, line.amount_fils) for line in agreement.lines)
        assert agreed_to is not None
        assert (lines, agreement.on_behalf_of) in agreed_to
        assert len(agreed_to) == (agreement.together.count if agreement.together else 1)
        assert agreement.served_by == "rana"


@EXAMPLES
@given(_sequences)
def test_the_bank_and_the_commits_agree_after_recovery(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    recovery.resolve(stage.ledger, stage.payments)
    for transaction, agreement in stage.ledger.agreements.items():
        if agreement.method is not PaymentMethod.BANK_CARD:
            continue
        taken = stage.payments.payments.get(_movement(agreement)) is PaymentState.CAPTURED
        assert taken == (stage.ledger.states[transaction] is TransactionState.COMMITTED)
    assert PaymentState.AUTHORISED not in stage.payments.payments.values()


@EXAMPLES
@given(_sequences)
def test_cash_is_never_reversed_by_the_machine(deeds: list[Deed]) -> None:
    """What a clerk has in the hand is committed, or is listed until somebody says where it is; and it was told."""
    stage = _play(deeds)
    _end(stage)
    told = sum(scene.state is State.FAILED and scene.money is Money.CASH_IN_HAND for scene in stage.scenes)
    for _ in range(2):
        left = recovery.resolve(stage.ledger, stage.payments)
    cash = {a.ids.transaction for a in stage.ledger.agreements.values() if a.method is PaymentMethod.CASH}
    taken = {a.ids.transaction for a in stage.ledger.agreements.values() if _has_taken(stage, a)} & cash
    assert {item.unfinished.ids.transaction for item in left} == taken - stage.ledger.commitments.keys()
    assert {item.resolution for item in left} <= {Resolution.UNKNOWN}
    assert len({item.unfinished.movement for item in left}) <= told
    for transaction in cash & stage.ledger.commitments.keys():
        assert transaction in taken


def _movement(agreement: Agreement) -> UUID:
    return agreement.together.movement if agreement.together else agreement.ids.payment


def _has_taken(stage: Counter, agreement: Agreement) -> bool:
    return stage.ledger.payments.get(agreement.ids.payment) is PaymentState.CAPTURED


@EXAMPLES
@given(_sequences)
def test_change_and_total_are_what_was_handed_over(deeds: list[Deed]) -> None:
    stage = _play(deeds)
    _end(stage)
    for receipt in stage.printer.receipts:
        tendered = receipt.facts.tendered_fils
        if stage.ledger.agreements[receipt.transaction].together is not None:
            assert tendered is None
            continue
        assert (tendered is not None) == (receipt.method is PaymentMethod.CASH)
        assert tendered is None or tendered >= receipt.total_fils
