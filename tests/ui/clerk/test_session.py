"""Signing in and out, the lock, who may open it; and that nothing personal is left anywhere when a visit ends."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from kiosk.events import CardInserted, CardRemoved
from kiosk.failures import Failure
from kiosk.scene import State
from kiosk.staff import StaffAct
from kiosk.visit import Parts
from tests.kiosk.parts import MARKER_NAME, MARKER_NUMBER
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.test_visits import begin_without_card, enquire_by_plate, find_fines, take_cash, with_card
from ui.clerk.session import Door
from ui.icons import Artwork

K = Qt.Key
PLATE = "12-34567"
MARKERS = (MARKER_NUMBER, MARKER_NUMBER[-4:], MARKER_NAME.split()[0], "Maryam", "Planted", PLATE, "34567")


def words_of(window: QWidget) -> Iterator[str]:
    """Everything that a person or a screen reader can find in a window, shown or hidden."""
    for widget in [window, *window.findChildren(QWidget)]:
        interface = QAccessible.queryAccessibleInterface(widget)
        yield widget.accessibleName()
        yield widget.accessibleDescription()
        yield widget.toolTip()
        yield widget.windowTitle()
        if interface is not None:
            yield interface.text(QAccessible.Text.Name)
            yield interface.text(QAccessible.Text.Value)
        if isinstance(widget, QLabel | QLineEdit):
            yield widget.text()


def personal_words(office: Office) -> list[str]:
    found = [text for window in (office.window, office.display) for text in words_of(window)]
    clipboard = QApplication.clipboard()
    found += [clipboard.text(mode) for mode in (clipboard.Mode.Clipboard, clipboard.Mode.Selection)]
    return [text for text in found if any(marker in text for marker in MARKERS)]


def held(root: object) -> list[str]:
    """Every text with a marker in it that can be reached from `root`, however deep, but for the parts of the world:
    the scripted card and ledger know the person for good."""
    seen: set[int] = set()
    left: list[Any] = [root]
    found = []
    while left:
        one = left.pop()
        outside = type(one).__module__.startswith("tests.") or isinstance(one, type | ModuleType | Parts | Artwork)
        if id(one) in seen or outside:
            continue
        seen.add(id(one))
        if isinstance(one, str) and any(marker in one for marker in MARKERS[:1] + MARKERS[2:6]):
            found.append(one)
        globals_too = isinstance(one, FunctionType)  # of a function, only what it closes over
        left += (one.__closure__ or ()) if globals_too else gc.get_referents(one)
    return found


@pytest.fixture
def open_office(office: Office) -> Office:
    office.sign_in()
    return office


def test_a_wrong_pin_then_the_lock_out(office: Office) -> None:
    for tries in range(4):
        office.sign_in(pin="999999")
        assert office.door() is Door.SIGNED_OUT
        assert any(f"{4 - tries}" in text for text in words_of(office.window) if text)
    office.sign_in(pin="999999")
    office.sign_in()  # the right one comes too late
    assert office.door() is Door.SIGNED_OUT
    assert any("10:45" in text for text in words_of(office.window) if text)
    assert all(not any(pin) for pin in office.register.handed)
    office.sign_in("sami", "314159")
    assert office.counter.clerk() == "sami"


def test_a_technician_is_told_that_there_is_no_counter_for_them(office: Office) -> None:
    office.sign_in("118", "141421")
    assert office.door() is Door.SIGNED_OUT


def test_f12_twice_signs_out_and_once_does_not(open_office: Office) -> None:
    office = open_office
    office.key(K.Key_F12)
    assert office.door() is Door.OPEN
    office.key(K.Key_F12)
    assert office.door() is Door.SIGNED_OUT
    assert ("rana", StaffAct.SIGNED_OUT, "") in office.register.notes


def test_nobody_signs_out_over_a_visit_or_while_money_moves(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    office.key(K.Key_F12, Qt.KeyboardModifier.ControlModifier)
    assert office.door() is Door.OPEN
    find_fines(office)
    enquire_by_plate(office)
    office.scripted.printer.print_receipt = blocked = Blocked(office.scripted.printer.print_receipt)  # type: ignore[method-assign]
    take_without_waiting(office)
    office._qtbot.waitUntil(lambda: office.state is State.RECEIPT, timeout=10_000)
    office.counter.sign_out(at_once=True)
    assert office.door() is Door.OPEN
    blocked.go.set()
    office.wait(State.DONE)


class Blocked:
    """A printer that prints when the test lets it."""

    def __init__(self, work: Any) -> None:
        self.go = threading.Event()
        self._work = work

    def __call__(self, receipt: Any) -> Any:
        assert self.go.wait(10)
        return self._work(receipt)


def take_without_waiting(office: Office) -> None:
    office.key(K.Key_F8)
    office.type("50")
    office.key(K.Key_F11)
    office.counter.desk.till.pay()


def test_left_alone_it_locks_and_keeps_what_was_typed(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_F8)
    office.type("5")
    office.seconds = 119.0
    office.counter._alone.look()
    assert office.door() is Door.OPEN
    office.seconds = 120.0
    office.counter._alone.look()
    office.settle()
    assert office.door() is Door.LOCKED
    assert ("rana", StaffAct.LEFT_ALONE, "") in office.register.notes
    assert personal_words(office) == []
    office.sign_in()
    assert office.state is State.CHECK_ANSWERS
    assert office.counter.desk.sheet.tendered == "5"
    assert personal_words(office) != []


def test_a_key_puts_the_lock_off(open_office: Office) -> None:
    office = open_office
    office.seconds = 100.0
    office.key(K.Key_F1)
    office.seconds = 219.0
    office.counter._alone.look()
    assert office.door() is Door.OPEN
    office.seconds = 220.0
    office.counter._alone.look()
    assert office.door() is Door.LOCKED


def lock_over_a_case(office: Office) -> None:
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.counter.lock()
    office.settle()


def test_a_wrong_pin_opens_no_lock(open_office: Office) -> None:
    office = open_office
    lock_over_a_case(office)
    office.sign_in(pin="999999")
    assert office.door() is Door.LOCKED
    assert personal_words(office) == []


def test_a_supervisor_goes_on_with_the_case(open_office: Office) -> None:
    office = open_office
    lock_over_a_case(office)
    office.sign_in("huda", "161803")
    assert office.state is State.CHECK_ANSWERS
    take_cash(office)
    office.wait(State.DONE)
    (agreement,) = office.scripted.ledger.agreements.values()
    assert agreement.served_by == "huda"


def test_another_clerk_parks_the_case_first(open_office: Office) -> None:
    office = open_office
    lock_over_a_case(office)
    office.sign_in("sami", "314159")
    office._qtbot.waitUntil(lambda: office.door() is Door.OPEN, timeout=10_000)
    office.settle()
    assert office.counter.clerk() == "sami"
    assert office.state is State.PARKED
    ((parked, _draft),) = office.scripted.parked.cases.values()
    assert parked.by == "rana"


def test_another_clerk_comes_in_where_the_person_has_left_with_the_card(open_office: Office) -> None:
    office = open_office
    with_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.counter.post(CardRemoved())
    office.wait(State.CARD_REMOVED)
    office.counter.lock()
    office.sign_in("sami", "314159")
    office._qtbot.waitUntil(lambda: office.door() is Door.OPEN, timeout=10_000)
    office.settle()
    assert (office.counter.clerk(), office.state) == ("sami", State.IDLE)
    ((parked, _draft),) = office.scripted.parked.cases.values()
    assert parked.by == "rana"


def test_another_clerk_does_not_come_in_over_a_case_that_cannot_be_saved(open_office: Office) -> None:
    office = open_office
    office.scripted.parked.failure = Failure.NOT_SAVED
    lock_over_a_case(office)
    office.sign_in("sami", "314159")
    assert (office.door(), office.counter.clerk()) == (Door.LOCKED, "rana")


@pytest.mark.parametrize("way", ["card", "typed"])
def test_nothing_personal_is_left_on_either_window_after_f12(open_office: Office, way: str) -> None:
    office = open_office
    if way == "card":
        with_card(office)
    else:
        begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.key(K.Key_0, Qt.KeyboardModifier.AltModifier)
    assert personal_words(office) != []
    assert held(office.counter.desk) != []
    office.key(K.Key_F12)
    assert office.state in {State.IDLE, State.TAKE_CARD}
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert personal_words(office) == []
    for root in (office.counter.desk, office.counter.visit.case, office.counter.visit.scene(), office.display._scene):
        assert held(root) == []


def test_nothing_is_left_after_a_receipt_and_the_next_citizen(open_office: Office) -> None:
    office = open_office
    begin_without_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office)
    office.wait(State.DONE)
    office.key(K.Key_F2)
    assert office.focused() == "national_number"
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert personal_words(office) == []
    assert held(office.counter.desk) == []


def test_a_counter_that_is_closed_is_called_by_nobody(open_office: Office) -> None:
    office = open_office
    office.counter.line_changed.emit(False, 3)
    office.counter.close()
    office.counter._clock_timer.timeout.emit()
    QApplication.processEvents()
    assert isinstance(office.counter, QObject)


def test_a_line_that_fails_after_the_counter_is_gone_is_told_to_nobody(open_office: Office) -> None:
    office = open_office
    office.counter.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    office.counter.line_changed.emit(False, 3)  # an error in a slot fails the test
    QApplication.processEvents()
    assert office.counter._line == (True, 0)


def test_a_card_that_comes_while_nobody_serves_is_not_read(office: Office) -> None:
    office.counter.post(CardInserted())
    office.settle()
    assert office.state is State.TAKE_CARD
    assert personal_words(office) == []
    office.sign_in()
    office.key(K.Key_F4)
    office.wait(State.CHOOSING_SERVICE)


def test_a_card_that_comes_while_the_screen_is_locked_is_not_read_either(open_office: Office) -> None:
    office = open_office
    office.counter.lock()
    office.counter.post(CardInserted())
    office.settle()
    assert (office.state, personal_words(office)) == (State.TAKE_CARD, [])


def test_a_card_that_comes_back_behind_the_lock_goes_on_with_its_own_case(open_office: Office) -> None:
    office = open_office
    with_card(office)
    find_fines(office)
    enquire_by_plate(office)
    office.counter.lock()
    office.counter.post(CardRemoved())
    office.counter.post(CardInserted())
    office.wait(State.CHECK_ANSWERS)
    assert personal_words(office) == []
    office.sign_in()
    assert personal_words(office) != []
