"""Training and a demonstration say so on every page, at every size, in both languages; service says nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Event, Started
from kiosk.mode import Mode
from kiosk.scene import Scene
from kiosk.texts import Texts
from tests.ui import checks
from tests.ui.samples import FIRST_PAGES, OFFICE
from tests.ui.samples_second import SECOND_PAGES
from tests.ui.windows import take_away
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName, Tokens
from ui.widgets.mode_mark import WATERMARK, ModeLabel, Watermark
from ui.window import Window

ALL_PAGES = {**FIRST_PAGES, **SECOND_PAGES}
LOOKS = [Presentation(language, size) for language in ("ar", "en") for size in TextSize]


class Shows:
    def __init__(self, tokens: Tokens, texts: dict[str, Texts]) -> None:
        self._tokens, self._texts = tokens, texts
        self.sent: list[Event] = []
        self.windows: list[Window] = []

    def window(
        self, mode: Mode, scene: Scene, panel: Panel = FULL_HD, presentation: Presentation | None = None
    ) -> Window:
        window = Window(
            self._tokens,
            panel,
            self._texts,
            OFFICE,
            self.sent.append,
            presentation=presentation or Presentation(),
            motion=False,
            mode=mode,
        )
        self.windows.append(window)
        window.show_scene(scene)
        window.show()
        QApplication.processEvents()
        return window


@pytest.fixture
def shows(tokens: Tokens, texts: dict[str, Texts], artwork: object) -> Iterator[Shows]:
    made = Shows(tokens, texts)
    yield made
    take_away(*made.windows)


def _mark(window: Window) -> Watermark:
    (found,) = [each for each in window.findChildren(Watermark) if each.isVisibleTo(window)]
    return found


def _label(window: Window) -> ModeLabel:
    (found,) = [each for each in window.findChildren(ModeLabel) if each.isVisibleTo(window)]
    return found


def _lies_over(mark: QWidget, page: QWidget) -> bool:
    parent = mark.parentWidget()
    assert parent is not None
    siblings = parent.children()
    return siblings.index(mark) > siblings.index(page)


@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_training_lies_over_every_page_in_both_languages(shows: Shows, panel: Panel, language: str) -> None:
    window = shows.window(Mode.TRAINING, FIRST_PAGES["idle"], panel, Presentation(language))
    for name, scene in ALL_PAGES.items():
        window.show_scene(scene)
        QApplication.processEvents()
        mark = _mark(window)
        assert mark.geometry() == window.rect(), name
        assert _lies_over(mark, window.page), name
        assert mark.accessibleName() == f"{WATERMARK.ar}. {WATERMARK.en}"
        assert _label(window).accessibleName() == "تدريب، Training"


@pytest.mark.parametrize("theme", list(ThemeName), ids=str)
def test_the_mark_is_seen_and_what_lies_under_it_is_too(shows: Shows, theme: ThemeName) -> None:
    """Faint, and yet there: some of a plain area's dots change, and none so far that a letter could be lost."""
    look = Presentation("ar", TextSize.M, theme)
    plain = shows.window(Mode.SERVICE, FIRST_PAGES["start"], FULL_HD, look).page.grab().toImage()
    window = shows.window(Mode.TRAINING, FIRST_PAGES["start"], FULL_HD, look)
    marked = window.grab(window.page.geometry()).toImage()
    changes = [
        abs(plain.pixelColor(x, y).lightness() - marked.pixelColor(x, y).lightness())
        for x in range(20, plain.width(), 7)
        for y in range(40, plain.height(), 7)
    ]
    assert sum(change > 8 for change in changes) > len(changes) // 100
    assert max(changes) < 64


def test_touches_go_through_the_mark(shows: Shows) -> None:
    window = shows.window(Mode.TRAINING, FIRST_PAGES["start"])
    main = checks.rectangle(window, "main")
    native = window.windowHandle()
    assert main is not None
    assert native is not None
    assert window.childAt(main.center()) is not _mark(window)
    QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=QPoint(main.center()))
    assert shows.sent == [Started()]


def test_a_switch_and_another_size_keep_it(shows: Shows) -> None:
    window = shows.window(Mode.TRAINING, FIRST_PAGES["start"])
    window.switch_language()
    window.switch_contrast()
    window.show_help()
    window.resize(1600, 900)
    QApplication.processEvents()
    assert _mark(window).geometry() == window.rect()
    assert _lies_over(_mark(window), window.page)


@pytest.mark.parametrize("mode", [Mode.DEMONSTRATION, Mode.TRAINING], ids=str)
@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language}-{look.text_size}")
def test_the_label_has_its_place_in_the_bar_at_every_size(
    shows: Shows, mode: Mode, panel: Panel, look: Presentation
) -> None:
    window = shows.window(mode, FIRST_PAGES["start"], panel, look)
    for up in (True, False):
        window.show_line(up, 0 if up else 12)
        QApplication.processEvents()
        assert checks.faults(window) == []
        bar = _label(window).parentWidget()
        assert bar is not None
        assert _label(window).height() <= bar.height()


def test_a_demonstration_names_itself_and_leaves_the_page_alone(shows: Shows) -> None:
    window = shows.window(Mode.DEMONSTRATION, FIRST_PAGES["start"])
    assert _label(window).accessibleName() == "عرض توضيحي، Demonstration"
    assert not window.findChildren(Watermark)


def test_service_shows_neither(shows: Shows) -> None:
    window = shows.window(Mode.SERVICE, FIRST_PAGES["start"])
    assert not window.findChildren(ModeLabel)
    assert not window.findChildren(Watermark)
