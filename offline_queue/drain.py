"""Empties the outbox, one step at a time: what is sent when, and what each answer or silence means. No thread here.

No network cause ever gives an item up: silence is retried without end, with full jitter (a pause drawn evenly between
nothing and a bound that doubles), so that thousands of terminals do not come back in step. Every time is injected.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import math
import random
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from kiosk.ports import Clock
from kiosk.wire import Batch, BatchAnswer, Item, Signed
from offline_queue.batch_size import BatchSize
from offline_queue.centre import Centre, NoAnswer, Silence
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LONGEST_DELAY_MS, size_of
from offline_queue.settling import settle

_LOG = logging.getLogger(__name__)
_AT_ONCE: Final = 2
"""Batches under way at once: while one is answered, the other one is on the line."""
_LINE_IS_MISSING: Final = frozenset({Silence.NO_LINE, Silence.CUT_OFF})
_LINE_IS_DOWN: Final = _LINE_IS_MISSING | {Silence.TIMED_OUT, Silence.UNPROVEN}
_BATCH_MAY_BE_AT_FAULT: Final = frozenset(
    {Silence.TIMED_OUT, Silence.CUT_OFF, Silence.UNPROVEN, Silence.CENTRE_TROUBLE}
)

Ask = Callable[[], tuple[BatchAnswer, Signed]]


class Beside(Protocol):
    """Where a second batch is sent from while the first is under way: a `kiosk.lane.Lane`."""

    def send(self, work: Ask) -> Future[tuple[BatchAnswer, Signed]]: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds, items and bytes. `probe_*` is how often the centre is asked for its health."""

    base: float = 2.0
    cap: float = 300.0
    probe_up: float = 15.0
    probe_down: float = 3.0
    items: int = 500
    bytes: int = 256 * 1024


