"""The pages from the invitation to taking the card back: legible and in place everywhere, and what they send."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kiosk.events import AnotherService, Cancelled, Event, MoreTime, ServiceChosen, Started, TryAgain
from kiosk.failures import Failure, Money
from kiosk.scene import Scene, State
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import FIRST_PAGES, failed, known, services
from ui.look import Panel, Presentation
from ui.pages.idle import IdlePage
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName
from ui.widgets.text import Text
from ui.window import Window

PANELS = {"1920x1080": FULL_HD, "1024x768": SMALL}


def press(window: Window, name: str) -> None:
    found = window.findChild(QWidget, name)
    assert found is not None, f"nothing is named {name}"
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def shown_words(window: Window) -> str:
    return "\n".join(widget.text() for widget in window.findChildren(Text) if widget.isVisibleTo(window))


@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL], ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("scene", FIRST_PAGES.values(), ids=FIRST_PAGES.keys())
def test_nothing_is_cut_nameless_small_or_overlapping(
    stage: Stage, scene: Scene, panel: Panel, language: str, size: TextSize
) -> None:
    window = stage.window(scene, panel, Presentation(language, size))
    assert checks.faults(window) == []


@pytest.mark.parametrize("size", [TextSize.S, TextSize.L], ids=str)
@pytest.mark.parametrize("theme", [ThemeName.HIGH_CONTRAST_DARK, ThemeName.HIGH_CONTRAST_LIGHT], ids=str)
@pytest.mark.parametrize("scene", FIRST_PAGES.values(), ids=FIRST_PAGES.keys())
def test_the_other_sizes_and_themes_hold_too(stage: Stage, scene: Scene, theme: ThemeName, size: TextSize) -> None:
    assert checks.faults(stage.window(scene, SMALL, Presentation("ar", size, theme))) == []


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("failure", list(Failure), ids=lambda failure: failure.name)
def test_every_failure_fits_at_the_largest_size_and_ends_with_its_support_code(
    stage: Stage, failure: Failure, language: str
) -> None:
    window = stage.window(failed(failure, Money.UNKNOWN), SMALL, Presentation(language, TextSize.XL))
    assert checks.faults(window) == []
    assert failure.value in shown_words(window).splitlines()[-1]
    assert "{" not in shown_words(window)


@pytest.mark.parametrize(
    ("scene", "name", "event"),
    [
        (
            known(State.CHOOSING_SERVICE, services=services(3)),
            "service:justice.record",
            ServiceChosen("justice.record"),
        ),
        (known(State.START_CARD, seconds=90), "main", Started()),
        (known(State.START_CARD, seconds=90), "end", Cancelled()),
        (known(State.CARD_REMOVED, seconds=45), "more_time", MoreTime()),
        (known(State.TIME_WARNING, seconds=45), "more_time", MoreTime()),
        (failed(Failure.AGENCY_UNREACHABLE), "try_again", TryAgain()),
        (failed(Failure.AGENCY_UNREACHABLE), "another_service", AnotherService()),
    ],
)
def test_what_is_pressed_is_sent_once(stage: Stage, scene: Scene, name: str, event: Event) -> None:
    window = stage.window(scene)
    press(window, name)
    assert stage.sent == [event]


def test_a_second_press_of_the_main_button_sends_nothing(stage: Stage) -> None:
    window = stage.window(known(State.START_CARD, seconds=90))
    press(window, "main")
    press(window, "main")
    assert stage.sent == [Started()]


def test_without_a_card_a_service_points_at_the_card_and_sends_nothing(stage: Stage) -> None:
    window = stage.window(FIRST_PAGES["idle"])
    page = window.page
    assert isinstance(page, IdlePage)
    before = page.invitation.grab().toImage()
    press(window, "service:traffic.fines")
    assert page.invitation.grab().toImage() != before
    assert stage.sent == []


def test_without_a_reader_the_invitation_gives_way_to_what_is_true(stage: Stage) -> None:
    window = stage.window(FIRST_PAGES["idle-no-reader"], presentation=Presentation("en"))
    assert "No reader is connected" in shown_words(window)
    assert "Insert your smart card to begin" not in shown_words(window)
    assert window.findChild(QWidget, "service:traffic.fines") is None


@pytest.mark.parametrize(("language", "name"), [("ar", "سلمى"), ("en", "Salma")])
def test_the_person_is_greeted_by_the_first_name_only(stage: Stage, language: str, name: str) -> None:
    words = shown_words(stage.window(FIRST_PAGES["home"], presentation=Presentation(language)))
    assert name in words
    assert "Khaled" not in words
    assert "خالد" not in words
    assert "9000000001" not in words


def test_seven_services_take_two_pages_and_none_is_lost(stage: Stage) -> None:
    window = stage.window(FIRST_PAGES["home-seven"])
    first = {widget.objectName() for widget in checks.visible(window) if widget.objectName().startswith("service:")}
    press(window, "next")
    second = {widget.objectName() for widget in checks.visible(window) if widget.objectName().startswith("service:")}
    assert len(first) == 6
    assert first | second == {f"service:{service.id}" for service in services(7)}
    assert not first & second
    assert stage.sent == []


@pytest.mark.parametrize("name", ["removed", "warning"])
def test_the_countdown_shows_each_second(stage: Stage, name: str) -> None:
    window = stage.window(FIRST_PAGES[name], presentation=Presentation("en"))
    counter = next(widget for widget in checks.visible(window) if hasattr(widget, "total"))
    assert "45 second" in shown_words(window)
    counter.changed.emit(44)  # type: ignore[attr-defined]  # the countdown's own signal, as its timer emits it
    assert "44 second" in shown_words(window)


@pytest.mark.parametrize("money", list(Money), ids=str)
def test_a_failure_says_what_is_true_of_the_money(stage: Stage, money: Money) -> None:
    words = shown_words(stage.window(failed(Failure.INTERNAL, money), presentation=Presentation("en")))
    assert ("1,234.500" in words) is (money not in {Money.NOTHING, Money.NONE_DUE})
    assert any(told in words for told in ("paid", "given back", "goes back to the person"))


def test_the_warning_and_the_farewell_hide_everything_personal(stage: Stage) -> None:
    for name in ("warning", "take"):
        words = shown_words(stage.window(FIRST_PAGES[name]))
        assert "سلمى" not in words
        assert "0001" not in words


def test_two_seconds_stand_in_the_case_that_the_preposition_asks_for(stage: Stage) -> None:
    window = stage.window(known(State.START_CARD, seconds=2), FULL_HD, Presentation("ar"))
    assert "بعد ثانيتين" in shown_words(window)
