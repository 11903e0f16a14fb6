"""The rest of a card: its chip is proven and its face read while the person is served already."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.events import CardProven, CardRefused, Event
from kiosk.failures import DENIES_THE_CARD, ServiceFailure
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def complete_beside(visit: Visit) -> None:
    """The rest of the card is read while its person is served already. What is not said of the card itself, as of a
    reader, is nobody's failure page yet: it is asked again before anything is asked or agreed to."""
    reader, number = visit.parts.reader, visit.case.access_number

    def work() -> Event:
        try:
            return CardProven(reader.complete(number).portrait)
        except ServiceFailure as failure:
            if failure.failure in DENIES_THE_CARD:
                return CardRefused(failure)
            raise

    visit.begin_beside(work)


def prove(visit: Visit, event: CardProven) -> State:
    """It comes while the page is already useful, and changes nothing but the face on it."""
    visit.case.card_proven = True
    visit.case.portrait = event.portrait or visit.case.portrait
    return visit.state


def with_proof(visit: Visit, work: Callable[[], Event]) -> Callable[[], Event]:
    """`work`, but not before the chip of the card inside is proven; the proof may still be under way."""
    case, reader = visit.case, visit.parts.reader
    if case.card_proven or not case.card_stayed:
        return work
    number = case.access_number

    def proven_first() -> Event:
        reader.complete(number)
        return work()

    return proven_first
