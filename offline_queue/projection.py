"""What a transaction's entries add up to: one pure function, used to write and, by `verify`, to check what was written.

The rules of the trade are here: committed only from PREPARED with the money captured, or with nothing due and nothing
on record of a payment; voided only while no money is captured; decided only by the centre's answer, and once; taken
back only where that answer was a refusal.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.transaction import Ids, PaymentState, TransactionState
from kiosk.wire import Entry
from offline_queue.entries import (
    CORRECTING,
    Decisions,
    EntryKind,
    Fact,
    LedgerMistake,
    Link,
    PaymentNote,
    Scribe,
)

_PAYMENT_MAY_BECOME: Final = {
    None: frozenset(PaymentState),
    PaymentState.UNKNOWN: frozenset(PaymentState),
    PaymentState.AUTHORISED: frozenset(PaymentState),
    PaymentState.CAPTURED: frozenset({PaymentState.REFUNDED, PaymentState.VOIDED}),
    PaymentState.VOIDED: frozenset[PaymentState](),
    PaymentState.REFUNDED: frozenset[PaymentState](),
}


REFUNDED_BY: Final = "refunded by "
CORRECTED_BY: Final = "corrected by "
"""How the cause of a REVERSED entry begins; the id of the correction, or of the new transaction, follows."""

REVERSES: Final = "reverses "
"""How the cause of a REVERSAL entry begins; the id of what it takes back follows."""


class TransactionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `transactions`; the fields are its columns. `body_hash` is the agreement's: a correction, which is a
    transaction too, has none."""

    transaction_id: UUID
    basket: UUID
    payment: UUID
    state: TransactionState
    payment_state: PaymentState | None = None
    amount_fils: int
    body_hash: str
    prepared_at: str
    committed_sequence: int | None = None
    committed_at: str | None = None
    receipt_number: str | None = None
    message: int | None = None
    decided_at: str | None = None
    reference: str = ""
    words_ar: str = ""
    words_en: str = ""

    def ids(self) -> Ids:
        return Ids(basket=self.basket, transaction=self.transaction_id, payment=self.payment)

    def is_paid(self) -> bool:
        """Whether the money that is due is here. Where nothing is due no payment is ever on record."""
        return self.payment_state is (PaymentState.CAPTURED if self.amount_fils else None)


_COLUMNS: Final = TransactionRow.__struct_fields__
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)} FROM transactions"  # noqa: S608 -- the names are this module's own
_BEGIN: Final = f"INSERT INTO transactions ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


def after(row: TransactionRow | None, entry: Entry, body: bytes | None, decisions: Decisions) -> TransactionRow:
    """The row once `entry` is written. Raises LedgerMistake where the rules do not allow it.

    The body is read only of kinds whose bodies stay (payment notes, the centre's answers, by `decisions`).
    """
    kind = EntryKind(entry.kind)
    if row is None:
        return _begun(kind, entry)
    if (row.basket, row.payment) != (entry.ids_basket, entry.ids_payment):
        raise LedgerMistake("a transaction keeps its basket and its payment")
    match kind:
        case EntryKind.PAYMENT:
            changed = _paid(row, body)
        case EntryKind.VOIDED:
            changed = _voided(row)
        case EntryKind.COMMITTED:
            changed = _committed(row, entry)
        case EntryKind.ACCEPTED | EntryKind.NEEDS_ATTENTION:
            changed = _decided(row, entry, body, decisions)
        case EntryKind.RECEIPT_ISSUED | EntryKind.PRINT:
            changed = _on_paper(row, entry)
        case _:
            changed = _seen_to(row, kind, entry)
    return changed


def load_row(connection: Database, transaction: UUID) -> TransactionRow | None:
    row = connection.execute(f"{_SELECT} WHERE transaction_id = ?", (str(transaction),)).fetchone()
    return None if row is None else _row(row)


def load_rows(connection: Database, clauses: str, parameters: tuple[str, ...] = ()) -> list[TransactionRow]:
    """`clauses` (WHERE, ORDER BY) are SQL of this package's own; data only ever go into `parameters`."""
    return [_row(row) for row in connection.execute(f"{_SELECT} {clauses}", parameters)]


def store_row(connection: Database, before: TransactionRow | None, row: TransactionRow) -> None:
    """`before` is the row as it is stored, None where it is not.

    Only columns that change are named: an index whose columns are named is written, its page encrypted and logged,
    though nothing in it changes.
    """
    if before is None:
        connection.execute(_BEGIN, [_stored(getattr(row, name)) for name in _COLUMNS])
        return
    changed = [name for name in _COLUMNS if getattr(row, name) != getattr(before, name)]
    if changed:
        connection.execute(
            f"UPDATE transactions SET {', '.join(f'{name} = ?' for name in changed)} WHERE transaction_id = ?",  # noqa: S608
            [*(_stored(getattr(row, name)) for name in changed), _stored(before.transaction_id)],
        )


def write(
    connection: Database,
    scribe: Scribe,
    row: TransactionRow | None,
    fact: Fact,
    decisions: Decisions | None = None,
) -> tuple[Link, TransactionRow]:
    """Appends the entry and stores what the row is then, within the caller's transaction. `decisions` is given where
    one answer decides several."""
    link = scribe.append(connection, fact)
    changed = after(row, link.entry, fact.body, decisions or Decisions())
    store_row(connection, row, changed)
    return link, changed


