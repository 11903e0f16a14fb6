"""Questions that block, asked in the background; each answer comes back on the screen's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from kiosk.failures import Failure, ServiceFailure
from kiosk.receipt import ContentLeft
from kiosk.staff import SignInRefused, StaffMistake

T = TypeVar("T")

log = logging.getLogger(__name__)

_EXPECTED = (ServiceFailure, SignInRefused, StaffMistake, ContentLeft)


class Errands(QObject):
    """`ask(work, then)`: `then` gets what `work` answered, or the ServiceFailure, SignInRefused, StaffMistake or
    ContentLeft that it raised. A bug becomes ServiceFailure(INTERNAL) and is logged by its kind. One thread: in the
    order they were asked.

    Once it is closed, whatever is still answered is dropped.
    """

    _answered = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counter")
        self._closed = False
        self._answered.connect(self._hand_back, Qt.ConnectionType.QueuedConnection)

    def ask(self, work: Callable[[], T], then: Callable[[T | Exception], None]) -> None:
        if not self._closed:
            self._thread.submit(lambda: self._answered.emit(then, _shielded(work)))

    def close(self) -> None:
        """What is under way is waited for: it may be a PIN that is just being compared."""
        self._closed = True
        self._thread.shutdown(wait=True, cancel_futures=True)

    @Slot(object, object)
    def _hand_back(self, then: Callable[[Any], None], answer: object) -> None:
        if not self._closed:
            then(answer)


def _shielded(work: Callable[[], T]) -> T | Exception:
    try:
        return work()
    except _EXPECTED as expected:
        return expected
    except Exception as bug:  # the boundary of this thread
        log.error("a question of the counter died of %s", type(bug).__name__)
        return ServiceFailure(Failure.INTERNAL)
