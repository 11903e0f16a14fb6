"""What lies in the queue, for staff: counts, and each item with why it waits. Nothing personal.

Every function takes the connection of `offline_queue.database.open_reader`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.transaction import PaymentMethod, TransactionState
from kiosk.unresolved import Unresolved, Word, of_prepared, of_unprintable, of_unprinted, slip_reference
from offline_queue.entries import body_of
from offline_queue.paper import Bought
from offline_queue.projection import TransactionRow, load_rows

_ITEMS: Final = """
SELECT t.message, t.transaction_id, t.receipt_number,
       CASE WHEN t.state = 'committed' AND o.attempts > 0 THEN 'sent' ELSE t.state END AS state,
       t.amount_fils, t.committed_at, t.decided_at, o.attempts,
       o.last_attempt_ms, o.not_before_ms, o.problem, t.reference, t.words_ar, t.words_en,
       (SELECT kind FROM entries WHERE sequence = t.committed_sequence)
FROM transactions AS t JOIN outbox AS o ON o.message = t.message
"""

_COUNTED: Final = ("voided", "prepared", "committed", "needs_attention", "reversed")
"""Written out in the question, not bound: only so does SQLite see that a partial index answers it."""

_NO_PAPER: Final = """
WHERE message > (SELECT coalesce(max(message), 0) - 2000 FROM transactions) AND body_hash <> ''
  AND state <> 'reversed' AND NOT EXISTS (
    SELECT 1 FROM print_jobs
    WHERE print_jobs.receipt_number = transactions.receipt_number AND state IN ('confirmed', 'unconfirmed')
) ORDER BY message
"""
"""Looked for among the latest messages only: a ledger of a million must not hold up its thread, and an older receipt is
printed when somebody asks for it by its number. UNCONFIRMED may lie in somebody's hand: staff see those counted, and
nothing offers to print them again."""


# Apart, because only so does each use its own index.
_WAITING: Final = "WHERE t.state = 'committed'"
_ATTENTION: Final = "WHERE t.state = 'needs_attention'"


class QueueStatus(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting` are committed and not yet answered for; `sent_unknown` of them were tried. Times are UTC."""

    terminal: str
    entries: int
    last_entry_at: datetime | None
    prepared: int
    voided: int
    waiting: int
    sent_unknown: int
    oldest_waiting_at: datetime | None
    accepted: int
    needs_attention: int
    reversed: int
    prints_unconfirmed: int
    unresolved: tuple[Unresolved, ...]
    tables_version: int
    sqlite_version: str
    cipher_version: str


class QueueItem(msgspec.Struct, frozen=True, kw_only=True):
    """One message. `problem` is why the last attempt brought no answer; `words_*` are the agency's. `kind` is
    `committed`, or a correction's: `reversal`, `disputed`."""

    message: int
    transaction: UUID
    receipt_number: str
    state: TransactionState
    amount_fils: int
    committed_at: datetime
    decided_at: datetime | None
    attempts: int
    last_attempt_at: datetime | None
    not_before: datetime | None
    problem: str
    reference: str
    words_ar: str
    words_en: str
    kind: str


def status(connection: Database, terminal: str) -> QueueStatus:
    """What is asked every few seconds costs the same with a million entries: each count has an index of its own, and
    what was accepted is what is left."""
    voided, prepared, waiting, attention, taken_back = (_in_state(connection, state) for state in _COUNTED)
    return QueueStatus(
        terminal=terminal,
        entries=_number(connection, "SELECT coalesce(max(sequence), 0) FROM entries"),  # without a gap, by a trigger
        last_entry_at=_moment(connection, "SELECT written_at FROM entries ORDER BY sequence DESC LIMIT 1"),
        prepared=prepared,
        voided=voided,
        waiting=waiting,
        sent_unknown=_number(
            connection,
            "SELECT count(*) FROM outbox JOIN transactions USING (message) WHERE state = 'committed' AND attempts > 0",
        ),
        oldest_waiting_at=_moment(
            connection, "SELECT committed_at FROM transactions WHERE state = 'committed' ORDER BY message LIMIT 1"
        ),
        accepted=_number(connection, "SELECT coalesce(max(message), 0) FROM entries WHERE message IS NOT NULL")
        - waiting
        - attention
        - taken_back,
        needs_attention=attention,
        reversed=taken_back,
        prints_unconfirmed=_number(connection, "SELECT count(*) FROM print_jobs WHERE state <> 'confirmed'"),
        unresolved=unresolved(connection),
        tables_version=_number(connection, "PRAGMA user_version"),
        sqlite_version=str(connection.execute("SELECT sqlite_version()").fetchone()[0]),
        cipher_version=str(connection.execute("PRAGMA cipher_version").fetchone()[0]),
    )


