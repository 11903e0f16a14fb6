"""What the ledger knows of receipts on paper: the last ones, one of them again as its next copy, and what it is of.

The functions run on the ledger's thread.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlite_utils import Database

from kiosk.receipt import ContentLeft, Receipt, RecentReceipt
from kiosk.transaction import Agreement, PaymentMethod, Together
from offline_queue.entries import body_of

_MAY_BE_OUT: Final = "state <> 'failed'"
_RECENT: Final = """
SELECT receipt_number, transaction_id, committed_at, amount_fils, state,
       (SELECT p.state FROM print_jobs AS p WHERE p.receipt_number = t.receipt_number ORDER BY copy DESC LIMIT 1),
       content
FROM transactions AS t LEFT JOIN bodies ON bodies.hash = t.body_hash
WHERE message IS NOT NULL AND t.body_hash <> '' ORDER BY message DESC LIMIT ?
"""
_KNOWN: Final = ("receipt_number", "transaction", "committed_at", "amount_fils", "state", "print_state")


class Bought(msgspec.Struct, frozen=True):
    """The part of a `kiosk.transaction.Agreement` that is nobody's secret."""

    service: str
    method: PaymentMethod
    together: Together | None = None


def load_reprint(connection: Database, receipt_number: str) -> Receipt | None:
    """None where it was never issued. Raises ContentLeft."""
    issued = connection.execute("SELECT body_hash FROM receipts WHERE number = ?", (receipt_number,)).fetchone()
    if issued is None:
        return None
    body = body_of(connection, issued[0])
    if body is None:
        raise ContentLeft
    last = connection.execute(
        f"SELECT max(copy) FROM print_jobs WHERE receipt_number = ? AND {_MAY_BE_OUT}",  # noqa: S608 -- own words
        (receipt_number,),
    ).fetchone()[0]
    return msgspec.json.decode(body, type=Receipt).as_copy(0 if last is None else int(last) + 1)


def load_agreement(connection: Database, receipt_number: str) -> Agreement | None:
    """None where nothing was committed under this number. Raises ContentLeft."""
    row = connection.execute(
        "SELECT content FROM transactions LEFT JOIN bodies ON bodies.hash = body_hash WHERE receipt_number = ?",
        (receipt_number,),
    ).fetchone()
    if row is None:
        return None
    if row[0] is None:
        raise ContentLeft
    return msgspec.json.decode(row[0], type=Agreement)


def load_recent(connection: Database, limit: int) -> tuple[RecentReceipt, ...]:
    return tuple(_recent(row) for row in connection.execute(_RECENT, (limit,)))


def _recent(row: tuple[object, ...]) -> RecentReceipt:
    *values, body = row
    bought = msgspec.json.decode(body, type=Bought) if isinstance(body, bytes) else None
    return msgspec.convert(
        {
            **dict(zip(_KNOWN, values, strict=True)),
            "service": bought.service if bought else None,
            "method": bought.method if bought else None,
        },
        RecentReceipt,
    )
