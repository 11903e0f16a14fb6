"""The pages of several services in one visit: whole at every size, and what they send."""

from __future__ import annotations

from uuid import UUID

import pytest

from kiosk.events import (
    AnotherService,
    BasketItemOpened,
    BasketItemPaid,
    BasketItemRemoved,
    BasketWanted,
    Confirmed,
    CopyWanted,
    Event,
)
from kiosk.scene import Scene
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples_basket import BASKET_PAGES
from tests.ui.test_pages_second import PANELS, names, press, shown_words
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName


@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL], ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("scene", BASKET_PAGES.values(), ids=BASKET_PAGES.keys())
def test_nothing_is_cut_nameless_small_or_overlapping(
    stage: Stage, scene: Scene, panel: Panel, language: str, size: TextSize
) -> None:
    window = stage.window(scene, panel, Presentation(language, size))
    assert checks.faults(window) == []
    assert "{" not in shown_words(window)


@pytest.mark.parametrize("size", [TextSize.S, TextSize.L], ids=str)
@pytest.mark.parametrize("theme", [ThemeName.HIGH_CONTRAST_DARK, ThemeName.HIGH_CONTRAST_LIGHT], ids=str)
@pytest.mark.parametrize("scene", BASKET_PAGES.values(), ids=BASKET_PAGES.keys())
def test_the_other_sizes_and_themes_hold_too(stage: Stage, scene: Scene, theme: ThemeName, size: TextSize) -> None:
    assert checks.faults(stage.window(scene, SMALL, Presentation("ar", size, theme))) == []


FIRST = UUID(int=2)
PRESSED: list[tuple[str, str, Event]] = [
    ("basket", "main", Confirmed()),
    ("basket", "add", AnotherService()),
    ("basket", "apart", BasketItemPaid(FIRST)),
    ("basket", f"change:{FIRST}", BasketItemOpened(FIRST)),
    ("basket", f"remove:{FIRST}", BasketItemRemoved(FIRST)),
    ("basket-home", "basket", BasketWanted()),
    ("basket-check-first", "main", Confirmed()),
    ("basket-check-first", "add", AnotherService()),
    ("basket-check-next", "main", BasketWanted()),
    ("basket-check-signed", "main", BasketWanted()),
    ("basket-done", "copy", CopyWanted()),
    ("basket-done-one", "basket", BasketWanted()),
]


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize(("page", "name", "event"), PRESSED)
def test_what_is_pressed_is_sent(stage: Stage, page: str, name: str, event: Event, panel: Panel) -> None:
    window = stage.window(BASKET_PAGES[page], panel)
    press(window, name)
    assert stage.sent == [event]


def test_each_service_stands_with_its_amount_and_the_sum_is_one(stage: Stage) -> None:
    words = shown_words(stage.window(BASKET_PAGES["basket"], FULL_HD, Presentation("en")))
    assert all(told in words for told in ("42.500", "6.500", "49.000", "3 fines", "Vehicle 12-34567"))


def test_one_service_alone_is_not_paid_one_by_one_and_a_full_basket_takes_no_more(stage: Stage) -> None:
    assert names(stage.window(BASKET_PAGES["basket-one"]), "apart") == []
    assert names(stage.window(BASKET_PAGES["basket-six"]), "add") == []


def test_where_nothing_is_due_no_word_of_paying_is_there(stage: Stage) -> None:
    words = shown_words(stage.window(BASKET_PAGES["basket-free"], FULL_HD, Presentation("en"))).lower()
    assert "pay" not in words
    assert "0.000" not in words


def test_what_is_still_to_be_paid_is_said_before_anybody_leaves(stage: Stage) -> None:
    words = shown_words(stage.window(BASKET_PAGES["basket-done-one"], FULL_HD, Presentation("en")))
    assert "1 service is still to be paid: 6.500 JD" in words


def test_every_receipt_has_its_number_and_its_agencys_word(stage: Stage) -> None:
    words = shown_words(stage.window(BASKET_PAGES["basket-done-mixed"], FULL_HD, Presentation("en")))
    said = ("KRK3-000482", "KRK3-000483", "KRK3-000484", "Needs attention", "Awaiting delivery", "Accepted")
    assert all(told in words for told in said)
