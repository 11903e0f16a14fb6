"""The shell: switches keep what was typed, the idle page takes them back, help lies over a page, keys reach all."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Back, Started
from kiosk.failures import Failure
from kiosk.scene import Browsing, Scene, State
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import FACE, FIRST_PAGES, failed, known
from tests.ui.samples_choosing import choosing
from tests.ui.samples_second import PLATE
from ui.look import Presentation
from ui.pages import HELP, PAGES
from ui.theme import TextSize, ThemeName
from ui.widgets.countdown import Countdown
from ui.widgets.focus_ring import FocusRing
from ui.widgets.line_state import LinePill
from ui.window import Window

START = FIRST_PAGES["start"]


def press(window: Window, name: str) -> None:
    found = window.findChild(QWidget, name)
    assert found is not None, f"nothing is named {name}"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def test_every_state_has_a_page() -> None:
    assert PAGES.keys() == set(State)


def test_each_switch_changes_its_own_thing_and_builds_the_same_page_again(stage: Stage) -> None:
    window = stage.window(START)
    seen = [window.look.presentation]
    for name in ("language", "text_size", "contrast"):
        press(window, name)
        seen.append(window.look.presentation)
        assert type(window.page) is PAGES[State.START_CARD]
    assert seen == [
        Presentation(),
        Presentation("en"),
        Presentation("en", TextSize.L),
        Presentation("en", TextSize.L, ThemeName.HIGH_CONTRAST_DARK),
    ]
    assert stage.sent == []


def test_text_sizes_and_contrasts_come_round(stage: Stage) -> None:
    window = stage.window(START)
    sizes, themes = [], []
    for _ in TextSize:
        press(window, "text_size")
        sizes.append(window.look.presentation.text_size)
    for _ in ThemeName:
        press(window, "contrast")
        themes.append(window.look.presentation.theme)
    assert sizes == [TextSize.L, TextSize.XL, TextSize.S, TextSize.M]
    assert themes[-1] is ThemeName.LIGHT
    assert set(themes) == set(ThemeName)


def test_a_switch_keeps_what_the_scene_held(stage: Stage) -> None:
    scene = known(State.START_CARD, seconds=90, typed="12-345")
    window = stage.window(scene)
    press(window, "language")
    assert window.page.scene == scene


@pytest.mark.parametrize("name", ["removed", "warning"])
def test_a_switch_does_not_give_back_time_that_has_run(stage: Stage, name: str) -> None:
    window = stage.window(FIRST_PAGES[name])
    counter = window.findChild(Countdown)
    assert counter is not None
    counter.left = 12
    press(window, "language")
    after = window.findChild(Countdown)
    assert after is not None
    assert after.left == 12


def test_the_idle_page_takes_every_switch_back(stage: Stage) -> None:
    window = stage.window(START)
    for name in ("language", "text_size", "contrast"):
        press(window, name)
    window.show_scene(Scene(State.IDLE))
    assert window.look.presentation == Presentation()


def test_help_lies_over_the_page_and_closes_without_an_event(stage: Stage) -> None:
    window = stage.window(START)
    press(window, "help")
    assert type(window.page) is HELP
    press(window, "close")
    assert type(window.page) is PAGES[State.START_CARD]
    press(window, "help")
    press(window, "help")
    assert type(window.page) is PAGES[State.START_CARD]
    assert stage.sent == []
    press(window, "back")
    assert stage.sent == [Back()]


def test_a_new_scene_takes_help_away(stage: Stage) -> None:
    window = stage.window(START)
    press(window, "help")
    window.show_scene(FIRST_PAGES["removed"])
    assert type(window.page) is PAGES[State.CARD_REMOVED]


def test_nothing_of_the_page_before_can_be_found(stage: Stage) -> None:
    window = stage.window(START)
    window.show_scene(FIRST_PAGES["warning"])
    names = [widget.objectName() for widget in window.findChildren(QWidget)]
    assert names.count("page:time_warning") == 1
    assert not [name for name in names if name.startswith("page:start")]
    assert names.count("end") == 1


def test_the_line_is_kept_over_pages_and_switches(stage: Stage) -> None:
    window = stage.window(START, presentation=Presentation("en"))
    window.show_line(False, 3)
    press(window, "contrast")
    window.show_scene(FIRST_PAGES["removed"])
    pills = window.findChildren(LinePill)
    assert [pill.accessibleName() for pill in pills] == ["Offline, service continues"]


def test_tools_stay_where_they_are_whatever_the_line_says(stage: Stage) -> None:
    window = stage.window(START)
    places = []
    for up, waiting in ((True, 0), (True, 4), (False, 12)):
        window.show_line(up, waiting)
        QApplication.processEvents()
        places.append([checks.rectangle(window, name) for name in ("contrast", "text_size", "language", "help")])
        assert checks.faults(window) == []
    assert places[0] == places[1] == places[2]


@pytest.mark.parametrize("name", ["idle", "home-seven", "start", "failed", "removed"])
def test_tab_goes_round_everything_that_can_be_pressed_and_shows_where_it_is(stage: Stage, name: str) -> None:
    window = stage.window(FIRST_PAGES[name])
    window.activateWindow()
    QApplication.processEvents()
    ring, native = window.findChild(FocusRing), window.windowHandle()
    assert ring is not None
    assert native is not None
    assert not ring.isVisible()
    wanted = {
        widget.objectName()
        for widget in checks.visible(window)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.isEnabled()
    }
    reached: list[str] = []
    for _ in range(len(wanted) + 1):
        QTest.keyClick(native, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.append(focused.objectName())
        around = ring.geometry()
        assert ring.isVisible()
        assert around.contains(checks.rectangle(window, focused.objectName()) or around)
    assert set(reached) == wanted
    assert reached[0] == reached[-1]


def test_a_touch_shows_no_ring(stage: Stage) -> None:
    window = stage.window(START)
    native = window.windowHandle()
    assert native is not None
    QTest.keyClick(native, Qt.Key.Key_Tab)
    contrast = checks.rectangle(window, "contrast")
    assert contrast is not None
    QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=contrast.center())
    assert window.look.presentation.theme is ThemeName.HIGH_CONTRAST_DARK
    ring = window.findChild(FocusRing)
    assert ring is not None
    assert not ring.isVisible()


def test_enter_on_the_main_button_sends_its_event(stage: Stage) -> None:
    window = stage.window(START)
    main = window.findChild(QWidget, "main")
    assert main is not None
    main.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(main, Qt.Key.Key_Return)
    assert stage.sent == [Started()]


def test_the_face_that_comes_late_takes_nothing_away(stage: Stage) -> None:
    """Neither what was typed, in whatever language it goes on, nor the page over it."""
    scene = known(State.STEPS, step=PLATE, step_number=2, seconds=90)
    window = stage.window(scene)
    for digit in "12345":
        press(window, f"key:{digit}")
    window.switch_language()
    window.show_scene(dataclasses.replace(scene, portrait=FACE))
    assert window.page.draft() == "12-345"
    window.show_help()
    help_page = window.page
    window.show_scene(dataclasses.replace(scene, portrait=None))
    assert window.page is help_page
    window.show_help()
    assert window.page.draft() == "12-345"


def test_a_failure_that_is_told_again_is_not_drawn_again(stage: Stage) -> None:
    scene = failed(Failure.PAYMENT_UNKNOWN)
    window = stage.window(scene)
    page = window.page
    window.show_scene(dataclasses.replace(scene))
    assert window.page is page
    window.show_scene(failed(Failure.PAYMENT_LATE))
    assert window.page is not page


@pytest.mark.parametrize(
    "browsing",
    [Browsing("search"), Browsing("search", typing=False), Browsing(number=2), Browsing("agency", "post")],
    ids=str,
)
def test_back_from_a_service_leads_to_where_it_was_found(stage: Stage, browsing: Browsing) -> None:
    """And nobody else finds it so."""
    found = choosing(browsing, typed="مخالفة" if browsing.place == "search" else "")
    window = stage.window(found)
    kept = window.page.scene
    window.show_scene(dataclasses.replace(found, state=State.START_CARD, browsing=Browsing(), typed=""))
    window.show_scene(dataclasses.replace(found, browsing=Browsing(), typed=""))
    assert (window.page.scene.browsing, window.page.scene.typed) == (kept.browsing, kept.typed)
    window.show_scene(dataclasses.replace(found, state=State.START_CARD, browsing=Browsing(), typed=""))
    window.show_scene(dataclasses.replace(found, visit=found.visit + 1, browsing=Browsing(), typed=""))
    assert (window.page.scene.browsing, window.page.scene.typed) == (Browsing(), "")
