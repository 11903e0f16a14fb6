"""One entry of the ledger: its kind, the body that its hash covers, and how it is chained and signed.

The canonical bytes are made once. Their SHA-256 is the next entry's `previous_hash`, their signature is the
terminal's, and the same bytes are what the centre gets.
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from kiosk.ports import Clock
from kiosk.receipt import PrintState
from kiosk.transaction import Agreement, Ids, PaymentMethod, PaymentState, Together
from kiosk.wire import ENTRY_CONTEXT, BatchAnswer, Entry, ItemAnswer, Signed, encode_canonical, ledger_key_id
from offline_queue.signing import sign

FIRST_PREVIOUS_HASH: Final = "0" * 64
Actor = Literal["citizen", "clerk", "supervisor", "recovery", "sync", "support"]


class LedgerMistake(Exception):
    """A call that the ledger's rules forbid, such as a commit without money: a defect of the caller."""


class EntryKind(enum.StrEnum):
    """What an entry says happened; beside it, what its body holds."""

    PREPARED = "prepared"  # kiosk.transaction.Agreement
    PAYMENT = "payment"  # PaymentNote
    VOIDED = "voided"  # no body
    COMMITTED = "committed"  # the same Agreement; this entry and its body are what is delivered
    ACCEPTED = "accepted"  # the centre's signed answer as received (JSON of kiosk.wire.Signed)
    NEEDS_ATTENTION = "needs_attention"  # the same
    RECEIPT_ISSUED = "receipt_issued"  # kiosk.receipt.Receipt
    PRINT = "print"  # PrintNote
    # By staff, of a transaction that the agency refused (kiosk.corrections):
    EXPLAINED = "explained"  # Explanation
    REFUND_AGREED = "refund_agreed"  # RefundAgreed
    REFUND_CALLED_OFF = "refund_called_off"  # no body
    REVERSED = "reversed"  # the Reversal that took it back
    # A transaction of its own, delivered as a commit is:
    REVERSAL = "reversal"  # Reversal
    DISPUTED = "disputed"  # Dispute
    # About the ledger itself, of no transaction:
    KEY_CHANGED = "key_changed"  # kiosk.wire.KeyChange; of a ledger key the last entry that the key before signs
    BODIES_REMOVED = "bodies_removed"
    DOCUMENT_PRINTED = "document_printed"  # DocumentNote
    PROJECTIONS_REBUILT = "projections_rebuilt"


ADMINISTRATIVE: Final = frozenset(
    {
        EntryKind.KEY_CHANGED,
        EntryKind.BODIES_REMOVED,
        EntryKind.PROJECTIONS_REBUILT,
        EntryKind.DOCUMENT_PRINTED,
    }
)
"""What an administrative entry says is in its body; it changes no projection, and is never delivered."""

CORRECTING: Final = frozenset({EntryKind.REVERSAL, EntryKind.DISPUTED})
"""What is delivered beside commits. Its projection has no agreement's hash: the release before this one then finds no
body where it looks for an agreement."""

DELIVERED: Final = CORRECTING | {EntryKind.COMMITTED}

OF_NO_TRANSACTION: Final = Ids(basket=UUID(int=0), transaction=UUID(int=0), payment=UUID(int=0))
"""The nil UUID (RFC 9562, 5.9), not null: a release that knows no such entries still reads their bytes."""


class PaymentNote(msgspec.Struct, frozen=True, kw_only=True):
    """For cash also what was handed over and what was given back. `carried_from` is the payment that the money was
    taken by, where a corrected transaction has it from a refused one. `together` is the movement of money where it pays
    more than this transaction: of cash then, what was handed over for all of it, and the change."""

    schema: int = 1
    state: PaymentState
    tendered_fils: int | None = None
    change_fils: int | None = None
    carried_from: UUID | None = None
    together: Together | None = None

    def adds_up(self, amount_fils: int) -> bool:
        """Whether what was handed over less what was given back is the amount; also where neither is said.
        `amount_fils` is that of the movement of money."""
        if self.tendered_fils is None or self.change_fils is None:
            return self.tendered_fils is self.change_fils
        return self.change_fils >= 0 and self.tendered_fils - self.change_fils == amount_fils


class PrintNote(msgspec.Struct, frozen=True, kw_only=True):
    """`copy` is 0 for the original."""

    schema: int = 1
    copy: int
    state: PrintState


class DocumentNote(msgspec.Struct, frozen=True, kw_only=True):
    """An issued document that came out here: of which service, the SHA-256 of its PDF, and what the printer said. The
    hash names the document to whoever has it, and tells nobody else whose it is."""

    schema: int = 1
    service: str
    content_hash: str
    state: PrintState


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Fact:
    """What is about to be written: an entry before it has a place in the chain."""

    kind: EntryKind
    ids: Ids
    actor: Actor
    cause: str
    amount_fils: int | None = None
    receipt_number: str | None = None
    message: int | None = None
    body: bytes = b""
    application_hash: str = ""
    document_hashes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place."""

    entry: Entry
    signed: Signed


def ids_of(entry: Entry) -> Ids:
    return Ids(basket=entry.ids_basket, transaction=entry.ids_transaction, payment=entry.ids_payment)


def read_boot_id() -> str:
    """Linux's name for the time since the last start: monotonic times of one boot can be compared."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


