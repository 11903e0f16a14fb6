"""Notices that nobody has touched the staff's screen for a while, so that it can lock itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

_LOOK_MS = 1000


class LeftAlone(QObject):
    """`touched` is called at every key; once `seconds` have passed without one, `left` is called, once. `monotonic`
    gives seconds, so that no change of the wall clock locks or unlocks anything."""

    def __init__(self, seconds: float, left: Callable[[], None], monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._seconds, self._left, self._monotonic = seconds, left, monotonic
        self._since: float | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._since = self._monotonic()
        self._timer.start()

    def stop(self) -> None:
        self._since = None
        self._timer.stop()

    @Slot()
    def touched(self) -> None:
        if self._since is not None:
            self._since = self._monotonic()

    @Slot()
    def look(self) -> None:
        if self._since is not None and self._monotonic() - self._since >= self._seconds:
            self.stop()
            self._left()
