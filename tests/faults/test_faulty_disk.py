"""A disk that is full, fails, or can only be read: the person is told so, nobody is charged for nothing, nothing is
printed, and what was acknowledged before is there."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from uuid import UUID

import pytest

from kiosk.failures import Failure, Money
from kiosk.transaction import TransactionState
from offline_queue.database import open_reader
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.faults.faulty_disk import SALES, Told, sell_on
from tests.faults.power_cuts import KEYS
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, SetClock, sell

SHOWN = {Failure.NOT_SAVED.name, Failure.PAYMENT_UNKNOWN.name}
OPENING_WRITES = 160
"""About as many as the first opening makes."""

ALL_WRITES = 520
"""About as many as the opening and the sales make."""


def look_at(file: Path, told: Told) -> None:
    """The disk is well again: what the terminal told is so."""
    keys, trust = load_terminal(KEYS / "terminal"), load_trust(KEYS / "trust")
    ledger = SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)
    with contextlib.closing(ledger):
        for transaction in told.committed:
            assert ledger.outcome_of(UUID(transaction)).state is TransactionState.COMMITTED
        numbers = {receipt.transaction: receipt.receipt_number for receipt in ledger.recent(10)}
        if told.money in {Money.RETURNED, Money.NOTHING}:
            assert UUID(told.refused_transaction) not in numbers or told.refused == "receipt"
        sell(ledger)
        assert ledger.recent(1)[0].receipt_number == f"{TERMINAL}-{len(numbers) + 1:06d}"
    with contextlib.closing(open_reader(file, keys.database)) as reader:
        assert verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre).problems == ()


def assert_honest(told: Told) -> None:
    """Whoever stands there is told; a receipt exists only for what was committed; nobody pays for what is refused."""
    assert bool(told.unusable) + bool(told.refused) == 1
    assert told.receipts <= len(told.committed)
    if told.refused:
        assert told.failure in SHOWN
        if told.money in {Money.RETURNED, Money.NOTHING} and told.refused != "receipt":
            assert told.moves == 0


@pytest.mark.parametrize("error", ["ENOSPC", "EROFS"])
@pytest.mark.parametrize("part", range(4))
def test_a_write_that_is_refused_from_some_moment_on(tmp_path: Path, error: str, part: int) -> None:
    first, last = (1, OPENING_WRITES) if part == 0 else (OPENING_WRITES, ALL_WRITES)
    told = sell_on(KEYS, tmp_path / "ledger.db", f"pwrite64:error={error}:when={random.randint(first, last)}+")
    assert_honest(told)
    look_at(tmp_path / "ledger.db", told)


def test_a_sync_that_fails_once_charges_nobody_for_nothing(tmp_path: Path) -> None:
    told = sell_on(KEYS, tmp_path / "ledger.db", f"fsync,fdatasync:error=EIO:when={random.randint(10, 30)}")
    if told.refused:
        assert told.failure in SHOWN
    else:
        assert len(told.committed) == SALES
    look_at(tmp_path / "ledger.db", told)


def test_a_read_only_file_system_is_named_to_staff(tmp_path: Path) -> None:
    told = sell_on(KEYS, tmp_path / "ledger.db", "openat:error=EROFS")
    assert "cannot be written: Read-only file system" in told.unusable
    assert not (tmp_path / "ledger.db").exists()
