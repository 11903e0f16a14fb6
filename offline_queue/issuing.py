"""From a committed transaction to the receipt that is printed: its facts, its masked number, its signed code."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

import msgspec

from kiosk.identity import is_passport_number
from kiosk.receipt import Receipt, ReceiptFacts, ReceiptOutcome
from kiosk.transaction import Agreement, TransactionState
from offline_queue.entries import LedgerMistake
from offline_queue.keys import TerminalKeys
from offline_queue.projection import TransactionRow
from offline_queue.receipt_code import Claims, seal

NO_PREVIOUS: Final = bytes(8)
_SHORT_HASH_BYTES: Final = 8
_SHOWN_DIGITS: Final = 4
_CORRECTION: Final = re.compile(r"-C[0-9]+$")
_MASK: Final = "•" * 6
_NEEDS: Final = {
    ReceiptOutcome.ACCEPTED: {TransactionState.ACCEPTED},
    ReceiptOutcome.NEEDS_ATTENTION: {TransactionState.NEEDS_ATTENTION, TransactionState.REVERSED},
}


def receipt_number(terminal: str, count: int) -> str:
    """`count` is 1 for a terminal's first receipt and never skips."""
    return f"{terminal}-{count:06d}"


def correction_number(number: str, count: int) -> str:
    """Of the paper that corrects receipt `number`: its `count`th. `number` may be such a paper's own."""
    return f"{sale_number(number)}-C{count}"


def sale_number(number: str) -> str:
    """The receipt's number that a correction's begins with; a receipt's own as it is."""
    return _CORRECTION.sub("", number)


def receipt_count(number: str) -> int:
    return int(number.rpartition("-")[2])


def make_receipt(
    row: TransactionRow,
    agreement: Agreement,
    outcome: ReceiptOutcome,
    facts: ReceiptFacts,
    *,
    terminal: str,
    keys: TerminalKeys,
    issued_at: datetime,
    previous: bytes,
    verify_url: str,
) -> Receipt:
    """Signs the code. `previous` is `short_hash` of the code before. Raises LedgerMistake where `outcome` is not so."""
    if row.receipt_number is None or row.committed_at is None:
        raise LedgerMistake("a receipt before the commit")
    if row.state not in _NEEDS.get(outcome, {row.state}):
        raise LedgerMistake(f"a receipt that says {outcome} while {row.state}")
    claims = Claims(
        terminal=terminal,
        number=receipt_count(row.receipt_number),
        issued_at=issued_at,
        service=agreement.service,
        amount_fils=agreement.total_fils,
        transaction=row.transaction_id,
        outcome=outcome,
        previous=previous,
        holder=_holder(keys.holder, agreement.national_number),
    )
    return Receipt(
        number=row.receipt_number,
        outcome=outcome,
        transaction=row.transaction_id,
        issued_at=issued_at,
        paid_at=msgspec.convert(row.committed_at, datetime),
        terminal=terminal,
        facts=facts,
        national_number_masked=_MASK + agreement.national_number[-_SHOWN_DIGITS:],
        lines=agreement.lines,
        total_fils=agreement.total_fils,
        method=agreement.method,
        code=seal(claims, keys.receipt, verify_url),
        by_passport=is_passport_number(agreement.national_number),
    )


def short_hash(code_hash: str) -> bytes:
    """What the next receipt carries of this one: the start of the SHA-256 of its code."""
    return bytes.fromhex(code_hash)[:_SHORT_HASH_BYTES]


def _holder(secret: bytes, national_number: str) -> bytes:
    """Ten digits could be tried one by one against a plain hash, so it is keyed (HMAC-SHA-256)."""
    return hmac.digest(secret, national_number.encode(), hashlib.sha256)[:_SHORT_HASH_BYTES]
