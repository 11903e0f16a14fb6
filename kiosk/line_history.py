"""How the line to the centre has been over the last day, in quarters of an hour: for the technician's bars.

Kept in memory only: what lies before the program's start is not known, and is shown so.
"""

from __future__ import annotations

import collections
import enum
from datetime import datetime, timedelta
from typing import Final

QUARTER: Final = timedelta(minutes=15)
QUARTERS: Final = 96
_MOST_CHANGES: Final = 4_000


class Line(enum.Enum):
    """One quarter of an hour. PARTLY: up for some of it."""

    UNKNOWN = "unknown"
    UP = "up"
    PARTLY = "partly"
    DOWN = "down"


class LineHistory:
    """Told each change; answers for any moment of the last day. Times are aware."""

    def __init__(self) -> None:
        self._changes: collections.deque[tuple[datetime, bool]] = collections.deque(maxlen=_MOST_CHANGES)

    def note(self, at: datetime, *, up: bool) -> None:
        if not self._changes or self._changes[-1][1] is not up:
            self._changes.append((at, up))

    def is_known(self) -> bool:
        return bool(self._changes)

    def down_since(self) -> datetime | None:
        """Since when there is no line; None while there is one, or nothing is known."""
        return self._changes[-1][0] if self._changes and not self._changes[-1][1] else None

    def quarters(self, now: datetime) -> tuple[Line, ...]:
        """The last `QUARTERS`, the oldest first; the last one ends now."""
        first = now - QUARTER * QUARTERS
        return tuple(self._of(first + QUARTER * place, first + QUARTER * (place + 1)) for place in range(QUARTERS))

    def _of(self, begin: datetime, end: datetime) -> Line:
        before = [up for at, up in self._changes if at <= begin]
        states = set(before[-1:]) | {up for at, up in self._changes if begin < at <= end}
        if not states:
            return Line.UNKNOWN
        if len(states) > 1:
            return Line.PARTLY
        return Line.UP if states.pop() else Line.DOWN
