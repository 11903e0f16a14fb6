"""At the counter the citizen says how the service was, on the own screen; what both hands did is counted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.events import CardRemoved
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.measuring import Measuring, Place
from kiosk.scene import State
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.wire import Words
from tests.kiosk.parts import ScriptedClock
from tests.ui.clerk.conftest import Office
from tests.ui.clerk.test_visits import enquire_by_plate, find_fines, open_office, take_cash, with_card
from ui.uptake import measure_counter

__all__ = ["open_office"]

pytestmark = pytest.mark.long(seconds=20)


def touch_on_display(office: Office, name: str) -> None:
    """As a finger does: the native window hears it first."""
    widget, native = office.see(name, office.display), office.display.windowHandle()
    assert widget is not None, f"nothing on the citizen's screen is named {name}"
    assert native is not None
    place = widget.mapTo(office.display, widget.rect().center())
    QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


@pytest.fixture
def counted(open_office: Office) -> list[Uptake]:
    records: list[Uptake] = []
    place = Place("KRK1", Words(ar="الكرك", en="Karak"))
    measure_counter(open_office.counter, Measuring(place, ScriptedClock(), records.append))
    return records


def test_the_citizen_says_it_and_the_clerk_has_no_control_for_it(open_office: Office, counted: list[Uptake]) -> None:
    office = open_office
    with_card(office)
    find_fines(office)
    enquire_by_plate(office)
    take_cash(office)
    office.wait(State.DONE)
    assert [face for face in Satisfaction if office.see(f"rate:{face.value}")] == []
    touch_on_display(office, "rate:bad")
    assert office.see("amount", office.display) is None, "one question at a time"
    touch_on_display(office, "reason:waited")
    assert office.see("amount", office.display) is not None
    office.counter.post(CardRemoved())
    office.key(Qt.Key.Key_F12)
    office.wait(State.IDLE)
    (record,) = counted
    assert (record.channel, record.outcome) == (Channel.ASSISTED, Outcome.FINISHED)
    assert (record.satisfaction, record.reason) == (Satisfaction.BAD, WhyUnhappy.WAITED)
    assert record.taps == 7, "the keys that the clerk pressed until it was paid"
    assert record.page == "done"


def test_a_touch_on_the_citizens_screen_is_counted_too(open_office: Office, counted: list[Uptake]) -> None:
    office = open_office
    with_card(office)
    touch_on_display(office, "language")
    touch_on_display(office, "language")
    office.counter.close()
    (record,) = counted
    assert (record.taps, record.characters) == (2, 0)
