"""What is counted of a visit: a record for each errand, from the card to its end, and nothing that tells who it was."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import msgspec
import pytest

from kiosk.events import (
    AnotherService,
    Answered,
    Back,
    BasketWanted,
    Cancelled,
    CardInserted,
    CardRemoved,
    Confirmed,
    Event,
    LinesPicked,
    ParkWanted,
    Rated,
    ServiceChosen,
    Started,
    TimedOut,
)
from kiosk.failures import Failure
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.measuring import Measuring, Place
from kiosk.scene import State
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.wire import Words, encode_canonical
from tests.kiosk.basketing import CERTIFICATE, FINES, begun, certificate, fines
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER, NOW, SOMEBODY_ELSE, ScriptedClock, Stage

PLACE = Place("KRK3", Words(ar="الكرك", en="Karak"))
PLATE = "12-34567"


@dataclasses.dataclass
class Watched:
    """A visit with somebody who measures it; each second that passes is asked for."""

    stage: Stage
    records: list[Uptake] = dataclasses.field(default_factory=list)
    seconds: float = 100.0

    def __post_init__(self) -> None:
        self.measuring = Measuring(PLACE, ScriptedClock(), self.records.append, monotonic=lambda: self.seconds)
        show = self.stage.visit._show

        def shown(scene: object) -> None:
            show(scene)  # type: ignore[arg-type]  # the stage's own list of scenes
            self.measuring.shown(self.stage.visit.scene(), "ar")

        self.stage.visit._show = shown

    def feed(self, *events: Event) -> Watched:
        """Each is a touch, as far as it comes from the screen."""
        for event in events:
            if not isinstance(event, CardInserted | CardRemoved | TimedOut):
                self.measuring.touched()
            self.stage.feed(event)
        self.stage.work()
        return self

    def home(self) -> Watched:
        return self.feed(CardInserted())

    def quote(self) -> Watched:
        self.home().feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))
        for _ in PLATE:
            self.measuring.typed()
        return self.feed(Answered("plate", PLATE))

    def done(self) -> Watched:
        self.quote().feed(LinesPicked(("F0",)))
        self.seconds += 61.4
        self.feed(Confirmed())
        assert self.stage.visit.state is State.DONE
        return self

    def gone(self) -> Uptake:
        """The card goes, and with it the one errand of the visit."""
        self.feed(CardRemoved())
        (record,) = self.records
        return record


@pytest.fixture
def watched() -> Watched:
    return Watched(Stage())


def test_an_errand_that_was_finished_is_counted_up_to_its_receipt(watched: Watched) -> None:
    watched.done()
    watched.measuring.touched()  # End, which is no part of the errand any more
    watched.seconds += 30
    record = watched.gone()
    assert (record.service, record.outcome, record.page) == ("traffic.fines", Outcome.FINISHED, "done")
    assert (record.taps, record.characters, record.seconds) == (6, 8, 61)
    assert record.pages == 8  # home, start, two questions, amounts, check, paying, done
    assert (record.day.isoformat(), record.hour) == ("2026-11-24", 11)  # eight in the morning, UTC
    assert (record.channel, record.language) == (Channel.SELF_SERVICE, "ar")
    assert (record.satisfaction, record.reason) == (None, None)


def test_what_is_said_of_the_service_is_counted_with_it(watched: Watched) -> None:
    watched.done().feed(Rated(Satisfaction.POOR), Rated(Satisfaction.POOR, WhyUnhappy.QUESTIONS))
    record = watched.gone()
    assert (record.satisfaction, record.reason) == (Satisfaction.POOR, WhyUnhappy.QUESTIONS)
    assert record.taps == 6


@pytest.mark.parametrize(
    ("leave", "page"),
    [
        (lambda watched: watched.home(), "choosing_service"),
        (lambda watched: watched.home().feed(ServiceChosen("traffic.fines")), "start_card"),
        (lambda watched: watched.home().feed(ServiceChosen("traffic.fines"), Started()), "steps/search_by"),
        (lambda watched: watched.quote(), "quote"),
        (lambda watched: watched.quote().feed(Back()), "steps/plate"),
        (lambda watched: watched.quote().feed(TimedOut()), "quote"),
    ],
    ids=["home", "start", "question", "amounts", "back", "time"],
)
def test_where_somebody_left_is_the_last_page_they_saw(
    watched: Watched, leave: Callable[[Watched], Watched], page: str
) -> None:
    leave(watched).feed(Cancelled())
    record = watched.gone()
    assert (record.outcome, record.page) == (Outcome.LEFT, page)


def test_a_failure_that_somebody_leaves_is_told_from_leaving(watched: Watched) -> None:
    watched.stage.desk.failure = Failure.AGENCY_SILENT
    watched.quote().feed(Cancelled())
    assert (watched.gone().outcome, watched.records[0].page) == (Outcome.FAILED, "enquiring")


def test_a_failure_that_somebody_got_round_is_none(watched: Watched) -> None:
    watched.stage.desk.failure = Failure.AGENCY_SILENT
    watched.quote()
    watched.stage.desk.failure = None
    watched.feed(AnotherService(), Cancelled(), CardRemoved())
    assert [record.outcome for record in watched.records] == [Outcome.FAILED, Outcome.LEFT]


def test_a_request_that_is_kept_by_wish_is_neither_left_nor_finished(watched: Watched) -> None:
    watched.quote().feed(ParkWanted())
    assert watched.stage.visit.state is State.PARKED
    assert watched.gone().outcome is Outcome.KEPT


def test_each_service_of_a_visit_is_an_errand_of_its_own(watched: Watched) -> None:
    watched.done().feed(AnotherService(), ServiceChosen("justice.non_conviction"), Back(), Back())
    watched.feed(ServiceChosen("traffic.fines"), Cancelled(), CardRemoved())
    told = [(record.service, record.outcome, record.page) for record in watched.records]
    assert told == [
        ("traffic.fines", Outcome.FINISHED, "done"),
        ("justice.non_conviction", Outcome.LEFT, "choosing_service"),
        ("traffic.fines", Outcome.LEFT, "start_card"),
    ]


def test_another_persons_card_in_a_pause_begins_another_errand(watched: Watched) -> None:
    watched.quote().feed(CardRemoved())
    watched.stage.reader.identity = SOMEBODY_ELSE
    watched.feed(CardInserted()).feed(Cancelled(), CardRemoved())
    assert [(record.service, record.page) for record in watched.records] == [
        ("traffic.fines", "quote"),
        ("", "choosing_service"),
    ]


def test_the_same_persons_card_goes_on_with_the_same_errand(watched: Watched) -> None:
    watched.quote().feed(CardRemoved(), CardInserted())
    assert watched.records == []
    watched.feed(LinesPicked(("F0",)), Confirmed())
    assert watched.gone().outcome is Outcome.FINISHED


def test_nothing_is_counted_while_nobody_is_there(watched: Watched) -> None:
    watched.measuring.touched()
    watched.feed(TimedOut())
    watched.measuring.end()
    assert watched.records == []


def test_a_program_that_ends_counts_who_is_still_there(watched: Watched) -> None:
    watched.done().feed(Rated(Satisfaction.GOOD))
    watched.measuring.end()
    (record,) = watched.records
    assert (record.outcome, record.satisfaction) == (Outcome.FINISHED, Satisfaction.GOOD)


def test_a_record_tells_neither_who_nor_when_nor_what_was_paid(watched: Watched) -> None:
    """Ids of our transactions carry the millisecond; a record's is random, and its only times are a day and an hour."""
    record = watched.done().gone()
    text = encode_canonical(record).decode()
    (transaction,) = watched.stage.ledger.commitments
    planted = [MARKER_NAME, MARKER_NUMBER, PLATE, "KRK3-0", str(transaction), f"{NOW:%H:%M}", "20000", "20.000"]
    assert [word for word in planted if word in text] == []
    assert record.record.version == 4
    assert {name for name in msgspec.to_builtins(record) if "at" in name.split("_")} == set()


def in_basket(*, pay: bool) -> list[Uptake]:
    """Fines and a certificate are ready; what is counted when the card goes, after the payment or before it."""
    watched = Watched(begun())
    fines(watched.stage).feed(AnotherService())
    certificate(watched.stage).feed(BasketWanted())
    if pay:
        watched.feed(Confirmed()).feed(Rated(Satisfaction.GOOD))
    watched.feed(Cancelled(), CardRemoved())
    return watched.records


def test_services_that_are_paid_at_once_are_each_finished_and_one_face_speaks_for_all() -> None:
    found = {(record.service, record.outcome, record.satisfaction) for record in in_basket(pay=True)}
    assert found == {(service, Outcome.FINISHED, Satisfaction.GOOD) for service in (FINES, CERTIFICATE)}


def test_what_was_left_in_the_basket_is_left_and_not_before_that() -> None:
    assert sorted((record.service, record.outcome) for record in in_basket(pay=False)) == [
        (CERTIFICATE, Outcome.LEFT),
        (FINES, Outcome.LEFT),
    ]
