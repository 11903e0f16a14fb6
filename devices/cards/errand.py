"""A call that the card thread runs for another thread, which waits only as long as a person should."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from kiosk.failures import Failure, ServiceFailure

_log = logging.getLogger(__name__)
T = TypeVar("T")

_NUDGE_SECONDS = 0.05


class Errand(Generic[T]):
    """PC/SC cannot interrupt a command that a driver sits on; so the asker stops waiting, and the card thread finds
    the errand abandoned as soon as the driver lets it go."""

    def __init__(self, work: Callable[[Errand[T]], T]) -> None:
        self._work = work
        self._answer: Future[T] = Future()
        self._started = threading.Event()
        self._abandoned = threading.Event()
        self._last_sign = time.monotonic()

    def run(self) -> None:
        """On the card thread."""
        if self._abandoned.is_set():
            return
        self._last_sign = time.monotonic()
        self._started.set()
        try:
            self.answer(self._work(self))
        except BaseException as error:  # whatever it is, it belongs to the asker, if that one still waits
            if self._answer.done():
                _log.error("card thread, after its answer: %s", type(error).__name__)
            else:
                self._answer.set_exception(error)

    def answer(self, value: T) -> None:
        """On the card thread: the asker has it from now on, whatever else the work goes on to do."""
        if not self._answer.done():
            self._answer.set_result(value)

    def refuse(self, failure: Failure) -> None:
        """On the card thread: it cannot be run."""
        self._started.set()
        self._answer.set_exception(ServiceFailure(failure))

    def is_abandoned(self) -> bool:
        """Asked before every command; that it is asked is the sign that the card thread is not stuck."""
        self._last_sign = time.monotonic()
        return self._abandoned.is_set()

    def is_silent(self, seconds: float) -> bool:
        """Whether it has begun and given no sign for so long: a driver sits on its command."""
        return self._started.is_set() and time.monotonic() - self._last_sign > seconds

    def wait(
        self,
        nudge: Callable[[], None],
        *,
        silent_seconds: float,
        whole_seconds: float,
        is_held_up: Callable[[], bool] = lambda: False,
    ) -> T:
        """On the asker's thread. `nudge` tells the card thread that somebody asks; it is repeated, so that none
        is lost; `is_held_up` says that the card thread cannot hear it.

        Raises CARD_TIMEOUT, and what the work raises.
        """
        end = time.monotonic() + whole_seconds
        while not self._started.is_set() and time.monotonic() < end and not is_held_up():
            nudge()
            self._started.wait(_NUDGE_SECONDS)
        while self._started.is_set() and (left := min(end, self._last_sign + silent_seconds) - time.monotonic()) > 0:
            try:
                return self._answer.result(timeout=left)
            except TimeoutError:
                if self._answer.done():
                    raise  # the work's own
        self._abandoned.set()
        raise ServiceFailure(Failure.CARD_TIMEOUT)
