"""A person at a whole kiosk: real screens and visit, scripted parts, and a clock that the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.events import Answered, CardInserted, ServiceChosen, Started
from kiosk.scene import State
from kiosk.visit import Parts
from tests.kiosk.help_desk import ScriptedHelpDesk
from tests.kiosk.parts import SERVICES
from tests.kiosk.parts import Stage as Scripted
from tests.ui.controlled_time import ControlledTime, time
from tests.ui.samples import OFFICE
from ui.app import Kiosk
from ui.fonts import load_fonts
from ui.opening import FirstWindow
from ui.preview import FULL_HD
from ui.widgets.countdown import CountdownRing

__all__ = ["time"]

Come = Callable[[Parts], "Visitor"]


class Visitor:
    """What somebody does there, and what they see."""

    def __init__(self, kiosk: Kiosk, time: ControlledTime, qtbot: QtBot) -> None:
        self.kiosk, self.time, self._qtbot = kiosk, time, qtbot

    def at(self) -> State:
        """A call, so that a type checker does not take the state for what it was before."""
        return self.kiosk.visit.state

    def reach(self, state: State) -> None:
        self._qtbot.waitUntil(lambda: self.at() is state, timeout=10_000)

    def begin(self) -> None:
        self.kiosk.receive(CardInserted())
        self.reach(State.CHOOSING_SERVICE)

    def go_to_plate(self) -> None:
        self.begin()
        for event in (ServiceChosen("traffic.fines"), Started(), Answered("search_by", "vehicle")):
            self.kiosk.receive(event)

    def press(self, name: str) -> None:
        """As a finger does: the native window hears it first."""
        widget, native = self.widget(name), self.kiosk.window.windowHandle()
        assert native is not None
        place = widget.mapTo(self.kiosk.window, widget.rect().center())
        QTest.mouseClick(native, Qt.MouseButton.LeftButton, pos=place)
        QApplication.processEvents()

    def widget(self, name: str) -> QWidget:
        window = self.kiosk.window
        found = next((each for each in window.findChildren(QWidget, name) if each.isVisibleTo(window)), None)
        assert found is not None, f"nothing is named {name}"
        return found

    def left(self) -> int:
        ring = self.kiosk.window.page.findChild(CountdownRing)
        assert ring is not None
        return ring.left


@pytest.fixture
def come(time: ControlledTime, qtbot: QtBot) -> Iterator[Come]:
    """Opens a kiosk with these parts and lets somebody come to it."""
    load_fonts()
    opened: list[Kiosk] = []

    def open_kiosk(parts: Parts) -> Visitor:
        first = FirstWindow(FULL_HD, OFFICE, SERVICES, motion=False)
        kiosk = Kiosk(parts, SERVICES, first.serve, lambda: None, ScriptedHelpDesk())
        opened.append(kiosk)
        kiosk.window.show()
        return Visitor(kiosk, time, qtbot)

    yield open_kiosk
    for kiosk in opened:
        kiosk.close()


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def visitor(come: Come, scripted: Scripted) -> Visitor:
    return come(scripted.visit.parts)
