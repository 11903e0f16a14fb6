"""Signing at the counter: the citizen types on the own screen; without one, on the clerk's keyboard, turned round."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.events import Back, Event, LastTryAgreed, PinTyped
from kiosk.texts import Texts
from tests.ui import checks
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.pages import PAGES
from tests.ui.clerk.parts import call
from tests.ui.clerk.test_pages import window_of
from tests.ui.samples import OFFICE
from tests.ui.samples_signing import APPLICATION, signing
from tests.ui.windows import take_away
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.page import CounterPage
from ui.look import Panel
from ui.preview import FULL_HD
from ui.staff.window import StaffWindow
from ui.theme import Tokens
from ui.widgets.pin_field import PinField
from ui.widgets.text import Text

pytestmark = pytest.mark.usefixtures("qapp", "artwork")


def press(window: QWidget, name: str) -> None:
    (found,) = (each for each in checks.visible(window) if each.objectName() == name)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def counter(name: str, tokens: Tokens, texts: dict[str, Texts]) -> tuple[StaffWindow, list[Event]]:
    """The clerk's window over a desk in that state, and what is sent from it."""
    desk, sent = PAGES[name](), list[Event]()
    desk.send = sent.append
    return window_of(desk, tokens, texts), sent


@pytest.mark.parametrize("panel", [FULL_HD, Panel(1280, 800, 15.6)], ids=["one-part", "two-parts"])
def test_the_citizen_signs_by_touch_on_the_own_screen(panel: Panel, tokens: Tokens, texts: dict[str, Texts]) -> None:
    sent: list[Event] = []
    display = CitizenDisplay(tokens, panel, texts, OFFICE, sent.append)
    display.show()
    display.show_scene(signing())
    QApplication.processEvents()
    while any(each.objectName() == "next" and each.isEnabled() for each in checks.visible(display)):
        press(display, "next")
    if not display.findChildren(PinField):
        press(display, "main")
    for digit in "482915":
        press(display, f"key:{digit}")
    (field,) = display.findChildren(PinField)
    press(display, "main")
    assert sent == [PinTyped(bytearray(b"482915"))]
    assert field.length() == 0
    assert [each.objectName() for each in checks.visible(display) if each.objectName() == "end"] == []
    take_away(display)


def test_covering_the_citizens_screen_wipes_the_pin(tokens: Tokens, texts: dict[str, Texts]) -> None:
    display = CitizenDisplay(tokens, FULL_HD, texts, OFFICE, lambda _event: None)
    display.show()
    display.show_scene(signing())
    press(display, "key:4")
    (field,) = display.findChildren(PinField)
    display.cover()
    assert field._digits == bytes(len(field._digits))
    take_away(display)


def test_back_on_the_citizens_screen_is_sent(tokens: Tokens, texts: dict[str, Texts]) -> None:
    sent: list[Event] = []
    display = CitizenDisplay(tokens, FULL_HD, texts, OFFICE, sent.append)
    display.show()
    display.show_scene(signing())
    press(display, "back")
    assert sent == [Back()]
    take_away(display)


@pytest.mark.parametrize("name", ["signing", "signing-working", "signing-at-reader", "signing-last-try"])
def test_the_clerk_only_watches_where_the_citizen_has_a_screen(
    name: str, tokens: Tokens, texts: dict[str, Texts]
) -> None:
    window, sent = counter(name, tokens, texts)
    assert window.findChildren(PinField) == []
    QTest.keyClicks(window.page, "482915")
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    assert sent == []
    take_away(window)


def test_with_one_screen_the_pin_is_typed_on_the_keyboard(tokens: Tokens, texts: dict[str, Texts]) -> None:
    window, sent = counter("signing-one-screen", tokens, texts)
    heard = " ".join(each.accessibleName() for each in checks.visible(window))
    shown = " ".join(text.text() for text in window.findChildren(Text))
    assert APPLICATION.title.ar in shown
    (field,) = window.findChildren(PinField)
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "482")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sent == []
    QTest.keyClicks(field, "915")
    assert isinstance(window.page, CounterPage)
    assert window.page.is_taking_a_pin()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sent == [PinTyped(bytearray(b"482915"))]
    assert not window.page.is_taking_a_pin()
    assert "482" not in heard
    take_away(window)


def test_with_one_screen_the_last_try_is_agreed_to_first(tokens: Tokens, texts: dict[str, Texts]) -> None:
    window, sent = counter("signing-one-screen-last-try", tokens, texts)
    assert window.findChildren(PinField) == []
    press(window, "main")
    assert sent == [LastTryAgreed()]
    take_away(window)


def test_with_one_screen_and_keys_at_the_reader_the_clerk_begins(tokens: Tokens, texts: dict[str, Texts]) -> None:
    window, sent = counter("signing-one-screen-at-reader", tokens, texts)
    press(window, "main")
    assert sent == [PinTyped(bytearray())]
    take_away(window)


def test_a_call_for_help_does_not_take_away_a_half_typed_pin(office: Office) -> None:
    office.sign_in()
    desk = office.counter.desk
    desk.second_screen = False
    desk.take(dataclasses.replace(signing(), assisted=True))
    desk.renew()
    office.type("48")
    office.bell.calls = (call(1),)
    office.counter._listen()
    office.settle()
    assert desk.office.now.calls
    office.type("2915")
    (field,) = office.window.findChildren(PinField)
    assert field.take() == b"482915"
    desk.renew()
    assert office.window.findChildren(PinField) != [field]
