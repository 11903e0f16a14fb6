"""At the counter training and a demonstration are named too: on the clerk's screen and on the citizen's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.mode import Mode
from kiosk.texts import Texts
from tests.ui import checks
from tests.ui.clerk.pages import PAGES
from tests.ui.samples import OFFICE
from tests.ui.staff.checks import faults
from tests.ui.windows import take_away
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.page import CounterPage
from ui.look import Panel, Presentation
from ui.preview import FULL_HD
from ui.staff.strip import Pill, StripFacts
from ui.staff.window import StaffWindow
from ui.theme import TextSize, Tokens
from ui.widgets.mode_mark import ModeLabel, Watermark

pytestmark = [pytest.mark.usefixtures("qapp", "artwork"), pytest.mark.long(seconds=30)]

SMALL = Panel(1366, 768, 18.5)
MODES = [Mode.DEMONSTRATION, Mode.TRAINING]
PANELS = [(FULL_HD, TextSize.M), (FULL_HD, TextSize.XL), (SMALL, TextSize.M), (SMALL, TextSize.XL)]


@pytest.fixture
def opened() -> Iterator[list[QWidget]]:
    windows: list[QWidget] = []
    yield windows
    take_away(*windows)


def _is_marked(window: QWidget, page: QWidget, mode: Mode) -> bool:
    marks = [mark for mark in window.findChildren(Watermark) if mark.isVisibleTo(window)]
    if mode is not Mode.TRAINING:
        return not marks
    (mark,) = marks
    siblings = window.children()
    return mark.geometry() == window.rect() and siblings.index(mark) > siblings.index(page)


def _is_named(window: QWidget, mode: Mode) -> bool:
    names = [label for label in window.findChildren(ModeLabel) if label.isVisibleTo(window)]
    said = {Mode.DEMONSTRATION: "عرض توضيحي، Demonstration", Mode.TRAINING: "تدريب، Training"}[mode]
    return [label.accessibleName() for label in names] == [said]


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("panel", "size"), PANELS)
def test_every_page_of_the_counter_is_marked_and_whole(
    mode: Mode,
    panel: Panel,
    size: TextSize,
    language: str,
    tokens: Tokens,
    texts: dict[str, Texts],
    opened: list[QWidget],
) -> None:
    for name, make in PAGES.items():
        window = StaffWindow(tokens, panel, texts, OFFICE, presentation=Presentation(language, size), mode=mode)
        opened.append(window)
        window.show_facts(_facts(window.look.texts))
        window.show()
        window.activateWindow()
        desk = make()
        window.show_page(lambda look, desk=desk: CounterPage(look, desk))  # type: ignore[misc]  # bound at once
        for _ in range(3):
            QApplication.processEvents()
        assert _is_marked(window, window.page, mode), name
        assert _is_named(window, mode), name
        assert faults(window) == [], name
        take_away(opened.pop())


def _facts(words: Texts) -> StripFacts:
    """As full as the strip gets."""
    pills = (
        Pill(words.plural("{n} call for help", "{n} calls for help", 2), "warn", "bell-ring", "F6"),
        Pill(words("Refused: {n}", n=2), "warn", "triangle-alert", "F11", is_said_below=True),
        Pill(words("Awaiting delivery: {n}", n=12), "warn", "cloud-upload"),
        Pill(words("Offline, service continues"), "warn", "cloud-off"),
    )
    return StripFacts(person="", pills=pills, when=("10:46", "23/11/2026"))


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_a_switch_of_the_clerks_keeps_the_mark(
    mode: Mode, tokens: Tokens, texts: dict[str, Texts], opened: list[QWidget]
) -> None:
    window = StaffWindow(tokens, FULL_HD, texts, OFFICE, mode=mode)
    opened.append(window)
    window.show()
    window.switch_language()
    window.switch_contrast()
    QApplication.processEvents()
    assert _is_marked(window, window.page, mode)
    assert _is_named(window, mode)


@pytest.mark.parametrize("mode", MODES, ids=str)
@pytest.mark.parametrize("panel", [Panel(1280, 800, 15.6), FULL_HD, Panel(1024, 768, 12.1)])
def test_the_citizens_screen_is_marked_and_whole(
    mode: Mode, panel: Panel, tokens: Tokens, texts: dict[str, Texts], opened: list[QWidget]
) -> None:
    for name, make in PAGES.items():
        display = CitizenDisplay(tokens, panel, texts, OFFICE, lambda _event: None, mode=mode)
        opened.append(display)
        display.show()
        display._scene = make().scene
        display._build()
        QApplication.processEvents()
        assert _is_marked(display, display._page, mode), name
        assert _is_named(display, mode), name
        assert [*checks.cut(display), *checks.overlapping(display)] == [], name
        take_away(opened.pop())
