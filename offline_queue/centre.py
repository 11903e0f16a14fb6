"""What the sync asks of the centre, and the ways in which an answer can fail to come."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Protocol

import msgspec

from kiosk.failures import Failure, ServiceFailure
from kiosk.wire import Batch, BatchAnswer, ChangedKey, HeldAnswer, Signed


class Silence(enum.StrEnum):
    """Why there is no answer. None of these says anything about an item: the same bytes are sent again."""

    NO_LINE = "no_line"  # no connection, or none that the pinned authority vouches for
    TIMED_OUT = "timed_out"  # connected, and then too slow: the batch may have been too large for the line
    CUT_OFF = "cut_off"  # connected, and the line broke in the middle: perhaps it never carries so much at once
    UNPROVEN = "unproven"  # something answered, but not the centre: a portal, a proxy, a wrong signature
    CENTRE_TROUBLE = "centre_trouble"  # the server's own trouble (5xx)
    TOO_MUCH = "too_much"  # asked to slow down (429)
    TERMINAL_REFUSED = "terminal_refused"  # this terminal is not, or no longer, known (401, 403)


_AS_FAILURE = {
    Silence.NO_LINE: Failure.AGENCY_UNREACHABLE,
    Silence.TIMED_OUT: Failure.AGENCY_UNREACHABLE,
    Silence.CUT_OFF: Failure.AGENCY_UNREACHABLE,
    Silence.UNPROVEN: Failure.ANSWER_UNPROVEN,
    Silence.CENTRE_TROUBLE: Failure.AGENCY_SILENT,
    Silence.TOO_MUCH: Failure.AGENCY_SILENT,
    Silence.TERMINAL_REFUSED: Failure.AGENCY_UNREACHABLE,
}


class NoAnswer(ServiceFailure):
    """No answer that counts. `retry_after` is in seconds, where the centre asked for a pause.

    `detail` is for the technician: a status, a library's name of an error; never content.
    """

    def __init__(self, silence: Silence, *, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(_AS_FAILURE[silence])
        self.silence = silence
        self.detail = detail
        self.retry_after = retry_after


class CentreHealth(msgspec.Struct, frozen=True, kw_only=True):
    """The centre is there. `clock_difference_ms` is positive where its clock is ahead of this terminal's."""

    version: str
    now: datetime
    clock_difference_ms: int
    milliseconds: int


class Centre(Protocol):
    """Every call blocks, and raises NoAnswer."""

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        """The centre's signed answer, proven, naming this terminal and only ids of this batch."""

    def held(self, first: int, last: int) -> HeldAnswer: ...

    def introduce(self, changes: tuple[ChangedKey, ...]) -> None:
        """Tells the keys that have come into force here (see `kiosk.wire`); returns once the centre takes them."""

    def health(self) -> CentreHealth: ...
