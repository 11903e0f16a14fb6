"""What an item must prove before it is taken: its entry's signature, its body's hash, and that its ids agree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from kiosk.corrections import DISPUTE_SCHEMA, NOT_HELD, REVERSAL_SCHEMA, Dispute, Reversal
from kiosk.transaction import AGREEMENT_SCHEMA, Agreement, PaymentMethod
from kiosk.wire import ENTRY_CONTEXT, SCHEMA, Entry, Item, Words
from offline_queue.correction_checks import are_two_people
from offline_queue.entries import DELIVERED, EntryKind, application_hash, document_hashes, ids_of
from offline_queue.intake.agencies import Refusal
from offline_queue.key_chain import LedgerKey
from offline_queue.signing import WrongSignature, open_signed

T = TypeVar("T")

LARGEST_NUMBER = 2**53 - 1  # what every reader of JSON holds exactly (RFC 8259, section 6)

REFUSALS: Mapping[str, Words] = {
    "ITEM_UNREADABLE": Words(ar="تعذّرت قراءة المعاملة", en="The transaction could not be read"),
    "SCHEMA_UNKNOWN": Words(ar="صيغة المعاملة غير معروفة لدى المركز", en="The centre does not know this message form"),
    "ENTRY_UNPROVEN": Words(ar="توقيع الجهاز لا يطابق القيد", en="The terminal's signature does not match the entry"),
    "ENTRY_UNREADABLE": Words(ar="تعذّرت قراءة القيد", en="The entry could not be read"),
    "KIND_UNKNOWN": Words(ar="نوع القيد غير معروف لدى المركز", en="The centre does not know this kind of entry"),
    "IDS_DIFFER": Words(ar="أرقام المعاملة لا تتطابق", en="The transaction's numbers do not agree"),
    "BODY_CHANGED": Words(ar="محتوى المعاملة لا يطابق القيد", en="The content does not match the entry"),
    "BODY_UNREADABLE": Words(ar="تعذّرت قراءة محتوى المعاملة", en="The content could not be read"),
    "ENTRY_AMOUNT_DIFFERS": Words(ar="المبلغ لا يطابق القيد", en="The amount does not match the entry"),
    "NOT_PAID": Words(ar="المبلغ مستحق ولم يُدفع", en="An amount is due, and nothing was paid"),
    "APPLICATION_DIFFERS": Words(
        ar="الطلب الموقّع لا يطابق القيد", en="The signed application does not match the entry"
    ),
    "DOCUMENTS_DIFFER": Words(ar="الوثائق المرفقة لا تطابق القيد", en="The attached documents do not match the entry"),
    "ONE_PERSON": Words(
        ar="التصحيح يوقّعه شخصان، ثانيهما مشرف", en="A correction is made by two people, the second a supervisor"
    ),
    NOT_HELD: Words(
        ar="المعاملة المصحَّحة ليست لدى المركز", en="The centre does not hold the transaction that this corrects"
    ),
    "CORRECTS_ACCEPTED": Words(ar="قبلت الجهة المعاملة ولا تُسترد", en="The agency accepted the transaction"),
    "CORRECTS_ANOTHER": Words(
        ar="بيانات التصحيح لا تطابق المعاملة الأصلية", en="The correction does not match the first transaction"
    ),
    "CORRECTED_BEFORE": Words(ar="صُحّحت المعاملة من قبل", en="The transaction was corrected before"),
    "CONFLICT": Words(
        ar="وصلت من قبل معاملة أخرى بالرقم نفسه", en="Another transaction came with the same number before"
    ),
    "AGENCY_UNKNOWN": Words(ar="الجهة غير معروفة لدى المركز", en="The centre does not know this agency"),
}

NOT_KNOWN_YET = frozenset({"SCHEMA_UNKNOWN", "ENTRY_UNPROVEN", "KIND_UNKNOWN", "AGENCY_UNKNOWN"})
"""Not decisions: a terminal newer than the centre, a key or an agency that the centre is only about to get. The money
is taken, so the item waits at its terminal, where staff see why, and is asked about again."""


class _Unproven(Exception):
    """Carries the refusal's code."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """An item and what was found: its entry, proven; or why it is not taken."""

    item: Item
    fingerprint: str
    found: Entry | Refusal

    def __repr__(self) -> str:
        return f"Checked(transaction={self.item.transaction})"


class _Named(msgspec.Struct, frozen=True, kw_only=True):
    transaction: UUID
    schema: int = SCHEMA


class _Versioned(msgspec.Struct, frozen=True, kw_only=True):
    schema: int


def refusal(code: str) -> Refusal:
    return Refusal(code=code, words=REFUSALS[code])


def fingerprint(item: Item) -> str:
    """SHA-256 over the entry's payload, led by its length, and the body: the exact bytes, never a re-encoding."""
    length = len(item.entry.payload).to_bytes(8, "big")
    return hashlib.sha256(length + item.entry.payload + item.body).hexdigest()


