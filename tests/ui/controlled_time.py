"""Timers that run when the test says so, in the order of their times."""

from __future__ import annotations

import functools

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

import ui.help_line
import ui.idle
import ui.sound
import ui.widgets.countdown


class ControlledTimer(QObject):
    """As much of a QTimer as the screens use."""

    timeout = Signal()

    def __init__(self, time: ControlledTime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._time = time
        self._single = False
        self._interval = 0
        self.due: int | None = None
        time.timers.append(self)

    def setSingleShot(self, single: bool) -> None:
        self._single = single

    def setInterval(self, milliseconds: int) -> None:
        self._interval = milliseconds

    def start(self, milliseconds: int | None = None) -> None:
        if milliseconds is not None:
            self._interval = milliseconds
        self.due = self._time.now + self._interval

    def stop(self) -> None:
        self.due = None

    def isActive(self) -> bool:
        return self.due is not None

    def run_out(self) -> None:
        self.due = None if self._single else self._time.now + self._interval
        self.timeout.emit()


class ControlledTime:
    def __init__(self) -> None:
        self.now = 0  # milliseconds
        self.timers: list[ControlledTimer] = []

    def pass_seconds(self, seconds: float) -> None:
        end = self.now + round(seconds * 1000)
        while (timer := self._next(end)) is not None:
            assert timer.due is not None
            self.now = timer.due
            timer.run_out()
            QApplication.processEvents()
        self.now = end

    def _next(self, end: int) -> ControlledTimer | None:
        self.timers = [timer for timer in self.timers if shiboken6.isValid(timer)]
        ahead = [timer for timer in self.timers if timer.due is not None and timer.due <= end]
        return min(ahead, key=lambda timer: timer.due or 0, default=None)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> ControlledTime:
    """In place of every clock of the screens."""
    controlled = ControlledTime()
    for module in (ui.idle, ui.widgets.countdown, ui.sound, ui.help_line):
        monkeypatch.setattr(module, "QTimer", functools.partial(ControlledTimer, controlled))
    return controlled
