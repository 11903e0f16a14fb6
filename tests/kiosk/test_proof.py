"""The chip is proven after the name is shown, and before anything is asked or agreed to in that name."""

from __future__ import annotations

import pytest

from kiosk.events import Answered, CardInserted, CardRemoved, Confirmed, LinesPicked, ServiceChosen, Started
from kiosk.failures import Failure, Money
from kiosk.scene import State
from tests.kiosk.parts import Stage


def named() -> Stage:
    """The name is known; the rest of the card is still being read."""
    stage = Stage().feed(CardInserted())
    stage.work_once()
    assert stage.at() is State.CHOOSING_SERVICE
    return stage


def failure_of(stage: Stage) -> Failure:
    failure = stage.visit.scene().failure
    assert failure is not None
    return failure.failure


@pytest.mark.parametrize("denied", [Failure.CARD_NOT_GENUINE, Failure.CARD_NOT_CHECKABLE])
def test_a_card_that_turns_out_to_be_a_copy_ends_what_was_begun_with_it(denied: Failure) -> None:
    stage = named()
    stage.reader.refusal = denied
    stage.feed(ServiceChosen("traffic.fines"), Started()).work()
    scene = stage.visit.scene()
    assert (scene.state, failure_of(stage), scene.money) == (State.FAILED, denied, Money.NOTHING)
    assert scene.identity is None, "the name of a card that is a copy is kept"


def test_nothing_is_asked_in_the_name_of_a_card_before_its_chip_is_proven() -> None:
    stage = named()
    stage.pending.clear()  # the proof is lost on the way
    stage.reader.refusal = Failure.CARD_NOT_GENUINE
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    assert failure_of(stage) is Failure.CARD_NOT_GENUINE
    assert stage.desk.asked == []
    assert stage.visit.scene().identity is None


def test_nothing_is_paid_before_the_chip_is_proven() -> None:
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    stage.feed(LinesPicked(("F0",)))
    stage.visit.case.card_proven = False
    stage.reader.refusal = Failure.CARD_NOT_GENUINE
    stage.feed(Confirmed()).work()
    assert (failure_of(stage), stage.visit.scene().money) == (Failure.CARD_NOT_GENUINE, Money.NOTHING)
    assert stage.ledger.states == {}


def test_a_reader_that_could_not_finish_is_asked_again_when_it_matters() -> None:
    stage = named()
    stage.reader.refusal = Failure.CARD_MUTE
    stage.work()
    assert stage.at() is State.CHOOSING_SERVICE, "what is asked again later is nobody's failure page"
    stage.reader.refusal = None
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    assert stage.at() is State.QUOTE


def test_a_proven_card_is_not_asked_again() -> None:
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    stage.feed(LinesPicked(("F0",)), Confirmed()).work()
    assert stage.at() is State.DONE
    assert stage.reader.completed == 1


def test_a_card_that_went_and_came_is_proven_anew() -> None:
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), CardRemoved())
    stage.reader.refusal = Failure.CARD_NOT_GENUINE
    stage.feed(CardInserted()).work()
    assert failure_of(stage) is Failure.CARD_NOT_GENUINE


def test_a_proof_without_a_face_shows_nothing_again() -> None:
    """What somebody is typing meanwhile stands on the page alone."""
    stage = named()
    shown = len(stage.scenes)
    stage.work()
    assert stage.visit.case.card_proven
    assert len(stage.scenes) == shown
