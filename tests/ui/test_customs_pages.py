"""What customs' questions look like: no keyboard where a number is proposed, and no amount where none is known yet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Answered
from kiosk.texts import without_isolates
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples_customs import CUSTOMS_PAGES, NUMBER
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize
from ui.widgets.text import Text
from ui.window import Window


def found(window: Window, name: str) -> QWidget | None:
    return next((each for each in window.findChildren(QWidget, name) if each.isVisibleTo(window)), None)


def touch(window: Window, name: str) -> None:
    widget = found(window, name)
    assert widget is not None, f"nothing is named {name}"
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def words(window: Window) -> str:
    shown = "\n".join(each.text() for each in checks.visible(window) if isinstance(each, Text))
    return without_isolates(shown).replace("\u00a0", " ")


def test_a_proposed_number_stands_without_a_keyboard_and_one_touch_goes_on(stage: Stage) -> None:
    window = stage.window(CUSTOMS_PAGES["code-proposed"])
    assert found(window, "keyboard") is None
    touch(window, "main")
    assert stage.sent == [Answered("parcel", NUMBER)]


@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL])
def test_a_touch_on_the_field_brings_the_keyboard_and_what_only_helps_gives_way(
    stage: Stage, panel: Panel, size: TextSize
) -> None:
    window = stage.window(CUSTOMS_PAGES["code-proposed"], panel, Presentation("ar", size))
    assert "منذ 20/11/2026" in words(window)
    touch(window, "field:text")
    assert found(window, "key:q") is not None, "English letters, in whatever language"
    assert "منذ 20/11/2026" not in words(window)
    assert checks.faults(window) == []
    touch(window, "key:done")
    assert "منذ 20/11/2026" in words(window)


@pytest.mark.parametrize("page", ["code-typed", "code-wrong"])
def test_what_was_begun_or_is_to_be_put_right_keeps_the_keyboard(stage: Stage, page: str) -> None:
    assert found(stage.window(CUSTOMS_PAGES[page]), "keyboard") is not None


def test_how_it_stands_is_told_and_no_amount_before_it_is_assessed(stage: Stage) -> None:
    window = stage.window(CUSTOMS_PAGES["not-payable-yet"])
    said = words(window)
    assert "28415" in said
    assert "0.000" not in said
    assert found(window, "another_service") is not None
    assert found(window, "why") is None
