"""A payment terminal that takes no money: training's, in memory, with the promises of a real one."""

from __future__ import annotations

import dataclasses
import threading
from typing import Final
from uuid import UUID

from kiosk.failures import Failure, ServiceFailure
from kiosk.training import DECLINED_FILS, UNANSWERED_FILS
from kiosk.transaction import PaymentState

PERSON_SECONDS: Final = 2.0
"""How long the invented person takes, so that the page of the payment can be seen and End be pressed."""

_NOTHING_HELD: Final = (PaymentState.VOIDED, PaymentState.REFUNDED)


@dataclasses.dataclass(slots=True)
class _Payment:
    amount_fils: int
    state: PaymentState
    parts: dict[UUID, int] = dataclasses.field(default_factory=dict)  # what went back of it


class TrainingPayments:
    """`kiosk.ports.PaymentTerminal`. What becomes of a payment follows from its amount (kiosk.training); what it knows
    is gone when the program ends. Calls come from one thread at a time, except `interrupt`, which may come from any."""

    def __init__(self, person_seconds: float = PERSON_SECONDS) -> None:
        self._person_seconds = person_seconds
        self._payments: dict[UUID, _Payment] = {}
        self._unwanted: UUID | None = None
        self._interrupted = threading.Event()

    def close(self) -> None:
        self._interrupted.set()

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        self._interrupted.clear()
        known = self._payments.get(payment)
        if known is None:
            wanted = self._unwanted != payment and not self._interrupted.wait(self._person_seconds)
            known = self._payments[payment] = _Payment(amount_fils, _decided(amount_fils, wanted=wanted))
            if wanted and amount_fils == DECLINED_FILS:
                raise ServiceFailure(Failure.PAYMENT_DECLINED)
        if known.state in _NOTHING_HELD:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        if known.state is PaymentState.UNKNOWN or known.amount_fils != amount_fils:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return known.state

    def capture(self, payment: UUID) -> PaymentState:
        known = self._payments.get(payment)
        if known is None or known.state not in {PaymentState.AUTHORISED, PaymentState.CAPTURED}:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        known.state = PaymentState.CAPTURED
        return known.state

    def void(self, payment: UUID) -> PaymentState:
        known = self._payments.setdefault(payment, _Payment(0, PaymentState.VOIDED))
        if known.state is PaymentState.UNKNOWN:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if known.state is PaymentState.CAPTURED:
            known.state = PaymentState.REFUNDED
        elif known.state is PaymentState.AUTHORISED:
            known.state = PaymentState.VOIDED
        return known.state

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        known = self._payments.get(payment)
        if known is None or known.state is not PaymentState.CAPTURED:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if sum({**known.parts, part: amount_fils}.values()) > known.amount_fils:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        known.parts[part] = amount_fils
        return PaymentState.REFUNDED

    def query(self, payment: UUID) -> PaymentState | None:
        known = self._payments.get(payment)
        if known is not None and known.state is PaymentState.UNKNOWN:
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        return known.state if known else None

    def interrupt(self, payment: UUID) -> None:
        self._unwanted = payment
        self._interrupted.set()


def _decided(amount_fils: int, *, wanted: bool) -> PaymentState:
    if not wanted or amount_fils == DECLINED_FILS:
        return PaymentState.VOIDED
    return PaymentState.UNKNOWN if amount_fils == UNANSWERED_FILS else PaymentState.AUTHORISED
