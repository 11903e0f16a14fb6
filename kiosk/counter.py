"""What is recorded of a visit beside the answers: how the person is known, for whom it is, and how it was agreed to.

Self-service knows people by their card. At the counter a clerk may also see a document and type its number, and serve
somebody who stands in for another person. All of it goes into the transaction's body.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Final


class IdentifiedBy(enum.StrEnum):
    """What proved who the person is."""

    CARD = "card"
    DOCUMENT = "document"  # a clerk saw it and typed its number


class DocumentSeen(enum.StrEnum):
    """A paper that the clerk held in the hand; only its kind is recorded."""

    NONE = ""
    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    FAMILY_BOOK = "family_book"
    BIRTH_CERTIFICATE = "birth_certificate"
    RESIDENCE_PERMIT = "residence_permit"
    POWER_OF_ATTORNEY = "power_of_attorney"
    GUARDIANSHIP_DEED = "guardianship_deed"


class Capacity(enum.StrEnum):
    """As whom the person at the terminal acts."""

    SELF = "self"
    PROXY = "proxy"  # with a power of attorney
    PARENT = "parent"  # or guardian
    PAYER = "payer"  # pays what another person owes, and learns no more than that


class Consent(enum.StrEnum):
    """How the person served agreed to what the clerk is about to do."""

    NONE = ""
    SCREEN = "screen"  # touched on the person's own screen
    SPOKEN = "spoken"  # said aloud, and recorded by the clerk


IDENTIFYING_DOCUMENTS: Final = (
    DocumentSeen.IDENTITY_CARD,
    DocumentSeen.PASSPORT,
    DocumentSeen.FAMILY_BOOK,
    DocumentSeen.RESIDENCE_PERMIT,
)
"""Which papers a clerk may identify a person by. Provisional: the agencies' own lists are not public."""

BEHALF_DOCUMENTS: Final[Mapping[Capacity, tuple[DocumentSeen, ...]]] = {
    Capacity.PROXY: (DocumentSeen.POWER_OF_ATTORNEY,),
    Capacity.PARENT: (
        DocumentSeen.FAMILY_BOOK,
        DocumentSeen.BIRTH_CERTIFICATE,
        DocumentSeen.GUARDIANSHIP_DEED,
    ),
}
"""Which paper shows that somebody may act for another person. Provisional, as above."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Behalf:
    """For whom this is done. `number` is the other person's national number; "" for oneself. Its repr hides it."""

    capacity: Capacity = Capacity.SELF
    number: str = ""
    document: DocumentSeen = DocumentSeen.NONE

    def __repr__(self) -> str:
        return f"Behalf({self.capacity.value})"

    def is_complete(self) -> bool:
        """For oneself nothing more is needed; for another, a number and a paper that fits the capacity."""
        if self.capacity is Capacity.SELF:
            return True
        return len(self.number) == 10 and self.document in BEHALF_DOCUMENTS.get(self.capacity, ())


MYSELF: Final = Behalf()
