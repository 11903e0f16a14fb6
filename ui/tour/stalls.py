"""Watches from another thread how late the screen's thread answers: what a person feels as a screen that hangs."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, Signal, Slot

STALL_SECONDS = 0.05
"""From here on a delay is noticed as one, and is a defect of the program."""

_PAUSE_SECONDS = 0.004


@dataclasses.dataclass(frozen=True, slots=True)
class Stall:
    """The screen's thread did not answer for `seconds`, until `at` (of `time.monotonic`)."""

    at: float
    seconds: float


class StallWatch(QObject):
    """Asks the thread on which it was made again and again, one question at a time, from `start` to `stop`.

    Only what falls inside `counting` counts: what the tour itself does between two looks at the screen (asking the
    ledger, moving a card) is no defect of the program. `longest` is the longest wait for an answer in seconds; `stalls`
    are all from STALL_SECONDS on.
    """

    _asked = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self.stalls: list[Stall] = []
        self._counts_from: float | None = None
        self._answered = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, name="stall watch", daemon=True)
        self._asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """To be called on the watched thread; a question that is still open is not counted."""
        self._ended.set()
        self._answered.set()
        self._thread.join()

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """While the program has the screen's thread."""
        self._counts_from = time.monotonic()
        try:
            yield
        finally:
            self._counts_from = None

    def _ask(self) -> None:
        while not self._ended.wait(_PAUSE_SECONDS):
            self._answered.clear()
            self._asked.emit(time.monotonic())
            self._answered.wait()

    @Slot(float)
    def _answer(self, asked: float) -> None:
        now = time.monotonic()
        if self._counts_from is not None:
            seconds = now - max(asked, self._counts_from)
            self.longest = max(self.longest, seconds)
            if seconds >= STALL_SECONDS:
                self.stalls.append(Stall(now, seconds))
        self._answered.set()