def unresolved(connection: Database) -> tuple[Unresolved, ...]:
    """What recovery has still to settle, by the movement of money that would pay it; then the receipts of which no
    paper is on record. The oldest first."""
    prepared = load_rows(connection, "WHERE state = 'prepared' ORDER BY prepared_at, rowid")
    unprinted = load_rows(connection, _NO_PAPER)
    return tuple(
        [_unsettled(items) for items in _by_movement(connection, prepared)]
        + [_unresolved(row, agreed_method(connection, row), *_of_paper(connection, row)) for row in unprinted]
    )


def _by_movement(
    connection: Database, rows: list[TransactionRow]
) -> list[list[tuple[TransactionRow, PaymentMethod | None]]]:
    """Each with how it was to be paid."""
    together: dict[UUID, list[tuple[TransactionRow, PaymentMethod | None]]] = {}
    for row in rows:
        agreed = _agreed(connection, row)
        movement = agreed.together.movement if agreed and agreed.together else row.payment
        together.setdefault(movement, []).append((row, agreed.method if agreed else None))
    return list(together.values())


def _unsettled(items: list[tuple[TransactionRow, PaymentMethod | None]]) -> Unresolved:
    """One movement of money: whoever asks about it at the window asks once."""
    row, method = next(((row, method) for row, method in items if row.amount_fils), items[0])
    found = _unresolved(row, method, *of_prepared(row.payment_state, method))
    first, _ = items[0]
    return msgspec.structs.replace(
        found,
        ids=first.ids(),
        reference=slip_reference(first.ids()),
        amount_fils=sum(part.amount_fils for part, _ in items),
    )


def _of_paper(connection: Database, row: TransactionRow) -> tuple[Word, str]:
    """A receipt is printed from its own content, or first issued from the agreement's."""
    issued = connection.execute(
        "SELECT body_hash FROM receipts WHERE transaction_id = ?", (str(row.transaction_id),)
    ).fetchone()
    needed = row.body_hash if issued is None else str(issued[0])
    return of_unprinted() if body_of(connection, needed) is not None else of_unprintable()


def agreed_method(connection: Database, row: TransactionRow) -> PaymentMethod | None:
    """How the person wanted to pay; None where the retention rule has removed the agreement."""
    agreed = _agreed(connection, row)
    return None if agreed is None else agreed.method


def _agreed(connection: Database, row: TransactionRow) -> Bought | None:
    body = body_of(connection, row.body_hash)
    return None if body is None else msgspec.json.decode(body, type=Bought)


def list_items(connection: Database, *, undecided_only: bool = False) -> tuple[QueueItem, ...]:
    """Oldest first. `undecided_only` leaves out what is settled."""
    if not undecided_only:
        return tuple(_item(row) for row in connection.execute(f"{_ITEMS} ORDER BY t.message"))
    rows = connection.execute(f"{_ITEMS} {_WAITING} UNION ALL {_ITEMS} {_ATTENTION} ORDER BY 1")
    return tuple(_item(row) for row in rows)


def states(connection: Database) -> dict[str, str]:
    """Every transaction's state by its id, prepared and voided ones too."""
    return {str(row[0]): str(row[1]) for row in connection.execute("SELECT transaction_id, state FROM transactions")}


def _unresolved(row: TransactionRow, method: PaymentMethod | None, word: Word, next_step: str) -> Unresolved:
    return Unresolved(
        reference=slip_reference(row.ids()),
        ids=row.ids(),
        word=word,
        next_step=next_step,
        amount_fils=row.amount_fils,
        since=msgspec.convert(row.prepared_at, datetime),
        payment=row.payment_state,
        method=method,
        receipt_number=row.receipt_number,
    )


def _item(row: tuple[object, ...]) -> QueueItem:
    names = QueueItem.__struct_fields__
    values = dict(zip(names, row, strict=True))
    for name in ("last_attempt_at", "not_before"):
        milliseconds = values[name]
        values[name] = datetime.fromtimestamp(milliseconds / 1000, UTC) if isinstance(milliseconds, int) else None
    return msgspec.convert(values, QueueItem)


def _in_state(connection: Database, state: str) -> int:
    return _number(connection, f"SELECT count(*) FROM transactions WHERE state = '{state}'")  # noqa: S608 -- of _COUNTED


def _number(connection: Database, question: str) -> int:
    return int(connection.execute(question).fetchone()[0])


def _moment(connection: Database, question: str) -> datetime | None:
    row = connection.execute(question).fetchone()
    return None if row is None else msgspec.convert(row[0], datetime)
