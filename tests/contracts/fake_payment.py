"""A payment terminal in memory that keeps the same promises as the real driver; tests of the visit pay with it."""

from __future__ import annotations

import dataclasses
import threading
from uuid import UUID

from kiosk.failures import Failure, ServiceFailure
from kiosk.transaction import PaymentState

_AFTER_CANCEL = (PaymentState.VOIDED, PaymentState.REFUNDED)


@dataclasses.dataclass
class _Payment:
    amount_fils: int | None
    state: PaymentState
    moves: int = 0
    parts: dict[UUID, int] = dataclasses.field(default_factory=dict)


class FakePayment:
    """`mode` is what the terminal and the person do next: `approve`, `decline`, `wait` (until `interrupt`), `drop`
    (answers are lost, the deed is done), `silent` (asked, never answers), `off` (no connection), `late` (the yes comes
    after the kiosk has given up)."""

    def __init__(self) -> None:
        self.mode = "approve"
        self.asked = threading.Event()
        self._interrupted = threading.Event()
        self._unwanted: UUID | None = None
        self._payments: dict[UUID, _Payment] = {}

    def moves(self, payment: UUID) -> int:
        """How often money went out of the card, less how often it came back."""
        known = self._payments.get(payment)
        return known.moves if known else 0

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        self._interrupted.clear()
        if self._unwanted == payment:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        if self.mode == "off":
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        if self.mode == "silent":
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        known = self._payments.get(payment)
        if known is None:
            known = self._payments[payment] = self._decided(amount_fils)
            if self.mode == "decline":
                raise ServiceFailure(Failure.PAYMENT_DECLINED)
            if self.mode == "late":
                raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if known.state in _AFTER_CANCEL:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        if known.amount_fils != amount_fils:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return known.state

    def _decided(self, amount_fils: int) -> _Payment:
        if self.mode == "wait":
            self.asked.set()
            self._interrupted.wait()
            return _Payment(amount_fils, PaymentState.VOIDED)
        return _Payment(amount_fils, PaymentState.VOIDED if self.mode == "decline" else PaymentState.AUTHORISED)

    def capture(self, payment: UUID) -> PaymentState:
        known = self._payments.get(payment)
        if self.mode in ("off", "silent") or known is None or known.state in _AFTER_CANCEL:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if known.state is PaymentState.AUTHORISED:
            known.state = PaymentState.CAPTURED
            known.moves += 1
        return known.state

    def void(self, payment: UUID) -> PaymentState:
        if self.mode in ("off", "silent"):
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        known = self._payments.setdefault(payment, _Payment(None, PaymentState.VOIDED))
        if known.state is PaymentState.AUTHORISED:
            known.state = PaymentState.VOIDED
        elif known.state is PaymentState.CAPTURED:
            known.state = PaymentState.REFUNDED
            known.moves -= 1
        return known.state

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        known = self._payments.get(payment)
        if self.mode in ("off", "silent") or known is None or known.amount_fils is None:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        if known.parts.get(part) != amount_fils:
            left = known.amount_fils - sum(known.parts.values())
            if known.state is not PaymentState.CAPTURED or part in known.parts or amount_fils > left:
                raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
            known.parts[part] = amount_fils
            if amount_fils == left:
                known.state, known.moves = PaymentState.REFUNDED, known.moves - 1
        return PaymentState.REFUNDED

    def query(self, payment: UUID) -> PaymentState | None:
        if self.mode == "off":
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        if self.mode == "silent":
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        known = self._payments.get(payment)
        return known.state if known else None

    def interrupt(self, payment: UUID) -> None:
        self._unwanted = payment
        self._interrupted.set()
