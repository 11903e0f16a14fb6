"""What the reader keeps between readings: what worked for cards of a kind, and what was proven of the card inside."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from devices.cards.authenticity import NotProven
from devices.cards.pcsc import Slot

if TYPE_CHECKING:
    from devices.cards.document import Document, Rest


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Known:
    """The card that was named last and is still inside: `signed` is the digest of its security object, which no other
    card has; the access number that opened it, or nothing; and what the rest of it was, as soon as that is known."""

    slot: Slot
    signed: bytes
    access_number: str
    rest: Rest | NotProven | None = None


class Memory:
    """Used by the card thread alone. A kind of card is an ATR; cards of one kind may still differ in having PACE."""

    def __init__(self) -> None:
        self._steps: dict[bytes, int] = {}
        self._with_pace: set[bytes] = set()
        self._without_pace: set[bytes] = set()
        self._known: Known | None = None

    def step(self, atr: bytes) -> int:
        """The place in `files.LENGTHS` that such cards took."""
        return self._steps.get(atr, 0)

    def seems_without_pace(self, atr: bytes) -> bool:
        """Whether such cards were seen, and none of them with PACE."""
        return atr in self._without_pace - self._with_pace

    def learn(self, atr: bytes, document: Document) -> None:
        """Of a card that was read and proven."""
        self._steps[atr] = document.step
        (self._with_pace if document.has_pace else self._without_pace).add(atr)

    def keep(self, known: Known) -> None:
        self._known = known

    def known(self, slot: Slot) -> Known | None:
        """The card in this slot, if it is the same insertion."""
        known = self._known
        same = known is not None and known.slot.reader == slot.reader and slot.holds_same_card(known.slot)
        return known if same else None

    def take_rest(self, known: Known) -> Rest:
        """The rest that is known. Its face is given once, and not kept here. Raises NotProven."""
        rest = known.rest
        if isinstance(rest, NotProven):
            raise rest
        assert rest is not None
        self._known = dataclasses.replace(known, rest=dataclasses.replace(rest, picture=b""))
        return rest

    def forget_card(self) -> None:
        self._known = None
