"""What the counter asks of the real ledger: cash that a person settles, and the invented staff of a demonstration."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from kiosk.demonstration_staff import DEMONSTRATION_STAFF, engage
from kiosk.offline import Limits, OfflinePolicy
from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.records import LedgerRecords
from kiosk.transaction import Agreement, PaymentMethod, PaymentState, TransactionState
from kiosk.wire import Signed, Words, encode_canonical
from offline_queue.ledger import SqlLedger
from tests.kiosk.parts import SERVICES, quote_of
from tests.offline_queue.parts import SetClock, agreement, pay, sell

QUOTE = encode_canonical(Signed(payload=encode_canonical(quote_of(42_500)), key_id="agency", signature=b""))
OFFICE = Words(ar="الكرك", en="Karak")


def agreed_to(method: PaymentMethod) -> Agreement:
    asked = {"search_by": "vehicle", "plate": "12-34567"}
    return msgspec.structs.replace(agreement(quote=QUOTE, method=method), answers=asked)


def cash_on_record(ledger: SqlLedger) -> LedgerRecords:
    """As a power cut leaves it after the clerk has taken the money."""
    agreed = agreed_to(PaymentMethod.CASH)
    ledger.prepare(agreed)
    ledger.record_payment(
        agreed.ids.payment,
        agreed.ids.transaction,
        PaymentState.CAPTURED,
        "cash",
        tendered_fils=agreed.total_fils,
        change_fils=0,
    )
    return records_of(ledger)


NO_LIMITS = OfflinePolicy(Limits(), {})


def records_of(ledger: SqlLedger, wake: Callable[[], None] = lambda: None) -> LedgerRecords:
    return LedgerRecords(ledger, ledger.unresolved, wake, SERVICES, OFFICE, NO_LIMITS, SetClock(), ledger.chain_holds)


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
    records = records_of(ledger, lambda: woken.append(1))
    for item, kept in zip(records.unresolved(), (True, False), strict=True):
        records.settle_cash(item, kept=kept, by="rana")
    assert woken == [1]


def test_receipts_are_found_again(ledger: SqlLedger) -> None:
    sell(ledger)
    records = records_of(ledger)
    (last,) = records.recent(9)
    assert records.reprint_of("KRK9-999999") is None
    assert last.receipt_number


@pytest.mark.parametrize("settled_by_a_clerk", [True, False], ids=["cash", "bank-card"])
def test_what_was_committed_without_a_visit_gets_its_receipt_at_the_counter(
    ledger: SqlLedger, settled_by_a_clerk: bool
) -> None:
    if settled_by_a_clerk:
        records = cash_on_record(ledger)
        (item,) = records.unresolved()
        records.settle_cash(item, kept=True, by="rana")
    else:
        records, agreed = records_of(ledger), agreed_to(PaymentMethod.BANK_CARD)
        ledger.commit(pay(ledger, agreed).transaction, "recovery")
    (last,) = records.recent(9)
    first = records.reprint_of(last.receipt_number)
    assert first is not None
    assert (first.number, first.copy, first.outcome) == (last.receipt_number, 0, ReceiptOutcome.AWAITING_DELIVERY)
    assert first.facts.service_en == "Traffic fines"
    assert "12-34567" in {value for _, _, value in first.facts.rows}
    assert first.facts.office_en == OFFICE.en
    ledger.record_print(first.number, 0, PrintState.CONFIRMED)
    assert records.reprint_of(last.receipt_number) == first.as_copy(1), "the same signed code, as a copy"


def test_a_service_that_is_no_longer_loaded_gives_no_receipt(ledger: SqlLedger) -> None:
    ledger.commit(pay(ledger, agreement(service="gone.service")).transaction, "recovery")
    records = records_of(ledger)
    assert records.reprint_of(records.recent(1)[0].receipt_number) is None


def test_invented_staff_get_new_pins_at_every_start(ledger: SqlLedger) -> None:
    first, second = engage(ledger.staff), engage(ledger.staff)
    assert [member for member, _ in first] == list(DEMONSTRATION_STAFF)
    for member, pin in second:
        assert ledger.staff.sign_in(member.id, bytearray(pin.encode())) == member
    assert {pin for _, pin in first} != {pin for _, pin in second}
