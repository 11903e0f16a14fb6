"""A clerk's hands and eyes at the real counter: keys alone on the clerk's window, a finger on the citizen's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kiosk.scene import State
from ui.clerk.app import Counter
from ui.clerk.session import Door
from ui.tour.diary import Diary, Observed
from ui.tour.hand import Hand, TourStopped

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


class CounterWorld(Protocol):
    """What the world does at this side: the cards at the counter's own reader, the line, and a kiosk that calls."""

    def insert_card(self, name: str) -> None: ...

    def pull_card(self) -> None: ...

    def access_number(self, name: str) -> str: ...

    def cut_line(self) -> None: ...

    def restore_line(self) -> None: ...

    def call_from_kiosk(self) -> None:
        """A person at a kiosk of the same office asks for help."""

    def pay_at_the_agency(self, plate: str) -> None:
        """Somebody pays this vehicle's fines at the agency's own window."""

    def papers(self) -> int:
        """How many have come out of the printer."""


@dataclasses.dataclass(slots=True)
class Clerk:
    """One counter with somebody behind it. `pins` are those of the demonstration's staff, by id."""

    name: str
    counter: Counter
    world: CounterWorld
    pins: Mapping[str, str]
    diary: Diary
    observe: Callable[[], Observed]
    pictures: bool = True

    # -- hands

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
        """As the window system hands it over: to whatever has the focus."""
        native = self.counter.window.windowHandle()
        assert native is not None
        QTest.keyClick(native, key, modifiers)
        self._hand().let_pass(40)

    def type(self, text: str) -> None:
        native = self.counter.window.windowHandle()
        if QApplication.focusWidget() is None or native is None:
            raise TourStopped(f"{self.name}: nothing has the focus to type {len(text)} characters into")
        for character in text:
            QTest.keyClick(native, ord(character))
        self._hand().let_pass(40)

    def touch_on_display(self, name: str) -> None:
        Hand(self._display()).touch(name)

    # -- eyes

    @property
    def state(self) -> State:
        return self.counter.visit.state

    @property
    def door(self) -> Door:
        return self.counter.session.door

    def focused(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget is not None else ""

    def wait(self, *states: State) -> State:
        self.until(lambda: self.state in states, f"the visit to be {' or '.join(states)}")
        self._hand().let_pass(120)
        return self.state

    def until(self, true: Callable[[], bool], wanted: str, seconds: float | None = None) -> None:
        try:
            self._hand().wait_until(true, wanted, seconds)
        except TourStopped as stopped:
            raise TourStopped(f"{self.name}: {stopped}; {self.state}, {self.door}, focus {self.focused()}") from stopped

    def expect(self, true: bool, what: str) -> None:
        if not true:
            raise TourStopped(f"{self.name}: {what}; the visit is {self.state}")

    def see(self, name: str) -> QWidget | None:
        return self._hand().see(name)

    def note(self, step: str, *, display: bool = False) -> None:
        """A picture of the clerk's window, and where it matters one of the citizen's beside it."""
        hand = self._hand()
        hand.let_pass(60)
        self.diary.note(self.name, step, self.state.value, hand.picture())
        if display:
            shown = Hand(self._display(), pictures=self.pictures)
            self.diary.note(self.name, f"{step}-citizen", self.state.value, shown.picture())

    def _hand(self) -> Hand:
        return Hand(self.counter.window, pictures=self.pictures)

    def _display(self) -> QWidget:
        assert self.counter.display is not None
        return self.counter.display
