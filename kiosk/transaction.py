"""What was agreed at the terminal, and the states that a transaction and a payment pass through."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from kiosk.counter import Capacity, Consent, DocumentSeen, IdentifiedBy


class TransactionState(enum.StrEnum):
    PREPARED = "prepared"
    VOIDED = "voided"
    COMMITTED = "committed"
    SENT = "sent"
    HELD_BY_HUB = "held_by_hub"
    ACCEPTED = "accepted"
    NEEDS_ATTENTION = "needs_attention"
    REVERSED = "reversed"


class PaymentState(enum.StrEnum):
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    VOIDED = "voided"
    REFUNDED = "refunded"
    UNKNOWN = "unknown"


class PaymentMethod(enum.StrEnum):
    """NONE where nothing is due: a free service, or a fee that is waived. Then no payment is on record either."""

    BANK_CARD = "bank_card"
    CASH = "cash"
    NONE = "none"


class Ids(msgspec.Struct, frozen=True, kw_only=True):
    """UUIDv7, made when the basket opens and never remade: every retry carries the same three."""

    basket: UUID
    transaction: UUID
    payment: UUID


class Together(msgspec.Struct, frozen=True, kw_only=True):
    """That a transaction is paid with others, by one movement of money: the id that the payment terminal knows it by,
    its whole amount, and how many transactions it pays, free ones too. All of them are committed, or none is."""

    movement: UUID
    total_fils: int
    count: int


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of money, and what it settles: one transaction by its own payment, or several together, of which
    some may be free. The order is the order in which they were chosen."""

    id: UUID
    parts: tuple[Ids, ...]
    amount_fils: int

    @property
    def transactions(self) -> tuple[UUID, ...]:
        return tuple(ids.transaction for ids in self.parts)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """The money of one transaction at the payment terminal: what is `part` of `movement`, and the whole of it where
    nothing else was paid with it. Going back, `part` is the name that keeps it from going back twice."""

    movement: UUID
    part: UUID
    amount_fils: int
    is_whole: bool


class AgreedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of what the person agreed to pay."""

    id: str
    title_ar: str
    title_en: str
    amount_fils: int


class AttachedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One page as it goes to the agency: the step that asked for it, and the picture with its SHA-256 in hexadecimal.
    The pages of a step stand in their order."""

    step: str
    media_type: str
    sha256: str
    content: bytes

    def __repr__(self) -> str:
        return f"AttachedDocument(step={self.step!r}, {len(self.content)} bytes)"


AGREEMENT_SCHEMA = 1


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a transaction: who agreed to what, on which quote. Personal; kept only in the ledger's bodies.

    `quote` is the agency's signed quote as received (JSON of `kiosk.wire.Signed`), so that the agency can check its
    own signature again. `lines` and `total_fils` are what the person saw on the check page.

    `national_number` is the number of the person at the terminal (`kiosk.identity.Identity.number`): of a foreigner it
    is the passport. Where that person acts for another, `on_behalf_of` is the other's
    national number and `behalf_document` the kind of paper that was seen. `served_by` is the clerk's staff id, "" in
    self-service. `signed_application` is the PDF that the person signed with the card (kiosk.signing.Application),
    empty where the service asks for none. `corrects` is the refused transaction that this one replaces: its money was
    carried over, and nothing was paid again. `tariff` is the id of the published tariff that the lines follow, where
    there is one; then there is no quote, and `quote` is empty. `documents` are the pages that were scanned, by step and
    in their order. `notify_phone` is the mobile number (+9627XXXXXXXX) at which the person wants to be told what
    becomes of it. `together` says with what it is paid, where that is not by itself. Fields with a default came after
    the first release: an older terminal's bytes do not have them.
    """

    schema: int = AGREEMENT_SCHEMA
    ids: Ids
    service: str
    agency: str
    national_number: str
    person_name: str
    answers: dict[str, str]
    lines: tuple[AgreedLine, ...]
    total_fils: int
    method: PaymentMethod
    quote: bytes
    agreed_at: datetime
    identified_by: IdentifiedBy = IdentifiedBy.CARD
    document_seen: DocumentSeen = DocumentSeen.NONE
    capacity: Capacity = Capacity.SELF
    on_behalf_of: str = ""
    behalf_document: DocumentSeen = DocumentSeen.NONE
    served_by: str = ""
    consent: Consent = Consent.NONE
    signed_application: bytes = b""
    corrects: UUID | None = None
    tariff: str = ""
    documents: tuple[AttachedDocument, ...] = ()
    notify_phone: str = ""
    together: Together | None = None

    def __repr__(self) -> str:
        return f"Agreement(transaction={self.ids.transaction})"


class Commitment(msgspec.Struct, frozen=True, kw_only=True):
    """What one COMMIT made true: the entry's place in the ledger and the receipt's number."""

    transaction: UUID
    sequence: int
    receipt_number: str
    committed_at: datetime


class DeliveryOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a delivery: the state, the agency's reference, its words where it refused."""

    state: TransactionState
    reference: str = ""
    words_ar: str = ""
    words_en: str = ""


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction that was prepared and neither committed nor voided when the program stopped.

    Of cash no machine can be asked: somebody has to say what became of it.
    """

    ids: Ids
    amount_fils: int
    payment: PaymentState | None
    method: PaymentMethod
    together: Together | None = None

    @property
    def movement(self) -> UUID:
        return self.together.movement if self.together else self.ids.payment


def movement_of(agreements: Sequence[Agreement]) -> Movement:
    """What pays these, which are prepared together."""
    first = agreements[0]
    return Movement(
        id=first.together.movement if first.together else first.ids.payment,
        parts=tuple(agreed.ids for agreed in agreements),
        amount_fils=sum(agreed.total_fils for agreed in agreements),
    )