def read_item(raw: msgspec.Raw) -> Item | tuple[UUID, Refusal] | None:
    """The item; or its id and why the rest cannot be read; or None where not even that can."""
    try:
        return msgspec.json.decode(raw, type=Item)
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        named = msgspec.json.decode(raw, type=_Named)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return named.transaction, refusal("ITEM_UNREADABLE" if named.schema == SCHEMA else "SCHEMA_UNKNOWN")


def check(item: Item, terminal: str, keys: Sequence[LedgerKey]) -> Checked:
    """Names the first thing that does not hold, if any. `keys` are the terminal's, oldest first."""
    found: Entry | Refusal
    try:
        found = _prove(item, terminal, keys)
    except _Unproven as unproven:
        found = refusal(str(unproven))
    return Checked(item=item, fingerprint=fingerprint(item), found=found)


def _prove(item: Item, terminal: str, keys: Sequence[LedgerKey]) -> Entry:
    entry = _entry(item, terminal, keys)
    if hashlib.sha256(item.body).hexdigest() != entry.body_hash:
        raise _Unproven("BODY_CHANGED")
    if entry.kind == EntryKind.REVERSAL:
        _prove_reversal(_read(item.body, Reversal, REVERSAL_SCHEMA, "BODY_UNREADABLE"), entry)
    elif entry.kind == EntryKind.DISPUTED:
        dispute = _read(item.body, Dispute, DISPUTE_SCHEMA, "BODY_UNREADABLE")
        _same(dispute.ids, ids_of(entry), "IDS_DIFFER")
        _same(0, entry.amount_fils, "ENTRY_AMOUNT_DIFFERS")
    else:
        _prove_agreement(_read(item.body, Agreement, AGREEMENT_SCHEMA, "BODY_UNREADABLE"), entry)
    return entry


def _prove_agreement(agreement: Agreement, entry: Entry) -> None:
    if agreement.agreed_at.tzinfo is None:
        raise _Unproven("BODY_UNREADABLE")
    _same(agreement.ids, ids_of(entry), "IDS_DIFFER")
    _same(agreement.total_fils, entry.amount_fils, "ENTRY_AMOUNT_DIFFERS")
    if agreement.method is PaymentMethod.NONE and agreement.total_fils:
        raise _Unproven("NOT_PAID")
    _same(application_hash(agreement), entry.application_hash, "APPLICATION_DIFFERS")
    _same(document_hashes(agreement), entry.document_hashes, "DOCUMENTS_DIFFER")
    _same(tuple(document.sha256 for document in agreement.documents), entry.document_hashes, "DOCUMENTS_DIFFER")


def _prove_reversal(reversal: Reversal, entry: Entry) -> None:
    _same(reversal.ids, ids_of(entry), "IDS_DIFFER")
    _same(reversal.of.basket, entry.ids_basket, "IDS_DIFFER")
    _same(-reversal.amount_fils, entry.amount_fils, "ENTRY_AMOUNT_DIFFERS")
    if not are_two_people(reversal.requested_by, reversal.approved_by):
        raise _Unproven("ONE_PERSON")


def _same(said: object, signed: object, otherwise: str) -> None:
    if said != signed:
        raise _Unproven(otherwise)


def _entry(item: Item, terminal: str, keys: Sequence[LedgerKey]) -> Entry:
    if item.schema != SCHEMA:
        raise _Unproven("SCHEMA_UNKNOWN")
    place = next((place for place, key in enumerate(keys) if key.id == item.entry.key_id), None)
    if place is None:
        raise _Unproven("ENTRY_UNPROVEN")
    try:
        payload = open_signed(item.entry, ENTRY_CONTEXT, keys[place].public, keys[place].id)
    except WrongSignature:
        raise _Unproven("ENTRY_UNPROVEN") from None
    entry = _read(payload, Entry, SCHEMA, "ENTRY_UNREADABLE")
    if entry.kind not in DELIVERED:
        raise _Unproven("KIND_UNKNOWN")
    agreed = entry.terminal == terminal and entry.message == item.message and entry.ids_transaction == item.transaction
    if not agreed or not all(1 <= number <= LARGEST_NUMBER for number in (item.message, entry.sequence)):
        raise _Unproven("IDS_DIFFER")
    until = keys[place + 1].since if place + 1 < len(keys) else LARGEST_NUMBER
    if not keys[place].since < entry.sequence <= until:
        raise _Unproven("ENTRY_UNPROVEN")  # the key was not yet, or no longer, this terminal's
    return entry


def _read(content: bytes, kind: type[T], schema: int, unreadable: str) -> T:
    """What another schema looks like is not ours to guess: its number is read first."""
    try:
        if msgspec.json.decode(content, type=_Versioned).schema != schema:
            raise _Unproven("SCHEMA_UNKNOWN")
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _Unproven(unreadable) from None
