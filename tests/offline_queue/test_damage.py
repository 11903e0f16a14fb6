"""A ledger with damaged pages, and a clock that jumps: said, never answered wrongly."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from kiosk.failures import Failure, ServiceFailure
from kiosk.receipt import ReceiptOutcome
from kiosk.transaction import TransactionState
from offline_queue.database import DatabaseUnusable, open_reader
from offline_queue.drain import Drain, Pace
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LEASE_MS, LONGEST_DELAY_MS, Postponed
from offline_queue.verify import verify
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import FACTS, TERMINAL, ScriptedCentre, SetClock, agreement, pay, sell
from tests.offline_queue.test_database import assert_sound

PAGE_BYTES: Final = 4096


def known(ledger: SqlLedger) -> list[object]:
    """What is asked of a ledger in a day, each answer or, where it says that it cannot, the failure."""
    answers: list[object] = []
    for ask in (
        lambda: ledger.recent(10),
        ledger.waiting,
        ledger.unfinished,
        lambda: ledger.reprint_of(f"{TERMINAL}-000001"),
        lambda: ledger.agreement_of(f"{TERMINAL}-000002"),
        ledger.unresolved,
    ):
        try:
            answers.append(ask())
        except ServiceFailure as failure:
            answers.append(failure.failure)
    return answers


def test_no_damaged_page_gives_a_wrong_answer_and_verify_finds_each(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    ledger = open_ledger()
    ledger.issue_receipt(sell(ledger).transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    sell(ledger)
    ledger.prepare(agreement(signed_application=bytes(3 * PAGE_BYTES)))
    right = known(ledger)
    ledger.close()
    whole = ledger_file.read_bytes()
    chance = random.Random(1)
    unusable = 0
    for page in range(len(whole) // PAGE_BYTES):
        damaged = bytearray(whole)
        damaged[page * PAGE_BYTES + chance.randrange(PAGE_BYTES)] ^= 1 << chance.randrange(8)
        ledger_file.write_bytes(damaged)
        try:
            with contextlib.closing(open_reader(ledger_file, terminal_keys.database)) as reader:
                assert not verify(reader, TERMINAL, terminal_keys.ledger.public_key()).sound
            answers = known(open_ledger())
        except DatabaseUnusable:
            unusable += 1
            continue
        for answer, due in zip(answers, right, strict=True):
            assert answer in (due, Failure.NOT_SAVED)
    assert 0 < unusable < len(whole) // PAGE_BYTES


@pytest.mark.parametrize("jump", [timedelta(days=-3650), timedelta(hours=-1), timedelta(hours=1), timedelta(days=3650)])
def test_a_clock_that_jumps_changes_no_order_and_holds_nothing(
    open_ledger: OpenLedger,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    clock: SetClock,
    centre: ScriptedCentre,
    jump: timedelta,
) -> None:
    ledger = open_ledger()
    first = sell(ledger).transaction
    ledger.outbox.lease(milliseconds(clock), limit=1, limit_bytes=1)  # sent, and never answered
    clock.at += jump
    ledger = open_ledger()
    ids = pay(ledger, agreement())
    clock.at -= jump
    commitment = ledger.commit(ids.transaction, "visit")
    clock.at += jump
    third = sell(ledger).transaction
    assert [receipt.transaction for receipt in ledger.recent(3)] == [third, ids.transaction, first]
    assert (commitment.sequence, commitment.receipt_number) == (8, f"{TERMINAL}-000002")
    assert_sound(ledger_file, terminal_keys)

    drain = Drain(ledger, centre, TERMINAL, clock, pace=Pace(items=1), monotonic=clock.monotonic)
    for _ in range(4):
        due = ledger.outbox.next_due_ms(milliseconds(clock))
        assert due is None or due - milliseconds(clock) <= max(LEASE_MS, LONGEST_DELAY_MS)
        drain.step(hurry=True)
    assert ledger.waiting() == 0
    assert [item.message for item in centre.held_items.values()] == [2, 3, 1]  # those that were never tried go first
    assert all(
        ledger.outcome_of(transaction).state is TransactionState.ACCEPTED
        for transaction in (first, ids.transaction, third)
    )


@pytest.mark.parametrize("jump", [timedelta(days=-3650), timedelta(days=3650)])
def test_what_was_postponed_before_the_clock_jumped_is_not_held_for_longer(
    ledger: SqlLedger, clock: SetClock, jump: timedelta
) -> None:
    transaction = sell(ledger).transaction
    ledger.outbox.lease(milliseconds(clock), limit=1, limit_bytes=1)
    ledger.outbox.postpone([Postponed(transaction, milliseconds(clock) + LONGEST_DELAY_MS, "later")])
    clock.at += jump
    assert ledger.outbox.next_due_ms(milliseconds(clock)) == milliseconds(clock)


def milliseconds(clock: SetClock) -> int:
    return round((clock.now() - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
