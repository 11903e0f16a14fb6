"""Walks a ledger's chain from its first entry: hashes, links, signatures, bodies, and what the entries add up to.

The walk goes on behind a problem, so that one changed row does not hide another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from kiosk.receipt import PrintState, Receipt, ReceiptOutcome
from kiosk.transaction import PaymentState, Together
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Entry, Signed
from offline_queue.entries import (
    ADMINISTRATIVE,
    CORRECTING,
    DELIVERED,
    FIRST_PREVIOUS_HASH,
    OF_NO_TRANSACTION,
    Decisions,
    EntryKind,
    LedgerMistake,
    PrintNote,
    body_of,
    digest,
    ids_of,
)
from offline_queue.key_chain import KeyChain, KeyChangeWrong, load_changes
from offline_queue.projection import REVERSES, TransactionRow, after
from offline_queue.removal import Departed, Settled, departed, unexplained
from offline_queue.signing import WrongSignature, open_signed

_ABOUT_CORRECTIONS: Final = CORRECTING | {EntryKind.REFUND_AGREED, EntryKind.REFUND_CALLED_OFF, EntryKind.REVERSED}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`place` is e.g. `entry 7`, `message 3`, `receipt KRK3-000002`, `file`."""

    place: str
    what: str


class IssuedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """`code_hash` is "" where the receipt's body is gone, until the entry that says why has been read."""

    transaction: str
    outcome: ReceiptOutcome
    sequence: int
    body_hash: str
    code_hash: str


class Captured(msgspec.Struct, frozen=True):
    """One transaction's part of a movement of money that paid several."""

    transaction: str
    basket: UUID
    amount_fils: int
    together: Together


class _Moved(msgspec.Struct, frozen=True):
    """The part of a payment's note that a basket's check needs."""

    state: PaymentState
    carried_from: UUID | None = None
    together: Together | None = None


@dataclasses.dataclass(slots=True)
class Sum:
    """What the entries add up to, by transaction, receipt number, (receipt number, copy), message number and movement
    of money; by its hash, the first entry of each body that is gone, and each that an entry says has left. `last` is
    the last entry read."""

    entries: int = 0
    last: int = 0
    rows: dict[str, TransactionRow] = dataclasses.field(default_factory=dict)
    receipts: dict[str, IssuedReceipt] = dataclasses.field(default_factory=dict)
    prints: dict[tuple[str, int], PrintState] = dataclasses.field(default_factory=dict)
    messages: dict[int, tuple[str, int]] = dataclasses.field(default_factory=dict)  # transaction, sequence
    corrections: list[tuple[Entry, bytes | None]] = dataclasses.field(default_factory=list)  # with their bodies
    captured: dict[UUID, list[Captured]] = dataclasses.field(default_factory=dict)  # by movement, of several only
    settled: dict[str, Settled] = dataclasses.field(default_factory=dict)
    taken_back: dict[str, str] = dataclasses.field(default_factory=dict)  # what each reversal takes back
    missing: dict[str, Entry] = dataclasses.field(default_factory=dict)
    removed: dict[str, Departed] = dataclasses.field(default_factory=dict)
    decisions: Decisions = dataclasses.field(default_factory=Decisions)

    def take(self, kind: EntryKind, entry: Entry, body: bytes | None) -> None:
        """What is delivered, what is about a correction, and money that was taken for several at once."""
        if kind in DELIVERED and entry.message is not None:
            self.messages[entry.message] = (str(entry.ids_transaction), entry.sequence)
        if kind in _ABOUT_CORRECTIONS:
            self.corrections.append((entry, body))
        if kind is EntryKind.PAYMENT and body is not None:
            self._take_payment(entry, msgspec.json.decode(body, type=_Moved))

    def _take_payment(self, entry: Entry, moved: _Moved) -> None:
        """Money that was carried over was captured once already, and counted there."""
        if moved.together is None or moved.carried_from is not None or moved.state is not PaymentState.CAPTURED:
            return
        part = Captured(str(entry.ids_transaction), entry.ids_basket, entry.amount_fils or 0, moved.together)
        self.captured.setdefault(moved.together.movement, []).append(part)

    def note_body(self, kind: EntryKind, entry: Entry, body: bytes | None) -> None:
        """Which bodies are gone, which an entry says have left, and what had to be before they might."""
        if body is None and entry.body_hash:
            self.missing.setdefault(entry.body_hash, entry)
        elif body is not None and kind is EntryKind.BODIES_REMOVED:
            self.removed.update(departed(entry, body))
        transaction = str(entry.ids_transaction)
        if kind is EntryKind.REVERSAL:
            self.taken_back[transaction] = entry.cause.removeprefix(REVERSES)
        elif kind is EntryKind.ACCEPTED and transaction in self.taken_back:
            sold = self.taken_back[transaction]
            self.settled[sold] = Settled(EntryKind.REVERSED, entry.sequence, entry.written_at)
        elif kind in {EntryKind.ACCEPTED, EntryKind.VOIDED}:
            self.settled[transaction] = Settled(kind, entry.sequence, entry.written_at)


Look = Callable[[Database, Sum, Entry, str, Ed25519PublicKey | None], Iterator[Problem]]
"""What is done with each entry that could be read: connection, sum, entry, its place, the centre's key."""


