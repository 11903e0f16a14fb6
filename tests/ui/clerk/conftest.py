"""A whole counter offscreen: the real visit on scripted parts, the real windows, keys only."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.events import Event
from kiosk.scene import State
from kiosk.texts import Texts
from kiosk.visit import Parts
from tests.kiosk.parts import SERVICES
from tests.kiosk.parts import Stage as Scripted
from tests.ui.clerk.pages import refunds_of
from tests.ui.clerk.parts import ScriptedBell, ScriptedCorrections, ScriptedRecords, ScriptedRegister
from tests.ui.samples import OFFICE
from tests.ui.samples_second import QUOTE
from ui.clerk.app import Counter
from ui.clerk.citizen_display import CitizenDisplay
from ui.clerk.desk import Tools
from ui.clerk.session import Door
from ui.look import Panel, Presentation
from ui.preview import FULL_HD
from ui.staff.window import StaffWindow
from ui.theme import Tokens

CITIZENS = Panel(1280, 800, 15.6)


class Office:
    """One counter with its surroundings, and the hands of a clerk who has only a keyboard."""

    def __init__(
        self,
        qtbot: QtBot,
        tokens: Tokens,
        texts: dict[str, Texts],
        panel: Panel = FULL_HD,
        presentation: Presentation | None = None,
    ) -> None:
        self.scripted = Scripted(assisted=True)
        self.scripted.desk.quote = QUOTE
        self.register, self.bell, self.records = ScriptedRegister(), ScriptedBell(), ScriptedRecords()
        self.rung: list[int] = []
        self.seconds = 0.0
        self._qtbot = qtbot
        parts, tools = self.trade()

        def make_display(send: Callable[[Event], None]) -> CitizenDisplay:
            display = CitizenDisplay(tokens, CITIZENS, texts, OFFICE, send)
            display.show()
            return display

        window = StaffWindow(tokens, panel, texts, OFFICE, presentation=presentation)
        window.show()
        window.activateWindow()
        self.counter = Counter(
            parts,
            SERVICES,
            tools,
            window,
            make_display,
            lock_seconds=120,
            at_rest=lambda: None,
            monotonic=lambda: self.seconds,
        )
        self.window = window
        assert self.counter.display is not None
        self.display = self.counter.display
        window.activateWindow()
        self.settle()

    def trade(self) -> tuple[Parts, Tools]:
        """What the counter trades with: here all of it scripted."""
        self.corrections = ScriptedCorrections(self.register, self.scripted.ledger)
        parts = self.scripted.visit.parts
        settlement = dataclasses.replace(parts.settlement, corrections=self.corrections)
        tools = Tools(
            register=self.register,
            bell=self.bell,
            records=self.records,
            ring=lambda: self.rung.append(1),
            clock=self.scripted.clock,
            print_again=settlement.print,
            refunds=refunds_of(self.scripted, self.corrections),
        )
        return dataclasses.replace(parts, settlement=settlement), tools

    # -- hands and eyes

    def settle(self) -> None:
        """Everything that was asked in the background has been answered, and what followed from it too."""
        for _ in range(3):
            answered: list[object] = []
            self.counter._errands.ask(lambda: None, answered.append)
            for _thread in range(4):
                self.counter._background.run(Event, answered.append)
            self._qtbot.waitUntil(partial(_has, answered, 5), timeout=10_000)
            QApplication.processEvents()

    def door(self) -> Door:
        """A call, so that a type checker does not take the door for what it was before a key."""
        return self.counter.session.door

    def wait(self, state: State) -> None:
        self._qtbot.waitUntil(lambda: self.counter.visit.state is state, timeout=10_000)
        self.settle()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """As the window system hands it over: to whatever has the focus."""
        native = self.window.windowHandle()
        assert native is not None
        QTest.keyClick(native, key, modifiers)
        self.settle()

    def type(self, text: str) -> None:
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClicks(focused, text)
        QApplication.processEvents()

    def sign_in(self, staff_id: str = "rana", pin: str = "271828") -> None:
        page = self.window.page
        names = [member.id for member in page._names]  # type: ignore[attr-defined]
        for _ in range(len(names)):
            if self.window.page.chosen() == staff_id:  # type: ignore[attr-defined]
                break
            self.key(Qt.Key.Key_Down)
        self.type(pin)
        self.key(Qt.Key.Key_Return)

    @property
    def state(self) -> State:
        return self.counter.visit.state

    def focused(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget is not None else ""

    def see(self, name: str, where: QWidget | None = None) -> QWidget | None:
        root = where or self.window
        found = [one for one in root.findChildren(QWidget, name) if one.isVisibleTo(root)]
        return found[0] if found else None

    def close(self) -> None:
        self.counter.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _has(found: list[object], count: int) -> bool:
    return len(found) == count


@pytest.fixture
def office(qtbot: QtBot, tokens: Tokens, texts: dict[str, Texts], qapp: QApplication) -> Iterator[Office]:
    made = Office(qtbot, tokens, texts)
    yield made
    made.close()
