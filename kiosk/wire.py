"""The messages between a terminal, the intake and the agencies behind it: one type each, with a schema version.

Whatever is signed travels as the exact bytes that were signed, inside `Signed`; nothing is ever encoded again to be
checked. All signatures here are Ed25519 (RFC 8032) over `context || 0x00 || payload`, the context being one of the
`*_CONTEXT` values, so that no signature of one kind passes for another. What may hold personal data has a repr that
shows none of it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from kiosk.help import OfficeCall
from kiosk.uptake import Uptake

SCHEMA = 1

ENTRY_CONTEXT = b"kiosk/ledger-entry"
ANSWER_CONTEXT = b"kiosk/centre-answer"
QUOTE_CONTEXT = b"kiosk/agency-quote"
KEY_CHANGE_CONTEXT = b"kiosk/key-change"

LARGEST_REQUEST_BYTES = 2 * 1024 * 1024
"""Of one request to the intake, as it travels. What could never be delivered must not be agreed to."""

REQUEST_TAG = "kiosk-request"
"""The `tag` of a terminal's HTTP Message Signature (RFC 9421). It covers "@method", "@authority", "@path" and
"content-digest" (SHA-256, of the empty body too); its parameters are created, keyid, alg, nonce and tag."""

CENTRE_KEY = "centre"
"""A key is named by its file in the trust folder without `.pem`: here, in `Signed.key_id` and as a request's keyid."""


RECOVERY_KEY = "recovery"
"""The X25519 key of the centre that terminals seal to; its private half lies at the centre alone."""


def ledger_key_id(terminal: str, generation: int = 1) -> str:
    """The Ed25519 key that signs a terminal's ledger entries and its requests: `ledger-KRK3`, and once it was renewed
    `ledger-KRK3.2`."""
    return _of_generation(f"ledger-{terminal}", generation)


def receipt_key_id(terminal: str, generation: int = 1) -> str:
    """The P-256 key that signs the codes on a terminal's receipts, by the same rule."""
    return _of_generation(f"receipt-{terminal}", generation)


def _of_generation(first: str, generation: int) -> str:
    return first if generation == 1 else f"{first}.{generation}"


def agency_key_id(agency: str) -> str:
    """The Ed25519 key that signs an agency's quotes, e.g. `agency-traffic`."""
    return f"agency-{agency}"


Service = str


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes with the Ed25519 signature of the key named `key_id`. JSON carries the bytes as base64."""

    payload: bytes
    key_id: str
    signature: bytes

    def __repr__(self) -> str:
        return f"Signed(key_id={self.key_id!r}, {len(self.payload)} bytes)"


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One text in both languages."""

    ar: str
    en: str


# ---------------------------------------------------------------- the ledger's entries


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a terminal's ledger. Its canonical form is `encode_canonical(entry)`; nothing personal is in it.

    `sequence` counts this terminal's entries from 1 without a gap. `message` counts those that are delivered, again
    from 1 without a gap: it is what the intake is asked "which sequence numbers have you?" about. `previous_hash` and
    `body_hash` are SHA-256 in hexadecimal; the first entry's previous hash is 64 zeros; without a body the hash is "".
    `application_hash` is that of the signed application in the body: it proves what was signed after the body has left
    by the retention rule. It is "" where nothing was signed, and not there in the bytes of a first release.
    `document_hashes` are those of the scanned pages in the body, in their order, for the same reason.
    """

    schema: int = SCHEMA
    terminal: str
    sequence: int
    kind: str  # offline_queue.ledger.EntryKind
    ids_basket: UUID
    ids_transaction: UUID
    ids_payment: UUID
    actor: Literal["citizen", "clerk", "supervisor", "recovery", "sync", "support"]
    cause: str
    written_at: datetime
    monotonic_ns: int
    boot_id: str
    clock_difference_ms: int | None
    amount_fils: int | None
    receipt_number: str | None
    message: int | None
    body_hash: str
    previous_hash: str
    application_hash: str = ""
    document_hashes: tuple[str, ...] = ()


def encode_canonical(message: msgspec.Struct) -> bytes:
    """The one byte form of a message: UTF-8 JSON, keys in sorted order, no white space."""
    return msgspec.json.encode(message, order="sorted")


# ---------------------------------------------------------------- submitting (terminal to intake)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One committed transaction, as it lies in the ledger: the signed entry and the body that its hash covers.

    The idempotency key is `transaction`; a second item with the same key and other bytes is a conflict.
    """

    schema: int = SCHEMA
    transaction: UUID
    message: int
    entry: Signed  # payload: canonical Entry; key: the terminal's ledger key
    body: bytes  # canonical kiosk.transaction.Agreement

    def __repr__(self) -> str:
        return f"Item(transaction={self.transaction})"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    schema: int = SCHEMA
    terminal: str
    items: tuple[Item, ...]


class ItemAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one item. `duplicate` (same bytes as before) is success; the first decision stands."""

    transaction: UUID
    result: Literal["accepted", "duplicate", "conflict", "rejected", "retry_later"]
    reference: str = ""
    code: str = ""
    words: Words | None = None
    retry_after_seconds: int | None = None


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Travels as the payload of `Signed` with ANSWER_CONTEXT and the centre's key: a captive portal cannot make it."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    answers: tuple[ItemAnswer, ...]


class HeldQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which of these message numbers (first to last, both included) does the intake hold?"""

    schema: int = SCHEMA
    terminal: str
    first: int
    last: int


class HeldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT. `held` pairs each message number with its transaction."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    first: int
    last: int
    held: tuple[tuple[int, UUID], ...]


# ---------------------------------------------------------------- new keys (terminal to intake)
#
# A ledger key is renewed by an entry of kind `key_changed` that the key before it signs, as any entry. Its body names
# the new public key and carries a proof that whoever renews holds the private one. Entries up to and with that one are
# signed by the old key, the entries behind it by the new one, and nothing that was signed is signed again. So the
# first public key and the entries of this kind prove every later key, on the terminal as at the centre.
#
# The centre learns of it by a `KeyNotice`: all such entries of the terminal, oldest first, with their bodies, before
# the first request under a new key, and again whenever the centre refuses the terminal's signature. The request needs
# no signature of its own (the centre would not know the key), because each entry proves itself and a notice that comes
# twice changes nothing. From then on the centre takes requests under the newest key alone, and an item by the key that
# was in force at its entry's sequence number: what was queued under the old key is delivered as it is.


class KeyChange(msgspec.Struct, frozen=True, kw_only=True):
    """Body of a `key_changed` entry. `generation` counts this kind of key from 1, and so is at least 2; `public_key`
    is DER SubjectPublicKeyInfo; `proof` is made with the new private key (see `proof_of`). A database key has none of
    the three, 0 and empty: `key_id` alone tells it from the others. `by` are the two of staff who answer for it."""

    schema: int = SCHEMA
    key: Literal["ledger", "receipt", "database"]
    generation: int
    key_id: str
    public_key: bytes = b""
    proof: bytes = b""
    by: tuple[str, str]


def proof_of(terminal: str, key_id: str, public_key: bytes) -> bytes:
    """What the new key signs: ids hold no zero byte."""
    return b"\x00".join((KEY_CHANGE_CONTEXT, terminal.encode(), key_id.encode(), public_key))


