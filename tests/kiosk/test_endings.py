"""What becomes of a visit in every state when time runs out, End is pressed, the card goes, or the reader is lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import pytest

from kiosk.events import (
    AnotherService,
    Answered,
    BasketWanted,
    Cancelled,
    CardInserted,
    CardRemoved,
    Confirmed,
    DocumentWanted,
    Event,
    LinesPicked,
    MoreTime,
    NotifyWanted,
    ParkWanted,
    PinTyped,
    PowerLost,
    ReaderLost,
    RequestOpened,
    RequestsWanted,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import State
from kiosk.transaction import PaymentState, TransactionState
from tests.kiosk.following_samples import DOCUMENT, ISSUED
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER, MARYAM, SOMEBODY_ELSE, Stage
from tests.kiosk.reaching import reaches

S = State
TIME, END, CARD = TimedOut(), Cancelled(), CardRemoved()
READER = ReaderLost(ServiceFailure(Failure.READER_LOST))
EVENTS: Mapping[str, Event] = {"time": TIME, "end": END, "card": CARD, "reader": READER}
PLATE = "12-34567"


def home() -> Stage:
    return Stage().feed(CardInserted()).work()


def plate() -> Stage:
    return home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))


def quote() -> Stage:
    return plate().feed(Answered("plate", PLATE)).work()


def signing() -> Stage:
    stage = Stage(signature=True).feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
    return stage.feed(Answered("plate", PLATE)).work().feed(LinesPicked(("F0",)), Confirmed()).work()


def check() -> Stage:
    return quote().feed(LinesPicked(("F0",)))


def without_line() -> Stage:
    stage = quote()
    stage.delivery.up = False
    return stage.feed(LinesPicked(("F0",)))


def request() -> Stage:
    """One that was issued, open on the screen."""
    stage = home()
    stage.requests.requests = (ISSUED,)
    stage.requests.documents[ISSUED.transaction] = DOCUMENT
    return stage.feed(RequestsWanted()).work().feed(RequestOpened(ISSUED.transaction))


def until(stage: Stage, state: State) -> Stage:
    while stage.at() is not state:
        stage.work_once()
    return stage


def asking_for_the_access_number() -> Stage:
    stage = Stage()
    stage.reader.access_number = "123456"
    return stage.feed(CardInserted()).work()


def committed() -> Stage:
    """No event from outside finds this state: the next step follows at once. Its rows are tried all the same."""
    stage = until(check().feed(Confirmed()), S.DELIVERY_AWAITED)
    stage.visit.state = S.COMMITTED
    return stage


def agency_unreachable() -> Stage:
    stage = plate()
    stage.desk.failure = Failure.AGENCY_UNREACHABLE
    return stage.feed(Answered("plate", PLATE)).work()


def payment_unknown() -> Stage:
    stage = check()
    stage.payments.faults["authorise"] = "unknown"
    return until(stage.feed(Confirmed()), S.FAILED)


def payment_returned() -> Stage:
    stage = check()
    stage.ledger.faults["commit"] = 2
    return stage.feed(Confirmed()).work()


def on_battery() -> Stage:
    return check().feed(PowerLost(12))


def read_again() -> Stage:
    """The card was pulled in the middle and is being read again."""
    return quote().feed(CardRemoved(), CardInserted())


PLACES: Mapping[str, tuple[State, Callable[[], Stage]]] = {
    "idle": (S.IDLE, Stage),
    "identifying": (S.IDENTIFYING, lambda: Stage().feed(CardInserted())),
    "identifying again": (S.IDENTIFYING, read_again),
    "access number": (S.ACCESS_NUMBER, asking_for_the_access_number),
    "choosing": (S.CHOOSING_SERVICE, home),
    "start": (S.START_CARD, lambda: home().feed(ServiceChosen("traffic.fines"))),
    "steps": (S.STEPS, plate),
    "enquiring": (S.ENQUIRING, lambda: plate().feed(Answered("plate", PLATE))),
    "quote": (S.QUOTE, quote),
    "check": (S.CHECK_ANSWERS, check),
    "basket": (S.BASKET, lambda: check().feed(BasketWanted())),
    "signing": (S.SIGNING, signing),
    "signing, at work": (S.SIGNING, lambda: signing().feed(PinTyped(bytearray(b"482915")))),
    "paying": (S.PAYING, lambda: check().feed(Confirmed())),
    "committed": (S.COMMITTED, committed),
    "delivery": (S.DELIVERY_AWAITED, lambda: until(check().feed(Confirmed()), S.DELIVERY_AWAITED)),
    "receipt": (S.RECEIPT, lambda: until(check().feed(Confirmed()), S.RECEIPT)),
    "done": (S.DONE, lambda: check().feed(Confirmed()).work()),
    "card removed": (S.CARD_REMOVED, lambda: quote().feed(CardRemoved())),
    "warning": (S.TIME_WARNING, lambda: quote().feed(TimedOut())),
    "failed": (S.FAILED, agency_unreachable),
    "failed, unknown": (S.FAILED, payment_unknown),
    "failed, returned": (S.FAILED, payment_returned),
    "failed, power": (S.FAILED, on_battery),
    "parked": (S.PARKED, lambda: plate().feed(ParkWanted()).work()),
    "take card": (S.TAKE_CARD, lambda: home().feed(Cancelled())),
    "number for SMS": (S.NOTIFY_PHONE, lambda: without_line().feed(NotifyWanted())),
    "asking for requests": (S.ASKING_REQUESTS, lambda: home().feed(RequestsWanted())),
    "requests": (S.MY_REQUESTS, lambda: home().feed(RequestsWanted()).work()),
    "request": (S.MY_REQUEST, request),
    "request, printing": (S.MY_REQUEST, lambda: request().feed(DocumentWanted())),
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """`then`: the state once all work is done. `kept`: how many requests are parked when nobody came any more. `money`:
    what is true of it then; `said`: what the page tells of it, where `then` is a failure's."""

    then: State
    kept: int = 0
    money: Money = Money.NOTHING
    said: Money = Money.NOTHING


