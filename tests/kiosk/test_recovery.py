"""One rule for each state in which a restart can find a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
import pytest
import uuid6

from kiosk.agreed import agreement_of
from kiosk.events import Answered, CardInserted, Confirmed, LinesPicked, ServiceChosen, Started
from kiosk.failures import Failure, ServiceFailure
from kiosk.recovery import Resolution, resolve, settle_cash
from kiosk.transaction import Commitment, PaymentMethod, PaymentState, TransactionState, Unfinished
from tests.kiosk.parts import Stage


def prepared() -> Stage:
    """The power goes just after PREPARED is on disk."""
    stage = Stage().feed(CardInserted()).work()
    stage.feed(ServiceChosen("traffic.fines"), Started(), Answered("search_by", "mine")).work()
    stage.feed(LinesPicked(("F0",)), Confirmed())
    stage.work_once()
    return stage


@pytest.mark.parametrize(
    ("at_terminal", "resolution", "state", "payment"),
    [
        (None, Resolution.VOIDED, TransactionState.VOIDED, PaymentState.VOIDED),
        (PaymentState.AUTHORISED, Resolution.VOIDED, TransactionState.VOIDED, PaymentState.VOIDED),
        (PaymentState.VOIDED, Resolution.VOIDED, TransactionState.VOIDED, PaymentState.VOIDED),
        (PaymentState.REFUNDED, Resolution.VOIDED, TransactionState.VOIDED, PaymentState.REFUNDED),
        (PaymentState.CAPTURED, Resolution.COMMITTED, TransactionState.COMMITTED, PaymentState.CAPTURED),
        (PaymentState.UNKNOWN, Resolution.VOIDED, TransactionState.VOIDED, PaymentState.VOIDED),
    ],
)
def test_the_payment_terminal_decides(
    at_terminal: PaymentState | None, resolution: Resolution, state: TransactionState, payment: PaymentState | None
) -> None:
    stage = prepared()
    ids = stage.visit.ids()
    if at_terminal is not None:
        stage.payments.payments[ids.payment] = at_terminal
    resolved = resolve(stage.ledger, stage.payments)
    assert [item.resolution for item in resolved] == [resolution]
    assert stage.ledger.states[ids.transaction] is state
    assert stage.payments.payments.get(ids.payment) is payment


def test_a_silent_terminal_decides_nothing_and_is_asked_again() -> None:
    stage = prepared()
    ids = stage.visit.ids()
    stage.payments.payments[ids.payment] = PaymentState.CAPTURED
    stage.payments.faults["query"] = "silent"
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN]
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.COMMITTED]
    assert resolve(stage.ledger, stage.payments) == ()


@pytest.mark.parametrize("told", [None, PaymentState.UNKNOWN, PaymentState.AUTHORISED])
def test_what_is_not_taken_is_void_here_only_once_the_terminal_has_said_so(told: PaymentState | None) -> None:
    """Otherwise a question that was on its way when the power went could still be honoured."""
    stage = prepared()
    ids = stage.visit.ids()
    if told is not None:
        stage.payments.payments[ids.payment] = told
    stage.payments.faults["void"] = "lost"
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN]
    assert stage.ledger.states[ids.transaction] is TransactionState.PREPARED
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.VOIDED]
    with pytest.raises(ServiceFailure, match="PAYMENT_CANCELLED"):
        stage.payments.authorise(ids.payment, 1)


def test_a_full_disk_leaves_it_for_later() -> None:
    stage = prepared()
    stage.payments.payments[stage.visit.ids().payment] = PaymentState.CAPTURED
    stage.ledger.faults["commit"] = 1
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN]
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.COMMITTED]


def test_the_scripted_terminal_can_be_silent() -> None:
    stage = prepared()
    stage.payments.faults["query"] = "silent"
    with pytest.raises(ServiceFailure) as raised:
        stage.payments.query(stage.visit.ids().payment)
    assert raised.value.failure is Failure.PAYMENT_SILENT


@pytest.mark.parametrize("told", [PaymentState.AUTHORISED, PaymentState.CAPTURED])
def test_a_terminal_that_forgot_what_it_told_decides_nothing(told: PaymentState) -> None:
    stage = prepared()
    ids = stage.visit.ids()
    stage.ledger.payments[ids.payment] = told
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN]
    assert stage.ledger.states[ids.transaction] is TransactionState.PREPARED


def test_one_odd_transaction_does_not_hold_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = prepared()
    odd = stage.visit.ids()
    stage.payments.payments[odd.payment] = PaymentState.CAPTURED
    stage.visit.case.open_ids(uuid6.uuid7)
    stage.ledger.prepare(agreement_of(stage.visit.case, stage.clock.now(), ""))

    def forbidden(_transactions: Sequence[UUID], _cause: str) -> tuple[Commitment, ...]:
        raise RuntimeError

    monkeypatch.setattr(stage.ledger, "commit_together", forbidden)
    resolved = resolve(stage.ledger, stage.payments)
    assert [item.resolution for item in resolved] == [Resolution.UNKNOWN, Resolution.VOIDED]


def in_cash(stage: Stage, *, taken: bool) -> Unfinished:
    """A clerk has written down that cash is taken, and the power goes; or just before that."""
    ids = stage.visit.ids()
    agreed = stage.ledger.agreements[ids.transaction]
    stage.ledger.agreements[ids.transaction] = msgspec.structs.replace(agreed, method=PaymentMethod.CASH)
    if taken:
        tendered, change = 50_000, 50_000 - agreed.total_fils
        stage.ledger.record_payment(
            ids.payment, ids.transaction, PaymentState.CAPTURED, "cash", tendered_fils=tendered, change_fils=change
        )
    (item,) = stage.ledger.unfinished()
    return item


def test_cash_that_is_on_record_waits_for_the_clerks_word() -> None:
    """No machine knows in whose hand it is; the payment terminal, which never heard of it, is not asked."""
    stage = prepared()
    stage.payments.faults["query"] = "silent"
    in_cash(stage, taken=True)
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.UNKNOWN]
    assert stage.payments.faults
    assert stage.ledger.unfinished()


def test_cash_that_was_never_recorded_is_void_without_asking_the_payment_terminal() -> None:
    stage = prepared()
    stage.payments.faults["query"] = "silent"
    in_cash(stage, taken=False)
    assert [item.resolution for item in resolve(stage.ledger, stage.payments)] == [Resolution.VOIDED]
    assert (stage.payments.payments, bool(stage.payments.faults)) == ({}, True)


@pytest.mark.parametrize(
    ("kept", "state", "payment"),
    [
        (True, TransactionState.COMMITTED, PaymentState.CAPTURED),
        (False, TransactionState.VOIDED, PaymentState.REFUNDED),
    ],
)
def test_the_clerk_says_what_became_of_the_cash(kept: bool, state: TransactionState, payment: PaymentState) -> None:
    stage = prepared()
    item = in_cash(stage, taken=True)
    settle_cash((item,), stage.ledger, kept=kept, cause="clerk")
    assert stage.ledger.states[item.ids.transaction] is state
    assert stage.ledger.payments[item.ids.payment] is payment