class ChangedKey(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of kind `key_changed` and its body, as they lie in the ledger."""

    entry: Signed
    body: bytes  # canonical KeyChange


class KeyNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Every change of this terminal's ledger key and receipt key, oldest first."""

    schema: int = SCHEMA
    terminal: str
    changes: tuple[ChangedKey, ...]


class KeyNoticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT: the ids of the keys that the centre now takes as in force."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    in_force: tuple[str, ...]


# ---------------------------------------------------------------- enquiring (terminal to an agency, through the intake)


class Enquiry(msgspec.Struct, frozen=True, kw_only=True):
    """What a person owes; with a `lookup`, only what the agency knows that is asked next (`kiosk.catalogue.Lookup`).
    `fields` are the enquiry's own, e.g. `{"plate": "12-34567"}`."""

    schema: int = SCHEMA
    terminal: str
    service: str
    fields: dict[str, str]
    lookup: str = ""

    def __repr__(self) -> str:
        return f"Enquiry(service={self.service!r})"


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing owed. What is not payable here says why in `reason`; what is, what was taken off, if anything."""

    id: str
    title: Words
    place: Words | None
    occurred_on: date | None
    amount_fils: int
    payable: bool
    reason: Words | None = None

    @property
    def told(self) -> Words:
        """Its title, and what was taken off it: nobody wonders about an amount of nothing."""
        if self.reason is None or not self.payable:
            return self.title
        return Words(ar=f"{self.title.ar} · {self.reason.ar}", en=f"{self.title.en} · {self.reason.en}")


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the agency has on file. `value` is in the form in which an answer is stored; `words` is how a
    person reads it where that says too little. `on_receipt`: it is printed, and so may not be personal."""

    id: str
    title: Words
    value: str
    words: Words | None = None
    on_receipt: bool = False

    def __repr__(self) -> str:
        return f"Fact(id={self.id!r})"


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency states is owed, and until when it holds. Payload of `Signed` with QUOTE_CONTEXT.

    `facts` are what it goes by. The answer to a lookup has facts and no lines. A quote that the terminal makes itself,
    of a published tariff, names that `tariff` and travels nowhere.
    """

    schema: int = SCHEMA
    quote: UUID
    agency: str
    service: str
    fields: dict[str, str]
    issued_at: datetime
    expires_at: datetime
    lines: tuple[QuoteLine, ...]
    provisional: bool = False
    facts: tuple[Fact, ...] = ()
    lookup: str = ""
    tariff: str = ""

    def __repr__(self) -> str:
        return f"Quote(quote={self.quote})"


class EnquiryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT: either the agency's signed quote, or its refusal in words. `way_out` is
    the id of the service by which what stands in the way is settled, where there is one."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    quote: Signed | None
    refusal_code: str = ""
    refusal: Words | None = None
    way_out: str = ""


# ---------------------------------------------------------------- calling a clerk (terminals of one office)


class HelpCall(msgspec.Struct, frozen=True, kw_only=True):
    """A person at this terminal wants help. `call` is made by the terminal and sent again with the call; `place` is a
    value of `kiosk.scene.State`, and nothing else is taken. An earlier open call of the same terminal is over."""

    schema: int = SCHEMA
    terminal: str
    call: UUID
    place: str


class HelpQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of this call?"""

    schema: int = SCHEMA
    terminal: str
    call: UUID


class HelpAnswered(msgspec.Struct, frozen=True, kw_only=True):
    """The clerk of this display name is on the way; the first answer to a call stands."""

    schema: int = SCHEMA
    terminal: str
    call: UUID
    clerk: str


class HelpClosed(msgspec.Struct, frozen=True, kw_only=True):
    """Withdrawn by the caller, or served by the clerk. A call that never arrived is closed all the same."""

    schema: int = SCHEMA
    terminal: str
    call: UUID


class HelpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT: the call as it stands, None where it is over or not this office's; and
    whether any clerk of the office is looking."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    call: UUID
    standing: OfficeCall | None
    clerk_looks: bool


class OpenCallsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Who is calling in this terminal's office? Asking says that a clerk is looking."""

    schema: int = SCHEMA
    terminal: str


class OpenCallsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT; the oldest call first."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    calls: tuple[OfficeCall, ...]


# ---------------------------------------------------------------- how the services are used (terminal to intake)


class UptakeBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Records of this terminal, in no order. The idempotency key is `Uptake.record`; the first that came stands."""

    schema: int = SCHEMA
    terminal: str
    records: tuple[Uptake, ...]


class UptakeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT. `held` are the records of the batch that the centre has; `refused` those
    that it will never take, which are not sent again either."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    held: tuple[UUID, ...]
    refused: tuple[UUID, ...] = ()


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the intake says of itself; the clock difference is taken from `now`. Payload with ANSWER_CONTEXT."""

    schema: int = SCHEMA
    now: datetime
    version: str