OUT, IN = Outcome(S.IDLE), Outcome(S.TAKE_CARD)
LEFT_OUT, LEFT_IN = Outcome(S.IDLE, kept=1), Outcome(S.TAKE_CARD, kept=1)
WARNED, WARNED_KEPT = Outcome(S.TIME_WARNING), Outcome(S.TIME_WARNING, kept=1)
PULLED, PULLED_KEPT = Outcome(S.CARD_REMOVED), Outcome(S.CARD_REMOVED, kept=1)
TOLD, TOLD_KEPT = Outcome(S.FAILED), Outcome(S.FAILED, kept=1)
PAID = Outcome(S.DONE, money=Money.COMMITTED)
PAID_OUT, PAID_IN = Outcome(S.IDLE, money=Money.COMMITTED), Outcome(S.TAKE_CARD, money=Money.COMMITTED)
UNSURE = Outcome(S.FAILED, money=Money.UNKNOWN, said=Money.UNKNOWN)
UNSURE_OUT, UNSURE_IN = Outcome(S.IDLE, money=Money.UNKNOWN), Outcome(S.TAKE_CARD, money=Money.UNKNOWN)
BACK = Outcome(S.FAILED, money=Money.RETURNED, said=Money.RETURNED)
BACK_OUT, BACK_IN = Outcome(S.IDLE, money=Money.RETURNED), Outcome(S.TAKE_CARD, money=Money.RETURNED)
KEPT_OUT, KEPT_IN = LEFT_OUT, LEFT_IN

