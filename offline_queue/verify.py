"""Is the ledger whole? Walks every entry, builds the projections anew, compares, and asks the centre what it holds.

A problem names the entry, the message or the number that it was found at. What the file alone cannot show (its newest
entries cut off, with everything that hangs on them) shows in the comparison with the centre.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk.transaction import PaymentState, TransactionState
from offline_queue.basket_checks import check_baskets
from offline_queue.centre import Centre
from offline_queue.chain import Problem, Sum, departures, problem, walk
from offline_queue.comparison import compare, load_stored
from offline_queue.correction_checks import check_corrections
from offline_queue.issuing import receipt_number
from offline_queue.schema import guards
from offline_queue.staff_journal import walk_journal

_QUESTION = 5_000
"""Message numbers asked of the centre at a time; the answer stays far below the gateway's limit."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the centre holds beside what was delivered. `same`: exactly the same ids, nothing waiting."""

    messages: int
    held: int
    same: bool


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """`centre` is None where it was not asked."""

    terminal: str
    entries: int
    messages: int
    receipts: int
    sound: bool
    problems: tuple[Problem, ...]
    centre: Held | None


@dataclasses.dataclass(frozen=True, slots=True)
class Examined:
    """What the entries add up to; what is wrong with them, and where the projections do not say what they say."""

    sum: Sum
    entries: tuple[Problem, ...]
    projections: tuple[Problem, ...]


def examine(
    connection: Database, terminal: str, ledger_key: Ed25519PublicKey, centre_key: Ed25519PublicKey | None
) -> Examined:
    """Within the caller's transaction."""
    found = Sum()
    walked = tuple(walk(connection, found, terminal, ledger_key, centre_key))
    sums = (*_numbers(found, terminal), *check_corrections(found), *check_baskets(found))
    entries = (*walked, *sums, *departures(connection, found))
    return Examined(found, entries, (*_compare(connection, found), *_unguarded(connection)))


def verify(
    connection: Database,
    terminal: str,
    ledger_key: Ed25519PublicKey,
    centre_key: Ed25519PublicKey | None = None,
    centre: Centre | None = None,
) -> Verification:
    """Checks everything on one consistent view. Raises NoAnswer where `centre` is given and cannot be asked."""
    found = Sum()
    problems: list[Problem] = []
    try:
        connection.execute("BEGIN")
        problems += _file(connection)
        examined = examine(connection, terminal, ledger_key, centre_key)
        found = examined.sum
        problems += (*examined.entries, *examined.projections)
        problems += walk_journal(connection)
        connection.execute("COMMIT")
    except dbapi2.DatabaseError as error:
        problems.append(problem("file", f"cannot be read to its end: {getattr(error, 'sqlite_errorname', 'damaged')}"))
    held = None
    if centre is not None:
        held = _ask(centre, found, problems)
    return Verification(
        terminal=terminal,
        entries=found.entries,
        messages=len(found.messages),
        receipts=len(found.receipts),
        sound=not problems,
        problems=tuple(problems),
        centre=held,
    )


def _file(connection: Database) -> Iterator[Problem]:
    """Each encrypted page carries a MAC of its own; a clean file answers nothing."""
    for row in connection.execute("PRAGMA cipher_integrity_check").fetchall():
        yield problem("file", str(row[0]))
    answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if answer != "ok":
        yield problem("file", "its structure is damaged")


def _compare(connection: Database, found: Sum) -> Iterator[Problem]:
    """The projections and the outbox beside what the entries add up to."""
    yield from compare(load_stored(connection), found)
    explained = _explained(connection)
    entries = {body_hash: gone.sequence for body_hash, gone in found.removed.items()}
    for body_hash in sorted(explained.keys() | entries.keys()):
        if explained.get(body_hash) != entries.get(body_hash):
            yield problem(f"body {body_hash[:12]}", "which entry says that it left is not what the entries say")
    lost = connection.execute(
        "SELECT transactions.message FROM transactions JOIN entries ON sequence = committed_sequence "
        "LEFT JOIN bodies ON bodies.hash = entries.body_hash WHERE state = 'committed' AND bodies.hash IS NULL"
    ).fetchall()
    for (message,) in lost:
        yield problem(f"message {message}", "waits for delivery, and its body is gone")


def _explained(connection: Database) -> dict[str, int]:
    """By hash, the entry that says that a body has left; none in a file of the release before."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'removed_bodies'").fetchone() is None:
        return {}
    return {str(row[0]): int(row[1]) for row in connection.execute("SELECT hash, sequence FROM removed_bodies")}


def _unguarded(connection: Database) -> Iterator[Problem]:
    """A trigger that is missing leaves a way to change what was written; so does one that says something else."""
    stored = {str(row[0]) for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
    for statement in guards():
        if statement not in stored:
            yield problem("file", f"the trigger {statement.split()[2]} is missing")


def _numbers(found: Sum, terminal: str) -> Iterator[Problem]:
    """Messages are numbered from 1 without a gap, and so are the receipts of what was sold, in the order of the
    commits; money fits its state."""
    delivered = sorted(
        (row for row in found.rows.values() if row.message is not None), key=lambda row: row.message or 0
    )
    for place, row in enumerate(delivered, start=1):
        if row.message != place:
            yield problem(f"message {row.message}", f"stands where message {place} is due")
    for place, row in enumerate((row for row in delivered if row.body_hash), start=1):
        if row.receipt_number != receipt_number(terminal, place):
            yield problem(f"receipt {row.receipt_number}", f"stands where {receipt_number(terminal, place)} is due")
        if not row.is_paid() and row.state is not TransactionState.REVERSED:
            yield problem(f"receipt {row.receipt_number}", f"committed, and its payment is {row.payment_state}")
    for row in found.rows.values():
        if row.state is TransactionState.VOIDED and row.payment_state is PaymentState.CAPTURED:
            yield problem(f"transaction {row.transaction_id}", "voided, and its payment was captured")


def _ask(centre: Centre, found: Sum, problems: list[Problem]) -> Held:
    """Everything that the centre has answered for must be there under the same number; what waits may be."""
    held: dict[int, str] = {}
    last = max(found.messages, default=0)
    for first in range(1, last + _QUESTION + 1, _QUESTION):  # one question beyond our last: it must hold no more
        answer = centre.held(first, first + _QUESTION - 1)
        held.update((message, str(transaction)) for message, transaction in answer.held)
    ours = {message: transaction for message, (transaction, _) in found.messages.items()}
    for message in sorted(held.keys() | ours.keys()):
        if message not in ours:
            problems.append(problem(f"message {message}", "the centre holds it, and this ledger does not know it"))
        elif message in held and held[message] != ours[message]:
            problems.append(problem(f"message {message}", "the centre holds another transaction under this number"))
        elif message not in held and found.rows[ours[message]].state is TransactionState.ACCEPTED:
            problems.append(problem(f"message {message}", "accepted, and the centre does not hold it"))
    return Held(messages=len(ours), held=len(held), same=held == ours)
