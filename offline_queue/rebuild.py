"""Makes every projection anew from the entries, where they differ; never touches an entry.

A projection that differs was changed by something that is not this program, or by a defect of it. So what differed is
written down in the chain before anybody works on: `EntryKind.PROJECTIONS_REBUILT`. Entries that do not hold by
themselves are left exactly as they are found: a rebuild over them would make the damage look like the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.ports import Clock
from kiosk.set_up import SetUpMistake
from kiosk.wire import encode_canonical
from offline_queue.chain import Problem, Sum
from offline_queue.database import LedgerDatabase
from offline_queue.entries import OF_NO_TRANSACTION, EntryKind, Fact, Scribe, last_place
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.outbox import Outbox
from offline_queue.projection import load_rows, store_row
from offline_queue.schema import guards
from offline_queue.verify import Examined, examine

CAUSE: Final = "queue verify --rebuild"


class EntriesUnsound(SetUpMistake):
    """The entries themselves do not hold: nothing was changed. Somebody at the centre has to look at the file."""


class RebuildNote(msgspec.Struct, frozen=True, kw_only=True):
    """The body of PROJECTIONS_REBUILT: what had differed."""

    schema: int = 1
    problems: tuple[Problem, ...]


def rebuild(file: Path, terminal: str, keys: TerminalKeys, trust: Trust, clock: Clock) -> tuple[Problem, ...]:
    """What differed and was put right; nothing is written where nothing did. One transaction, whole or not at all.

    Raises EntriesUnsound, LedgerInUse while the terminal's program runs, DatabaseUnusable, and NOT_SAVED.
    """
    database = LedgerDatabase(file, keys.database)
    scribe = Scribe(terminal, keys.ledger, clock, generation=keys.ledger_generation)

    def work(connection: Database) -> tuple[Problem, ...]:
        found = examine(connection, terminal, trust.ledgers[terminal], trust.centre)
        _require_whole_entries(found)
        _require_whole_tail(connection)
        if not found.projections:
            return ()
        _write_anew(connection, found.sum)
        note = encode_canonical(RebuildNote(problems=found.projections))
        scribe.append(connection, Fact(EntryKind.PROJECTIONS_REBUILT, OF_NO_TRANSACTION, "support", CAUSE, body=note))
        again = examine(connection, terminal, trust.ledgers[terminal], trust.centre)
        _require_whole_entries(again)
        if again.projections:
            raise EntriesUnsound(f"{again.projections[0].place}: {again.projections[0].what}, also after a rebuild")
        return found.projections

    try:
        return database.write(work)
    finally:
        database.close()


def _require_whole_entries(found: Examined) -> None:
    if found.entries:
        first = found.entries[0]
        raise EntriesUnsound(f"{first.place}: {first.what}. Nothing was changed")


_FURTHEST = """
SELECT max(sequence) FROM (
    SELECT max(sequence) AS sequence FROM outbox
    UNION ALL SELECT max(committed_sequence) FROM transactions
    UNION ALL SELECT max(issued_sequence) FROM receipts
)
"""


def _require_whole_tail(connection: Database) -> None:
    """Entries cut off at the end leave a chain that holds; what hung on them still shows that they were there."""
    last, _ = last_place(connection)
    furthest = connection.execute(_FURTHEST).fetchone()[0] or 0
    if furthest > last:
        raise EntriesUnsound(f"entry {furthest}: is missing, and was there. Nothing was changed")


def _write_anew(connection: Database, found: Sum) -> None:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    for name in _triggers(connection):
        connection.execute(f"DROP TRIGGER {name}")
    _write_transactions(connection, found)
    _write_paper(connection, found)
    _write_outbox(connection, found)
    _write_removed_bodies(connection, found)
    for statement in guards():
        connection.execute(statement)


def _triggers(connection: Database) -> Iterator[str]:
    yield from [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]


def _write_transactions(connection: Database, found: Sum) -> None:
    stored = {str(row.transaction_id): row for row in load_rows(connection, "")}
    for transaction in stored.keys() - found.rows.keys():
        connection.execute("DELETE FROM transactions WHERE transaction_id = ?", (transaction,))
    for transaction, row in found.rows.items():
        store_row(connection, stored.get(transaction), row)


def _write_paper(connection: Database, found: Sum) -> None:
    """The code's hash is in the receipt's body; where that has left by the retention rule, the row's own stays."""
    kept = dict(connection.execute("SELECT number, code_hash FROM receipts").fetchall())
    connection.execute("DELETE FROM print_jobs")
    connection.execute("DELETE FROM receipts")
    for number, issued in found.receipts.items():
        row = (number, issued.transaction, issued.outcome, issued.sequence, issued.body_hash)
        connection.execute(
            "INSERT INTO receipts (number, transaction_id, outcome, issued_sequence, body_hash, code_hash) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (*row, issued.code_hash or kept.get(number, "")),
        )
    for (number, copy), state in found.prints.items():
        connection.execute(
            "INSERT INTO print_jobs (receipt_number, copy, state) VALUES (?, ?, ?)", (number, copy, state)
        )


def _write_outbox(connection: Database, found: Sum) -> None:
    """Rows that are right keep what is known of their attempts; those that were missing begin anew."""
    stored = {
        int(message): (str(transaction), int(sequence))
        for message, transaction, sequence in connection.execute("SELECT message, transaction_id, sequence FROM outbox")
    }
    right = {message for message, row in stored.items() if found.messages.get(message) == row}
    for message in stored.keys() - right:
        connection.execute("DELETE FROM outbox WHERE message = ?", (message,))
    for message in sorted(found.messages.keys() - right):
        transaction, sequence = found.messages[message]
        Outbox.restore(connection, message, UUID(transaction), sequence)


def _write_removed_bodies(connection: Database, found: Sum) -> None:
    connection.execute("DELETE FROM removed_bodies")
    for body_hash, gone in found.removed.items():
        connection.execute("INSERT INTO removed_bodies (hash, sequence) VALUES (?, ?)", (body_hash, gone.sequence))
