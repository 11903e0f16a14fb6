"""The ledger's promises: one number each, asking twice is never doing twice, no commit without money."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk.failures import Failure, ServiceFailure
from kiosk.receipt import ContentLeft, PrintState, ReceiptOutcome
from kiosk.transaction import PaymentMethod, PaymentState, TransactionState
from kiosk.wire import ENTRY_CONTEXT, Entry, ledger_key_id
from offline_queue.database import DatabaseUnusable, open_reader
from offline_queue.entries import LedgerMistake, PaymentNote
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.receipt_code import open_code
from offline_queue.signing import open_signed
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import (
    FACTS,
    NOW,
    PAYING,
    PLANTED_NAME,
    PLANTED_NUMBER,
    TERMINAL,
    VERIFY_URL,
    ScriptedCentre,
    SetClock,
    agreement,
    centre_signs,
    pay,
    sell,
)


def entries(file: Path, keys: TerminalKeys) -> list[Entry]:
    reader = open_reader(file, keys.database)
    rows = reader.execute("SELECT canonical FROM entries ORDER BY sequence").fetchall()
    reader.close()
    return [msgspec.json.decode(row[0], type=Entry) for row in rows]


def decide(ledger: SqlLedger, centre: ScriptedCentre, transaction: object, result: str = "accepted") -> None:
    answer, proof = centre_signs(centre.key, transaction, result)  # type: ignore[arg-type]
    ledger.record_decision(answer, msgspec.json.encode(proof))


def test_a_commit_takes_the_next_numbers(ledger: SqlLedger) -> None:
    numbers = [ledger.commit(sell(ledger).transaction, "visit").receipt_number for _ in range(3)]
    assert numbers == ["KRK3-000001", "KRK3-000002", "KRK3-000003"]
    assert ledger.waiting() == 3


def test_asking_for_a_commit_twice_gives_the_first_answer(ledger: SqlLedger, clock: SetClock) -> None:
    ids = pay(ledger, agreement())
    first = ledger.commit(ids.transaction, "visit")
    clock.move(60)
    assert ledger.commit(ids.transaction, "visit") == first
    assert ledger.waiting() == 1


def test_entries_are_chained_and_signed(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, clock: SetClock
) -> None:
    ledger.note_clock_difference(-250)
    sell(ledger)
    written = entries(ledger_file, terminal_keys)
    assert [entry.kind for entry in written] == ["prepared", "payment", "payment", "committed"]
    assert [entry.sequence for entry in written] == [1, 2, 3, 4]
    assert written[0].previous_hash == "0" * 64
    assert {entry.clock_difference_ms for entry in written} == {-250}
    assert {entry.written_at for entry in written} == {clock.at}
    (item,) = ledger.outbox.lease(0, limit=10, limit_bytes=10**6)
    assert hashlib.sha256(item.body).hexdigest() == written[3].body_hash == written[0].body_hash
    key = terminal_keys.ledger.public_key()
    payload = open_signed(item.entry, ENTRY_CONTEXT, key, ledger_key_id(TERMINAL))
    assert msgspec.json.decode(payload, type=Entry) == written[3]


def test_preparing_twice_is_preparing_once(ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    agreed = agreement()
    ledger.prepare(agreed)
    ledger.prepare(agreed)
    assert len(entries(ledger_file, terminal_keys)) == 1
    with pytest.raises(LedgerMistake):
        ledger.prepare(msgspec.structs.replace(agreed, person_name="Somebody Else"))


def test_a_total_that_is_not_the_sum_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerMistake):
        ledger.prepare(msgspec.structs.replace(agreement(100), total_fils=101))
    assert ledger.unfinished() == ()


@pytest.mark.parametrize("state", [None, PaymentState.AUTHORISED, PaymentState.UNKNOWN, PaymentState.VOIDED])
def test_no_commit_without_captured_money(ledger: SqlLedger, state: PaymentState | None) -> None:
    agreed = agreement()
    ledger.prepare(agreed)
    if state is not None:
        ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, state, "visit")
    with pytest.raises(LedgerMistake):
        ledger.commit(agreed.ids.transaction, "visit")
    assert ledger.waiting() == 0


def test_captured_money_is_never_voided_away(ledger: SqlLedger) -> None:
    ids = pay(ledger, agreement())
    with pytest.raises(LedgerMistake):
        ledger.void(ids.transaction, "visit")
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.REFUNDED, "given back")
    ledger.void(ids.transaction, "visit")
    ledger.void(ids.transaction, "visit")
    assert ledger.outcome_of(ids.transaction).state is TransactionState.VOIDED
    with pytest.raises(LedgerMistake):
        ledger.commit(ids.transaction, "visit")


def test_a_payment_does_not_go_back(ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    ids = pay(ledger, agreement())
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.CAPTURED, "visit")
    assert len(entries(ledger_file, terminal_keys)) == 3, "said twice, written once"
    for state in (PaymentState.AUTHORISED, PaymentState.UNKNOWN):
        with pytest.raises(LedgerMistake):
            ledger.record_payment(ids.payment, ids.transaction, state, "visit")
    with pytest.raises(LedgerMistake):
        ledger.record_payment(agreement().ids.payment, ids.transaction, PaymentState.REFUNDED, "visit")


def test_a_receipt_is_issued_once_and_opens(ledger: SqlLedger, terminal_keys: TerminalKeys, clock: SetClock) -> None:
    ids = sell(ledger)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    clock.move(1)
    assert ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS) == receipt
    assert (receipt.national_number_masked, receipt.by_passport) == ("••••••2223", False)
    assert receipt.code.startswith(VERIFY_URL + "#")
    claims = open_code(receipt.code, [terminal_keys.receipt.public_key()])
    assert (claims.terminal, claims.number, claims.amount_fils) == (TERMINAL, 1, 42_500)
    assert (claims.transaction, claims.outcome) == (ids.transaction, ReceiptOutcome.AWAITING_DELIVERY)
    assert claims.previous == bytes(8)


def test_a_receipt_says_by_what_a_foreigner_is_known(ledger: SqlLedger) -> None:
    ids = pay(ledger, msgspec.structs.replace(agreement(), national_number="UTO-P4471203"))
    ledger.commit(ids.transaction, "visit")
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    assert (receipt.national_number_masked, receipt.by_passport) == ("••••••1203", True)


def test_each_receipt_names_the_one_before_and_its_holder(ledger: SqlLedger, terminal_keys: TerminalKeys) -> None:
    first, second = (
        ledger.issue_receipt(sell(ledger).transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS) for _ in range(2)
    )
    claims = [open_code(receipt.code, [terminal_keys.receipt.public_key()]) for receipt in (first, second)]
    assert claims[1].previous == hashlib.sha256(first.code.encode()).digest()[:8]
    assert claims[0].holder == claims[1].holder
    assert claims[0].holder != hashlib.sha256(PLANTED_NUMBER.encode()).digest()[:8]


def test_paper_says_only_what_the_ledger_says(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    ids = pay(ledger, agreement())
    with pytest.raises(LedgerMistake):
        ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.commit(ids.transaction, "visit")
    for outcome in (ReceiptOutcome.ACCEPTED, ReceiptOutcome.NEEDS_ATTENTION):
        with pytest.raises(LedgerMistake):
            ledger.issue_receipt(ids.transaction, outcome, FACTS)
    decide(ledger, centre, ids.transaction)
    assert ledger.issue_receipt(ids.transaction, ReceiptOutcome.ACCEPTED, FACTS).outcome is ReceiptOutcome.ACCEPTED


def test_prints_are_recorded_for_issued_receipts_only(ledger: SqlLedger) -> None:
    ids = sell(ledger)
    with pytest.raises(LedgerMistake):
        ledger.record_print("KRK3-000001", 0, PrintState.CONFIRMED)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.UNCONFIRMED)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)


def test_the_first_decision_stands(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    ids = sell(ledger)
    decide(ledger, centre, ids.transaction, "rejected")
    decide(ledger, centre, ids.transaction, "accepted")
    outcome = ledger.outcome_of(ids.transaction)
    assert outcome.state is TransactionState.NEEDS_ATTENTION
    assert outcome.words_en == "The fine was paid before"
    assert outcome.words_ar == "المخالفة مدفوعة من قبل"
    assert ledger.waiting() == 0


def test_what_recovery_settles_carries_no_person(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    agreed = agreement()
    open_ledger().prepare(agreed)
    ledger = open_ledger()
    ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, PaymentState.CAPTURED, "recovery")
    ledger.commit(agreed.ids.transaction, "recovery")
    assert [entry.actor for entry in entries(ledger_file, terminal_keys)] == ["citizen", "recovery", "recovery"]


def test_a_served_transaction_carries_the_clerks_mark(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    ledger = open_ledger()
    ids = pay(ledger, agreement(served_by="rana"))
    ledger.commit(ids.transaction, "visit")
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    gone = agreement(served_by="rana")
    ledger.prepare(gone)
    ledger.void(gone.ids.transaction, "cancelled")
    assert {entry.actor for entry in entries(ledger_file, terminal_keys)} == {"clerk"}
    left = agreement(served_by="rana")
    ledger.prepare(left)
    ledger = open_ledger()
    ledger.void(left.ids.transaction, "recovery")
    sell(ledger)
    last = entries(ledger_file, terminal_keys)[-5:]
    assert [entry.actor for entry in last] == ["recovery"] + ["citizen"] * 4


def _notes(file: Path, keys: TerminalKeys) -> list[PaymentNote]:
    reader = open_reader(file, keys.database)
    rows = reader.execute(
        "SELECT content FROM entries JOIN bodies ON bodies.hash = entries.body_hash WHERE kind = 'payment'"
    ).fetchall()
    reader.close()
    return [msgspec.json.decode(row[0], type=PaymentNote) for row in rows]


def test_cash_says_what_was_handed_over_and_given_back(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    agreed = agreement(42_500, method=PaymentMethod.CASH, served_by="rana")
    ledger.prepare(agreed)
    ids = agreed.ids
    take = partial(ledger.record_payment, ids.payment, ids.transaction, PaymentState.CAPTURED, "visit")
    for tendered, change in ((50_000, 7_000), (42_000, -500), (42_500, None), (None, 0)):
        with pytest.raises(LedgerMistake):
            take(tendered_fils=tendered, change_fils=change)
    assert _notes(ledger_file, terminal_keys) == []
    take(tendered_fils=50_000, change_fils=7_500)
    assert _notes(ledger_file, terminal_keys) == [
        PaymentNote(state=PaymentState.CAPTURED, tendered_fils=50_000, change_fils=7_500)
    ]
    assert ledger.commit(ids.transaction, "visit").receipt_number == "KRK3-000001"


def test_a_note_of_the_first_release_is_read() -> None:
    note = msgspec.json.decode(b'{"schema":1,"state":"captured"}', type=PaymentNote)
    assert (note.state, note.tendered_fils, note.change_fils) == (PaymentState.CAPTURED, None, None)


def test_what_is_unfinished_says_how_it_was_to_be_paid(open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    for method in PAYING:
        ledger.prepare(agreement(method=method))
    assert [left.method for left in open_ledger().unfinished()] == list(PAYING)


def test_a_receipt_prints_again_as_its_next_copy(open_ledger: OpenLedger) -> None:
    ledger = open_ledger()
    ids = sell(ledger)
    assert ledger.reprint_of("KRK3-000001") is None, "not issued yet"
    issued = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    assert ledger.reprint_of(issued.number) == issued, "nothing has come out: the original"
    ledger.record_print(issued.number, 0, PrintState.FAILED)
    assert open_ledger().reprint_of(issued.number) == issued
    ledger = open_ledger()
    ledger.record_print(issued.number, 0, PrintState.UNCONFIRMED)
    assert ledger.reprint_of(issued.number) == issued.as_copy(1), "it may have come out"
    ledger.record_print(issued.number, 1, PrintState.CONFIRMED)
    ledger.record_print(issued.number, 2, PrintState.FAILED)
    assert ledger.reprint_of(issued.number) == issued.as_copy(2)
    assert ledger.reprint_of("KRK3-000002") is None


def test_what_was_sold_last_is_listed_without_a_person(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    assert ledger.recent(10) == ()
    first = sell(ledger)
    decide(ledger, centre, first.transaction)
    receipt = ledger.issue_receipt(first.transaction, ReceiptOutcome.ACCEPTED, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.UNCONFIRMED)
    second = pay(ledger, agreement(12_500, method=PaymentMethod.CASH, served_by="rana"))
    ledger.commit(second.transaction, "visit")
    ledger.prepare(agreement())
    newest, oldest = ledger.recent(10)
    assert (newest.receipt_number, newest.transaction) == ("KRK3-000002", second.transaction)
    assert (newest.amount_fils, newest.service, newest.method) == (12_500, "traffic.fines", PaymentMethod.CASH)
    assert (newest.state, newest.print_state) == (TransactionState.COMMITTED, None)
    assert (oldest.receipt_number, oldest.method) == ("KRK3-000001", PaymentMethod.BANK_CARD)
    assert (oldest.state, oldest.print_state) == (TransactionState.ACCEPTED, PrintState.UNCONFIRMED)
    assert oldest.committed_at == NOW
    assert ledger.recent(1) == (newest,)
    assert PLANTED_NUMBER not in repr(ledger.recent(10))
    assert PLANTED_NAME not in repr(ledger.recent(10))


def test_what_the_retention_rule_removed_is_still_listed(ledger: SqlLedger) -> None:
    receipt = ledger.issue_receipt(sell(ledger).transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger._database.write(partial(_execute, "DELETE FROM bodies"))
    (listed,) = ledger.recent(10)
    assert (listed.receipt_number, listed.amount_fils) == (receipt.number, 42_500)
    assert (listed.service, listed.method) == (None, None)
    for ask in (ledger.reprint_of, ledger.agreement_of):
        with pytest.raises(ContentLeft):
            ask(receipt.number)
    (unprinted,) = ledger.unresolved()
    assert "no longer kept here" in unprinted.next_step


def test_an_unknown_transaction_is_a_mistake(ledger: SqlLedger) -> None:
    with pytest.raises(LedgerMistake):
        ledger.outcome_of(agreement().ids.transaction)


Reached = Callable[[SqlLedger], object]


def _prepared(ledger: SqlLedger) -> object:
    ledger.prepare(agreement())
    return ledger.unfinished()[0].payment


def _authorised(ledger: SqlLedger) -> object:
    agreed = agreement()
    ledger.prepare(agreed)
    ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, PaymentState.AUTHORISED, "visit")
    return ledger.unfinished()[0].payment


def _captured(ledger: SqlLedger) -> object:
    pay(ledger, agreement())
    return ledger.unfinished()[0].payment


def _committed(ledger: SqlLedger) -> object:
    sell(ledger)
    return None


def _being_sent(ledger: SqlLedger) -> object:
    sell(ledger)
    ledger.outbox.lease(0, limit=1, limit_bytes=1)
    return None


@pytest.mark.parametrize("reach", [_prepared, _authorised, _captured, _committed, _being_sent])
def test_a_restart_finds_what_was(open_ledger: OpenLedger, reach: Reached) -> None:
    ledger = open_ledger()
    payment = reach(ledger)
    unfinished, waiting = ledger.unfinished(), ledger.waiting()
    ledger = open_ledger()
    assert (ledger.unfinished(), ledger.waiting()) == (unfinished, waiting)
    if unfinished:
        assert unfinished[0].payment is payment
    assert len(ledger.outbox.lease(1, limit=1, limit_bytes=1)) == waiting, "a lease ends with who held it"


def test_what_was_written_is_never_changed(ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    sell(ledger)
    database = ledger._database
    columns = "entries (sequence, canonical, hash, key_id, signature)"
    fourth = "key_id, signature FROM entries WHERE sequence = 4"
    ninth = "CAST(replace(canonical, '\"sequence\":4', '\"sequence\":9') AS BLOB)"
    for statement in (
        "UPDATE entries SET signature = x'00' WHERE sequence = 1",
        "DELETE FROM entries WHERE sequence = 4",
        f"INSERT OR REPLACE INTO {columns} SELECT 4, canonical, hash, {fourth}",
        f"INSERT INTO {columns} SELECT 9, {ninth}, 'x', {fourth}",
        "UPDATE bodies SET content = x'00'",
        "UPDATE outbox SET transaction_id = 'x'",
        "DELETE FROM outbox",
    ):
        with pytest.raises(ServiceFailure) as refused:
            database.write(partial(_execute, statement))
        assert refused.value.failure is Failure.NOT_SAVED
        assert isinstance(refused.value.__cause__, dbapi2.IntegrityError), statement
        assert re.search("never changed|next link", str(refused.value.__cause__)), statement
    assert len(entries(ledger_file, terminal_keys)) == 4


def _execute(statement: str, connection: Database) -> None:
    connection.execute(statement)


def test_another_terminals_ledger_is_not_continued(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys, clock: SetClock
) -> None:
    ledger = open_ledger()
    sell(ledger)
    ledger.close()
    with pytest.raises(DatabaseUnusable, match="not written by this terminal"):
        SqlLedger(ledger_file, terminal="IRB1", keys=terminal_keys, clock=clock, verify_url=VERIFY_URL)
    open_ledger()
