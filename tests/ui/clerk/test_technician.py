"""A technician at the counter: by the clerk's own sign-in page or by the key, and nobody is served meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk.events import CardInserted
from kiosk.scene import State
from tests.ui.clerk.conftest import Office
from tests.ui.technician.parts import StillClock, sample_parts
from ui.clerk.session import Door
from ui.technician.entrance import Entrance, at_counter
from ui.technician.window import TechnicianWindow, make_beside

CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def entrance(office: Office, tmp_path: Path) -> Iterator[Entrance]:
    counter = office.counter
    made = at_counter(
        counter, lambda _line, run: make_beside(counter.window.look, sample_parts(tmp_path), run), StillClock()
    )
    counter.session._open_technician = made.door.let_in  # as the composition hands it in
    yield made
    made.close()


def room(entrance: Entrance) -> TechnicianWindow:
    assert entrance.door.room is not None
    return entrance.door.room


def leave(entrance: Entrance, office: Office) -> None:
    native = room(entrance).windowHandle()
    assert native is not None
    QTest.keyClick(native, Qt.Key.Key_F12)
    QApplication.processEvents()
    office.settle()


def test_a_technician_who_signs_in_here_is_let_in(office: Office, entrance: Entrance) -> None:
    office.sign_in("118", "141421")
    member = room(entrance).session.member
    assert member is not None
    assert member.id == "118"
    assert office.door() is Door.SIGNED_OUT
    leave(entrance, office)
    assert not entrance.door.is_open
    office.sign_in()  # the names are asked for anew
    assert office.door() is Door.OPEN


def test_the_key_opens_it_too_and_no_card_is_read_for_anybody(office: Office, entrance: Entrance) -> None:
    office.sign_in()
    office.key(Qt.Key.Key_T, CHORD)
    assert entrance.door.is_open
    office.counter.receive(CardInserted())
    office.settle()
    assert office.state is State.IDLE
    leave(entrance, office)
    assert office.door() is Door.OPEN
    assert office.counter.clerk() == "rana"
