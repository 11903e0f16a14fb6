"""Which content of the ledger has fallen due to leave, in the order in which it does. Runs on the ledger's thread."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from offline_queue.entries import EntryKind
from offline_queue.removal import OF_REVERSED, SETTLED_BY, BodyKind

AT_ONCE: Final = 100
Place = tuple[str, str]
"""A moment and a transaction: where a pass stands."""

START: Final[Place] = ("", "")


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A transaction whose time seems to be over, and the body in question; "" where there is none. `answered` is the
    message that the centre answered: the transaction itself, or the reversal that took it back."""

    transaction: str
    answered: str
    since: str
    body_hash: str
    code_hash: str

    @property
    def place(self) -> Place:
        return self.since, self.answered


_VOIDED: Final = (
    "SELECT transaction_id, transaction_id, prepared_at, body_hash, '' FROM transactions "
    "WHERE state = 'voided' AND prepared_at < ? AND (prepared_at, transaction_id) > (?, ?) "
    "ORDER BY prepared_at, transaction_id LIMIT ?"
)
_ACCEPTED: Final = (
    "SELECT transactions.transaction_id, transactions.transaction_id, decided_at, {columns} FROM transactions {join} "
    "WHERE state = 'accepted' AND decided_at < ? AND (decided_at, transactions.transaction_id) > (?, ?) "
    "ORDER BY decided_at, transactions.transaction_id LIMIT ?"
)
_TAKEN_BACK: Final = (
    "transactions AS reversal JOIN entries AS ended "
    "ON ended.sequence = reversal.committed_sequence - 1 AND ended.kind = 'reversed' "
    "JOIN transactions AS sold ON sold.transaction_id = ended.transaction_id"
)
"""A reversal is the entry behind the end of what it takes back."""

_REVERSED: Final = (
    "SELECT sold.transaction_id, reversal.transaction_id, reversal.decided_at, {columns} FROM {taken_back} {join} "
    "WHERE reversal.state = 'accepted' AND reversal.body_hash = '' AND reversal.decided_at < ? "
    "AND (reversal.decided_at, reversal.transaction_id) > (?, ?) "
    "ORDER BY reversal.decided_at, reversal.transaction_id LIMIT ?"
)
_RECEIPTS: Final = "coalesce(receipts.body_hash, ''), coalesce(code_hash, '')"
_QUESTIONS: Final = {
    BodyKind.VOIDED_AGREEMENT: _VOIDED,
    BodyKind.ACCEPTED_AGREEMENT: _ACCEPTED.format(columns="body_hash, ''", join=""),
    BodyKind.RECEIPT: _ACCEPTED.format(
        columns=_RECEIPTS, join="LEFT JOIN receipts ON receipts.transaction_id = transactions.transaction_id"
    ),
    BodyKind.REVERSED_AGREEMENT: _REVERSED.format(columns="sold.body_hash, ''", taken_back=_TAKEN_BACK, join=""),
    BodyKind.REVERSED_RECEIPT: _REVERSED.format(
        columns=_RECEIPTS,
        taken_back=_TAKEN_BACK,
        join="LEFT JOIN receipts ON receipts.transaction_id = sold.transaction_id",
    ),
}


def load_due(connection: Database, kind: BodyKind, before: datetime, behind: Place) -> list[Due]:
    # Compared as text up to the whole second, which stands before every fraction and time zone mark.
    moment = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    rows = connection.execute(_QUESTIONS[kind], (moment, *behind, AT_ONCE))
    return [Due(*map(str, row)) for row in rows]


def settled_at(connection: Database, one: Due, kind: BodyKind, before: datetime) -> int | None:
    """The entry that settled it; None where its time is not over yet."""
    settled_by = EntryKind.ACCEPTED if kind in OF_REVERSED else SETTLED_BY[kind]
    row = connection.execute(
        "SELECT sequence, written_at FROM entries WHERE transaction_id = ? AND kind = ?", (one.answered, settled_by)
    ).fetchone()
    return int(row[0]) if row is not None and msgspec.convert(row[1], datetime) <= before else None


_OPEN: Final = ("prepared", "committed", "needs_attention")


_OLDEST_TAKEN_BACK: Final = (
    f"SELECT sold.prepared_at FROM {_TAKEN_BACK} WHERE reversal.body_hash = '' AND "  # noqa: S608 -- this module's own
    "{state} ORDER BY {order} LIMIT 1"
)


def oldest_here(connection: Database, behind: Place, behind_reversed: Place) -> datetime | None:
    """When the oldest agreement that is still here was made: open, or settled and not yet due."""
    questions = [f"SELECT min(prepared_at) FROM transactions WHERE state = '{state}'" for state in _OPEN]  # noqa: S608
    found = [connection.execute(question).fetchone()[0] for question in questions]
    taken_back = [
        (_OLDEST_TAKEN_BACK.format(state="reversal.state = 'committed'", order="reversal.message"), ()),
        (_OLDEST_TAKEN_BACK.format(state="reversal.state = 'needs_attention'", order="reversal.message"), ()),
        (
            _OLDEST_TAKEN_BACK.format(
                state="reversal.state = 'accepted' AND (reversal.decided_at, reversal.transaction_id) > (?, ?)",
                order="reversal.decided_at, reversal.transaction_id",
            ),
            behind_reversed,
        ),
    ]
    found += [(connection.execute(*question).fetchone() or (None,))[0] for question in taken_back]
    row = connection.execute(
        "SELECT prepared_at FROM transactions WHERE state = 'accepted' AND (decided_at, transaction_id) > (?, ?) "
        "ORDER BY decided_at, transaction_id LIMIT 1",
        behind,
    ).fetchone()
    moments = [moment for moment in (*found, row and row[0]) if moment]
    return msgspec.convert(min(moments), datetime) if moments else None
