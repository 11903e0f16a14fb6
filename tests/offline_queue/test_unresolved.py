"""What is unresolved is shown to staff: what recovery has still to settle, and receipts that nobody holds yet."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.transaction import PaymentMethod, PaymentState
from kiosk.unresolved import WORD_TEXTS, Word
from offline_queue.database import open_reader
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.status import status
from tests.offline_queue.parts import FACTS, NOW, TERMINAL, agreement, sell
from ui.commands import records


@pytest.mark.parametrize(
    ("payment", "word", "next_step"),
    [
        (None, Word.UNKNOWN, "The payment terminal is asked"),
        (PaymentState.AUTHORISED, Word.UNKNOWN, "The payment terminal is asked"),
        (PaymentState.UNKNOWN, Word.UNKNOWN, "The payment terminal is asked"),
        (PaymentState.CAPTURED, Word.UNKNOWN, "The money is taken"),
        (PaymentState.VOIDED, Word.NOT_DONE, "No money is held"),
        (PaymentState.REFUNDED, Word.NOT_DONE, "No money is held"),
    ],
)
def test_a_half_done_transaction_is_listed_with_what_will_become_of_it(
    ledger: SqlLedger, payment: PaymentState | None, word: Word, next_step: str
) -> None:
    agreed = agreement(20_250)
    ledger.prepare(agreed)
    if payment is not None:
        ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, payment, "visit")
    (item,) = ledger.unresolved()
    assert (item.reference, item.ids) == (str(agreed.ids.transaction)[-8:].upper(), agreed.ids)
    assert (item.word, item.payment, item.receipt_number) == (word, payment, None)
    assert item.next_step.startswith(next_step)
    assert (item.amount_fils, item.since, item.method) == (20_250, NOW, PaymentMethod.BANK_CARD)


def test_a_receipt_is_listed_until_a_paper_of_it_is_on_record(ledger: SqlLedger) -> None:
    ids = sell(ledger)
    for _ in ("committed by recovery", "and its receipt issued"):
        (item,) = ledger.unresolved()
        assert (item.word, item.receipt_number) == (Word.DONE, "KRK3-000001")
        assert "not printed yet" in item.next_step
        receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.FAILED)
    assert len(ledger.unresolved()) == 1
    ledger.record_print(receipt.number, 1, PrintState.CONFIRMED)
    assert ledger.unresolved() == ()


@pytest.mark.parametrize(
    ("payment", "word", "next_step"),
    [
        (None, Word.NOT_DONE, "No cash is on record"),
        (PaymentState.CAPTURED, Word.UNKNOWN, "The clerk says whether"),
        (PaymentState.REFUNDED, Word.NOT_DONE, "No money is held"),
    ],
)
def test_of_cash_only_the_clerk_can_say(
    ledger: SqlLedger, payment: PaymentState | None, word: Word, next_step: str
) -> None:
    agreed = msgspec.structs.replace(agreement(), method=PaymentMethod.CASH)
    ledger.prepare(agreed)
    if payment is not None:
        ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, payment, "cash")
    (item,) = ledger.unresolved()
    assert (item.word, item.method) == (word, PaymentMethod.CASH)
    assert item.next_step.startswith(next_step)
    assert [unfinished.method for unfinished in ledger.unfinished()] == [PaymentMethod.CASH]


@pytest.mark.parametrize("voided", [True, False])
def test_what_is_settled_is_not_listed(ledger: SqlLedger, voided: bool) -> None:
    agreed = agreement()
    ledger.prepare(agreed)
    if voided:
        ledger.void(agreed.ids.transaction, "cancelled")
    assert bool(ledger.unresolved()) is not voided


def test_the_half_done_stand_before_the_unprinted(ledger: SqlLedger) -> None:
    sell(ledger)
    ledger.prepare(agreement())
    assert [item.word for item in ledger.unresolved()] == [Word.UNKNOWN, Word.DONE]


def test_queue_status_prints_it(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, capsys: pytest.CaptureFixture[str]
) -> None:
    agreed = agreement(20_250)
    ledger.prepare(agreed)
    reader = open_reader(ledger_file, terminal_keys.database)
    told = status(reader, TERMINAL)
    reader.close()
    for as_json in (False, True):
        records.show(told, as_json=as_json)
        printed = capsys.readouterr().out
        for shown in (str(agreed.ids.transaction)[-8:].upper(), "UNKNOWN - WILL BE RESOLVED", "20250", "bank_card"):
            assert shown in printed


def test_every_word_has_its_text() -> None:
    assert set(WORD_TEXTS) == set(Word)
