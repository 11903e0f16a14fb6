"""Nothing that a customer, the sync or a screen waits for grows with the ledger: counted in SQLite's own instructions.

An instruction reads one row, seeks one key, or compares; a question that reads a table from end to end runs some for
each of its rows. The number does not depend on the machine, so the test needs no time and no tolerance for one.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from sqlite_utils import Database

from kiosk.receipt import PrintState, ReceiptOutcome
from offline_queue import status as queue_status
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import Postponed
from offline_queue.status import list_items, status
from tests.offline_queue.parts import FACTS, TERMINAL, ScriptedCentre, agreement, centre_signs, pay, sell
from tests.offline_queue.test_verify import filled

__all__ = ["filled"]
SHORT, LONG = 20, 160
MORE = 40
"""A B-tree may be one page deeper and a number one digit longer; one row in seven more would already be above it."""


def settled_sale(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    ids = sell(ledger)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    answer, proof = centre_signs(centre.key, ids.transaction)
    ledger.record_decision(answer, msgspec.json.encode(proof))


def issue_and_print(ledger: SqlLedger) -> None:
    ids = sell(ledger)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    ledger.reprint_of(receipt.number)
    ledger.agreement_of(receipt.number)


def deliver(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    ledger.outbox.next_due_ms(0)
    ((first,),) = ledger.outbox.lease_batches(0, batches=1, limit=1, limit_bytes=10**6)
    ledger.outbox.give_back([first.transaction], "no_line")
    ledger.outbox.postpone([Postponed(first.transaction, 10, "later")])
    ledger.outbox.attempts([first.transaction])
    ledger.outbox.lease_batches(20, batches=1, limit=1, limit_bytes=10**6, only=[first.transaction])
    answer, proof = centre_signs(centre.key, first.transaction)
    ledger.record_decisions([answer], msgspec.json.encode(proof))


def acts(ledger: SqlLedger, centre: ScriptedCentre) -> dict[str, Callable[[], object]]:
    def reading(question: Callable[[Database], object]) -> Callable[[], object]:
        return lambda: ledger._database.read(question)

    return {
        "pay": lambda: pay(ledger, agreement()),
        "issue and print": lambda: issue_and_print(ledger),
        "deliver": lambda: deliver(ledger, centre),
        "unfinished": ledger.unfinished,
        "waiting": ledger.waiting,
        "backlog": ledger.backlog,
        "recent": lambda: ledger.recent(9),
        "start": ledger.outbox.end_leases,
        "status": reading(lambda connection: status(connection, TERMINAL)),
        "list": reading(lambda connection: list_items(connection, undecided_only=True)),
    }


def instructions(ledger: SqlLedger, act: Callable[[], object]) -> int:
    """Of everything that `act` runs on the ledger's connection."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    connection = ledger._database._connection.conn
    ledger._database._lane.call(lambda: connection.set_progress_handler(count, 1))
    try:
        act()
    finally:
        ledger._database._lane.call(lambda: connection.set_progress_handler(None, 1))
    return counted


def grown(ledger: SqlLedger, centre: ScriptedCentre, sales: int) -> dict[str, int]:
    for _ in range(sales):
        settled_sale(ledger, centre)
    return {name: instructions(ledger, act) for name, act in acts(ledger, centre).items()}


def test_what_is_asked_costs_the_same_in_a_longer_ledger(
    filled: SqlLedger, centre: ScriptedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest receipts are looked at for paper: of so many, that both ledgers have more."""
    window = queue_status._NO_PAPER.replace("2000", "10")
    assert window != queue_status._NO_PAPER
    monkeypatch.setattr(queue_status, "_NO_PAPER", window)
    short = grown(filled, centre, SHORT)
    long = grown(filled, centre, LONG)
    assert all(short.values())
    assert {name: (short[name], long[name]) for name in short if long[name] > short[name] + MORE} == {}


def test_a_question_that_reads_every_row_is_seen(filled: SqlLedger, centre: ScriptedCentre) -> None:
    def whole() -> object:
        return filled._database.read(lambda c: c.execute("SELECT count(*) FROM entries WHERE cause = 'x'").fetchone())

    grown(filled, centre, SHORT)
    short = instructions(filled, whole)
    grown(filled, centre, LONG)
    assert instructions(filled, whole) > short + LONG
