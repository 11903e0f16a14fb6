"""Empties the outbox, one step at a time: what is sent when, and what each answer or silence means. No thread here.

No network cause ever gives an item up: silence is retried without end, with full jitter (a pause drawn evenly between
nothing and a bound that doubles), so that thousands of terminals do not come back in step. Every time is injected.
"""

from __future__ import annotations

import dataclasses
import logging
import math
import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from kiosk.ports import Clock
from kiosk.wire import Batch, Item, ItemAnswer
from offline_queue.centre import Centre, NoAnswer, Silence
from offline_queue.entries import LedgerMistake
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LONGEST_DELAY_MS

_LOG = logging.getLogger(__name__)
_LEAST_BYTES: Final = 16 * 1024
_LINE_IS_DOWN: Final = frozenset({Silence.NO_LINE, Silence.TIMED_OUT, Silence.UNPROVEN})
_BATCH_MAY_BE_AT_FAULT: Final = frozenset({Silence.TIMED_OUT, Silence.UNPROVEN, Silence.CENTRE_TROUBLE})


@dataclasses.dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds, items and bytes. `probe_*` is how often the centre is asked for its health."""

    base: float = 2.0
    cap: float = 300.0
    probe_up: float = 15.0
    probe_down: float = 3.0
    items: int = 100
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
    ) -> None:
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
        self._items, self._bytes = self._pace.items, self._pace.bytes
        self._failures = 0
        self._send_at = -math.inf
        self._probe_at = -math.inf

    def step(self, *, hurry: bool) -> float:
        """Sends one batch if one is due, else asks for the centre's health if that is due; seconds until the next step.

        `hurry`: something new was committed, or staff asked: the pause after a failure is cut short.
        """
        if self._monotonic() >= self._send_at or (hurry and not self.on_hold):
            self._try_to_send()
        if self._monotonic() >= self._probe_at:
            self._probe()
        return self.next_step_in()

    def _try_to_send(self) -> None:
        try:
            self._send()
        except Exception as error:  # a full disk, or a defect: the leases run out and the same ids go again
            _LOG.error("delivery stumbled: %s", type(error).__name__)
            self._send_at = self._monotonic() + self._pause(self._failures)
            self._failures += 1

    def _send(self) -> None:
        self.on_hold = False
        items = self._ledger.outbox.lease(self._now_ms(), limit=self._items, limit_bytes=self._bytes)
        if not items:
            self._send_at = self._monotonic() + self._until_next_due()
            return
        try:
            answer, signed = self._centre.submit(Batch(terminal=self._terminal, items=items))
        except NoAnswer as silence:
            self._was_silent(items, silence)
            return
        proof = msgspec.json.encode(signed)
        for item in answer.answers:
            self._was_answered(item, proof)
        self._put_back_unnamed(items, {item.transaction for item in answer.answers})
        self._failures = 0
        self._items = min(self._pace.items, self._items * 2)
        self._bytes = min(self._pace.bytes, self._bytes * 2)
        self._send_at = self._monotonic()
        self._contact()

    def _was_answered(self, answer: ItemAnswer, proof: bytes) -> None:
        if answer.result != "retry_later":
            try:
                self._ledger.record_decision(answer, proof)
            except LedgerMistake as mistake:  # one odd item never holds the others
                _LOG.error("an answer could not be recorded: %s: %s", answer.transaction, mistake)
            return
        seconds = answer.retry_after_seconds
        if seconds is None or seconds < 0:
            seconds = math.ceil(self._pause(self._ledger.outbox.attempts(answer.transaction)))
        delay_ms = min(seconds * 1000, LONGEST_DELAY_MS)
        self._ledger.outbox.postpone(answer.transaction, self._now_ms() + delay_ms, answer.code or answer.result)

    def _put_back_unnamed(self, items: tuple[Item, ...], named: set[object]) -> None:
        for item in items:
            if item.transaction not in named:
                seconds = self._pause(self._ledger.outbox.attempts(item.transaction))
                self._ledger.outbox.postpone(item.transaction, self._now_ms() + round(seconds * 1000), "not_named")

    def _was_silent(self, items: tuple[Item, ...], silence: NoAnswer) -> None:
        self._ledger.outbox.give_back((item.transaction for item in items), silence.silence)
        self._note(silence)
        if silence.silence in _BATCH_MAY_BE_AT_FAULT:
            self._items = max(1, self._items // 2)
            self._bytes = max(_LEAST_BYTES, self._bytes // 2)
        pause = self._pause(self._failures)
        if silence.silence is Silence.TERMINAL_REFUSED:
            pause, self.on_hold = self._pace.cap, True
        elif silence.retry_after is not None:
            pause, self.on_hold = (
                min(silence.retry_after, LONGEST_DELAY_MS / 1000) + self._draw(0.0, self._pace.base),
                True,
            )
        self._failures += 1
        self._send_at = self._monotonic() + pause

    def _probe(self) -> None:
        try:
            health = self._centre.health()
        except NoAnswer as silence:
            self._note(silence)
            return
        self._ledger.note_clock_difference(health.clock_difference_ms)
        line_was_missing = self.trouble is Silence.NO_LINE
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
