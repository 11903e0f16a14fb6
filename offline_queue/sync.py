"""The sync thread: runs the drain, lets a visit wait for its answer, and tells the screen when the line changes."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kiosk.transaction import DeliveryOutcome, TransactionState
from offline_queue.drain import Drain
from offline_queue.ledger import SqlLedger

_LOG = logging.getLogger(__name__)
_UNDECIDED: Final = frozenset({TransactionState.COMMITTED, TransactionState.SENT, TransactionState.HELD_BY_HUB})
_LONGEST_SLEEP: Final = 3600.0
_FORGET_EVERY: Final = 3600.0


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """How delivery stands at one moment; `trouble` is the `Silence` of the last question, "" where it was answered."""

    line_is_up: bool
    trouble: str
    last_answer_at: datetime | None
    next_try_at: datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Call:
    """Whether somebody woke the thread, and what is waited for."""

    hurry: bool
    first: tuple[UUID, ...]


class Sync:
    """`kiosk.ports.Delivery`. `on_change(line is up, how many wait)` is called on the sync thread, when either changes.

    `start` once, `close` once; a request that is under way is finished first (its time-outs bound that).
    Once an hour, with a line or without, the thread also has the ledger forget what has run out, and calls `retain`
    until that answers that nothing is left to do; whoever wakes the thread comes first.
    """

    def __init__(
        self,
        ledger: SqlLedger,
        drain: Drain,
        on_change: Callable[[bool, int], None] = lambda _up, _waiting: None,
        retain: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ledger = ledger
        self._drain = drain
        self._on_change = on_change
        self._retain = retain
        self._retaining = False
        self._told: tuple[bool, int] | None = None
        self._state = threading.Condition()
        self._wanted = False
        self._awaited: list[UUID] = []  # somebody stands there for each
        self._closing = False
        self._begun = 0  # steps begun and ended: a waiter needs one that began after it asked
        self._ended = 0
        self._forget_at = time.monotonic() + _FORGET_EVERY  # the ledger did when it was opened
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        with self._state:
            self._closing = True
            self._state.notify_all()
        self._thread.join()

    # -- kiosk.ports.Delivery

    def line_is_up(self) -> bool:
        return self._drain.line_is_up

    def wake(self) -> None:
        with self._state:
            self._wanted = True
            self._state.notify_all()

    def wait_for_answer(self, transaction: UUID, seconds: float) -> DeliveryOutcome:
        """Meanwhile it goes before whatever else waits. Returns early where waiting is in vain: an attempt begun since
        found no line, or the centre said "later"."""
        with self._state:
            self._awaited.append(transaction)
        try:
            return self._wait(transaction, time.monotonic() + seconds)
        finally:
            with self._state:
                self._awaited.remove(transaction)

    def _wait(self, transaction: UUID, deadline: float) -> DeliveryOutcome:
        with self._state:
            mine = self._begun + 1
        self.wake()
        while True:
            with self._state:
                ended = self._ended
            outcome = self._ledger.outcome_of(transaction)
            in_vain = ended >= mine and (self._drain.on_hold or not self._drain.line_is_up)
            left = deadline - time.monotonic()
            if outcome.state not in _UNDECIDED or in_vain or left <= 0:
                return outcome
            if self._next_step_ended(ended, left):
                deadline = 0.0

    def _next_step_ended(self, ended: int, seconds: float) -> bool:
        """Waits for it; True where the thread is closing and no more will end."""
        with self._state:
            self._state.wait_for(lambda: self._ended != ended or self._closing, seconds)
            return self._closing

    # -- for staff

    def standing(self) -> Standing:
        """Does not wait; may be called on any thread."""
        drain = self._drain
        return Standing(
            line_is_up=drain.line_is_up,
            trouble=drain.trouble.value if drain.trouble is not None else "",
            last_answer_at=drain.last_answer_at,
            next_try_at=drain.now() + timedelta(seconds=min(drain.next_step_in(), _LONGEST_SLEEP)),
        )

    # -- the thread

    def _run(self) -> None:
        self._tell()
        pause = 0.0
        while (call := self._sleep(pause)) is not None:
            try:
                pause = self._drain.step(hurry=call.hurry, first=call.first)
                self._forget()
            except Exception as error:  # the thread's one boundary: whatever happens, delivery goes on later
                _LOG.error("the sync stumbled: %s", type(error).__name__)
                pause = 1.0
            self._tell()
            with self._state:
                self._ended = self._begun
                self._state.notify_all()

    def _sleep(self, seconds: float) -> _Call | None:
        """What the next step is to know; None at the end."""
        with self._state:
            self._state.wait_for(lambda: self._wanted or self._closing, min(seconds, _LONGEST_SLEEP))
            if self._closing:
                return None
            call, self._wanted = _Call(self._wanted, tuple(self._awaited)), False
            self._begun += 1
            return call

    def _forget(self) -> None:
        if time.monotonic() >= self._forget_at:
            self._forget_at = time.monotonic() + _FORGET_EVERY
            self._ledger.forget_expired()
            self._retaining = True
        # Where a step fails, the next hour tries again.
        more, self._retaining = self._retaining, False
        while more and not self._is_called():
            more = self._retain()
        self._retaining = more

    def _is_called(self) -> bool:
        with self._state:
            return self._wanted or self._closing

    def _tell(self) -> None:
        try:
            now = (self._drain.line_is_up, self._ledger.waiting())
            if now != self._told:
                self._told = now
                self._on_change(*now)
        except Exception as error:  # an unreadable file, or a screen's defect, does not end delivery
            _LOG.error("the line's state could not be told: %s", type(error).__name__)
