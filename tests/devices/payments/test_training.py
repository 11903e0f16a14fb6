"""The payment terminal of training keeps a real one's promises and takes no money."""

from __future__ import annotations

import threading
from uuid import UUID, uuid4

import pytest

from devices.payments.training import TrainingPayments
from kiosk.failures import Failure, ServiceFailure
from kiosk.training import DECLINED_FILS, UNANSWERED_FILS
from kiosk.transaction import PaymentState

AMOUNT = 20_000


@pytest.fixture
def payments() -> TrainingPayments:
    return TrainingPayments(person_seconds=0)


def _failure(payments: TrainingPayments, amount: int) -> Failure:
    with pytest.raises(ServiceFailure) as raised:
        payments.authorise(uuid4(), amount)
    return raised.value.failure


def test_a_payment_is_approved_and_asking_twice_changes_nothing(payments: TrainingPayments) -> None:
    payment = uuid4()
    assert [payments.authorise(payment, AMOUNT) for _ in range(2)] == [PaymentState.AUTHORISED] * 2
    assert [payments.capture(payment) for _ in range(2)] == [PaymentState.CAPTURED] * 2
    assert payments.query(payment) is PaymentState.CAPTURED
    assert [payments.void(payment) for _ in range(2)] == [PaymentState.REFUNDED] * 2


def test_what_was_never_heard_of_is_void_for_good(payments: TrainingPayments) -> None:
    payment = uuid4()
    assert payments.query(payment) is None
    assert payments.void(payment) is PaymentState.VOIDED
    with pytest.raises(ServiceFailure):
        payments.authorise(payment, AMOUNT)
    with pytest.raises(ServiceFailure):
        payments.capture(payment)


def test_one_amount_is_declined_and_one_never_answered(payments: TrainingPayments) -> None:
    assert _failure(payments, DECLINED_FILS) is Failure.PAYMENT_DECLINED
    assert _failure(payments, UNANSWERED_FILS) is Failure.PAYMENT_UNKNOWN


def test_a_payment_without_an_answer_stays_without_one(payments: TrainingPayments) -> None:
    payment = uuid4()
    for call in (payments.authorise, payments.authorise):
        with pytest.raises(ServiceFailure):
            call(payment, UNANSWERED_FILS)
    with pytest.raises(ServiceFailure):
        payments.query(payment)
    with pytest.raises(ServiceFailure):
        payments.void(payment)


def test_another_amount_under_the_same_id_is_nobodys_word(payments: TrainingPayments) -> None:
    payment = uuid4()
    payments.authorise(payment, AMOUNT)
    with pytest.raises(ServiceFailure) as raised:
        payments.authorise(payment, AMOUNT + 1)
    assert raised.value.failure is Failure.PAYMENT_UNKNOWN


class Asked(threading.Event):
    """Tells when somebody begins to wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.begun.set()
        return super().wait(timeout)


def _cancelled(payments: TrainingPayments, payment: UUID) -> bool:
    with pytest.raises(ServiceFailure) as raised:
        payments.authorise(payment, AMOUNT)
    return raised.value.failure is Failure.PAYMENT_CANCELLED and payments.query(payment) is PaymentState.VOIDED


def test_a_visit_that_ended_before_is_not_paid() -> None:
    patient, payment = TrainingPayments(person_seconds=3600), uuid4()
    patient.interrupt(payment)
    assert _cancelled(patient, payment)


def test_a_person_who_ends_the_visit_is_let_go_at_once() -> None:
    patient, payment = TrainingPayments(person_seconds=3600), uuid4()
    asked = patient._interrupted = Asked()

    def end() -> None:
        asked.begun.wait()
        patient.interrupt(payment)

    ender = threading.Thread(target=end)
    ender.start()
    assert _cancelled(patient, payment)
    ender.join()
