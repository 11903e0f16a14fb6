"""Walks a ledger's chain from its first entry: hashes, links, signatures, bodies, and what the entries add up to.

The walk goes on behind a problem, so that one changed row does not hide another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from kiosk.receipt import PrintState, Receipt, ReceiptOutcome
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Entry, Signed
from offline_queue.entries import (
    ADMINISTRATIVE,
    CORRECTING,
    DELIVERED,
    FIRST_PREVIOUS_HASH,
    OF_NO_TRANSACTION,
    EntryKind,
    LedgerMistake,
    PrintNote,
    body_of,
    digest,
    ids_of,
)
from offline_queue.key_chain import KeyChain, KeyChangeWrong
from offline_queue.projection import TransactionRow, after
from offline_queue.signing import WrongSignature, open_signed

_ABOUT_CORRECTIONS: Final = CORRECTING | {EntryKind.REFUND_AGREED, EntryKind.REFUND_CALLED_OFF, EntryKind.REVERSED}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """`place` is e.g. `entry 7`, `message 3`, `receipt KRK3-000002`, `file`."""

    place: str
    what: str


class IssuedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """`code_hash` is "" where the retention rule has removed the receipt's body."""

    transaction: str
    outcome: ReceiptOutcome
    sequence: int
    body_hash: str
    code_hash: str


@dataclasses.dataclass(slots=True)
class Sum:
    """What the entries add up to, by transaction, receipt number, (receipt number, copy) and message number."""

    entries: int = 0
    rows: dict[str, TransactionRow] = dataclasses.field(default_factory=dict)
    receipts: dict[str, IssuedReceipt] = dataclasses.field(default_factory=dict)
    prints: dict[tuple[str, int], PrintState] = dataclasses.field(default_factory=dict)
    messages: dict[int, tuple[str, int]] = dataclasses.field(default_factory=dict)  # transaction, sequence
    corrections: list[tuple[Entry, bytes | None]] = dataclasses.field(default_factory=list)  # with their bodies

    def take(self, kind: EntryKind, entry: Entry, body: bytes | None) -> None:
        """What is delivered, and what is about a correction."""
        if kind in DELIVERED and entry.message is not None:
            self.messages[entry.message] = (str(entry.ids_transaction), entry.sequence)
        if kind in _ABOUT_CORRECTIONS:
            self.corrections.append((entry, body))


def walk(
    connection: Database,
    found: Sum,
    terminal: str,
    ledger_key: Ed25519PublicKey,
    centre_key: Ed25519PublicKey | None,
) -> Iterator[Problem]:
    """`ledger_key` is the terminal's first; later ones follow from the entries."""
    keys = KeyChain(terminal, ledger_key)
    expected, previous = 1, FIRST_PREVIOUS_HASH
    rows = connection.execute("SELECT sequence, canonical, hash, key_id, signature FROM entries ORDER BY sequence")
    for sequence, canonical, stated_hash, key_id, signature in rows:
        place = f"entry {sequence}"
        found.entries += 1
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
            yield from _add(connection, found, entry, place, centre_key)
            if proven and entry.kind == EntryKind.KEY_CHANGED:
                yield from _change_key(connection, keys, entry, place)
        expected, previous = sequence + 1, digest(canonical)


def _change_key(connection: Database, keys: KeyChain, entry: Entry, place: str) -> Iterator[Problem]:
    try:
        keys.follow(entry, body_of(connection, entry.body_hash))
    except KeyChangeWrong as wrong:
        yield problem(place, f"changes a key, and {wrong}")


def _add(
    connection: Database, found: Sum, entry: Entry, place: str, centre_key: Ed25519PublicKey | None
) -> Iterator[Problem]:
    """Lets one entry have its effect, as when it was written."""
    body = body_of(connection, entry.body_hash) if entry.body_hash else None
    if body is not None and digest(body) != entry.body_hash:
        yield problem(place, "its body was changed")
    transaction = str(entry.ids_transaction)
    try:
        kind = EntryKind(entry.kind)
        if kind in ADMINISTRATIVE:
            if ids_of(entry) != OF_NO_TRANSACTION or entry.message is not None:
                yield problem(place, f"is {kind}, and names a transaction or a message")
            return
        found.rows[transaction] = after(found.rows.get(transaction), entry, body)
        found.take(kind, entry, body)
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


def problem(place: str, what: str) -> Problem:
    return Problem(place=place, what=what)
