"""Typing a plate: by touch, by real keys, in both languages alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk import forms
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples_second import SECOND_PAGES, WRONG_PLATE
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize
from ui.widgets.button import Button
from ui.widgets.keypad import Keypad
from ui.widgets.plate_field import PlateField
from ui.window import Window


def key(keypad: Keypad, name: str) -> Button:
    """The key of that name on the keypad's present page."""
    return next(found for found in keypad.findChildren(Button, f"key:{name}") if found.isVisibleTo(keypad))


def places(window: Window) -> dict[str, QRect]:
    keypad = window.findChild(Keypad)
    assert keypad is not None
    return {
        found.objectName(): QRect(found.mapTo(keypad, QPoint(0, 0)), found.size())
        for found in keypad.findChildren(Button)
        if found.isVisibleTo(keypad)
    }


def test_keys_stand_alike_in_both_languages_with_one_two_three_on_top(stage: Stage) -> None:
    arabic = places(stage.window(SECOND_PAGES["plate"], presentation=Presentation("ar")))
    english = places(stage.window(SECOND_PAGES["plate"], presentation=Presentation("en")))
    assert arabic == english
    assert arabic["key:1"].top() == arabic["key:3"].top() < arabic["key:4"].top() < arabic["key:0"].top()
    assert arabic["key:1"].left() < arabic["key:2"].left() < arabic["key:3"].left()


def test_code_stands_left_of_the_number_in_both_languages(stage: Stage) -> None:
    for language in ("ar", "en"):
        window = stage.window(SECOND_PAGES["plate"], presentation=Presentation(language))
        code, number = (window.findChild(QWidget, f"field:{name}") for name in ("code", "number"))
        assert code is not None
        assert number is not None
        assert code.geometry().right() < number.geometry().left()


def test_the_keypad_types_erases_and_clears(stage: Stage) -> None:
    keypad = Keypad(stage.look(), letters=True)
    typed: list[str] = []
    keypad.typed.connect(typed.append)
    keypad.erased.connect(typed.pop)
    keypad.cleared.connect(typed.clear)
    for name in ("7", "0", "delete", "letters", "Q", "delete", "P", "digits", "1"):
        key(keypad, name).click()
    assert typed == ["7", "P", "1"]
    key(keypad, "clear").click()
    assert typed == []


def test_a_keypad_without_letters_has_none(stage: Stage) -> None:
    names = {found.objectName() for found in Keypad(stage.look()).findChildren(Button)}
    assert names == {f"key:{name}" for name in (*"0123456789", "delete", "clear")}


@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
@pytest.mark.parametrize("size", list(TextSize), ids=str)
def test_the_letters_fit_too_and_every_one_is_there(stage: Stage, panel: Panel, size: TextSize) -> None:
    window = stage.window(SECOND_PAGES["plate"], panel, Presentation("en", size))
    QTest.mouseClick(key_of(window, "letters"), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert checks.faults(window) == []
    assert {f"key:{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} < set(places(window))


def field(stage: Stage, typed: str = "", mistake: str = "") -> PlateField:
    return PlateField(stage.look(), typed, accessible="Vehicle", mistake=mistake)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("1234567", "12-34567"),
        ("12345678", "12-34567"),
        ("PM12", "PM-12"),
        ("1", "1-"),
        ("", ""),
        ("12PM3", "PM-3"),
        ("PMGV", "GV-"),
    ],
)
def test_a_full_code_sends_what_follows_to_the_number(stage: Stage, typed: str, text: str) -> None:
    plate = field(stage)
    for character in typed:
        plate.type(character)
    assert plate.text() == text


def test_erasing_goes_back_from_an_empty_number_to_the_code(stage: Stage) -> None:
    plate = field(stage, "12-3")
    texts = []
    for _ in range(4):
        plate.erase()
        texts.append(plate.text())
    assert texts == ["12-", "1-", "", ""]


def test_typing_goes_on_where_something_is_to_be_put_right(stage: Stage) -> None:
    code = field(stage, "-345", forms.ENTER_CODE)
    code.type("7")
    assert code.text() == "7-345"
    number = field(stage, "12-", forms.ENTER_NUMBER)
    number.type("7")
    assert number.text() == "12-7"


@pytest.mark.parametrize("keys", ["5-12", "5 12", "٥-١٢"])
def test_real_keys_fill_the_fields(stage: Stage, keys: str) -> None:
    window = stage.window(SECOND_PAGES["plate"])
    page = window.page
    QTest.mouseClick(key_of(window, "clear"), Qt.MouseButton.LeftButton)
    for character in keys:  # as a keyboard that writes Arabic digits sends them: by their text
        pressed = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(page, pressed)
    assert page.draft() == "5-12"


def test_real_keys_work_while_the_summary_has_the_focus(stage: Stage) -> None:
    window = stage.window(WRONG_PLATE)
    QTest.keyClicks(QApplication.focusWidget() or window.page, "98")
    QTest.keyClick(window.page, Qt.Key.Key_Backspace)
    assert window.page.draft() == "12-9"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*"0123456789PM", "erase", "clear"])))
def test_whatever_is_pressed_the_fields_never_hold_more_than_a_plate(stage: Stage, presses: list[str]) -> None:
    plate = field(stage)
    for press in presses:
        if press == "erase":
            plate.erase()
        elif press == "clear":
            plate.clear()
        else:
            plate.type(press)
    code, _, number = plate.text().partition("-")
    assert len(code) <= 2
    assert len(number) <= 5
    assert number.isdigit() or not number


def key_of(window: Window, name: str) -> Button:
    keypad = window.findChild(Keypad)
    assert keypad is not None
    return key(keypad, name)
