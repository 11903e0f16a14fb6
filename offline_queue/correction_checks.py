"""Do the corrections of a ledger hold? Each reversal has its message, its two people, its reason in the entries before
it, and the money of a corrected transaction is another's exactly once.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import msgspec

from kiosk.corrections import Person
from kiosk.staff import Role
from kiosk.wire import Entry
from offline_queue.chain import Problem, Sum, problem
from offline_queue.entries import EntryKind
from offline_queue.issuing import correction_number, sale_number
from offline_queue.projection import CORRECTED_BY, REFUNDED_BY, REVERSES


class _Answering(msgspec.Struct, frozen=True):
    """Who answers for a refund that is agreed, or for a reversal."""

    requested_by: Person
    approved_by: Person


def check_corrections(found: Sum) -> Iterator[Problem]:
    yield from _numbers(found)
    agreed: dict[UUID, str] = {}  # transaction, and the cause of the refund that stands for it
    carried: set[str] = set()
    ended: Entry | None = None
    for entry, body in found.corrections:
        place = f"entry {entry.sequence}"
        if ended is not None and not _says(entry, ended):
            yield problem(f"entry {ended.sequence}", "reversed, and no message says so")
        match EntryKind(entry.kind):
            case EntryKind.REFUND_AGREED:
                agreed[entry.ids_transaction] = entry.cause
            case EntryKind.REFUND_CALLED_OFF:
                agreed.pop(entry.ids_transaction, None)
            case EntryKind.REVERSED:
                yield from _check_end(found, entry, agreed.pop(entry.ids_transaction, ""), carried)
            case EntryKind.REVERSAL if ended is None or not _says(entry, ended):
                yield problem(place, "takes back what no entry before it ends")
        yield from _check_people(place, entry, body)
        ended = entry if entry.kind == EntryKind.REVERSED else None
    if ended is not None:
        yield problem(f"entry {ended.sequence}", "reversed, and no message says so")


def _says(message: Entry, ended: Entry) -> bool:
    """Whether `message` is the reversal's, written with the end of what it takes back."""
    return (
        message.kind == EntryKind.REVERSAL
        and message.sequence == ended.sequence + 1
        and message.body_hash == ended.body_hash
        and message.cause == f"{REVERSES}{ended.ids_transaction}"
        and message.amount_fils == -(ended.amount_fils or 0)
    )


def _check_end(found: Sum, entry: Entry, agreed: str, carried: set[str]) -> Iterator[Problem]:
    place = f"entry {entry.sequence}"
    if entry.cause.startswith(REFUNDED_BY):
        if agreed != f"refund {entry.cause.removeprefix(REFUNDED_BY)}":
            yield problem(place, "a refund that nobody agreed to")
        return
    new = entry.cause.removeprefix(CORRECTED_BY)
    row = found.rows.get(new)
    if row is None or row.message is None or row.amount_fils != entry.amount_fils:
        yield problem(place, "its money was carried over to nothing of the same amount")
    if new in carried:
        yield problem(place, "carried over to what has another's money already")
    if agreed:
        yield problem(place, "carried over while its refund was agreed")
    carried.add(new)


def _check_people(place: str, entry: Entry, body: bytes | None) -> Iterator[Problem]:
    """Where the body is still there; its hash is in the entry whatever becomes of it."""
    if body is None or entry.kind not in {EntryKind.REFUND_AGREED, EntryKind.REVERSAL}:
        return
    try:
        said = msgspec.json.decode(body, type=_Answering)
    except (msgspec.DecodeError, UnicodeDecodeError):
        yield problem(place, "its content cannot be read")
        return
    if not are_two_people(said.requested_by, said.approved_by):
        yield problem(place, "was not made by two people, the second a supervisor")


def are_two_people(requested_by: Person, approved_by: Person) -> bool:
    return requested_by.id != approved_by.id and approved_by.role is Role.SUPERVISOR


def _numbers(found: Sum) -> Iterator[Problem]:
    """Papers of one receipt's corrections count from 1, in the order of their messages."""
    counts: dict[str, int] = {}
    corrections = [row for row in found.rows.values() if row.message is not None and not row.body_hash]
    for row in sorted(corrections, key=lambda row: row.message or 0):
        sale = sale_number(row.receipt_number or "")
        counts[sale] = counts.get(sale, 0) + 1
        due = correction_number(sale, counts[sale])
        if row.receipt_number != due:
            yield problem(f"message {row.message}", f"is numbered {row.receipt_number} where {due} is due")
