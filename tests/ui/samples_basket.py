"""Scenes of several services in one visit."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.scene import Scene, State
from kiosk.transaction import Commitment, DeliveryOutcome, Ids, PaymentMethod, TransactionState
from tests.ui.samples import known, services
from tests.ui.samples_second import FEE, NOT_PRINTED, NOW, done, free, of_certificate, quoted

ACCEPTED = DeliveryOutcome(state=TransactionState.ACCEPTED)
AWAITING = DeliveryOutcome(state=TransactionState.COMMITTED)
REFUSED = DeliveryOutcome(state=TransactionState.NEEDS_ATTENTION, words_ar="مدفوعة", words_en="Paid before")


def entry(scene: Scene, number: int, **changes: object) -> Scene:
    ids = Ids(basket=UUID(int=1), transaction=UUID(int=number), payment=UUID(int=number + 100))
    commitment = Commitment(
        transaction=UUID(int=number), sequence=number, receipt_number=f"KRK3-{480 + number:06d}", committed_at=NOW
    )
    settled = {"commitment": commitment, "print_state": PrintState.CONFIRMED} if "outcome" in changes else {}
    return dataclasses.replace(scene, ids=ids, **{**settled, **changes})  # type: ignore[arg-type]  # real fields


def fines(number: int = 2, **changes: object) -> Scene:
    return entry(quoted(State.BASKET), number, **changes)


def certificate(number: int = 3, **changes: object) -> Scene:
    return entry(of_certificate(quoted(State.BASKET, FEE)), number, **{"total_fils": 6_500, **changes})


def statement(number: int = 4, **changes: object) -> Scene:
    return entry(free(quoted(State.BASKET)), number, **changes)


def basket(state: State, *entries: Scene, **changes: object) -> Scene:
    total = sum(one.total_fils for one in entries)
    method = PaymentMethod.BANK_CARD if total else PaymentMethod.NONE
    told = {"service": None, "basket": entries, "total_fils": total, "method": method, "services": services(7)}
    return known(state, **{**told, **changes})


TWO = (fines(), certificate())
SIX = tuple(make(number) for number, make in enumerate((fines, certificate, statement) * 2, 2))
AMONG_SEVEN: dict[str, Any] = {"services": services(7)}

BASKET_PAGES: dict[str, Scene] = {
    "basket": basket(State.BASKET, *TWO),
    "basket-one": basket(State.BASKET, certificate()),
    "basket-six": basket(State.BASKET, *SIX, line_was_up=False),
    "basket-free": basket(State.BASKET, statement(2), statement(3)),
    "basket-home": basket(State.CHOOSING_SERVICE, *TWO),
    "basket-check-first": quoted(State.CHECK_ANSWERS, **AMONG_SEVEN),
    "basket-check-free": free(quoted(State.CHECK_ANSWERS, **AMONG_SEVEN)),
    "basket-check-next": of_certificate(quoted(State.CHECK_ANSWERS, FEE, basket=TWO[:1], **AMONG_SEVEN)),
    "basket-check-signed": of_certificate(
        quoted(State.CHECK_ANSWERS, FEE, basket=TWO[:1], signature_due=True, **AMONG_SEVEN)
    ),
    "basket-paying": basket(State.PAYING, *TWO),
    "basket-recording": basket(State.PAYING, statement(2), statement(3)),
    "basket-delivery": basket(State.DELIVERY_AWAITED, fines(outcome=None), certificate(outcome=None)),
    "basket-receipt": basket(State.RECEIPT, fines(outcome=ACCEPTED), certificate(outcome=AWAITING)),
    "basket-done": basket(State.DONE, fines(outcome=ACCEPTED), certificate(outcome=ACCEPTED)),
    "basket-done-six": basket(State.DONE, *(dataclasses.replace(one, outcome=ACCEPTED) for one in SIX)),
    "basket-done-mixed": basket(
        State.DONE, fines(outcome=REFUSED), certificate(outcome=AWAITING), statement(outcome=ACCEPTED)
    ),
    "basket-done-not-printed": basket(
        State.DONE,
        fines(outcome=AWAITING, print_state=None, print_failure=NOT_PRINTED),
        certificate(outcome=AWAITING, print_state=None, print_failure=NOT_PRINTED),
        line_was_up=False,
    ),
    "basket-done-copied": basket(
        State.DONE, fines(outcome=ACCEPTED, copies=1), certificate(outcome=ACCEPTED, copies=1)
    ),
    "basket-done-one": done(ReceiptOutcome.ACCEPTED, basket=TWO[1:]),
    "basket-done-one-refused": done(ReceiptOutcome.NEEDS_ATTENTION, PrintState.UNCONFIRMED, basket=TWO),
}
