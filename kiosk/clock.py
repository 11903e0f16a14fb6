"""The wall clock of this machine, as the rest of the program may ask it."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """A `kiosk.ports.Clock`. The wall clock proves nothing: the ledger's order is its sequence."""

    def now(self) -> datetime:
        return datetime.now(UTC)
