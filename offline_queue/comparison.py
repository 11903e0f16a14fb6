"""What the projections and the outbox say, beside what the entries add up to: of all transactions, or of a few."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar

import msgspec
from sqlite_utils import Database

from offline_queue.chain import Problem, Sum, problem
from offline_queue.projection import TransactionRow, load_rows

_RECEIPTS: Final = "SELECT number, transaction_id, outcome, issued_sequence, code_hash FROM receipts {of}"
_PRINTS: Final = "SELECT receipt_number, copy, state FROM print_jobs {of}"
_OUTBOX: Final = "SELECT message, transaction_id, sequence FROM outbox {of}"
_OF_THESE: Final = "WHERE transaction_id IN (SELECT value FROM json_each(?))"
_ON_THEIR_RECEIPTS: Final = (
    "WHERE receipt_number IN (SELECT number FROM receipts WHERE transaction_id IN (SELECT value FROM json_each(?)))"
)
Key = TypeVar("Key", str, int, tuple[str, int])


@dataclasses.dataclass(frozen=True, slots=True)
class Stored:
    """By transaction, receipt number (with its transaction, outcome, sequence and code's hash), (receipt number, copy)
    and message number (with its transaction and sequence)."""

    rows: dict[str, TransactionRow]
    receipts: dict[str, tuple[str, str, int, str]]
    prints: dict[tuple[str, int], str]
    messages: dict[int, tuple[str, int]]


def load_stored(connection: Database, transactions: Iterable[str] | None = None) -> Stored:
    """Of these transactions; of all without them."""
    of, on, these = "", "", tuple[str, ...]()
    if transactions is not None:
        of, on, these = _OF_THESE, _ON_THEIR_RECEIPTS, (msgspec.json.encode(list(transactions)).decode(),)
    return Stored(
        rows={str(row.transaction_id): row for row in load_rows(connection, of, these)},
        receipts={
            str(number): (str(transaction), str(outcome), int(sequence), str(code_hash))
            for number, transaction, outcome, sequence, code_hash in connection.execute(_RECEIPTS.format(of=of), these)
        },
        prints={
            (str(number), int(copy)): str(state)
            for number, copy, state in connection.execute(_PRINTS.format(of=on), these)
        },
        messages={
            int(message): (str(transaction), int(sequence))
            for message, transaction, sequence in connection.execute(_OUTBOX.format(of=of), these)
        },
    )


def compare(stored: Stored, found: Sum) -> Iterator[Problem]:
    for transaction in _either(stored.rows, found.rows):
        if stored.rows.get(transaction) != found.rows.get(transaction):
            yield problem(f"transaction {transaction}", "its row does not say what its entries say")
    yield from _compare_receipts(stored, found)
    for number, copy in _either(stored.prints, found.prints):
        if stored.prints.get((number, copy)) != found.prints.get((number, copy)):
            yield problem(f"receipt {number}", f"the print of copy {copy} does not say what its entries say")
    for message in _either(stored.messages, found.messages):
        if stored.messages.get(message) != found.messages.get(message):
            yield problem(f"message {message}", "the outbox does not say what its entry says")


def _compare_receipts(stored: Stored, found: Sum) -> Iterator[Problem]:
    """The code's hash is in the receipt's body. Where that has left, and nothing read so far says which it was, the
    row's own is believed."""
    for number in _either(stored.receipts, found.receipts):
        row, issued = stored.receipts.get(number), found.receipts.get(number)
        if row is None or issued is None:
            yield problem(f"receipt {number}", "its row and its entry do not both exist")
        elif row != (issued.transaction, issued.outcome, issued.sequence, issued.code_hash or row[3]):
            yield problem(f"receipt {number}", "its row does not say what its entry says")


def _either(stored: Mapping[Key, object], found: Mapping[Key, object]) -> list[Key]:
    return sorted(stored.keys() | found.keys())
