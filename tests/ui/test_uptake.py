"""What is touched and typed at the windows is counted as a person did it, whatever it was; and how the service was."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk.events import CardRemoved, Confirmed, LinesPicked, Rated
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.measuring import Measuring, Place
from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.scene import Scene, State
from kiosk.uptake import Outcome, Uptake
from kiosk.wire import Words
from tests.kiosk.parts import ScriptedClock
from tests.ui.conftest import Stage
from tests.ui.samples_second import SECOND_PAGES, done
from tests.ui.test_pages_second import names, press, shown_words
from tests.ui.visitor import Visitor, come, scripted, time, visitor
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize
from ui.uptake import measure_kiosk
from ui.widgets.pressable_card import PressableCard
from ui.window import Window

__all__ = ["come", "scripted", "time", "visitor"]

PLACE = Place("KRK3", Words(ar="الكرك", en="Karak"))


@pytest.fixture
def counted(visitor: Visitor) -> list[Uptake]:
    """What the visitor's kiosk has counted so far."""
    records: list[Uptake] = []
    measure_kiosk(visitor.kiosk, Measuring(PLACE, ScriptedClock(), records.append))
    return records


# ---------------------------------------------------------------- counting


def test_each_touch_is_one_and_a_key_that_writes_is_a_character(visitor: Visitor, counted: list[Uptake]) -> None:
    visitor.begin()
    for name in ("service:traffic.fines", "main", "option:vehicle", "main"):
        visitor.press(name)
    for name in ("key:1", "key:2", "field:number", "key:3", "key:3", "key:delete", "main"):
        visitor.press(name)
    visitor.reach(State.QUOTE)
    visitor.kiosk.receive(CardRemoved())
    visitor.press("end")
    (record,) = counted
    assert (record.taps, record.characters) == (8, 4), "the last touch left the errand, and still belongs to it"
    assert (record.service, record.page, record.outcome) == ("traffic.fines", "quote", Outcome.LEFT)


def test_a_keyboard_counts_as_fingers_do(visitor: Visitor, counted: list[Uptake]) -> None:
    visitor.go_to_plate()
    native = visitor.kiosk.window.windowHandle()
    assert native is not None
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_Backspace):
        QTest.keyClick(native, key)
    visitor.kiosk.close()
    (record,) = counted
    assert (record.taps, record.characters) == (2, 2)


def test_a_kiosk_that_closes_counts_who_was_there_and_hears_nothing_afterwards(
    visitor: Visitor, counted: list[Uptake]
) -> None:
    visitor.begin()
    visitor.kiosk.close()
    visitor.kiosk.window.show()
    native = visitor.kiosk.window.windowHandle()
    assert native is not None
    QTest.mouseClick(native, Qt.MouseButton.LeftButton)
    assert [record.page for record in counted] == ["choosing_service"]


def test_the_language_is_the_one_that_was_read(visitor: Visitor, counted: list[Uptake]) -> None:
    visitor.begin()
    visitor.press("language")
    visitor.press("service:traffic.fines")
    visitor.kiosk.receive(CardRemoved())
    visitor.press("end")
    assert [record.language for record in counted] == ["en"]


# ---------------------------------------------------------------- saying how it was


def test_one_touch_of_a_face_is_all(visitor: Visitor, counted: list[Uptake]) -> None:
    visitor.go_to_plate()
    for name in ("key:1", "key:2", "field:number", "key:3", "main"):
        visitor.press(name)
    visitor.reach(State.QUOTE)
    visitor.kiosk.receive(LinesPicked(("F0",)))
    visitor.kiosk.receive(Confirmed())
    visitor.reach(State.DONE)
    visitor.press("rate:poor")
    visitor.press("language")
    visitor.press("reason:questions")
    assert visitor.at() is State.DONE
    visitor.kiosk.receive(CardRemoved())
    (record,) = counted
    assert (record.satisfaction, record.reason) == (Satisfaction.POOR, WhyUnhappy.QUESTIONS)
    assert record.outcome is Outcome.FINISHED


@pytest.mark.parametrize("satisfaction", list(Satisfaction))
def test_each_face_says_what_it_is_and_can_be_touched(stage: Stage, satisfaction: Satisfaction) -> None:
    window = stage.window(SECOND_PAGES["done-accepted"])
    press(window, f"rate:{satisfaction.value}")
    assert stage.sent == [Rated(satisfaction)]


def test_the_face_that_was_touched_stays_chosen_and_thanks_are_said(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["done-rated"], presentation=Presentation("en"))
    chosen = [card.objectName() for card in window.findChildren(PressableCard) if card.isChecked()]
    assert chosen == ["rate:good"]
    assert "Good. Thank you" in shown_words(window)


def test_an_unhappy_person_is_asked_why_and_need_not_say_it(stage: Stage) -> None:
    window = stage.window(SECOND_PAGES["done-why"])
    assert len(names(window, "reason:")) == 5
    assert names(window, "end") == ["end"], "nobody is kept from leaving"
    press(window, "reason:waited")
    press(window, "without_reason")
    assert stage.sent == [
        Rated(Satisfaction.BAD, WhyUnhappy.WAITED),
        Rated(Satisfaction.BAD, WhyUnhappy.NOT_SAID),
    ]


@pytest.mark.parametrize("reason", [WhyUnhappy.WAITED, WhyUnhappy.NOT_SAID])
def test_whoever_has_said_why_or_would_not_finds_the_page_as_before(stage: Stage, reason: WhyUnhappy) -> None:
    scene = done(ReceiptOutcome.ACCEPTED, satisfaction=Satisfaction.BAD, reason=reason)
    window = stage.window(scene)
    assert names(window, "reason:") == []
    assert {"copy", "another_service", "end"} <= set(names(window, ""))


def _largest(stage: Stage, scene: Scene, panel: Panel) -> Window:
    return stage.window(scene, panel, Presentation("ar", TextSize.XL))


def test_with_very_large_text_what_is_still_to_be_done_goes_before_the_question(stage: Stage) -> None:
    assert len(names(_largest(stage, SECOND_PAGES["done-accepted"], SMALL), "rate:")) == 5
    not_printed = done(ReceiptOutcome.ACCEPTED, None)
    assert names(_largest(stage, not_printed, SMALL), "rate:") == []
    assert len(names(_largest(stage, not_printed, FULL_HD), "rate:")) == 5
    assert len(names(stage.window(done(ReceiptOutcome.ACCEPTED, PrintState.CONFIRMED)), "rate:")) == 5
