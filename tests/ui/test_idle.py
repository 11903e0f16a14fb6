"""A whole visit under a clock that the test moves: the warning, as much time as is asked for, and the end."""

from __future__ import annotations

import pytest

from kiosk.events import CardInserted, CardRemoved
from kiosk.scene import State
from tests.kiosk.parts import SOMEBODY_ELSE
from tests.kiosk.parts import Stage as Scripted
from tests.ui.visitor import Visitor, come, scripted, time, visitor
from ui.look import Presentation
from ui.theme import TextSize, ThemeName

__all__ = ["come", "scripted", "time", "visitor"]


def test_after_90_seconds_without_a_touch_comes_the_warning_and_45_seconds_later_the_end(visitor: Visitor) -> None:
    visitor.go_to_plate()
    visitor.time.pass_seconds(89.9)
    assert visitor.at() is State.STEPS
    visitor.time.pass_seconds(0.1)
    assert visitor.at() is State.TIME_WARNING
    assert visitor.left() == 45
    visitor.time.pass_seconds(44)
    assert visitor.left() == 1
    assert visitor.at() is State.TIME_WARNING
    visitor.time.pass_seconds(1)
    assert visitor.at() is State.TAKE_CARD


def test_more_time_is_given_as_often_as_it_is_asked_for(visitor: Visitor) -> None:
    visitor.go_to_plate()
    for _ in range(12):
        visitor.time.pass_seconds(90 + 44)
        assert visitor.at() is State.TIME_WARNING
        visitor.press("more_time")
        assert visitor.at() is State.STEPS
        assert visitor.kiosk.visit.case.answers == {"search_by": "vehicle"}


def test_a_touch_starts_the_time_anew_and_a_touch_on_the_warning_does_not(visitor: Visitor) -> None:
    visitor.go_to_plate()
    visitor.time.pass_seconds(80)
    visitor.press("contrast")
    visitor.time.pass_seconds(89)
    assert visitor.at() is State.STEPS
    visitor.time.pass_seconds(1)
    assert visitor.at() is State.TIME_WARNING
    visitor.time.pass_seconds(40)
    visitor.press("contrast")
    assert visitor.left() == 5
    visitor.time.pass_seconds(5)
    assert visitor.at() is State.TAKE_CARD


def test_what_was_typed_is_there_again_after_the_warning_and_after_the_card_came_back(visitor: Visitor) -> None:
    visitor.go_to_plate()
    for digit in "18":
        visitor.press(f"key:{digit}")
    typed = visitor.kiosk.window.page.draft()
    assert "18" in typed
    visitor.time.pass_seconds(100)
    visitor.press("more_time")
    assert visitor.kiosk.window.page.draft() == typed
    visitor.kiosk.receive(CardRemoved())
    visitor.kiosk.receive(CardInserted())
    visitor.reach(State.STEPS)
    assert visitor.kiosk.window.page.draft() == typed


def test_what_was_typed_is_never_the_next_persons(visitor: Visitor, scripted: Scripted) -> None:
    visitor.go_to_plate()
    visitor.press("key:1")
    visitor.kiosk.receive(CardRemoved())
    scripted.reader.identity = SOMEBODY_ELSE
    visitor.go_to_plate()
    assert visitor.kiosk.window.page.draft() == ""
    assert visitor.kiosk.window._draft is None


def test_a_card_left_behind_is_reminded_of_and_no_longer_than_a_minute(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []
    monkeypatch.setattr(visitor.kiosk._reminder, "_remind", lambda: heard.append(visitor.time.now))
    visitor.begin()
    visitor.press("end")
    assert visitor.at() is State.TAKE_CARD
    began = visitor.time.now
    visitor.time.pass_seconds(300)
    assert [at - began for at in heard] == [5_000 * times for times in range(1, 13)]
    assert visitor.at() is State.TAKE_CARD
    visitor.kiosk.receive(CardRemoved())
    assert visitor.at() is State.IDLE


OTHERWISE = Presentation("en", TextSize.L, ThemeName.HIGH_CONTRAST_DARK)


def _switch_all(visitor: Visitor) -> None:
    for name in ("language", "text_size", "contrast"):
        visitor.press(name)
    assert visitor.kiosk.window.look.presentation == OTHERWISE


@pytest.mark.parametrize("end", ["time", "end"])
def test_the_next_person_finds_language_size_and_contrast_at_their_defaults(visitor: Visitor, end: str) -> None:
    visitor.go_to_plate()
    _switch_all(visitor)
    if end == "time":
        visitor.time.pass_seconds(90 + 45)
    else:
        visitor.press("end")
    assert visitor.at() is State.TAKE_CARD
    assert visitor.kiosk.window.look.presentation == OTHERWISE, "the page is still this person's"
    visitor.kiosk.receive(CardRemoved())
    assert visitor.kiosk.window.look.presentation == Presentation()


def test_a_person_who_comes_back_in_a_pause_finds_everything_as_it_was(visitor: Visitor) -> None:
    visitor.go_to_plate()
    _switch_all(visitor)
    visitor.kiosk.receive(CardRemoved())
    visitor.kiosk.receive(CardInserted())
    visitor.reach(State.STEPS)
    assert visitor.kiosk.window.look.presentation == OTHERWISE


def test_another_person_in_a_pause_finds_the_defaults(visitor: Visitor, scripted: Scripted) -> None:
    visitor.go_to_plate()
    _switch_all(visitor)
    visitor.kiosk.receive(CardRemoved())
    scripted.reader.identity = SOMEBODY_ELSE
    visitor.begin()
    assert visitor.kiosk.window.look.presentation == Presentation()


def test_what_is_switched_on_the_idle_page_goes_back_when_nobody_comes(visitor: Visitor) -> None:
    _switch_all(visitor)
    visitor.time.pass_seconds(59)
    assert visitor.kiosk.window.look.presentation == OTHERWISE
    visitor.time.pass_seconds(1)
    assert visitor.kiosk.window.look.presentation == Presentation()


def test_what_is_switched_before_the_card_comes_stays(visitor: Visitor) -> None:
    _switch_all(visitor)
    visitor.begin()
    assert visitor.kiosk.window.look.presentation == OTHERWISE
