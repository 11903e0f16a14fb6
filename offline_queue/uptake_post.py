"""Writes down how the services were used, and brings it to the centre, on a thread of its own.

Nobody waits for it, so it waits for everybody: it sends while nobody is served, little at a time, and only where there
is a line. What was not answered is sent again, under the same ids.
"""

from __future__ import annotations

import logging
import queue
import random
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from kiosk.failures import ServiceFailure
from kiosk.uptake import Uptake
from kiosk.wire import UptakeAnswer
from offline_queue.centre import NoAnswer
from offline_queue.uptake import SqlUptake

_LOG = logging.getLogger(__name__)
AT_ONCE: Final = 50
"""Records in one request: about 20 KB, three seconds of a line of 64 kbit/s."""


class UptakeCentre(Protocol):
    def deliver_uptake(self, records: tuple[Uptake, ...]) -> UptakeAnswer:
        """The centre's proven answer, which names none but these. Raises NoAnswer."""


class UptakePost:
    """`start` once, `close` once; what was handed in before `close` is written first.

    About every `every` seconds, never in step with other terminals, what waits is sent while `may_send` says so.
    """

    def __init__(
        self,
        store: SqlUptake,
        centre: UptakeCentre,
        may_send: Callable[[], bool],
        *,
        every: float = 600.0,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._store, self._centre, self._may_send = store, centre, may_send
        self._every, self._draw = every, draw
        self._inbox: queue.SimpleQueue[Uptake | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="uptake", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._inbox.put(None)
        self._thread.join()

    def keep(self, record: Uptake) -> None:
        """Does not wait; may be called on any thread."""
        self._inbox.put(record)

    def deliver(self) -> None:
        """Sends what waits, until nothing does, somebody comes, or no answer does."""
        while self._may_send() and (records := self._store.waiting(AT_ONCE)):
            try:
                answer = self._centre.deliver_uptake(records)
            except NoAnswer:
                return  # what that says of the line, delivery has said already
            settled = (*answer.held, *answer.refused)
            if answer.refused:
                _LOG.error("the centre refuses %d records of how services were used", len(answer.refused))
            self._store.settle(settled)
            if not settled:
                return

    def _run(self) -> None:
        send_at = self._next_time()
        while True:
            try:
                record = self._inbox.get(timeout=max(0.0, send_at - time.monotonic()))
            except queue.Empty:
                self._shielded(self.deliver)
                send_at = self._next_time()
                continue
            if record is None:
                return
            self._shielded(lambda record=record: self._store.keep(record))  # type: ignore[misc]  # mypy #2608

    def _next_time(self) -> float:
        return time.monotonic() + self._draw(self._every / 2, self._every)

    def _shielded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except ServiceFailure as failure:  # a full disk: what is counted is the least of it
            _LOG.error("how services were used was not kept: %s", failure.failure.name)
        except Exception as error:  # the thread's one boundary
            _LOG.error("the post of how services were used stumbled: %s", type(error).__name__)
