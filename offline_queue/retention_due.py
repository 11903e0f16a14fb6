"""Which content of the ledger has fallen due to leave, in the order in which it does. Runs on the ledger's thread."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from offline_queue.removal import SETTLED_BY, BodyKind

AT_ONCE: Final = 100
Place = tuple[str, str]
"""A moment and a transaction: where a pass stands."""

START: Final[Place] = ("", "")


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A transaction whose time seems to be over, and the body in question; "" where there is none."""

    transaction: str
    since: str
    body_hash: str
    code_hash: str

    @property
    def place(self) -> Place:
        return self.since, self.transaction


_VOIDED: Final = (
    "SELECT transaction_id, prepared_at, body_hash, '' FROM transactions WHERE state = 'voided' AND prepared_at < ? "
    "AND (prepared_at, transaction_id) > (?, ?) ORDER BY prepared_at, transaction_id LIMIT ?"
)
_ACCEPTED: Final = (
    "SELECT transactions.transaction_id, decided_at, {columns} FROM transactions {join} WHERE state = 'accepted' "
    "AND decided_at < ? AND (decided_at, transactions.transaction_id) > (?, ?) "
    "ORDER BY decided_at, transactions.transaction_id LIMIT ?"
)
_QUESTIONS: Final = {
    BodyKind.VOIDED_AGREEMENT: _VOIDED,
    BodyKind.ACCEPTED_AGREEMENT: _ACCEPTED.format(columns="body_hash, ''", join=""),
    BodyKind.RECEIPT: _ACCEPTED.format(
        columns="coalesce(receipts.body_hash, ''), coalesce(code_hash, '')",
        join="LEFT JOIN receipts ON receipts.transaction_id = transactions.transaction_id",
    ),
}


def load_due(connection: Database, kind: BodyKind, before: datetime, behind: Place) -> list[Due]:
    # Compared as text up to the whole second, which stands before every fraction and time zone mark.
    moment = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    rows = connection.execute(_QUESTIONS[kind], (moment, *behind, AT_ONCE))
    return [Due(*map(str, row)) for row in rows]


def settled_at(connection: Database, one: Due, kind: BodyKind, before: datetime) -> int | None:
    """The entry that settled it; None where its time is not over yet."""
    row = connection.execute(
        "SELECT sequence, written_at FROM entries WHERE transaction_id = ? AND kind = ?",
        (one.transaction, SETTLED_BY[kind]),
    ).fetchone()
    return int(row[0]) if row is not None and msgspec.convert(row[1], datetime) <= before else None


_OPEN: Final = ("prepared", "committed", "needs_attention")


def oldest_here(connection: Database, behind: Place) -> datetime | None:
    """When the oldest agreement that is still here was made, open or accepted and not yet due."""
    questions = [f"SELECT min(prepared_at) FROM transactions WHERE state = '{state}'" for state in _OPEN]  # noqa: S608
    found = [connection.execute(question).fetchone()[0] for question in questions]
    row = connection.execute(
        "SELECT prepared_at FROM transactions WHERE state = 'accepted' AND (decided_at, transaction_id) > (?, ?) "
        "ORDER BY decided_at, transaction_id LIMIT 1",
        behind,
    ).fetchone()
    moments = [moment for moment in (*found, row and row[0]) if moment]
    return msgspec.convert(min(moments), datetime) if moments else None
