"""What a receipt says: typed facts, decided after the commit, from which the paper is drawn."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

import msgspec

from kiosk.transaction import AgreedLine, DeliveryOutcome, PaymentMethod, TransactionState
from kiosk.wire import Words


class ContentLeft(Exception):
    """What is asked for was here, and has left the terminal by the retention rule. The centre has the transaction."""


class ReceiptOutcome(enum.StrEnum):
    ACCEPTED = "accepted"
    AWAITING_DELIVERY = "awaiting_delivery"
    NEEDS_ATTENTION = "needs_attention"  # delivered, and the agency did not accept it: money has to be seen to


def outcome_on_paper(outcome: DeliveryOutcome) -> ReceiptOutcome:
    """What is not known to be decided awaits delivery; what was taken back has been refused."""
    if outcome.state is TransactionState.ACCEPTED:
        return ReceiptOutcome.ACCEPTED
    if outcome.state in {TransactionState.NEEDS_ATTENTION, TransactionState.REVERSED}:
        return ReceiptOutcome.NEEDS_ATTENTION
    return ReceiptOutcome.AWAITING_DELIVERY


class PrintState(enum.StrEnum):
    """States of one print job; nothing prints again by itself after UNCONFIRMED."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class ReceiptFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a receipt says and the ledger does not know: names of office, service and agency, and extra rows.

    `rows` holds label in Arabic, label in English, value: e.g. the vehicle's plate. `tendered_fils` is the cash handed
    over; the change follows from it. `card_in_reader`: the person came with a card, which must not stay behind.
    `request`: what was paid is the fee of a request, and the paper is not what was asked for.
    """

    office_ar: str
    office_en: str
    service_ar: str
    service_en: str
    agency_ar: str
    agency_en: str
    rows: tuple[tuple[str, str, str], ...] = ()
    provisional: bool = False
    tendered_fils: int | None = None
    card_in_reader: bool = False
    request: bool = False


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """One issued receipt. `code` is the text of its QR code, signed; its outcome is inside that signature.

    `national_number_masked` shows the last four digits only; `by_passport`: those of a passport. `copy` is 0 for the
    original.
    """

    number: str
    outcome: ReceiptOutcome
    transaction: UUID
    issued_at: datetime
    paid_at: datetime
    terminal: str
    facts: ReceiptFacts
    national_number_masked: str
    lines: tuple[AgreedLine, ...]
    total_fils: int
    method: PaymentMethod
    code: str
    copy: int = 0
    by_passport: bool = False

    def as_copy(self, number: int) -> Receipt:
        """The same signed receipt, marked as copy `number`."""
        return msgspec.structs.replace(self, copy=number)


class RecentReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A committed transaction as the clerk's page of prints lists it; nothing personal.

    `service` and `method` are None where the retention rule has removed the body. `print_state` is that of the last
    print; None where no paper came out, or no receipt was issued at all.
    """

    receipt_number: str
    transaction: UUID
    committed_at: datetime
    amount_fils: int
    state: TransactionState
    service: str | None
    method: PaymentMethod | None
    print_state: PrintState | None


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that proves no payment: where to go on, when a visit would otherwise be lost; or what became of a
    payment afterwards, which then has a `heading` of its own, `rows` of label and value, and perhaps an amount. `code`
    is the text of a QR code that somebody else has signed: an issued document's."""

    reference: str
    written_at: datetime
    office_ar: str
    office_en: str
    text_ar: str
    text_en: str
    heading: Words | None = None
    rows: tuple[tuple[Words, Words], ...] = ()
    amount: tuple[Words, int] | None = None  # its label, and fils
    code: str = ""
