"""What may follow a transaction that the agency refused: explained, money given back, sent corrected, disputed.

A correction is a new entry by two people and never a change of an old one (Post Office Horizon IT Inquiry,
FUJ00087187: entries that one side could insert alone, and the branch could neither see nor dispute).
"""

from __future__ import annotations

import dataclasses
import enum
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

import msgspec

from kiosk.staff import Role, StaffMember
from kiosk.transaction import Agreement, Commitment, Ids, PaymentMethod, Share
from kiosk.wire import Words

REVERSAL_SCHEMA: Final = 1
DISPUTE_SCHEMA: Final = 1

NOT_HELD: Final = "CORRECTS_UNKNOWN"
"""The centre's code for "later" where it does not hold what a correction names: the terminal sends that first, as it
was."""


class Reason(enum.StrEnum):
    """Why it is corrected. A closed list: it stands on paper in both languages, and nothing personal slips in."""

    REFUSED = "refused"
    ENTERED_WRONG = "entered_wrong"
    WITHDRAWN = "withdrawn"
    SETTLED_ELSEWHERE = "settled_elsewhere"


REASONS: Final = {
    Reason.REFUSED: Words(ar="رفضتها الجهة", en="The agency refused it"),
    Reason.ENTERED_WRONG: Words(ar="البيانات المُدخلة ليست الصحيحة", en="It was entered wrongly"),
    Reason.WITHDRAWN: Words(ar="عدل صاحب المعاملة عنها", en="The person no longer wants it"),
    Reason.SETTLED_ELSEWHERE: Words(ar="سُوّيت في مكان آخر", en="It was settled elsewhere"),
}


class Objection(enum.StrEnum):
    """Why the office disputes an entry; a closed list too."""

    NOT_REFUSABLE = "not_refusable"
    AMOUNT_WRONG = "amount_wrong"
    NOT_BY_US = "not_by_us"


OBJECTIONS: Final = {
    Objection.NOT_REFUSABLE: Words(ar="لا سبب للرفض", en="There was no ground to refuse it"),
    Objection.AMOUNT_WRONG: Words(ar="المبلغ غير صحيح", en="The amount is wrong"),
    Objection.NOT_BY_US: Words(ar="لم يفعله هذا المكتب", en="This office did not do it"),
}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff as the register had them when it was written."""

    id: str
    name: Words
    role: Role


def person_of(member: StaffMember) -> Person:
    return Person(id=member.id, name=member.name, role=member.role)


class RefundAgreed(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the entry that two people write before any money moves back."""

    schema: int = 1
    correction: UUID
    reason: Reason
    requested_by: Person
    approved_by: Person


class Reversal(msgspec.Struct, frozen=True, kw_only=True):
    """Body of what takes a refused transaction back, and is delivered as a commit is.

    It is a transaction of its own: `ids` are its own but for the basket, which it shares with `of`, the one it takes
    back. `amount_fils` is positive here and negative in its entry, so that a ledger's amounts add up to the money that
    is held. `corrected_by` names the new transaction that the money was carried over to; None where it was given back,
    in cash with what was handed out and what came back of it.
    """

    schema: int = REVERSAL_SCHEMA
    ids: Ids
    of: Ids
    receipt_number: str
    service: str
    agency: str
    method: PaymentMethod
    amount_fils: int
    reason: Reason
    requested_by: Person
    approved_by: Person
    corrected_by: UUID | None = None
    tendered_fils: int | None = None
    change_fils: int | None = None


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """Body of an office's word against an entry that others wrote: the centre's refusal, or a correction. Moves no
    money. `entry` and `entry_hash` are the disputed one's sequence and SHA-256."""

    schema: int = DISPUTE_SCHEMA
    ids: Ids
    of: Ids
    receipt_number: str
    service: str
    agency: str
    method: PaymentMethod
    entry: int
    entry_hash: str
    objection: Objection
    by: Person


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Body of the record that the agency's words were explained to the person; nothing is settled by it."""

    schema: int = 1
    note: UUID
    by: Person


# ---------------------------------------------------------------- what staff see


class Attention(msgspec.Struct, frozen=True, kw_only=True):
    """One message that the centre answered with a refusal, and nothing has settled yet. Nothing personal.

    `entry` is the refusal's sequence. `refund` is agreed, and nobody knows yet that the money is back. `service` and
    `method` are None where the retention rule has removed the body; `correction` says that this is itself one.
    """

    ids: Ids
    reference: str
    receipt_number: str
    amount_fils: int
    service: str | None
    method: PaymentMethod | None
    committed_at: datetime
    decided_at: datetime
    entry: int
    code: str
    words_ar: str
    words_en: str
    explained: int
    refund: RefundAgreed | None
    correction: bool = False


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A correction as it was written: what its slip says. `number` is the paper's own, `sequence` its entry's.

    `new_receipt` is that of the transaction which the money was carried over to, "" where it went back.
    """

    number: str
    sequence: int
    written_at: datetime
    reversal: Reversal
    new_receipt: str = ""


class Disputed(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    sequence: int
    written_at: datetime
    dispute: Dispute


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Correcting:
    """The refused transaction that a visit sends again. Personal."""

    agreement: Agreement
    receipt_number: str


class Proof(Protocol):
    """That a member of staff has just shown the PIN. Made by `Corrections.prove`, good for one use and a few
    minutes."""

    @property
    def member(self) -> StaffMember: ...


class Corrections(Protocol):
    """The ledger's part for corrections. Each call is one transaction on disk, as `kiosk.ports.Ledger`'s are; asking
    twice is doing once. Every call may block and raises NOT_SAVED; StaffMistake where the people may not."""

    def attention(self) -> tuple[Attention, ...]:
        """What nothing has settled yet, the oldest first."""

    def prove(self, staff_id: str, pin: bytearray) -> Proof:
        """Wipes `pin`. Raises SignInRefused."""

    def explain(self, transaction: UUID, note: UUID, by: StaffMember) -> None: ...

    def agree_refund(
        self, transaction: UUID, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> None:
        """Before any money moves. The second of the two different people is a supervisor."""

    def call_off(self, transaction: UUID, by: StaffMember) -> None:
        """The agreed refund did not happen: the money is where it was."""

    def refund(
        self, transaction: UUID, *, by_recovery: bool, tendered_fils: int | None = None, change_fils: int | None = None
    ) -> Corrected:
        """The money is back, as was agreed; of cash also what was handed out and what came back of it."""

    def share_of(self, transaction: UUID) -> Share:
        """Under which ids the payment terminal knows this money: an earlier transaction's where it was carried over, a
        basket's where it was paid with others."""

    def resubmit(
        self, agreement: Agreement, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> Commitment:
        """Commits `agreement` with the money of the transaction that it `corrects`, which is taken back by the same
        COMMIT: money is never counted twice, nor lost. The totals are equal."""

    def dispute(self, transaction: UUID, dispute: UUID, objection: Objection, by: Proof) -> Disputed:
        """Against the centre's refusal of `transaction`, or against a correction."""

    def corrected(self, transaction: UUID) -> Corrected | None:
        """The correction that took this transaction back; None where none did."""
