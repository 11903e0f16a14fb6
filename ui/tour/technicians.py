"""A technician at the kiosk: in by a key, every section looked at, card and printer tested, and back to service."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.diagnostics import Health
from ui.technician.door import TechnicianDoor
from ui.technician.window import TechnicianWindow
from ui.tour.hand import Hand
from ui.tour.visits import Visitor

K = Qt.Key
_CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_SECTIONS = ("checks", "devices", "network", "delivery", "trust", "services", "settings", "versions")


def looks_after_the_terminal(visitor: Visitor, *, english: bool = False) -> None:
    """While somebody is served the door stays shut, politely; then it opens, and no visit begins meanwhile."""
    visitor.hand.wait_for_page("idle")
    if english:
        visitor.hand.touch("language")
    visitor.world.insert_card("salma")
    visitor.hand.wait_for_page("choosing_service")
    _press(visitor, K.Key_T, _CHORD)
    visitor.note("not-while-somebody-is-served")
    visitor.leave()
    room = _room(visitor)
    if english:
        _in_room(visitor, room, K.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    _sign_in(visitor, room)
    _all_checks(room)
    for number, section in enumerate(_SECTIONS, start=1):
        _in_room(visitor, room, K(K.Key_0.value + number))
        _note(visitor, room, section)
    _test_card(visitor, room)
    _print_test_page(visitor, room)
    _in_room(visitor, room, K.Key_F12)
    visitor.hand.wait_until(lambda: _door(visitor).room is None, "the terminal to be back in service")
    visitor.hand.wait_for_page("idle")


def _door(visitor: Visitor) -> TechnicianDoor:
    door = visitor.hand.window.findChild(TechnicianDoor)
    assert door is not None, "this kiosk has no door for a technician"
    return door


def _room(visitor: Visitor) -> TechnicianWindow:
    door = _door(visitor)
    visitor.hand.wait_until(lambda: door.room is not None, "the technician's window")
    assert door.room is not None
    return door.room


def _sign_in(visitor: Visitor, room: TechnicianWindow) -> None:
    hand = Hand(room)
    hand.wait_until(lambda: _focused() == "pin", "the technician's sign-in page")
    _note(visitor, room, "sign-in")
    for _ in visitor.pins:
        if getattr(room.page, "chosen", lambda: "")() == "118":
            break
        _in_room(visitor, room, K.Key_Down)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, visitor.pins["118"])
    _in_room(visitor, room, K.Key_Return)
    hand.wait_until(lambda: room.session.member is not None, "the technician to be in")


def _all_checks(room: TechnicianWindow) -> None:
    wanted = {check.id for check in room.session.parts.examination.checks}
    Hand(room).wait_until(lambda: wanted <= room.session.findings.keys(), "every check to have answered")


def _test_card(visitor: Visitor, room: TechnicianWindow) -> None:
    visitor.world.insert_card("karim")
    _in_room(visitor, room, K.Key_1)
    Hand(room).wait_until(lambda: _card_is_good(visitor, room), "the card test to pass")
    _note(visitor, room, "card-test")
    visitor.world.pull_card()


def _card_is_good(visitor: Visitor, room: TechnicianWindow) -> bool:
    """The reader needs a moment to see a card; a technician presses again."""
    session = room.session
    if "test_card" in session.running or session.busy:
        return False
    if session.findings["test_card"].measured.health is Health.GOOD:
        return True
    _in_room(visitor, room, K.Key_C)
    return False


def _print_test_page(visitor: Visitor, room: TechnicianWindow) -> None:
    before = len(visitor.world.printed())
    _in_room(visitor, room, K.Key_P)
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == before + 1, "the test page")
    visitor.without_value.append(before)
    _note(visitor, room, "test-page-printed")


def _focused() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def _press(visitor: Visitor, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    native = visitor.hand.window.windowHandle()
    assert native is not None
    QTest.keyClick(native, key, modifiers)
    visitor.hand.let_pass(60)


def _in_room(
    visitor: Visitor,
    room: TechnicianWindow,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    native = room.windowHandle()
    assert native is not None
    QTest.keyClick(native, key, modifiers)
    visitor.hand.let_pass(60)


def _note(visitor: Visitor, room: TechnicianWindow, step: str) -> None:
    hand = Hand(room, pictures=visitor.hand.takes_pictures)
    hand.let_pass(80)
    visitor.diary.note(visitor.name, step, "technician", hand.picture())