def walk(
    connection: Database,
    found: Sum,
    terminal: str,
    ledger_key: Ed25519PublicKey,
    centre_key: Ed25519PublicKey | None,
    *,
    behind: int = 0,
    limit: int = -1,
    look: Look | None = None,
) -> Iterator[Problem]:
    """From the entry behind `behind`, at most `limit` of them; `look` instead of adding them up.

    `ledger_key` is the terminal's first; later ones follow from the entries.
    """
    look = look or add_entry
    keys = KeyChain(terminal, ledger_key)
    yield from _keys_until(connection, keys, behind)
    expected, previous = behind + 1, _hash_at(connection, behind)
    rows = connection.execute(_ENTRIES, (behind, limit))
    for sequence, canonical, stated_hash, key_id, signature in rows:
        place = f"entry {sequence}"
        found.entries, found.last = found.entries + 1, sequence
        if sequence != expected:
            yield problem(place, f"entries {expected} to {sequence - 1} are missing")
        if digest(canonical) != stated_hash:
            yield problem(place, "its hash does not fit its bytes")
        signed = Signed(payload=canonical, key_id=key_id, signature=signature)
        proven = True
        try:
            keys.open(signed)
        except WrongSignature as wrong:
            proven = False
            yield problem(place, str(wrong))
        try:
            entry = msgspec.json.decode(canonical, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield problem(place, "cannot be read")
        else:
            if entry.sequence != sequence or entry.terminal != terminal:
                yield problem(place, f"says that it is entry {entry.sequence} of {entry.terminal}")
            if sequence == expected and entry.previous_hash != previous:
                yield problem(place, f"does not follow entry {sequence - 1}")
            yield from look(connection, found, entry, place, centre_key)
            if proven and entry.kind == EntryKind.KEY_CHANGED:
                yield from _change_key(connection, keys, entry, place)
        expected, previous = sequence + 1, digest(canonical)


_ENTRIES: Final = (
    "SELECT sequence, canonical, hash, key_id, signature FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?"
)


def _keys_until(connection: Database, keys: KeyChain, sequence: int) -> Iterator[Problem]:
    """Follows the changes of keys up to this entry."""
    for changed in load_changes(connection):
        try:
            entry = msgspec.json.decode(changed.entry.payload, type=Entry)
            if entry.sequence > sequence:
                return
            keys.take(changed)
        except (KeyChangeWrong, msgspec.DecodeError, UnicodeDecodeError):
            yield problem("keys", "the change of a key does not hold")
            return


def _hash_at(connection: Database, sequence: int) -> str:
    """Of the bytes that are there: what the entry behind them has to name."""
    row = connection.execute("SELECT canonical FROM entries WHERE sequence = ?", (sequence,)).fetchone()
    return FIRST_PREVIOUS_HASH if row is None else digest(row[0])


def _change_key(connection: Database, keys: KeyChain, entry: Entry, place: str) -> Iterator[Problem]:
    try:
        keys.follow(entry, body_of(connection, entry.body_hash))
    except KeyChangeWrong as wrong:
        yield problem(place, f"changes a key, and {wrong}")


def add_entry(
    connection: Database, found: Sum, entry: Entry, place: str, centre_key: Ed25519PublicKey | None
) -> Iterator[Problem]:
    """Lets one entry have its effect, as when it was written."""
    body = body_of(connection, entry.body_hash) if entry.body_hash else None
    if body is not None and digest(body) != entry.body_hash:
        yield problem(place, "its body was changed")
    yield from take_effect(found, entry, body, place, centre_key)


def take_effect(
    found: Sum, entry: Entry, body: bytes | None, place: str, centre_key: Ed25519PublicKey | None
) -> Iterator[Problem]:
    """What the entry changes in the sum. Without `centre_key` no answer's signature is looked at."""
    transaction = str(entry.ids_transaction)
    try:
        kind = EntryKind(entry.kind)
        if kind in ADMINISTRATIVE:
            if ids_of(entry) != OF_NO_TRANSACTION or entry.message is not None:
                yield problem(place, f"is {kind}, and names a transaction or a message")
            found.note_body(kind, entry, body)
            return
        found.rows[transaction] = after(found.rows.get(transaction), entry, body, found.decisions)
        found.take(kind, entry, body)
        found.note_body(kind, entry, body)
        if kind is EntryKind.RECEIPT_ISSUED:
            found.receipts[str(entry.receipt_number)] = IssuedReceipt(
                transaction=transaction,
                outcome=ReceiptOutcome(entry.cause),
                sequence=entry.sequence,
                body_hash=entry.body_hash,
                code_hash=digest(msgspec.json.decode(body, type=Receipt).code.encode()) if body else "",
            )
        elif kind is EntryKind.PRINT and body is not None:
            note = msgspec.json.decode(body, type=PrintNote)
            found.prints[str(entry.receipt_number), note.copy] = note.state
        elif kind in {EntryKind.ACCEPTED, EntryKind.NEEDS_ATTENTION} and body and centre_key:
            open_signed(msgspec.json.decode(body, type=Signed), ANSWER_CONTEXT, centre_key, CENTRE_KEY)
    except LedgerMistake as mistake:
        yield problem(place, str(mistake))
    except WrongSignature:
        yield problem(place, "its answer was not signed by the centre")
    except (msgspec.DecodeError, ValueError):
        yield problem(place, "its content cannot be read")


def departures(connection: Database, found: Sum) -> Iterator[Problem]:
    """Once all is read: bodies that are gone without a reason, and those that should be gone."""
    for sequence, what in unexplained(found.missing, found.removed, found.settled):
        yield problem(f"entry {sequence}", what)
    for body_hash, gone in found.removed.items():
        if body_of(connection, body_hash) is not None:
            yield problem(f"entry {gone.sequence}", "says that a body has left, and it is still here")
    for number, issued in found.receipts.items():
        gone_receipt = found.removed.get(issued.body_hash)
        if not issued.code_hash and gone_receipt is not None:
            found.receipts[number] = msgspec.structs.replace(issued, code_hash=gone_receipt.code_hash)


def problem(place: str, what: str) -> Problem:
    return Problem(place=place, what=what)
