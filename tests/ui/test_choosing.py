"""Choosing a service: by tiles, by segment, by agency, by typing; and coming back to where it was found."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.events import BundleOpened, SegmentChosen, ServiceChosen
from kiosk.scene import Browsing, Scene, State
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples import PERMIT, services
from tests.ui.samples_choosing import BUNDLES, CHOOSING_PAGES, PROGRAMME, SIXTEEN, choosing
from tests.ui.test_pages_first import PANELS, press, shown_words
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize, ThemeName
from ui.widgets.keyboard import Keyboard
from ui.widgets.promotion import PromotionCard
from ui.widgets.text_field import TextField
from ui.window import Window


def names(window: Window, prefix: str) -> list[str]:
    return [one.objectName() for one in checks.visible(window) if one.objectName().startswith(prefix)]


def field(window: Window) -> TextField:
    found = window.findChild(TextField, "field:search")
    assert found is not None
    return found


def touch_keys(window: Window, keys: str) -> None:
    for key in keys:
        press(window, f"key:{key}")
    QApplication.processEvents()


@pytest.mark.parametrize("size", [TextSize.M, TextSize.XL], ids=str)
@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
@pytest.mark.parametrize("scene", CHOOSING_PAGES.values(), ids=CHOOSING_PAGES.keys())
def test_nothing_is_cut_nameless_small_or_overlapping(
    stage: Stage, scene: Scene, panel: Panel, language: str, size: TextSize
) -> None:
    assert checks.faults(stage.window(scene, panel, Presentation(language, size))) == []


@pytest.mark.parametrize("size", [TextSize.S, TextSize.L], ids=str)
@pytest.mark.parametrize("theme", [ThemeName.HIGH_CONTRAST_DARK, ThemeName.HIGH_CONTRAST_LIGHT], ids=str)
@pytest.mark.parametrize("scene", CHOOSING_PAGES.values(), ids=CHOOSING_PAGES.keys())
def test_the_other_sizes_and_themes_hold_too(stage: Stage, scene: Scene, theme: ThemeName, size: TextSize) -> None:
    assert checks.faults(stage.window(scene, SMALL, Presentation("ar", size, theme))) == []


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
def test_every_service_of_a_segment_can_be_reached_by_touch(stage: Stage, panel: Panel) -> None:
    """By the pages of the home, or under its agency: none is lost, none stands twice under an agency."""
    window = stage.window(choosing(Browsing("agencies")), panel)
    agencies = _through_all_pages(window, "agency:")
    found = []
    for agency in agencies:
        scene = choosing(Browsing("agency", agency.removeprefix("agency:")))
        found += _through_all_pages(stage.window(scene, panel), "service:")
    expected = [f"service:{service.id}" for service in PROGRAMME if "citizen" in service.segments]
    assert sorted(found) == sorted(expected)


def _through_all_pages(window: Window, prefix: str) -> list[str]:
    found = names(window, prefix)
    while (after := next((one for one in checks.visible(window) if one.objectName() == "next"), None)) is not None:
        if not after.isEnabled():
            break
        press(window, "next")
        QApplication.processEvents()
        found += names(window, prefix)
    return found


def test_what_a_passport_does_not_open_is_not_there_and_that_is_said(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["home-passport"], FULL_HD, Presentation("en"))
    assert names(window, "service:") == ["service:residence.permit", "service:post.box"]
    words = shown_words(window)
    assert "Other services need the national smart card" in words
    assert "Your passport is in the reader" in words


def test_whoever_looks_for_it_is_told_what_it_needs(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["search-not-offered"], FULL_HD, Presentation("en"))
    assert names(window, "service:") == []
    assert "This service needs the national smart card" in shown_words(window)


def test_a_citizen_who_looks_for_a_foreigner_s_service_is_told_so(stage: Stage) -> None:
    scene = choosing(Browsing("search"), typed="iqama", services=SIXTEEN, withheld=(PERMIT,))
    window = stage.window(scene, FULL_HD, Presentation("en"))
    assert names(window, "service:") == []
    assert "This service is for non-Jordanians, with a passport" in shown_words(window)


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS.keys())
def test_a_page_with_less_room_loses_no_tile(stage: Stage, panel: Panel) -> None:
    scene = dataclasses.replace(CHOOSING_PAGES["home-sixteen-offer"], services=SIXTEEN[:7], bundles=())
    window = stage.window(scene, panel, Presentation("ar", TextSize.L))
    wanted = {f"service:{service.id}" for service in SIXTEEN[:7] if "citizen" in service.segments}
    assert set(_through_all_pages(window, "service:")) == wanted


def test_the_segment_s_own_services_stand_there_and_another_is_one_touch_away(stage: Stage) -> None:
    scene = choosing(services=SIXTEEN, segment="government")
    window = stage.window(scene)
    shown = {name.removeprefix("service:") for name in names(window, "service:")}
    of_government = {service.id for service in SIXTEEN if "government" in service.segments}
    assert shown
    assert shown <= of_government
    press(window, "segment:business")
    assert stage.sent == [SegmentChosen("business")]


def test_at_the_largest_size_the_segment_is_chosen_on_a_page(stage: Stage) -> None:
    window = stage.window(choosing(), SMALL, Presentation("ar", TextSize.XL))
    press(window, "segments")
    press(window, "segment:resident")
    assert stage.sent == [SegmentChosen("resident")]


def test_one_segment_alone_is_no_choice_and_few_services_no_search(stage: Stage) -> None:
    window = stage.window(choosing(services=services(2), bundles=()))
    assert names(window, "search") == []
    only = tuple(service for service in SIXTEEN if service.id.startswith("post"))
    plain = stage.window(choosing(services=only))
    assert len(names(plain, "service:")) == len(only)


def test_a_bundle_is_opened_and_leads_from_one_service_to_the_next(stage: Stage) -> None:
    press(stage.window(choosing(services=SIXTEEN)), f"bundle:{BUNDLES[0].id}")
    first, second = BUNDLES[0].services
    press(stage.window(choosing(bundle=BUNDLES[0])), "main")
    press(stage.window(choosing(bundle=BUNDLES[0], bundle_done=(first,))), "main")
    press(stage.window(choosing(bundle=BUNDLES[0], bundle_done=(first, second))), "main")
    press(stage.window(choosing(bundle=BUNDLES[0])), "back")
    closed = BundleOpened("")
    assert stage.sent == [
        BundleOpened(BUNDLES[0].id),
        ServiceChosen(first),
        ServiceChosen(second),
        closed,
        closed,
    ]


def test_what_is_found_changes_with_every_key(stage: Stage) -> None:
    window = stage.window(choosing(services=SIXTEEN))
    press(window, "search")
    counts = []
    for letter in "مخالفه":
        touch_keys(window, letter)
        counts.append(len(names(window, "service:")))
    assert names(window, "service:")[0] == "service:traffic.fines"
    assert counts[-1] <= counts[0]
    press(window, "service:traffic.fines")
    assert stage.sent == [ServiceChosen("traffic.fines")]


def test_a_real_keyboard_opens_the_search_and_goes_on_in_it(stage: Stage) -> None:
    window = stage.window(choosing(services=SIXTEEN), presentation=Presentation("en"))
    QTest.keyClick(window.page, Qt.Key.Key_F)
    QTest.keyClicks(window.page, "ines")
    assert field(window).text() == "fines"
    QTest.keyClick(field(window), Qt.Key.Key_Return)
    assert window.findChild(Keyboard) is None


def test_similar_words_say_that_they_are(stage: Stage) -> None:
    english = Presentation("en")
    assert "similar words" in shown_words(stage.window(CHOOSING_PAGES["search-like"], presentation=english))
    assert "services match" in shown_words(stage.window(CHOOSING_PAGES["search-found"], presentation=english))


def test_where_nothing_is_found_a_word_of_others_or_all_services_help(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["search-nothing"])
    assert names(window, "service:") == []
    word = names(window, "word:")[0]
    press(window, word)
    assert field(window).text() == word.removeprefix("word:")
    assert names(window, "service:")
    field(window).setText("")
    touch_keys(window, "ظظظ")
    press(window, "all_services")
    assert names(window, "agency:")
    assert stage.sent == []


def test_done_makes_room_and_a_touch_of_the_field_brings_the_keys_back(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["search-found"])
    few = len(names(window, "service:"))
    press(window, "key:done")
    QApplication.processEvents()
    assert len(names(window, "service:")) > few
    press(window, "next")
    QTest.mouseClick(field(window), Qt.MouseButton.LeftButton)
    assert window.findChild(Keyboard) is not None


@pytest.mark.parametrize("switch", ["language", "text_size", "contrast"])
def test_a_switch_of_the_screen_keeps_what_was_typed(stage: Stage, switch: str) -> None:
    window = stage.window(choosing(services=SIXTEEN))
    press(window, "search")
    touch_keys(window, "رخ")
    press(window, switch)
    assert field(window).text() == "رخ"


@pytest.mark.parametrize("over", [State.START_CARD, State.TIME_WARNING, State.CARD_REMOVED])
def test_who_comes_back_finds_the_search_as_it_was(stage: Stage, over: State) -> None:
    given = choosing(services=SIXTEEN)
    window = stage.window(given)
    press(window, "search")
    touch_keys(window, "رخ")
    window.show_scene(dataclasses.replace(given, state=over, stopped_at=State.CHOOSING_SERVICE, seconds=45))
    window.show_scene(given)
    assert field(window).text() == "رخ"


def test_the_next_person_finds_the_home(stage: Stage) -> None:
    given = choosing(services=SIXTEEN)
    window = stage.window(given)
    press(window, "search")
    touch_keys(window, "رخ")
    window.show_scene(Scene(State.IDLE, visit=2, services=SIXTEEN))
    window.show_scene(dataclasses.replace(given, visit=2))
    assert window.findChild(TextField, "field:search") is None


def test_help_comes_and_goes_over_the_search(stage: Stage) -> None:
    window = stage.window(choosing(services=SIXTEEN))
    press(window, "search")
    touch_keys(window, "رخ")
    window.show_help()
    press(window, "close")
    assert field(window).text() == "رخ"


def test_the_idle_page_promotes_one_service_at_a_time(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["idle-season"], FULL_HD, Presentation("en"))
    assert names(window, "service:") == ["service:justice.non_conviction"]
    assert "In season now" in shown_words(window)
    card = window.findChild(PromotionCard)
    assert card is not None
    card.show_next()
    assert names(window, "service:") == ["service:traffic.fines"]
    assert "Often used at this office" in shown_words(window)
    assert checks.faults(window) == []
    press(window, "service:traffic.fines")
    assert stage.sent == []


def test_why_it_is_promoted_is_told_in_the_persons_language(stage: Stage) -> None:
    window = stage.window(CHOOSING_PAGES["idle-season"], FULL_HD, Presentation("ar"))
    assert "في موسمها الآن" in shown_words(window)