# Time and a card that goes keep what was half done; End is the person's word that it is over. A card that is pulled
# while money moves changes nothing, and neither does a reader that is lost.
TABLE: Mapping[str, Mapping[str, Outcome]] = {
    "idle": {"time": OUT, "end": OUT, "card": OUT, "reader": OUT},
    "identifying": {"time": TOLD, "end": IN, "card": OUT, "reader": TOLD},
    "identifying again": {"time": TOLD_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "access number": {"time": IN, "end": IN, "card": OUT, "reader": TOLD},
    "choosing": {"time": WARNED, "end": IN, "card": PULLED, "reader": TOLD},
    "start": {"time": WARNED, "end": IN, "card": PULLED, "reader": TOLD},
    "steps": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "enquiring": {"time": TOLD_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "quote": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "check": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "basket": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "signing": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "signing, at work": {"time": TOLD_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "paying": {"time": LEFT_IN, "end": IN, "card": PAID, "reader": PAID},
    "committed": {"time": PAID, "end": PAID, "card": PAID, "reader": PAID},
    "delivery": {"time": PAID, "end": PAID, "card": PAID, "reader": PAID},
    "receipt": {"time": PAID, "end": PAID, "card": PAID, "reader": PAID},
    "done": {"time": PAID_IN, "end": PAID_IN, "card": PAID_OUT, "reader": PAID_OUT},
    "card removed": {"time": LEFT_OUT, "end": OUT, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "warning": {"time": LEFT_IN, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "failed": {"time": LEFT_IN, "end": IN, "card": LEFT_OUT, "reader": TOLD_KEPT},
    "failed, unknown": {"time": UNSURE_IN, "end": UNSURE_IN, "card": UNSURE_OUT, "reader": UNSURE},
    "failed, returned": {"time": BACK_IN, "end": BACK_IN, "card": BACK_OUT, "reader": BACK},
    "failed, power": {"time": LEFT_IN, "end": IN, "card": LEFT_OUT, "reader": TOLD_KEPT},
    "parked": {"time": KEPT_IN, "end": KEPT_IN, "card": KEPT_OUT, "reader": KEPT_OUT},
    "take card": {"time": IN, "end": IN, "card": OUT, "reader": OUT},
    "number for SMS": {"time": WARNED_KEPT, "end": IN, "card": PULLED_KEPT, "reader": TOLD_KEPT},
    "asking for requests": {"time": TOLD, "end": IN, "card": PULLED, "reader": TOLD},
    "requests": {"time": WARNED, "end": IN, "card": PULLED, "reader": TOLD},
    "request": {"time": WARNED, "end": IN, "card": PULLED, "reader": TOLD},
    "request, printing": {"time": WARNED, "end": IN, "card": PULLED, "reader": TOLD},
}


def truth(stage: Stage) -> Money:
    """What is true of the money, from the ledger and the payment terminal."""
    if stage.ledger.commits:
        return Money.COMMITTED
    states = set(stage.payments.payments.values())
    if PaymentState.REFUNDED in states:
        return Money.RETURNED
    return Money.UNKNOWN if states & {PaymentState.AUTHORISED, PaymentState.CAPTURED} else Money.NOTHING


def leave(stage: Stage) -> None:
    """Nobody comes any more; in the end somebody takes the card that was left."""
    for _ in range(4):
        stage.feed(TimedOut()).work()
    assert stage.at() in {S.IDLE, S.TAKE_CARD}
    stage.feed(CardRemoved()).work()


def test_the_table_covers_every_state() -> None:
    assert {state for state, _ in PLACES.values()} == set(State)
    assert TABLE.keys() == PLACES.keys()


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("place", PLACES)
def test_every_state_has_its_outcome(place: str, event: str) -> None:
    state, begin = PLACES[place]
    stage, outcome = begin(), TABLE[place][event]
    assert stage.at() is state
    stage.feed(EVENTS[event])
    stage.work()
    assert stage.at() is outcome.then
    if outcome.then is S.FAILED:
        assert stage.visit.scene().money is outcome.said
    if outcome.then is S.DONE:
        assert stage.visit.scene().receipt is not None
    leave(stage)
    assert len(stage.parked.cases) == outcome.kept
    assert truth(stage) is outcome.money
    if outcome.money is Money.NOTHING:
        assert TransactionState.PREPARED not in stage.ledger.states.values()
    assert stage.at() is S.IDLE
    assert not reaches(stage, (MARKER_NAME, MARKER_NUMBER, PLATE))


@pytest.mark.parametrize("place", PLACES)
def test_the_idle_page_is_out_of_reach_while_a_card_is_in(place: str) -> None:
    _, begin = PLACES[place]
    stage = begin().work()
    if not stage.visit.card_present:
        stage.feed(CardInserted()).work()
    before = len(stage.scenes)
    for event in (Cancelled(), *[TimedOut()] * 5, Cancelled(), MoreTime(), TryAgain(), AnotherService(), TimedOut()):
        stage.feed(event).work()
    assert S.IDLE not in {scene.state for scene in stage.scenes[before:]}


@pytest.mark.parametrize("place", [place for place in PLACES if any(row.kept for row in TABLE[place].values())])
def test_what_was_kept_is_offered_to_its_person_alone(place: str) -> None:
    _, begin = PLACES[place]
    event = next(name for name, row in TABLE[place].items() if row.kept)
    stage = begin().feed(EVENTS[event]).work()
    leave(stage)
    (reference,) = stage.parked.cases
    stage.reader.identity = SOMEBODY_ELSE
    assert stage.feed(CardInserted()).work().visit.scene().offers == ()
    stage.feed(Cancelled(), CardRemoved())
    stage.reader.identity = MARYAM
    (offer,) = stage.feed(CardInserted()).work().visit.scene().offers
    assert offer.reference == reference


@pytest.mark.parametrize("begin", [quote, check, agency_unreachable], ids=["quote", "check", "failed"])
def test_a_pause_that_another_person_ends_keeps_the_first_ones_request(begin: Callable[[], Stage]) -> None:
    stage = begin().feed(CardRemoved())
    stage.reader.identity = SOMEBODY_ELSE
    scene = stage.feed(CardInserted()).work().visit.scene()
    assert (scene.state, scene.identity, scene.offers) == (S.CHOOSING_SERVICE, SOMEBODY_ELSE, ())
    ((_, draft),) = stage.parked.cases.values()
    assert draft.national_number == MARKER_NUMBER


def test_a_payment_that_ran_out_of_time_is_offered_again_with_ids_of_its_own() -> None:
    stage = check().feed(Confirmed())
    first = stage.visit.ids()
    stage.feed(TimedOut()).work()
    assert stage.payments.interrupted == [first.payment]
    assert stage.ledger.states[first.transaction] is TransactionState.VOIDED
    stage.feed(CardRemoved(), CardInserted()).work()
    assert len(stage.visit.scene().offers) == 1
