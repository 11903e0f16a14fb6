"""The signing page: what it sends, and that the PIN is in the field alone, unheard, and gone when the page is."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.events import Back, Cancelled, LastTryAgreed, PinTyped
from kiosk.failures import Failure
from kiosk.scene import Scene
from kiosk.texts import Language
from tests.ui import checks
from tests.ui.conftest import Stage
from tests.ui.samples_signing import APPLICATION, WRONG, no_pin, signing
from tests.ui.test_pages_second import names, press, shown_words
from ui.look import Panel, Presentation
from ui.preview import FULL_HD, SMALL
from ui.theme import TextSize
from ui.widgets.button import Button
from ui.widgets.pin_field import PinField
from ui.window import Window

ENGLISH = Presentation("en")
LARGEST = Presentation("en", TextSize.XL)


def type_pin(window: Window, digits: str = "482915") -> PinField:
    for digit in digits:
        press(window, f"key:{digit}")
    return field_of(window)


def field_of(window: Window) -> PinField:
    (field,) = window.page.findChildren(PinField)
    return field


def is_awake(window: Window) -> bool:
    """The one main button."""
    (button,) = (each for each in checks.visible(window) if each.objectName() == "main")
    return button.isEnabled()


def pages_left(window: Window) -> int:
    """How often Next can be pressed: at least once."""
    (told,) = re.findall(r"1 (?:of|/) (\d)", shown_words(window))
    return int(told) - 1


def whole_request(window: Window) -> str:
    """The words on every page of the rows."""
    said = shown_words(window)
    while any(each.objectName() == "next" and each.isEnabled() for each in checks.visible(window)):
        press(window, "next")
        said += shown_words(window)
    return said


def test_the_pin_is_sent_once_as_bytes_and_the_field_forgets_it(stage: Stage) -> None:
    window = stage.window(signing())
    field = type_pin(window)
    press(window, "main")
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray(b"482915"))]
    assert field.length() == 0
    assert field._digits == bytes(len(field._digits))


def test_real_keys_type_and_enter_signs(stage: Stage) -> None:
    window = stage.window(signing())
    QTest.keyClicks(window.page, "48295")
    QTest.keyClick(window.page, Qt.Key.Key_Backspace)
    QTest.keyClicks(window.page, "1")
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    assert stage.sent == [PinTyped(bytearray(b"48291"))]


@pytest.mark.parametrize("digits", ["", "482"])
@pytest.mark.parametrize("presentation", [ENGLISH, LARGEST], ids=["M", "XL"])
def test_too_short_a_pin_is_explained_to_who_presses_enter_and_never_sent(
    stage: Stage, digits: str, presentation: Presentation
) -> None:
    window = stage.window(signing(), SMALL, presentation)
    whole_request(window)
    if presentation is LARGEST:
        press(window, "main")
    type_pin(window, digits)
    assert not is_awake(window)
    press(window, "main")
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert stage.sent == []
    assert "at least 4 digits" in shown_words(window)
    assert checks.faults(window) == []
    type_pin(window)
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray(b"482915"))]


def test_the_button_wakes_from_the_fewest_digits_on_and_no_more_than_the_most_are_taken(stage: Stage) -> None:
    window = stage.window(signing(fewest=6, most=8), presentation=ENGLISH)
    assert "6 to 8 digits" in shown_words(window)
    waking = []
    for digit in "482915736":
        type_pin(window, digit)
        waking.append(is_awake(window))
    assert waking == [False] * 5 + [True] * 4
    for _ in range(3):
        press(window, "key:delete")
    assert not is_awake(window)
    type_pin(window, "0123")
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray(b"48291012"))]


@pytest.mark.parametrize("presentation", [ENGLISH, LARGEST], ids=["M", "XL"])
def test_at_the_readers_keys_the_button_wakes_after_the_last_page(stage: Stage, presentation: Presentation) -> None:
    window = stage.window(signing(at_reader=True), SMALL, presentation)
    for _ in range(pages_left(window)):
        assert not is_awake(window)
        press(window, "main")
        QTest.keyClick(window.page, Qt.Key.Key_Return)
        assert stage.sent == []
        press(window, "next")
    assert is_awake(window)
    press(window, "previous")
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray())]


def test_beside_the_keypad_the_button_wakes_after_the_last_page(stage: Stage) -> None:
    window = stage.window(signing(), SMALL, ENGLISH)
    type_pin(window)
    for _ in range(pages_left(window)):
        assert not is_awake(window)
        QTest.keyClick(window.page, Qt.Key.Key_Return)
        press(window, "next")
    assert stage.sent == []
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray(b"482915"))]


def test_before_the_keypad_the_way_on_wakes_after_the_last_page(stage: Stage) -> None:
    window = stage.window(signing(), SMALL, LARGEST)
    for _ in range(pages_left(window)):
        assert not is_awake(window)
        press(window, "next")
    press(window, "main")
    press(window, "back")
    assert is_awake(window), "it was read already"


@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
def test_who_mistyped_has_read_it_already(stage: Stage, panel: Panel) -> None:
    window = stage.window(signing(2, mistake=WRONG), panel, ENGLISH)
    type_pin(window)
    press(window, "main")
    assert stage.sent == [PinTyped(bytearray(b"482915"))]


@pytest.mark.parametrize("leave", ["language", "help", "card"])
def test_the_pin_is_gone_with_its_page(stage: Stage, leave: str) -> None:
    window = stage.window(signing())
    field = type_pin(window)
    if leave == "language":
        window.switch_language()
    elif leave == "help":
        window.show_help()
    else:
        window.show_scene(signing(working=True))
    assert field._digits == bytes(len(field._digits))
    assert all(each.length() == 0 for each in window.page.findChildren(PinField))
    assert "482915" not in repr(window.page.kept_scene().signing)
    assert window.page.draft() == ""


def test_only_the_name_of_the_pin_is_heard(stage: Stage) -> None:
    field = type_pin(stage.window(signing(), presentation=ENGLISH))
    interface = QAccessible.queryAccessibleInterface(field)
    assert interface is not None
    kinds = (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)
    assert [interface.text(kind) for kind in kinds] == ["PIN", "", ""]


def test_no_key_shows_that_it_is_pressed_nor_takes_the_focus(stage: Stage) -> None:
    window = stage.window(signing())
    keys = [each for each in window.page.findChildren(Button) if each.objectName().startswith("key:")]
    assert len(keys) == 12
    for key in keys:
        before = key.grab().toImage()
        key.setDown(True)
        assert key.grab().toImage() == before, key.objectName()
        assert key.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("panel", [FULL_HD, SMALL], ids=["1920x1080", "1024x768"])
@pytest.mark.parametrize("presentation", [ENGLISH, LARGEST], ids=["M", "XL"])
@pytest.mark.parametrize("scene", [signing(), signing(2), signing(1, last_try_agreed=True), signing(at_reader=True)])
def test_all_that_is_signed_can_be_read_before_it_is_signed(
    stage: Stage, scene: Scene, panel: object, presentation: Presentation
) -> None:
    window = stage.window(scene, panel, presentation)  # type: ignore[arg-type]  # a Panel
    said = whole_request(window)
    wanted = [APPLICATION.title.en, APPLICATION.agency.en, APPLICATION.holder_en, "23/11/2026", APPLICATION.reference]
    wanted += [words.en for row in APPLICATION.rows for words in row]
    assert [each for each in wanted if each not in said] == []
    assert APPLICATION.national_number not in said


def test_at_the_largest_size_back_leads_to_what_is_signed_and_then_out(stage: Stage) -> None:
    window = stage.window(signing(), SMALL, LARGEST)
    whole_request(window)
    press(window, "main")
    field = type_pin(window)
    press(window, "back")
    assert field.length() == 0
    assert "This is what you sign" in shown_words(window)
    press(window, "back")
    press(window, "end")
    assert stage.sent == [Back(), Cancelled()]


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        (signing(), "3 tries left"),
        (signing(2), "2 tries left"),
        (signing(1, last_try_agreed=True), "1 try left"),
        (signing(at_reader=True), "3 tries left"),
        (signing(2, mistake=WRONG), WRONG),
        (signing(at_reader=True, mistake=WRONG), WRONG),
        (signing(answered=False), "Asking your card"),
        (signing(working=True), "Do not take it out of the reader"),
        (signing(at_reader=True, working=True), "Type the PIN on the reader's keys"),
    ],
)
def test_the_page_says_how_things_stand(stage: Stage, scene: Scene, words: str) -> None:
    assert words in shown_words(stage.window(scene, presentation=ENGLISH))


@pytest.mark.parametrize(("tries", "warned"), [(3, False), (2, True)])
def test_a_block_is_warned_of_from_two_tries_on(stage: Stage, tries: int, warned: bool) -> None:
    said = shown_words(stage.window(signing(tries), presentation=ENGLISH))
    assert ("A Civil Status office unblocks it" in said) is warned


@pytest.mark.parametrize(("language", "office"), [("ar", "مكتب الأحوال المدنية"), ("en", "A Civil Status office")])
@pytest.mark.parametrize("scene", [signing(1), no_pin(Failure.PIN_BLOCKED), no_pin(Failure.PIN_NEVER_SET)])
def test_the_office_of_the_profile_is_named_in_the_persons_language(
    stage: Stage, scene: Scene, language: Language, office: str
) -> None:
    assert office in shown_words(stage.window(scene, presentation=Presentation(language)))


@pytest.mark.parametrize(("tries", "words"), [(2, "بقيت محاولتان"), (3, "بقيت 3 محاولات"), (11, "بقيت 11 محاولة")])
def test_tries_are_counted_as_arabic_counts(stage: Stage, tries: int, words: str) -> None:
    assert words in shown_words(stage.window(signing(tries)))


@pytest.mark.parametrize("scene", [signing(1), signing(1, mistake=WRONG), signing(1, at_reader=True)])
def test_the_last_try_is_agreed_to_before_anything_can_be_typed(stage: Stage, scene: Scene) -> None:
    window = stage.window(scene, presentation=ENGLISH)
    assert window.page.findChildren(PinField) == []
    assert names(window, "key:") == []
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    assert stage.sent == []
    press(window, "main")
    assert stage.sent == [LastTryAgreed()]


@pytest.mark.parametrize("presentation", [ENGLISH, LARGEST], ids=["M", "XL"])
def test_with_a_readers_own_keys_nothing_is_typed_here(stage: Stage, presentation: Presentation) -> None:
    window = stage.window(signing(at_reader=True), SMALL, presentation)
    assert names(window, "key:") == []
    whole_request(window)
    press(window, "main")
    press(window, "main")
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    assert stage.sent == [PinTyped(bytearray())]


def test_while_the_card_works_only_the_visit_can_be_ended(stage: Stage) -> None:
    for scene in (signing(answered=False), signing(working=True), signing(at_reader=True, working=True)):
        window = stage.window(scene)
        assert [each for each in ("back", "main") if names(window, each)] == []
        QTest.keyClick(window.page, Qt.Key.Key_Return)
        QApplication.processEvents()
        press(window, "end")
    assert stage.sent == [Cancelled()] * 3
