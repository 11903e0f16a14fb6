"""Typing words by touch: every letter is there, in both languages and at every size, and a key types what it shows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.scene import Scene, State
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import known
from ui.look import Look, Panel, Presentation
from ui.pages import PAGES
from ui.pages.page import Page, Send
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName
from ui.widgets.button import Button
from ui.widgets.key_layouts import ARABIC_NAMES, LETTERS
from ui.widgets.keyboard import Keyboard, KeyboardBar
from ui.widgets.text_field import TextField
from ui.window import Window

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآةىئؤء"
ENGLISH = "abcdefghijklmnopqrstuvwxyz"


class WritingPage(Page):
    """A page with one field of words."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self.field = TextField(look, name="field:words", accessible="Words")
        self.field.set_active(True)
        self.done = 0
        self.content.addWidget(self.field)
        self.content.addStretch(1)

    def bottom_bar(self) -> KeyboardBar | None:
        return KeyboardBar(self.field, self._end) if not self.done else None

    def _end(self) -> None:
        self.done += 1
        self.bar_changed.emit()


@pytest.fixture(autouse=True)
def writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PAGES, State.CHOOSING_SERVICE, WritingPage)


def written(stage: Stage, panel: Panel = FULL_HD, presentation: Presentation | None = None) -> Window:
    return stage.window(known(State.CHOOSING_SERVICE), panel, presentation)


def keys(window: Window) -> dict[str, Button]:
    keyboard = window.findChild(Keyboard)
    assert keyboard is not None
    return {key.objectName().removeprefix("key:"): key for key in keyboard.findChildren(Button) if key.isVisible()}


def touch(window: Window, *names: str) -> None:
    for name in names:
        QTest.mouseClick(keys(window)[name], Qt.MouseButton.LeftButton)
        QApplication.processEvents()


def text(window: Window) -> str:
    page = window.page
    assert isinstance(page, WritingPage)
    return page.field.text()


@pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.HIGH_CONTRAST_DARK], ids=str)
@pytest.mark.parametrize("size", list(TextSize), ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
def test_every_plane_fits_and_can_be_pressed(
    stage: Stage, panel: Panel, language: str, size: TextSize, theme: ThemeName
) -> None:
    window = written(stage, panel, Presentation(language, size, theme))
    for turn in ("order", "language", "order", "digits"):
        assert checks.faults(window) == []
        assert min(min(key.width(), key.height()) for key in keys(window).values()) >= window.look.px(14.0) - 1
        touch(window, turn)
    assert checks.faults(window) == []


@pytest.mark.parametrize("order", ["typing", "alphabet"])
@pytest.mark.parametrize(("language", "letters"), [("ar", ARABIC), ("en", ENGLISH)])
def test_every_letter_is_there_once(stage: Stage, language: str, letters: str, order: str) -> None:
    window = written(stage, presentation=Presentation(language))
    if order == "alphabet":
        touch(window, "order")
    shown = [name for name in keys(window) if len(name) == 1 and name not in ".-"]
    assert sorted(shown) == sorted(letters)
    assert "".join(LETTERS[language, order]) != ""  # type: ignore[index]  # the two parameters are its keys


def test_the_alphabet_begins_at_the_side_where_its_language_does(stage: Stage) -> None:
    arabic, english = (written(stage, presentation=Presentation(language)) for language in ("ar", "en"))
    for window in (arabic, english):
        touch(window, "order")
    assert keys(arabic)["ا"].x() > keys(arabic)["ب"].x() > keys(arabic)["د"].x()
    assert keys(english)["a"].x() < keys(english)["b"].x() < keys(english)["j"].x()


def test_keys_stand_alike_whatever_language_the_screen_has(stage: Stage) -> None:
    arabic, english = (written(stage, presentation=Presentation(language)) for language in ("ar", "en"))
    touch(english, "language")
    of_letters = [
        {name: QRect(key.mapTo(window, QPoint()), key.size()) for name, key in keys(window).items() if name in ARABIC}
        for window in (arabic, english)
    ]
    assert of_letters[0] == of_letters[1]


def test_what_is_touched_is_typed_and_erased(stage: Stage) -> None:
    window = written(stage)
    touch(window, "ر", "خ", "ص", "ة", "space", "ؤ", "delete", "language", "capital", "k", "a", "digits", "7", "/")
    assert text(window) == "رخصة Ka7/"
    touch(window, "letters", "b")
    assert text(window) == "رخصة Ka7/b"


def test_a_real_keyboard_types_into_the_same_field(stage: Stage) -> None:
    window = written(stage, presentation=Presentation("en"))
    page = window.page
    assert isinstance(page, WritingPage)
    touch(window, "a")
    QTest.keyClicks(page.field, "bc")
    touch(window, "d")
    assert text(window) == "abcd"


def test_a_touch_takes_no_focus_from_the_field_and_keys_can_go_through_the_keyboard(stage: Stage) -> None:
    window = written(stage)
    for key in keys(window).values():
        assert key.focusPolicy() is Qt.FocusPolicy.TabFocus
    QTest.keyClick(keys(window)["س"], Qt.Key.Key_Return)
    assert text(window) == "س"


def test_one_touch_clears_the_field(stage: Stage) -> None:
    window = written(stage)
    told: list[str] = []
    page = window.page
    assert isinstance(page, WritingPage)
    page.field.textEdited.connect(told.append)
    touch(window, "س", "م")
    clear = page.field.findChild(Button, "clear")
    assert clear is not None
    QTest.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert text(window) == ""
    assert told == ["س", "سم", ""]
    assert not clear.isVisible()


def test_done_gives_the_room_back(stage: Stage) -> None:
    window = written(stage)
    before = window.page.height()
    touch(window, "done")
    page = window.page
    assert isinstance(page, WritingPage)
    assert page.done == 1
    assert window.findChild(Keyboard) is None
    assert page.height() > before


def test_every_key_has_a_name_that_can_be_heard(stage: Stage) -> None:
    window = written(stage)
    assert {keys(window)[letter].accessibleName() for letter in ARABIC} == set(ARABIC_NAMES.values())
    touch(window, "digits")
    assert all(len(key.accessibleName()) > 1 for name, key in keys(window).items() if not name.isdigit())
