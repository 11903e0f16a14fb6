"""Several transactions that one movement of money pays: what their agreements say of it, and that none is left out.

Each keeps its own payment id; the movement's is in the agreements, and from there in every note of the payment. The
functions run on the ledger's thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlite_utils import Database

from kiosk.transaction import Agreement, Movement, Together
from offline_queue.entries import LedgerMistake, body_of
from offline_queue.projection import TransactionRow


class _Paid(msgspec.Struct, frozen=True):
    """The part of an agreement that says with what it is paid."""

    together: Together | None = None


def require_one_movement(agreements: Sequence[Agreement]) -> None:
    """Raises LedgerMistake where these are not all that one movement pays, in one basket."""
    said = {agreed.together for agreed in agreements}
    if len(said) != 1 or len({agreed.ids.basket for agreed in agreements}) != 1:
        raise LedgerMistake("what is prepared together is one basket, paid by one movement")
    if len({agreed.ids.transaction for agreed in agreements}) != len(agreements):
        raise LedgerMistake("one transaction twice in a basket")
    _require_all(said.pop(), len(agreements), sum(agreed.total_fils for agreed in agreements))


def together_of(connection: Database, rows: Sequence[TransactionRow]) -> Together | None:
    """What pays these transactions, None where it is the only one's own payment. Raises LedgerMistake where they are
    not all that it pays."""
    said = {_said(connection, row) for row in rows}
    if len(said) != 1:
        raise LedgerMistake("not paid by one movement")
    together = said.pop()
    _require_all(together, len(rows), sum(row.amount_fils for row in rows))
    return together


def require_payment(movement: Movement, rows: Sequence[TransactionRow], together: Together | None) -> None:
    """Raises LedgerMistake where the movement is not the one that the agreements name."""
    named = rows[0].payment if together is None else together.movement
    if movement.id != named or movement.amount_fils != sum(row.amount_fils for row in rows):
        raise LedgerMistake("the payment belongs to another transaction")


def _require_all(together: Together | None, count: int, total_fils: int) -> None:
    if together is None:
        if count != 1:
            raise LedgerMistake("several transactions, and nothing that pays them together")
    elif (together.count, together.total_fils) != (count, total_fils):
        raise LedgerMistake("a part of what is paid together")


def _said(connection: Database, row: TransactionRow) -> Together | None:
    body = body_of(connection, row.body_hash)
    if body is None:
        raise LedgerMistake("a body that is still needed was removed")
    return msgspec.json.decode(body, type=_Paid).together
