"""Turns what is seen of the readers into events: each change told once, short gaps of the service not at all."""

from __future__ import annotations

from collections.abc import Callable

from devices.cards.pcsc import Slot
from kiosk.events import CardInserted, CardRemoved, Event, ReaderLost
from kiosk.failures import Failure, ServiceFailure

SERVICE_DOWN_SECONDS = 5.0
"""So long no look at the readers succeeded before people are told; a restart of the service is over sooner."""

READERS_BACK_SECONDS = 3.0
"""So long a service that just came up may take to find its readers."""


class Watcher:
    """Told what every look found, at a monotonic time in seconds. Tells `listener` what changed.

    After a loss was told, the end of it is told too: CardInserted if a card is inside, else CardRemoved.
    """

    def __init__(self, listener: Callable[[Event], None], began: float) -> None:
        self._tell = listener
        self._lost: Failure | None = None
        self._reached: float | None = None
        self._last_look = began
        self._recounted = False
        self.card: Slot | None = None

    def saw(self, slots: tuple[Slot, ...], now: float) -> None:
        self._last_look = now
        if self._reached is None:
            # A restarted service counts from nought, so its counts cannot be compared with those before.
            self._reached, self._recounted = now, True
        here = {slot.reader for slot in slots}
        if not here or (self.card and self.card.reader not in here):
            if now - self._reached >= READERS_BACK_SECONDS or not self._recounted:
                unplugged = self.card is not None or self._lost is Failure.READER_LOST
                self._lose(Failure.READER_LOST if unplugged else Failure.NO_READER)
            return
        own = self.card.reader if self.card else None
        found = next((slot for slot in slots if slot.has_card and slot.reader == own), None)
        found = found or next((slot for slot in slots if slot.has_card), None)
        events = self._compare(found)
        # Whoever is told finds the state as it then is.
        self.card, self._lost, self._recounted = found, None, False
        for event in events:
            self._tell(event)

    def could_not_look(self, now: float) -> None:
        """The service did not answer."""
        self._reached = None
        if now - self._last_look >= SERVICE_DOWN_SECONDS:
            self._lose(Failure.CARD_SERVICE_DOWN)

    def _compare(self, found: Slot | None) -> tuple[Event, ...]:
        before = self.card
        if self._lost is not None:
            return (CardInserted(),) if found else (CardRemoved(),)
        if before is None:
            return (CardInserted(),) if found else ()
        if found is None:
            return (CardRemoved(),)
        return () if self._is_same(before, found) else (CardRemoved(), CardInserted())

    def _is_same(self, before: Slot, found: Slot) -> bool:
        """A card changed faster than we look shows in the count only. After a restart counts cannot be compared, and
        cards of one batch share an ATR: what is inside may be another's, and has to be read again."""
        return before.reader == found.reader and found.changes == before.changes and not self._recounted

    def _lose(self, failure: Failure) -> None:
        self.card = None
        if self._lost is not failure:
            self._lost = failure
            self._tell(ReaderLost(ServiceFailure(failure)))
