"""What is done with the card that is inside: read up to the name, then the rest of it. For the card thread alone."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeVar

from devices.cards.authenticity import TRUST_STALE, NotProven
from devices.cards.errand import Errand
from devices.cards.exchange import Exchange
from devices.cards.memory import Known, Memory
from devices.cards.pcsc import CardService, Slot
from devices.cards.printed import Printed
from devices.cards.profiles import Profile, ProfileChoice
from devices.cards.trust.store import Trust
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import CardDenied, CardReading, Verdict
from kiosk.ports import Clock

if TYPE_CHECKING:
    from devices.cards.document import Document, Rest

_log = logging.getLogger(__name__)
_DENIED = {
    Verdict.FORGED: Failure.CARD_NOT_GENUINE,
    Verdict.CLONED: Failure.CARD_NOT_GENUINE,
    Verdict.NOT_CHECKABLE: Failure.CARD_NOT_CHECKABLE,
    Verdict.EXPIRED: Failure.CARD_EXPIRED,
}
T = TypeVar("T")


class CardInside:
    """Reads by the profile that the card's answer to reset, or its print, chooses. `closing` ends what is under way."""

    def __init__(
        self,
        service: CardService,
        profiles: tuple[Profile, ...],
        believed: Trust,
        clock: Clock,
        closing: threading.Event,
    ) -> None:
        self._service = service
        self._profiles = profiles
        self._believed = believed
        self._clock = clock
        self._closing = closing
        self._memory = Memory()

    def forget(self) -> None:
        self._memory.forget_card()

    def read(self, slot: Slot, printed: Printed, errand: Errand[CardReading]) -> CardReading:
        """The asker has the name as soon as it is proven; the rest is read while that person is served already."""
        self._memory.forget_card()
        with self._document(errand, slot, printed) as document:
            reading = self._name(document, slot, printed)
            errand.answer(reading)
            try:
                self._rest(document, slot, printed)
            except ServiceFailure as failure:
                _log.info("rest of the card not read: %s", failure.failure.name)  # whoever needs it asks for it
        return reading

    def complete(self, slot: Slot, printed: Printed, errand: Errand[Rest]) -> Rest:
        """The rest of the card that was named, read now where it is not known. One that came in since is not read: its
        rest would be taken for that of the person who was named."""
        known = self._memory.known(slot)
        if known is None:
            raise ServiceFailure(Failure.CARD_REMOVED)
        if known.rest is None:
            known = self._read_again(slot, printed, errand, known)
        try:
            return self._memory.take_rest(known)
        except NotProven as error:
            raise _denied(error) from error

    def _read_again(self, slot: Slot, printed: Printed, errand: Errand[Rest], before: Known) -> Known:
        if not printed.access_number:
            printed = dataclasses.replace(printed, access_number=before.access_number)
        with self._document(errand, slot, printed) as document:
            self._name(document, slot, printed)
            if before.signed != document.signed:
                self._memory.forget_card()
                raise ServiceFailure(Failure.CARD_REMOVED)  # exchanged faster than the card service looks
            return self._rest(document, slot, printed)

    @contextlib.contextmanager
    def _document(self, errand: Errand[T], slot: Slot, printed: Printed) -> Iterator[Document]:
        """The card powered up, for as long as it is read. What reading needs is loaded with the first card: a terminal
        that waits holds less."""
        from devices.cards.document import Document  # noqa: PLC0415  # see above

        wire = self._service.connect(slot, self._closing.wait)
        try:
            document = Document(
                Exchange(wire, cancelled=lambda: errand.is_abandoned() or self._closing.is_set()),
                printed,
                ProfileChoice(self._profiles, slot.atr),
                self._believed,
                step=self._memory.step(slot.atr),
                seems_without_pace=self._memory.seems_without_pace(slot.atr),
            )
            with contextlib.closing(document):
                yield document
        finally:
            wire.disconnect()

    def _name(self, document: Document, slot: Slot, printed: Printed) -> CardReading:
        try:
            reading = document.read(self._clock.now())
        except NotProven as error:
            raise _denied(error) from error
        self._require_same_card(slot)
        self._memory.learn(slot.atr, document)
        self._memory.keep(Known(slot, document.signed, printed.access_number))
        return reading

    def _rest(self, document: Document, slot: Slot, printed: Printed) -> Known:
        rest: Rest | NotProven
        try:
            rest = document.complete(self._clock.now())
        except NotProven as not_proven:
            rest = not_proven
        self._require_same_card(slot)
        known = Known(slot, document.signed, printed.access_number, rest)
        self._memory.keep(known)
        return known

    def _require_same_card(self, slot: Slot) -> None:
        """Data of a card that was changed meanwhile are not those of the person who stands here."""
        if fault := self._service.fault_of(slot, seconds=0):
            raise ServiceFailure(fault)


def _denied(not_proven: NotProven) -> CardDenied:
    proof = not_proven.proof
    _log.info("card not accepted: %s: %s", proof.verdict, "; ".join(proof.reasons))
    values = {} if proof.expired_on is None else {"date": f"{proof.expired_on:%d/%m/%Y}"}
    stale = proof.verdict is Verdict.NOT_CHECKABLE and not TRUST_STALE.isdisjoint(proof.reasons)
    failure = Failure.TRUST_STALE if stale else _DENIED[proof.verdict]
    return CardDenied(failure, proof.verdict, proof.reasons, **values)
