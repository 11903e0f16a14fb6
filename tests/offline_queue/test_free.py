"""Transactions for which nothing is due: in the ledger, in its checks, and at the counter once they are refused."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.receipt import ReceiptOutcome
from kiosk.transaction import Agreement, PaymentMethod, PaymentState, TransactionState
from offline_queue.entries import LedgerMistake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.receipt_code import open_code
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.correcting import CorrectingOffice, light_pins
from tests.offline_queue.parts import FACTS, ScriptedCentre, agreement


@pytest.fixture
def office(
    monkeypatch: pytest.MonkeyPatch,
    ledger: SqlLedger,
    centre: ScriptedCentre,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    trust: Trust,
) -> CorrectingOffice:
    light_pins(monkeypatch)
    made = CorrectingOffice(ledger, centre, ledger_file, terminal_keys, trust)
    made.engage()
    return made


def request(office: CorrectingOffice) -> Agreement:
    agreed = agreement(0, served_by="rana")
    office.ledger.prepare(agreed)
    office.ledger.commit(agreed.ids.transaction, "visit")
    return agreed


def test_it_is_committed_without_a_payment_delivered_and_has_a_genuine_receipt(office: CorrectingOffice) -> None:
    agreed = request(office)
    kinds = [kind for (kind,) in office.ask("SELECT kind FROM entries ORDER BY sequence")]
    assert kinds == ["prepared", "committed"]
    office.deliver()
    receipt = office.ledger.issue_receipt(agreed.ids.transaction, ReceiptOutcome.ACCEPTED, FACTS)
    assert (receipt.method, receipt.total_fils, receipt.lines) == (PaymentMethod.NONE, 0, ())
    claims = open_code(receipt.code, [office.keys.receipt.public_key()])
    assert (claims.amount_fils, claims.outcome) == (0, ReceiptOutcome.ACCEPTED)
    assert office.ledger.recent(1)[0].method is PaymentMethod.NONE
    assert office.verify().problems == ()


@pytest.mark.parametrize("state", PaymentState)
def test_no_payment_is_ever_on_record_for_it(ledger: SqlLedger, state: PaymentState) -> None:
    agreed = agreement(0)
    ledger.prepare(agreed)
    with pytest.raises(LedgerMistake):
        ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, state, "visit")
    ledger.commit(agreed.ids.transaction, "visit")


def test_what_is_due_is_not_called_free_nor_what_is_free_paid(ledger: SqlLedger) -> None:
    for wrong in (
        msgspec.structs.replace(agreement(100), method=PaymentMethod.NONE),
        msgspec.structs.replace(agreement(0), method=PaymentMethod.CASH),
    ):
        with pytest.raises(LedgerMistake):
            ledger.prepare(wrong)
    assert ledger.unfinished() == ()


def test_one_that_was_left_unfinished_says_that_no_machine_can_be_asked(open_ledger: OpenLedger) -> None:
    agreed = agreement(0)
    open_ledger().prepare(agreed)
    (left,) = open_ledger().unfinished()
    assert (left.method, left.amount_fils, left.payment) == (PaymentMethod.NONE, 0, None)


def test_one_that_the_agency_refused_is_taken_back_and_moves_nothing(office: CorrectingOffice) -> None:
    agreed = request(office)
    office.deliver("rejected")
    done = office.refund(agreed)
    assert (done.reversal.amount_fils, done.reversal.tendered_fils) == (0, None)
    assert office.ledger.outcome_of(agreed.ids.transaction).state is TransactionState.REVERSED
    office.deliver()
    assert office.verify().problems == ()


def test_one_that_the_agency_refused_is_sent_corrected(office: CorrectingOffice) -> None:
    agreed = request(office)
    office.deliver("rejected")
    assert office.resubmit(office.corrected_version(agreed)) == "KRK3-000002"
    office.deliver()
    assert office.verify().problems == ()
