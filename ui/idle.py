"""Watches how long nobody touched the screen, and says so when the present state's time is over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot


class IdleTimer(QObject):
    """One timer, armed anew by every page and every touch. Zero seconds means: wait for ever.

    While `touches_count` is false (a countdown that only its button may extend), touches do not arm it again.
    """

    def __init__(self, timed_out: Callable[[], None]) -> None:
        super().__init__()
        self._timed_out = timed_out
        self._touches_count = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._over)

    def arm(self, seconds: int, *, touches_count: bool) -> None:
        self._touches_count = touches_count
        self._timer.stop()
        if seconds:
            self._timer.start(seconds * 1000)

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def touched(self) -> None:
        if self._touches_count and self._timer.isActive():
            self._timer.start()

    @Slot()
    def _over(self) -> None:
        self._timed_out()
