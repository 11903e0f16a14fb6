"""The card comes, is read and proven, opens with its number, and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.acts.base import end, keep_half_done
from kiosk.acts.failing import fail
from kiosk.acts.proof import complete_beside
from kiosk.acts.resuming import resume_at
from kiosk.counter import IdentifiedBy
from kiosk.events import (
    AccessNumberNeeded,
    AccessNumberTyped,
    CardRefused,
    Event,
    IdentityRead,
    PartFailed,
    ReaderLost,
)
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import AccessNumberWanted, Identity
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def identify(visit: Visit, _: Event) -> State:
    """Reads and proves the card. During a pause the case is kept: the same person may have come back."""
    reader, parking, number = visit.parts.reader, visit.parts.parking, visit.case.access_number

    def work() -> Event:
        try:
            reading = reader.read(number)
        except AccessNumberWanted:
            return AccessNumberNeeded()
        if not reading.identity.number:
            raise ServiceFailure(Failure.CARD_UNKNOWN)  # a document, but of nobody whom a service here can know
        return IdentityRead(reading, parking.offers(reading.identity.number))

    visit.begin(work)
    return State.IDENTIFYING


def ask_access_number(visit: Visit, _: Event) -> State:
    """The number stands on the card itself; it is asked for once, and again only where it did not match."""
    visit.case.typed = visit.case.mistake = ""
    return State.ACCESS_NUMBER


def try_access_number(visit: Visit, event: AccessNumberTyped) -> State:
    checked = forms.access_number(event.digits)
    if isinstance(checked, forms.Wrong):
        visit.case.typed, visit.case.mistake = event.digits, checked.message
        return State.ACCESS_NUMBER
    visit.case.access_number = checked.value
    return identify(visit, event)


def know(visit: Visit, event: IdentityRead) -> State:
    """The card is proven. After a pause, only the same person goes on; anybody else begins anew."""
    known, read = visit.case.identity, event.reading.identity
    visit.passport_inside = read.is_passport
    paused_at, number = visit.case.stopped_at, visit.case.access_number
    if known is not None and _is_card_of(known, read) and paused_at is not None:
        visit.case.identity, visit.case.card_stayed, visit.case.card_proven = read, True, False
        complete_beside(visit)
        return resume_at(visit, paused_at)
    keep_half_done(visit)
    visit.forget()
    visit.case.identity, visit.case.card_stayed = read, True
    visit.case.access_number, visit.case.offers = number, event.parked
    complete_beside(visit)
    return State.CHOOSING_SERVICE


def _is_card_of(known: Identity, read: Identity) -> bool:
    """What was kept for later knows less of a person than the card does."""
    return (known.number, known.document_number) == (read.number, read.document_number)


def refuse(visit: Visit, event: CardRefused) -> State:
    """It came to light after the name."""
    return fail(visit, PartFailed(event.failure))


def card_gone_while_reading(visit: Visit, _: Event) -> State:
    visit.abandon_errand()
    return State.CARD_REMOVED if visit.case.stopped_at else end(visit, _)


def pause_for_card(visit: Visit, _: Event) -> State:
    """The card is out: answers are kept for a while, and nothing that was asked in the meantime counts."""
    if visit.case.identified_by is IdentifiedBy.DOCUMENT or visit.case.clerk_sees_who:
        return visit.state  # whose card that was does not matter to a person who came without one
    if visit.works_alone():
        return visit.state  # it is just being kept: then its own page comes, which says the reference
    visit.abandon_errand()
    if visit.state not in {State.TIME_WARNING, State.CARD_REMOVED}:
        visit.case.stopped_at = visit.state
    return State.CARD_REMOVED


def identify_next_person(visit: Visit, event: Event) -> State:
    keep_half_done(visit)
    visit.forget()
    return identify(visit, event)


def reader_lost(visit: Visit, event: ReaderLost) -> State:
    visit.abandon_errand()
    visit.card_present = False
    return fail(visit, PartFailed(event.failure))


def too_slow(visit: Visit, _: Event) -> State:
    """A watchdog over a part that should have answered by itself."""
    visit.abandon_errand()
    reading = visit.state is State.IDENTIFYING
    return fail(visit, PartFailed(ServiceFailure(Failure.CARD_TIMEOUT if reading else Failure.AGENCY_SILENT)))
