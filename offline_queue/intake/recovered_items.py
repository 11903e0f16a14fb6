"""Out of a ledger that the centre has opened: each committed transaction as its terminal would deliver it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlite_utils import Database

from kiosk.transaction import TransactionState
from kiosk.wire import Batch, ChangedKey, HeldQuestion, Item, ItemAnswer, KeyNotice, Signed
from offline_queue.entries import digest
from offline_queue.intake.centre import Centre, RawBatch
from offline_queue.intake.server import open_centre
from offline_queue.projection import TransactionRow
from offline_queue.sealed_bodies import sealed_body_of
from offline_queue.sealing import BODY, CannotOpen, open_sealed, recovery_key

_AT_A_TIME = 50
_HELD_AT_A_TIME = 5_000


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """`source` is where the body came from: "ledger", "sealed" or, without an item, "nowhere"."""

    row: TransactionRow
    item: Item | None
    source: str

    def __repr__(self) -> str:
        return f"Found(transaction={self.row.transaction_id}, source={self.source!r})"


def find(reader: Database, row: TransactionRow, terminal: str, private: X25519PrivateKey) -> Found:
    """The body is what the entry's hash covers, or it is none."""
    entry = reader.execute(
        "SELECT canonical, key_id, signature, body_hash FROM entries WHERE sequence = ?", (row.committed_sequence,)
    ).fetchone()
    if entry is None or row.message is None:
        return Found(row=row, item=None, source="nowhere")
    signed = Signed(payload=entry[0], key_id=entry[1], signature=entry[2])
    plain = reader.execute("SELECT content FROM bodies WHERE hash = ?", (entry[3],)).fetchone()
    bodies = {"ledger": bytes(plain[0]) if plain else b"", "sealed": _unsealed(reader, entry[3], terminal, private)}
    for source, body in bodies.items():
        if body and digest(body) == entry[3]:
            item = Item(transaction=row.transaction_id, message=row.message, entry=signed, body=body)
            return Found(row=row, item=item, source=source)
    return Found(row=row, item=None, source="nowhere")


def _unsealed(reader: Database, body_hash: str, terminal: str, private: X25519PrivateKey) -> bytes:
    """Empty where it was not sealed to this key; a ledger of an earlier release has no such table."""
    if reader.execute("SELECT 1 FROM sqlite_master WHERE name = 'sealed_bodies'").fetchone() is None:
        return b""
    sealed = sealed_body_of(reader, body_hash, recovery_key(private.public_key()).id)
    if sealed is None:
        return b""
    try:
        return open_sealed(sealed, private, BODY, terminal, body_hash)
    except CannotOpen:
        return b""


def deliver(
    keys: Path, database: Path, terminal: str, changes: tuple[ChangedKey, ...], found: list[Found]
) -> dict[UUID, ItemAnswer]:
    """What the ledger has no answer for, and what the intake does not hold, whatever the ledger says.

    `changes` are the terminal's renewed keys, which the intake may not have heard of. Raises NoticeRefused, and what
    opening the intake's database raises.
    """
    answers: dict[UUID, ItemAnswer] = {}
    with open_centre(keys, database, lambda: datetime.now(UTC)) as centre:
        if changes:
            centre.learn_keys(KeyNotice(terminal=terminal, changes=changes))
        held = _held(centre, terminal, max((one.row.message or 0 for one in found), default=0))
        due = [
            one.item
            for one in found
            if one.item is not None and (one.row.state is TransactionState.COMMITTED or one.item.message not in held)
        ]
        for start in range(0, len(due), _AT_A_TIME):
            batch = Batch(terminal=terminal, items=tuple(due[start : start + _AT_A_TIME]))
            raw = msgspec.json.decode(msgspec.json.encode(batch), type=RawBatch)
            answers |= {answer.transaction: answer for answer in centre.submit(raw).answers}
    return answers


def _held(centre: Centre, terminal: str, last: int) -> set[int]:
    held: set[int] = set()
    for first in range(1, last + 1, _HELD_AT_A_TIME):
        question = HeldQuestion(terminal=terminal, first=first, last=first + _HELD_AT_A_TIME - 1)
        held |= {message for message, _ in centre.held(question).held}
    return held
