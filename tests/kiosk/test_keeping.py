"""Requests that are kept: by wish, by a fault, by time; offered to their person only; and gone on with."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.counter import Consent, DocumentSeen
from kiosk.events import (
    Answered,
    Cancelled,
    CardInserted,
    CardRemoved,
    CaseResumed,
    CashTaken,
    Confirmed,
    ConsentGiven,
    Event,
    FormFilled,
    LinesPicked,
    ParkWanted,
    PersonTyped,
    ReaderLost,
    ResumeWanted,
    ServiceChosen,
    Started,
    TimedOut,
    TryAgain,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.parked import KEEP_HOURS, Draft
from kiosk.scene import State
from tests.kiosk.parts import MARKER_NUMBER, MARYAM, NOW, SOMEBODY_ELSE, Stage

SOMEBODY_ELSE_TYPED = PersonTyped(SOMEBODY_ELSE.national_number, "", DocumentSeen.PASSPORT)
TO_PLATE: tuple[Event, ...] = (ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle"))


def at_plate(stage: Stage) -> Stage:
    return stage.feed(CardInserted()).work().feed(*TO_PLATE)


def kept(stage: Stage) -> Draft:
    ((_, draft),) = stage.parked.cases.values()
    return draft


def test_a_request_is_kept_by_wish_and_a_slip_says_the_reference() -> None:
    stage = at_plate(Stage()).feed(ParkWanted()).work()
    scene = stage.visit.scene()
    assert scene.state is State.PARKED
    assert scene.parked is not None
    assert stage.printer.slips[0].reference == scene.parked.reference
    assert scene.parked.until == NOW + timedelta(hours=KEEP_HOURS)
    assert kept(stage).answers == {"search_by": "vehicle"}


@pytest.mark.parametrize("press", [CashTaken(50_000), Confirmed()], ids=["cash", "card"])
def test_a_request_that_is_being_kept_is_not_paid_in_the_same_moment(press: Event) -> None:
    stage = Stage(assisted=True)
    mine = FormFilled((("search_by", "mine"),))
    for event in (PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT), ServiceChosen("traffic.fines"), mine):
        stage.feed(event).work()
    stage.feed(ConsentGiven(Consent.SPOKEN), ParkWanted(), press).work()
    assert stage.at() is State.PARKED
    assert not stage.ledger.agreements
    assert kept(stage).service == "traffic.fines"


def test_the_card_may_be_taken_while_the_slip_is_printed() -> None:
    stage = at_plate(Stage()).feed(ParkWanted(), CardRemoved()).work()
    assert stage.at() is State.PARKED
    stage.feed(TimedOut()).work()
    (slip,) = stage.printer.slips
    assert list(stage.parked.cases) == [slip.reference], "the slip's reference still finds it"


def test_time_that_runs_out_while_it_is_kept_changes_nothing() -> None:
    stage = at_plate(Stage()).feed(ParkWanted(), TimedOut()).work()
    assert stage.at() is State.PARKED


@pytest.mark.parametrize("money", [Money.UNKNOWN, Money.CASH_IN_HAND, Money.COMMITTED])
def test_where_money_may_have_moved_nothing_is_kept_to_be_paid_again(money: Money) -> None:
    stage = at_plate(Stage())
    stage.visit.case.money = money
    assert not stage.visit.case.is_worth_keeping()


def test_a_request_that_could_not_be_kept_may_be_kept_from_its_failure_page() -> None:
    stage = at_plate(Stage())
    stage.parked.failure = Failure.NOT_SAVED
    stage.feed(ParkWanted(), ParkWanted()).work()
    assert stage.at() is State.FAILED
    stage.parked.failure = None
    stage.feed(ParkWanted()).work()
    parked = stage.visit.scene().parked
    assert parked is not None
    assert parked.reference in stage.parked.cases


def test_without_paper_the_page_says_the_reference() -> None:
    stage = at_plate(Stage())
    stage.printer.failure = Failure.PRINTER_OUT_OF_PAPER
    scene = stage.feed(ParkWanted()).work().visit.scene()
    assert (scene.state, scene.slip_printed) == (State.PARKED, False)


def test_a_disk_that_is_full_keeps_nothing_and_says_so() -> None:
    stage = at_plate(Stage())
    stage.parked.failure = Failure.NOT_SAVED
    scene = stage.feed(ParkWanted()).work().visit.scene()
    assert scene.state is State.FAILED
    assert scene.failure is not None
    assert scene.failure.failure is Failure.NOT_SAVED


def test_it_is_offered_to_the_same_person_and_to_nobody_else() -> None:
    stage = at_plate(Stage()).feed(ParkWanted()).work().feed(Cancelled(), CardRemoved())
    stage.reader.identity = SOMEBODY_ELSE
    assert stage.feed(CardInserted()).work().visit.scene().offers == ()
    (reference,) = stage.parked.cases
    stage.feed(ResumeWanted(reference)).work()
    assert stage.at() is State.FAILED, "another person took it"
    assert stage.parked.cases


def test_the_person_goes_on_where_it_stopped_and_it_is_offered_no_more() -> None:
    stage = at_plate(Stage()).feed(ParkWanted()).work().feed(Cancelled(), CardRemoved(), CardInserted()).work()
    (offer,) = stage.visit.scene().offers
    scene = stage.feed(ResumeWanted(offer.reference)).work().visit.scene()
    assert scene.state is State.STEPS
    assert scene.step is not None
    assert scene.step.id == "plate"
    assert scene.offers == ()
    assert not stage.parked.cases


def test_when_all_was_answered_the_agency_is_asked_anew_and_the_choice_is_kept() -> None:
    stage = at_plate(Stage()).feed(Answered("plate", "12-34567")).work()
    stage.feed(LinesPicked(("F1",)), ParkWanted()).work().feed(Cancelled(), CardRemoved(), CardInserted()).work()
    (offer,) = stage.visit.scene().offers
    scene = stage.feed(ResumeWanted(offer.reference)).work().visit.scene()
    assert scene.state is State.QUOTE
    assert scene.picked == ("F1",)
    assert len(stage.desk.asked) == 2


def test_a_service_that_is_no_longer_there_is_told() -> None:
    draft = Draft(service="no.longer", answers={}, national_number=MARKER_NUMBER)
    stage = Stage().feed(CardInserted()).work().feed(CaseResumed(draft, "CASE-1"))
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.SERVICE_NOT_LOADED


def parked_at_the_kiosk(stage: Stage) -> str:
    """As a citizen left it: known by the card, every question answered, and no card here now."""
    draft = Draft(
        service="traffic.fines",
        answers={"search_by": "mine"},
        national_number=MARKER_NUMBER,
        document_number=MARYAM.document_number,
    )
    return stage.parked.park(draft, NOW).reference


@pytest.mark.parametrize(
    "meanwhile", [CardInserted(), PersonTyped(SOMEBODY_ELSE.national_number, "", DocumentSeen.PASSPORT)]
)
def test_a_request_that_is_being_looked_for_is_not_lost_when_something_comes_between(meanwhile: Event) -> None:
    stage = Stage(assisted=True)
    reference = parked_at_the_kiosk(stage)
    stage.feed(ResumeWanted(reference), meanwhile).work()
    assert reference in stage.parked.cases


def test_a_request_of_the_kiosk_goes_on_at_the_counter_without_the_card() -> None:
    stage = Stage(assisted=True)
    stage.desk.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(ResumeWanted(parked_at_the_kiosk(stage))).work()
    assert stage.at() is State.FAILED
    stage.desk.failure = None
    stage.feed(TryAgain()).work()
    scene = stage.visit.scene()
    assert (scene.state, dict(scene.form)) == (State.CHECK_ANSWERS, {"search_by": "mine"})
    stage.feed(CardInserted(), CardRemoved())
    assert stage.at() is State.CHECK_ANSWERS, "the clerk sees who it is"


def test_a_clerk_does_not_take_up_one_persons_request_in_anothers_visit() -> None:
    stage = Stage(assisted=True)
    reference = parked_at_the_kiosk(stage)
    stage.feed(SOMEBODY_ELSE_TYPED, ResumeWanted(reference)).work()
    failure = stage.visit.scene().failure
    assert failure is not None
    assert failure.failure is Failure.PARKED_NOT_FOUND
    assert reference in stage.parked.cases


@pytest.mark.parametrize("way", [(TimedOut(), TimedOut()), (CardRemoved(), TimedOut())], ids=["idle", "card-out"])
def test_whoever_leaves_half_way_finds_the_request_again(way: tuple[Event, ...]) -> None:
    stage = at_plate(Stage()).feed(*way).work()
    assert kept(stage).national_number == MARKER_NUMBER
    assert stage.printer.slips == [], "a paper that nobody takes would lie there for the next"


def test_end_is_end_and_nothing_is_kept() -> None:
    stage = at_plate(Stage()).feed(Cancelled()).work()
    assert not stage.parked.cases


def test_nothing_answered_is_nothing_to_keep() -> None:
    stage = Stage().feed(CardInserted()).work().feed(ServiceChosen("traffic.fines"), TimedOut(), TimedOut()).work()
    assert not stage.parked.cases


def test_what_was_paid_is_never_kept_as_half_done() -> None:
    stage = at_plate(Stage()).feed(Answered("plate", "12-34567")).work()
    stage.feed(LinesPicked(("F0",)), Confirmed()).work()
    assert stage.at() is State.DONE
    stage.feed(TimedOut()).work()
    assert not stage.parked.cases


def test_a_reader_that_is_unplugged_loses_nobodys_answers() -> None:
    stage = at_plate(Stage()).feed(ReaderLost(ServiceFailure(Failure.READER_LOST))).work()
    scene = stage.visit.scene()
    assert scene.state is State.FAILED
    assert scene.failure is not None
    assert scene.failure.failure is Failure.READER_LOST
    assert scene.parked is not None
    assert stage.printer.slips[0].reference == scene.parked.reference
    stage.feed(TimedOut()).work()
    assert len(stage.parked.cases) == 1


def test_without_a_line_the_request_can_be_saved_from_the_failure_page() -> None:
    stage = at_plate(Stage())
    stage.desk.failure = Failure.AGENCY_UNREACHABLE
    stage.feed(Answered("plate", "12-34567")).work().feed(ParkWanted()).work()
    assert stage.at() is State.PARKED
    stage.feed(TryAgain())
    assert stage.at() is State.PARKED


def test_a_clerk_takes_up_any_request_by_its_reference() -> None:
    stage = Stage(assisted=True)
    stage.feed(PersonTyped(MARKER_NUMBER, "", DocumentSeen.PASSPORT), ServiceChosen("traffic.fines"))
    stage.visit.case.answers["search_by"] = "mine"
    stage.feed(ParkWanted()).work().feed(Cancelled())
    (parked,) = stage.parked.all()
    assert parked.by == "rana"
    stage.feed(ResumeWanted(parked.reference)).work()
    scene = stage.visit.scene()
    assert scene.state is State.CHECK_ANSWERS
    assert scene.identity is not None
    assert scene.identity.national_number == MARKER_NUMBER
    assert scene.document_seen is DocumentSeen.PASSPORT


def test_a_reference_that_is_none_is_told_to_the_clerk() -> None:
    stage = Stage(assisted=True).feed(ResumeWanted("NONE-NONE")).work()
    scene = stage.visit.scene()
    assert scene.failure is not None
    assert scene.failure.failure is Failure.PARKED_NOT_FOUND