def timestamp(entry: Entry) -> str:
    """The entry's time as its canonical bytes have it."""
    return str(msgspec.to_builtins(entry.written_at))


def _stored(value: object) -> object:
    return str(value) if isinstance(value, UUID | str) else value


def _row(values: tuple[object, ...]) -> TransactionRow:
    return msgspec.convert(dict(zip(_COLUMNS, values, strict=True)), TransactionRow)


def _begun(kind: EntryKind, entry: Entry) -> TransactionRow:
    if kind in CORRECTING:
        return _correcting(entry)
    if kind is not EntryKind.PREPARED:
        raise LedgerMistake(f"{kind} of a transaction that was never prepared")
    return _prepared(entry)


def _prepared(entry: Entry) -> TransactionRow:
    if entry.amount_fils is None:
        raise LedgerMistake("prepared without an amount")
    return TransactionRow(
        transaction_id=entry.ids_transaction,
        basket=entry.ids_basket,
        payment=entry.ids_payment,
        state=TransactionState.PREPARED,
        amount_fils=entry.amount_fils,
        body_hash=entry.body_hash,
        prepared_at=timestamp(entry),
    )


def _paid(row: TransactionRow, body: bytes | None) -> TransactionRow:
    if body is None:
        raise LedgerMistake("a payment's note is missing")
    if not row.amount_fils:
        raise LedgerMistake("a payment where nothing is due")
    state = msgspec.json.decode(body, type=PaymentNote).state
    if state not in _PAYMENT_MAY_BECOME[row.payment_state]:
        raise LedgerMistake(f"a payment that is {row.payment_state} does not become {state}")
    return msgspec.structs.replace(row, payment_state=state)


def _voided(row: TransactionRow) -> TransactionRow:
    if row.state is not TransactionState.PREPARED or row.payment_state is PaymentState.CAPTURED:
        raise LedgerMistake(f"voided while {row.state}, payment {row.payment_state}")
    return msgspec.structs.replace(row, state=TransactionState.VOIDED)


def _on_paper(row: TransactionRow, entry: Entry) -> TransactionRow:
    if row.receipt_number is None or row.receipt_number != entry.receipt_number:
        raise LedgerMistake("paper for a transaction that has not this receipt number")
    return row


def _committed(row: TransactionRow, entry: Entry) -> TransactionRow:
    if row.state is not TransactionState.PREPARED or not row.is_paid():
        raise LedgerMistake(f"committed while {row.state}, payment {row.payment_state}")
    if (row.body_hash, row.amount_fils) != (entry.body_hash, entry.amount_fils):
        raise LedgerMistake("committed something else than was prepared")
    return msgspec.structs.replace(
        row,
        state=TransactionState.COMMITTED,
        committed_sequence=entry.sequence,
        committed_at=timestamp(entry),
        receipt_number=entry.receipt_number,
        message=entry.message,
    )


def _decided(row: TransactionRow, entry: Entry, body: bytes | None, decisions: Decisions) -> TransactionRow:
    if row.state is not TransactionState.COMMITTED:
        raise LedgerMistake(f"decided while {row.state}")
    if body is None:
        raise LedgerMistake("the centre's answer is missing")
    answer = decisions.read(body, row.transaction_id)
    return msgspec.structs.replace(
        row,
        state=TransactionState(entry.kind),
        decided_at=timestamp(entry),
        reference=answer.reference,
        words_ar=answer.words.ar if answer.words else "",
        words_en=answer.words.en if answer.words else "",
    )


def _seen_to(row: TransactionRow, kind: EntryKind, entry: Entry) -> TransactionRow:
    """What staff did about a refused transaction; of these only the reversal changes anything."""
    if kind not in {EntryKind.EXPLAINED, EntryKind.REFUND_AGREED, EntryKind.REFUND_CALLED_OFF, EntryKind.REVERSED}:
        raise LedgerMistake(f"{kind} of a transaction that is {row.state}")
    if row.state is not TransactionState.NEEDS_ATTENTION:
        raise LedgerMistake(f"{kind} while {row.state}")
    return _reversed(row, entry) if kind is EntryKind.REVERSED else row


def _reversed(row: TransactionRow, entry: Entry) -> TransactionRow:
    """Of what was corrected the payment stays captured: the money is still here, and another transaction's. What was
    free has no payment before or after."""
    if not row.is_paid() or row.amount_fils != entry.amount_fils:
        raise LedgerMistake(f"reversed with {entry.amount_fils} fils, payment {row.payment_state}")
    refunded = entry.cause.startswith(REFUNDED_BY)
    if not refunded and not entry.cause.startswith(CORRECTED_BY):
        raise LedgerMistake("reversed without a correction")
    payment = PaymentState.REFUNDED if refunded and row.amount_fils else row.payment_state
    return msgspec.structs.replace(row, state=TransactionState.REVERSED, payment_state=payment)


def _correcting(entry: Entry) -> TransactionRow:
    if entry.amount_fils is None or entry.amount_fils > 0 or entry.message is None:
        raise LedgerMistake("a correction takes back or moves nothing, and is delivered")
    return TransactionRow(
        transaction_id=entry.ids_transaction,
        basket=entry.ids_basket,
        payment=entry.ids_payment,
        state=TransactionState.COMMITTED,
        amount_fils=entry.amount_fils,
        body_hash="",
        prepared_at=timestamp(entry),
        committed_sequence=entry.sequence,
        committed_at=timestamp(entry),
        receipt_number=entry.receipt_number,
        message=entry.message,
    )
