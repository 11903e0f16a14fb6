"""How the service was: said on the last page, corrected there, and never in anybody's way."""

from __future__ import annotations

from kiosk.events import (
    AnotherService,
    Answered,
    CardInserted,
    CardRemoved,
    Confirmed,
    LinesPicked,
    Rated,
    ServiceChosen,
    Started,
)
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.scene import State
from tests.kiosk.parts import Stage


def done() -> Stage:
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    return stage.feed(LinesPicked(("F0",)), Confirmed()).work()


def test_the_last_answer_counts() -> None:
    stage = done().feed(Rated(Satisfaction.BAD), Rated(Satisfaction.GOOD))
    scene = stage.visit.scene()
    assert (scene.state, scene.satisfaction, scene.reason) == (State.DONE, Satisfaction.GOOD, None)


def test_only_an_unhappy_answer_has_a_reason() -> None:
    stage = done().feed(Rated(Satisfaction.BAD, WhyUnhappy.AMOUNT))
    assert stage.visit.scene().reason is WhyUnhappy.AMOUNT
    stage.feed(Rated(Satisfaction.EXCELLENT, WhyUnhappy.AMOUNT))
    assert stage.visit.scene().reason is None


def test_it_is_no_answer_before_the_end() -> None:
    stage = Stage().feed(CardInserted()).work().feed(Rated(Satisfaction.BAD))
    assert stage.visit.scene().satisfaction is None


def test_whoever_was_asked_why_leaves_as_ever() -> None:
    assert done().feed(Rated(Satisfaction.BAD), CardRemoved()).visit.state is State.IDLE


def test_the_next_service_is_not_asked_about_with_the_last_ones_answer() -> None:
    stage = done().feed(Rated(Satisfaction.BAD), AnotherService())
    assert stage.visit.scene().satisfaction is None
