"""The card that somebody signs with, held only for a moment at a time, so that a module can hold it in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from devices.cards.errand import Errand
from devices.cards.pcsc import CardService, CardWire, Slot
from kiosk.failures import Failure, ServiceFailure

T = TypeVar("T")

SECONDS = 5.0
"""Of one question, which takes the card a few commands."""


class InsertedCard:
    """The card that is in the reader at the first question; each later one is about that one: where it was taken out,
    CARD_REMOVED is raised, also if a card is in again. `cancelled` is asked before each."""

    def __init__(self, readers: tuple[str, ...], cancelled: Callable[[], bool]) -> None:
        self._readers = readers
        self._cancelled = cancelled
        self._slot: Slot | None = None

    def ask(self, question: Callable[[CardWire, Slot], T]) -> T:
        """The card to ourselves, powered anew, so that nothing that others opened is open. Raises ServiceFailure:
        NO_READER, NO_CARD, CARD_REMOVED, CARD_BUSY, CARD_TIMEOUT and others."""
        return _on_own_thread(self._readers, lambda service: _hold(service, self._inserted(service), question))

    def require(self, seconds: float) -> None:
        """Raises CARD_REMOVED or READER_LOST where the card is gone, or goes within that time."""

        def look(service: CardService) -> None:
            if self._slot is not None and (fault := service.fault_of(self._slot, seconds)):
                raise ServiceFailure(fault)

        _on_own_thread(self._readers, look)

    def power_anew(self) -> None:
        """Whatever was opened is closed; a card that is out has no power."""

        def reset(service: CardService) -> None:
            if self._slot is not None:
                _hold(service, self._slot, lambda _wire, _slot: None)

        with suppress(ServiceFailure):
            _on_own_thread(self._readers, reset)

    def _inserted(self, service: CardService) -> Slot:
        if self._cancelled():
            raise ServiceFailure(Failure.CARD_CANCELLED)
        if self._slot is not None:
            if fault := service.fault_of(self._slot, seconds=0):
                raise ServiceFailure(fault)
            return self._slot
        if not (slots := service.slots(())):
            raise ServiceFailure(Failure.NO_READER)
        self._slot = next((slot for slot in service.wait(slots, 0) if slot.has_card), None)
        if self._slot is None:
            raise ServiceFailure(Failure.NO_CARD)
        return self._slot


def _hold(service: CardService, slot: Slot, question: Callable[[CardWire, Slot], T]) -> T:
    wire = service.connect(slot, time.sleep)
    try:
        wire.reconnect()
        return question(wire, slot)
    finally:
        wire.disconnect()


def _on_own_thread(readers: tuple[str, ...], work: Callable[[CardService], T]) -> T:
    """A thread that a driver holds up is left behind, with its own connection to the card service."""

    def run(_errand: Errand[T]) -> T:
        service = CardService(readers)
        try:
            return work(service)
        finally:
            service.close()

    errand = Errand(run)
    threading.Thread(target=errand.run, name="signing", daemon=True).start()
    return errand.wait(lambda: None, silent_seconds=SECONDS, whole_seconds=SECONDS)
