"""Work that may block, done away from the screen; its answers come back on the screen's thread.

Whoever waits for an answer is known here, on the screen's thread only. A thread that held the last reference to a
window would destroy it there, which Qt allows for no QObject ("Threads and QObjects").
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

log = logging.getLogger(__name__)

Run = Callable[[Callable[[], object], Callable[[object], None]], None]
"""`run(work, then)`: `work` must hold no QObject; `then` gets its answer, and is not called where it died."""


class Errands(QObject):
    """`do` runs work on a thread of its own, such as `ui.background.Background.do`. Lives as long as that."""

    _ended = Signal(int, object)
    _died = Signal(int)

    def __init__(self, do: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self._do = do
        self._numbers = itertools.count()
        self._waiting: dict[int, Callable[[object], None]] = {}
        self._ended.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)
        self._died.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        number = next(self._numbers)
        self._waiting[number] = then

        def away() -> None:
            try:
                answer = work()
            except Exception as error:  # the boundary of this thread: the page goes on
                log.error("a technician's errand died of %s", type(error).__name__)
                self._died.emit(number)
                return
            self._ended.emit(number, answer)

        self._do(away)

    @Slot(int, object)
    def _hand_back(self, number: int, answer: object) -> None:
        then = self._waiting.pop(number, None)
        if then is not None:
            then(answer)

    @Slot(int)
    def _forget(self, number: int) -> None:
        self._waiting.pop(number, None)
