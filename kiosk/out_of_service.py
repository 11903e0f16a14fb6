"""The gate before the visit: while a technician works here no visit begins, and what the reader tells is not lost."""

from __future__ import annotations

from kiosk.events import CardInserted, CardRemoved, Event, LineLost, ReaderLost, TimedOut

_TOLD_ANYWAY = (CardRemoved, ReaderLost, LineLost, TimedOut)
"""What says how the terminal is, and begins nothing."""


class Gate:
    """Open for the public until `close`. Used by the screen's thread only."""

    def __init__(self) -> None:
        self._closed = False
        self._card: CardInserted | None = None

    @property
    def is_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Call it only while nobody is served."""
        self._closed = True

    def open(self) -> CardInserted | None:
        """The card that was put in meanwhile and is still inside, for the visit to be told now."""
        self._closed = False
        card, self._card = self._card, None
        return card

    def lets_through(self, event: Event) -> bool:
        """Whether the visit may be told this event. A card is held back until the gate opens, or it is taken out."""
        if not self._closed:
            return True
        if isinstance(event, CardInserted):
            self._card = event
            return False
        if isinstance(event, (CardRemoved, ReaderLost)):
            self._card = None
        return isinstance(event, _TOLD_ANYWAY)
