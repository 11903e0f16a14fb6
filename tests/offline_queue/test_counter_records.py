"""What the counter asks of the real ledger: cash that a person settles, and the invented staff of a demonstration."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.demonstration_staff import DEMONSTRATION_STAFF, engage
from kiosk.records import LedgerRecords
from kiosk.transaction import PaymentMethod, PaymentState, TransactionState
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import agreement, sell


def cash_on_record(ledger: SqlLedger) -> LedgerRecords:
    """As a power cut leaves it after the clerk has taken the money."""
    agreed = msgspec.structs.replace(agreement(), method=PaymentMethod.CASH)
    ledger.prepare(agreed)
    ledger.record_payment(
        agreed.ids.payment,
        agreed.ids.transaction,
        PaymentState.CAPTURED,
        "cash",
        tendered_fils=agreed.total_fils,
        change_fils=0,
    )
    return LedgerRecords(ledger, ledger.unresolved, lambda: None)


@pytest.mark.parametrize(("kept", "state"), [(True, TransactionState.COMMITTED), (False, TransactionState.VOIDED)])
def test_cash_in_doubt_is_settled_by_what_a_clerk_says(ledger: SqlLedger, kept: bool, state: TransactionState) -> None:
    records = cash_on_record(ledger)
    (item,) = records.unresolved()
    records.settle_cash(item, kept=kept, by="rana")
    assert ledger.outcome_of(item.ids.transaction).state is state
    assert ledger.unfinished() == ()


def test_a_delivery_is_woken_only_where_something_new_waits(ledger: SqlLedger) -> None:
    woken: list[int] = []
    for _ in range(2):
        cash_on_record(ledger)
    records = LedgerRecords(ledger, ledger.unresolved, lambda: woken.append(1))
    for item, kept in zip(records.unresolved(), (True, False), strict=True):
        records.settle_cash(item, kept=kept, by="rana")
    assert woken == [1]


def test_receipts_are_found_again(ledger: SqlLedger) -> None:
    sell(ledger)
    records = LedgerRecords(ledger, ledger.unresolved, lambda: None)
    (last,) = records.recent(9)
    assert records.reprint_of("KRK9-999999") is None
    assert last.receipt_number


def test_invented_staff_get_new_pins_at_every_start(ledger: SqlLedger) -> None:
    first, second = engage(ledger.staff), engage(ledger.staff)
    assert [member for member, _ in first] == list(DEMONSTRATION_STAFF)
    for member, pin in second:
        assert ledger.staff.sign_in(member.id, bytearray(pin.encode())) == member
    assert {pin for _, pin in first} != {pin for _, pin in second}