class Drain:
    """One terminal's delivery. `step` is called by one thread; the public attributes may be read by any."""

    def __init__(
        self,
        ledger: SqlLedger,
        centre: Centre,
        terminal: str,
        clock: Clock,
        *,
        pace: Pace | None = None,
        draw: Callable[[float, float], float] = random.uniform,
        monotonic: Callable[[], float] = time.monotonic,
        beside: Beside | None = None,
    ) -> None:
        """Without `beside` one batch is under way at a time."""
        self.line_is_up = False
        self.on_hold = False
        """The centre asked for a pause, or refused this terminal: nothing that happens here may hurry it."""
        self.trouble: Silence | None = None
        self.last_answer_at: datetime | None = None
        """When the centre last answered, by this terminal's clock; None since the start."""
        self._ledger = ledger
        self._centre = centre
        self._terminal = terminal
        self._clock = clock
        self._pace = pace or Pace()
        self._draw = draw
        self._monotonic = monotonic
        self._beside = beside
        self._size = BatchSize(self._pace.items, self._pace.bytes)
        self._failures = 0
        self._introduced = False
        self._send_at = -math.inf
        self._probe_at = -math.inf

    def step(self, *, hurry: bool, first: Collection[UUID] = ()) -> float:
        """Sends what is due, a batch or two, else asks for the centre's health if that is due; seconds until the next.

        `hurry`: something new was committed, or staff asked: the pause after a failure is cut short. `first`: somebody
        stands there and waits for these, which therefore go before all others, and in a batch of their own: their
        answer then waits for nothing else.
        """
        if self._monotonic() >= self._send_at or (hurry and not self.on_hold):
            self._try_to_send(first)
        if self._monotonic() >= self._probe_at:
            self._probe()
        return self.next_step_in()

    def _try_to_send(self, first: Collection[UUID]) -> None:
        try:
            self._send(first)
        except Exception as error:  # a full disk, or a defect: the leases run out and the same ids go again
            self._slow_down([error])

    def _send(self, first: Collection[UUID]) -> None:
        self.on_hold = False
        try:
            self._introduce()
        except NoAnswer as silence:
            self._note(silence)
            self._slow_down([silence])
            return
        batches = self._lease(first)
        if not batches:
            self._send_at = self._monotonic() + self._until_next_due()
            return
        ended = [self._exchange(items, ask) for items, ask in zip(batches, self._asked(batches), strict=True)]
        failed = [error for error in ended if error is not None]
        if len(failed) < len(batches):
            self._failures = 0
        if failed:
            self._send_less(batches, ended)
            self._slow_down(failed)
            return
        self._size.passed()
        self._send_at = self._monotonic()

    def _lease(self, first: Collection[UUID]) -> tuple[tuple[Item, ...], ...]:
        """A line that could not carry one whole batch of late is not given two at once."""
        outbox, now_ms, size = self._ledger.outbox, self._now_ms(), self._size
        if first and (
            awaited := outbox.lease_batches(now_ms, batches=1, limit=size.items, limit_bytes=size.bytes, only=first)
        ):
            return awaited
        several = _AT_ONCE if size.is_whole and self._beside is not None else 1
        return outbox.lease_batches(now_ms, batches=several, limit=size.items, limit_bytes=size.bytes)

    def _asked(self, batches: tuple[tuple[Item, ...], ...]) -> list[Ask]:
        """The first batch goes when its answer is asked for, from this thread; the others are under way from now on."""
        asks: list[Ask] = [
            functools.partial(self._centre.submit, Batch(terminal=self._terminal, items=items)) for items in batches
        ]
        if self._beside is not None:
            asks[1:] = [self._beside.send(ask).result for ask in asks[1:]]
        return asks

    def _exchange(self, items: tuple[Item, ...], ask: Ask) -> Exception | None:
        """One batch and its answer; None once that is stored. What befalls one batch does not touch the other."""
        try:
            answer, signed = ask()
            settle(self._ledger, items, answer, signed, now_ms=self._now_ms(), pause=self._pause)
        except NoAnswer as silence:
            self._ledger.outbox.give_back((item.transaction for item in items), silence.silence)
            self._note(silence)
            return silence
        except Exception as error:  # a full disk, or a defect
            return error
        self._contact()
        return None

    def _introduce(self) -> None:
        """Once in a run, and again after a refusal; a terminal that never renewed a key has nothing to tell."""
        if not self._introduced:
            if changes := self._ledger.key_changes():
                self._centre.introduce(changes)
            self._introduced = True

    def _send_less(self, batches: tuple[tuple[Item, ...], ...], ended: list[Exception | None]) -> None:
        """Once, however many were under way: they shared the line."""
        for items, error in zip(batches, ended, strict=True):
            if isinstance(error, NoAnswer) and error.silence in _BATCH_MAY_BE_AT_FAULT:
                self._size.failed(len(items), size_of(items))
                return

    def _slow_down(self, failed: list[Exception]) -> None:
        """Once, however many batches were under way: the longest pause that any of the failures asks for."""
        self._send_at = self._monotonic() + max(self._pause_after(error) for error in failed)
        self._failures += 1

    def _pause_after(self, error: Exception) -> float:
        if not isinstance(error, NoAnswer):
            _LOG.error("delivery stumbled: %s", type(error).__name__)
        elif error.silence is Silence.TERMINAL_REFUSED:
            self.on_hold, self._introduced = True, False
            return self._pace.cap
        elif error.retry_after is not None:
            self.on_hold = True
            return min(error.retry_after, LONGEST_DELAY_MS / 1000) + self._draw(0.0, self._pace.base)
        return self._pause(self._failures)

    def _probe(self) -> None:
        try:
            health = self._centre.health()
        except NoAnswer as silence:
            self._note(silence)
            return
        self._ledger.note_clock_difference(health.clock_difference_ms)
        line_was_missing = self.trouble in _LINE_IS_MISSING
        self._contact()
        if line_was_missing and not self.on_hold:  # the pause was for the line's sake; spread what comes back at once
            self._failures = 0
            self._send_at = min(self._send_at, self._monotonic() + self._draw(0.0, self._pace.base))

    def _note(self, silence: NoAnswer) -> None:
        if silence.silence is not self.trouble:
            level = logging.ERROR if silence.silence is Silence.TERMINAL_REFUSED else logging.WARNING
            _LOG.log(level, "no answer from the centre: %s %s", silence.silence, silence.detail)
        self.trouble = silence.silence
        if silence.silence in _LINE_IS_DOWN:
            self.line_is_up = False
        self._probe_at = self._monotonic() + (self._pace.probe_up if self.line_is_up else self._pace.probe_down)

    def now(self) -> datetime:
        """By this terminal's clock."""
        return self._clock.now()

    def next_step_in(self) -> float:
        """Seconds until something is sent, or the centre is asked for its health; for staff, on any thread."""
        return max(0.0, min(self._send_at, self._probe_at) - self._monotonic())

    def _contact(self) -> None:
        self.last_answer_at = self._clock.now()
        if not self.on_hold:
            if self.trouble is not None:
                _LOG.info("the centre answers again")
            self.trouble = None
        self.line_is_up = True
        self._probe_at = self._monotonic() + self._pace.probe_up

    def _until_next_due(self) -> float:
        """At most the pause between probes: what was committed without a word to us is found by then."""
        now_ms = self._now_ms()
        due_ms = self._ledger.outbox.next_due_ms(now_ms)
        return self._pace.probe_up if due_ms is None else min(self._pace.probe_up, max(0.0, (due_ms - now_ms) / 1000))

    def _pause(self, failures: int) -> float:
        """Full jitter; the exponent is bounded so that years of silence do not overflow."""
        return self._draw(0.0, min(self._pace.cap, self._pace.base * 2.0 ** min(failures, 32)))

    def _now_ms(self) -> int:
        return round(self._clock.now().timestamp() * 1000)
