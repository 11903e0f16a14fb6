"""What a call writes: every page is encrypted, logged and synced, so a page that says nothing new only costs time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.transaction import PaymentState
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import FACTS, agreement

LOG_HEADER, FRAME = 32, 24 + 4096
"""Bytes in the write-ahead log, of its head and of each page (sqlite.org/fileformat2.html#walformat)."""


@pytest.fixture
def pages(ledger: SqlLedger, ledger_file: Path) -> Callable[[Callable[[], object]], int]:
    log = ledger_file.with_name(f"{ledger_file.name}-wal")

    def count(act: Callable[[], object]) -> int:
        connection = ledger._database._connection
        ledger._database._lane.call(lambda: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
        act()
        return (log.stat().st_size - LOG_HEADER) // FRAME

    return count


def test_a_call_leaves_the_indexes_alone_whose_columns_stay(
    ledger: SqlLedger, pages: Callable[[Callable[[], object]], int]
) -> None:
    """The least of several: now and then a page is full, and a new one begins."""
    paid, printed = [], []
    for _ in range(6):
        agreed = agreement()
        payment, transaction = agreed.ids.payment, agreed.ids.transaction
        ledger.prepare(agreed)
        paid.append(pages(partial(ledger.record_payment, payment, transaction, PaymentState.CAPTURED, "visit")))
        ledger.commit(transaction, "visit")
        number = ledger.issue_receipt(transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS).number
        printed.append(pages(partial(ledger.record_print, number, 0, PrintState.CONFIRMED)))
    assert min(paid) <= 5, "the entry with its two indexes, and the transaction"
    assert min(printed) <= 6, "the transaction's row says nothing new"
