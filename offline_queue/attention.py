"""What the ledger knows of refused transactions and their corrections: what nothing has settled, and what was written.

The functions run on the ledger's thread, or on a reader's connection.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.corrections import Attention, Corrected, Dispute, Disputed, RefundAgreed, Reversal
from kiosk.transaction import PaymentMethod, PaymentState, Share, Together
from kiosk.unresolved import slip_reference
from kiosk.wire import Entry
from offline_queue.entries import EntryKind, LedgerMistake, PaymentNote, body_of
from offline_queue.projection import TransactionRow, load_row, load_rows

_LAST_OF: Final = "SELECT kind, body_hash FROM entries WHERE transaction_id = ? AND kind IN (?, ?, ?) ORDER BY sequence"


class Traded(msgspec.Struct, frozen=True):
    """The part of an agreement or a correction that is nobody's secret."""

    service: str
    agency: str
    method: PaymentMethod


def traded(connection: Database, row: TransactionRow) -> Traded:
    """Raises LedgerMistake where the body is gone: what is not settled keeps it."""
    found = _traded(connection, row)
    if found is None:
        raise LedgerMistake("a body that is still needed was removed")
    return found


def load_attention(connection: Database) -> tuple[Attention, ...]:
    return tuple(
        _attention(connection, row) for row in load_rows(connection, "WHERE state = 'needs_attention' ORDER BY message")
    )


def load_refund(connection: Database, transaction: UUID) -> RefundAgreed | None:
    """The refund that is agreed and not known to have happened."""
    kinds = (EntryKind.REFUND_AGREED, EntryKind.REFUND_CALLED_OFF, EntryKind.REVERSED)
    found = connection.execute(f"{_LAST_OF} DESC LIMIT 1", (str(transaction), *kinds)).fetchone()
    if found is None or found[0] != EntryKind.REFUND_AGREED:
        return None
    return msgspec.json.decode(_kept(connection, str(found[1])), type=RefundAgreed)


def load_share(connection: Database, row: TransactionRow) -> tuple[Share, Together | None]:
    """See `kiosk.corrections.Corrections.share_of`; beside it what else the same movement paid."""
    notes = connection.execute(
        "SELECT body_hash FROM entries WHERE transaction_id = ? AND kind = ? ORDER BY sequence DESC",
        (str(row.transaction_id), EntryKind.PAYMENT),
    ).fetchall()
    for (body_hash,) in notes:
        note = msgspec.json.decode(_kept(connection, body_hash), type=PaymentNote)
        if note.state is PaymentState.CAPTURED:
            part, together = note.carried_from or row.payment, note.together
            movement = part if together is None else together.movement
            alone = together is None or together.total_fils == row.amount_fils
            return Share(movement=movement, part=part, amount_fils=row.amount_fils, is_whole=alone), together
    raise LedgerMistake("no money was taken for this transaction")


def load_corrected(connection: Database, transaction: UUID) -> Corrected | None:
    found = connection.execute(
        "SELECT body_hash FROM entries WHERE transaction_id = ? AND kind = ?", (str(transaction), EntryKind.REVERSED)
    ).fetchone()
    if found is None:
        return None
    reversal = msgspec.json.decode(_kept(connection, found[0]), type=Reversal)
    row = _row(connection, reversal.ids.transaction)
    new = None if reversal.corrected_by is None else load_row(connection, reversal.corrected_by)
    return Corrected(
        number=row.receipt_number or "",
        sequence=row.committed_sequence or 0,
        written_at=_moment(row.committed_at),
        reversal=reversal,
        new_receipt=(new.receipt_number if new else None) or "",
    )


def load_disputed(connection: Database, dispute: UUID) -> Disputed | None:
    row = load_row(connection, dispute)
    if row is None:
        return None
    body = _message_body(connection, row)
    return Disputed(
        number=row.receipt_number or "",
        sequence=row.committed_sequence or 0,
        written_at=_moment(row.committed_at),
        dispute=msgspec.json.decode(body or b"", type=Dispute),
    )


def _attention(connection: Database, row: TransactionRow) -> Attention:
    refused = connection.execute(
        "SELECT canonical FROM entries WHERE transaction_id = ? AND kind = ?",
        (str(row.transaction_id), EntryKind.NEEDS_ATTENTION),
    ).fetchone()
    explained = connection.execute(
        "SELECT count(*) FROM entries WHERE transaction_id = ? AND kind = ?",
        (str(row.transaction_id), EntryKind.EXPLAINED),
    ).fetchone()
    entry, bought = msgspec.json.decode(refused[0], type=Entry), _traded(connection, row)
    return Attention(
        ids=row.ids(),
        reference=slip_reference(row.ids()),
        receipt_number=row.receipt_number or "",
        amount_fils=row.amount_fils,
        service=bought.service if bought else None,
        method=bought.method if bought else None,
        committed_at=_moment(row.committed_at),
        decided_at=_moment(row.decided_at),
        entry=entry.sequence,
        code=entry.cause,
        words_ar=row.words_ar,
        words_en=row.words_en,
        explained=int(explained[0]),
        refund=load_refund(connection, row.transaction_id),
        correction=not row.body_hash,
    )


def _traded(connection: Database, row: TransactionRow) -> Traded | None:
    body = body_of(connection, row.body_hash) if row.body_hash else _message_body(connection, row)
    return None if body is None else msgspec.json.decode(body, type=Traded)


def _message_body(connection: Database, row: TransactionRow) -> bytes | None:
    found = connection.execute("SELECT body_hash FROM entries WHERE sequence = ?", (row.committed_sequence,)).fetchone()
    return None if found is None else body_of(connection, found[0])


def _row(connection: Database, transaction: UUID) -> TransactionRow:
    row = load_row(connection, transaction)
    if row is None:
        raise LedgerMistake("a correction that is nowhere")
    return row


def _kept(connection: Database, body_hash: str) -> bytes:
    body = body_of(connection, body_hash)
    if body is None:
        raise LedgerMistake("a body that is still needed was removed")
    return body


def _moment(stored: str | None) -> datetime:
    return msgspec.convert(stored, datetime)
