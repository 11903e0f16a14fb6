"""The second half of the reading at night: what the projections say beside the entries, some transactions at a time.

Each transaction is added up from its own entries and compared within one view of the file, so nothing has to be kept in
memory from one part to the next, and what is sold meanwhile disturbs nothing. What hangs on no transaction at all (the
print of a receipt that does not exist, a removal that no entry names) is left to `queue verify`; it explains nothing
and nobody is told by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from sqlite_utils import Database

from kiosk.wire import Entry
from offline_queue.chain import Problem, Sum, take_effect
from offline_queue.comparison import compare, load_stored
from offline_queue.entries import OF_NO_TRANSACTION, EntryKind, body_of

BEFORE_ALL: Final = str(OF_NO_TRANSACTION.transaction)
"""Stands before every transaction, and is none."""

_NEXT: Final = """
SELECT transaction_id FROM entries WHERE transaction_id > :behind
UNION SELECT transaction_id FROM transactions WHERE transaction_id > :behind
UNION SELECT transaction_id FROM receipts WHERE transaction_id > :behind
UNION SELECT transaction_id FROM outbox WHERE transaction_id > :behind
ORDER BY transaction_id LIMIT :limit
"""
"""Every table that names one has an index of them, and SQLite merges the four without reading any to its end."""

_ENTRIES: Final = "SELECT sequence, canonical FROM entries WHERE transaction_id = ? ORDER BY sequence"
_AGREED: Final = frozenset({EntryKind.PREPARED, EntryKind.COMMITTED})
"""Their body, which may be large, changes nothing in the sum; the chain's half has looked at it."""


def next_transactions(connection: Database, behind: str, limit: int) -> list[str]:
    """The next ones that any table names."""
    return [str(row[0]) for row in connection.execute(_NEXT, {"behind": behind, "limit": limit})]


def compare_these(connection: Database, transactions: list[str]) -> Iterator[Problem]:
    """What their entries break of the rules, then where the projections differ."""
    found = Sum()
    for transaction in transactions:
        for sequence, canonical in connection.execute(_ENTRIES, (transaction,)).fetchall():
            try:
                entry = msgspec.json.decode(canonical, type=Entry)
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue  # said by the chain's half
            body = body_of(connection, entry.body_hash) if entry.body_hash and entry.kind not in _AGREED else None
            yield from take_effect(found, entry, body, f"entry {sequence}", None)
    yield from compare(load_stored(connection, transactions), found)