@dataclasses.dataclass(slots=True)
class Scribe:
    """Writes the next link of one terminal's chain. Used on the ledger's thread only."""

    terminal: str
    key: Ed25519PrivateKey
    clock: Clock
    monotonic_ns: Callable[[], int] = time.monotonic_ns
    boot_id: str = dataclasses.field(default_factory=read_boot_id)
    clock_difference_ms: int | None = None
    generation: int = 1

    def append(self, connection: Database, fact: Fact) -> Link:
        """Adds the entry and its body within the caller's transaction."""
        sequence, previous_hash = last_place(connection)
        body_hash = digest(fact.body) if fact.body else ""
        entry = Entry(
            terminal=self.terminal,
            sequence=sequence + 1,
            kind=fact.kind,
            ids_basket=fact.ids.basket,
            ids_transaction=fact.ids.transaction,
            ids_payment=fact.ids.payment,
            actor=fact.actor,
            cause=fact.cause,
            written_at=self.clock.now(),
            monotonic_ns=self.monotonic_ns(),
            boot_id=self.boot_id,
            clock_difference_ms=self.clock_difference_ms,
            amount_fils=fact.amount_fils,
            receipt_number=fact.receipt_number,
            message=fact.message,
            body_hash=body_hash,
            previous_hash=previous_hash,
            application_hash=fact.application_hash,
            document_hashes=fact.document_hashes,
        )
        signed = sign(encode_canonical(entry), ENTRY_CONTEXT, self.key, ledger_key_id(self.terminal, self.generation))
        if fact.body:
            connection.execute("INSERT OR IGNORE INTO bodies (hash, content) VALUES (?, ?)", (body_hash, fact.body))
        connection.execute(
            "INSERT INTO entries (sequence, canonical, hash, key_id, signature) VALUES (?, ?, ?, ?, ?)",
            (entry.sequence, signed.payload, digest(signed.payload), signed.key_id, signed.signature),
        )
        return Link(entry, signed)


def last_place(connection: Database) -> tuple[int, str]:
    """The last entry's sequence and hash."""
    row = connection.execute("SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1").fetchone()
    return (0, FIRST_PREVIOUS_HASH) if row is None else (int(row[0]), str(row[1]))


def last_message(connection: Database) -> int:
    """The last message's number, from the entries themselves: the truth, not a projection."""
    return int(connection.execute("SELECT max(message) FROM entries WHERE message IS NOT NULL").fetchone()[0] or 0)


def preparer_of(connection: Database, transaction: UUID) -> Actor:
    """Who prepared it: the citizen, or a clerk who served one."""
    row = connection.execute(
        "SELECT actor FROM entries WHERE transaction_id = ? AND kind = 'prepared'", (str(transaction),)
    ).fetchone()
    return "clerk" if row is not None and row[0] == "clerk" else "citizen"


def body_of(connection: Database, body_hash: str) -> bytes | None:
    """The body with that hash; None where the retention rule has removed it."""
    row = connection.execute("SELECT content FROM bodies WHERE hash = ?", (body_hash,)).fetchone()
    return None if row is None else bytes(row[0])


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def application_hash(agreement: Agreement) -> str:
    """Of the signed application; "" where nothing was signed."""
    return digest(agreement.signed_application) if agreement.signed_application else ""


class Decisions:
    """Reads the centre's signed answers. Entries that one answer decided follow one another, and each names all of it:
    it is decoded once for all of them."""

    def __init__(self) -> None:
        self._proof: bytes | None = None
        self._items: dict[UUID, ItemAnswer] = {}

    def read(self, proof: bytes, transaction: UUID) -> ItemAnswer:
        """What the answer says of this transaction. Raises LedgerMistake where it does not name it, and
        msgspec.DecodeError."""
        if proof != self._proof:
            answer = msgspec.json.decode(msgspec.json.decode(proof, type=Signed).payload, type=BatchAnswer)
            self._items = {item.transaction: item for item in reversed(answer.answers)}  # of two the first counts
            self._proof = proof
        try:
            return self._items[transaction]
        except KeyError:
            raise LedgerMistake("the centre's answer does not name this transaction") from None


def require_sum(agreement: Agreement) -> None:
    """Raises LedgerMistake where the total is not the lines', or where what is due and how it is paid do not agree."""
    if agreement.total_fils != sum(line.amount_fils for line in agreement.lines):
        raise LedgerMistake("the total is not the sum of the lines")
    if (agreement.method is PaymentMethod.NONE) is not (agreement.total_fils == 0):
        raise LedgerMistake("nothing is paid exactly where nothing is due")


def document_hashes(agreement: Agreement) -> tuple[str, ...]:
    """Of every page that was scanned, in their order; of the bytes themselves, whatever the body says of them."""
    return tuple(digest(document.content) for document in agreement.documents)


def decision_in(proof: bytes, transaction: UUID) -> ItemAnswer:
    """What one answer says of one transaction, as `Decisions.read`."""
    return Decisions().read(proof, transaction)
