"""Money and paper, step by step: each step does one thing, records it, and answers with the event that it became.

Order (the ledger is always written before the next thing happens): PREPARED on disk, authorise, capture, COMMIT,
then delivery, then the receipt. Whatever fails after money may have moved ends in a stated outcome: given back,
or unknown and to be resolved (kiosk.recovery). A time-out of the payment terminal is never called a refusal.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Sequence
from uuid import UUID

from kiosk import slips
from kiosk.corrections import Corrections
from kiosk.documents import require_deliverable
from kiosk.events import (
    Authorised,
    Captured,
    Committed,
    CorrectedSent,
    DeliveryDecided,
    Event,
    PartFailed,
    Prepared,
    ReceiptPrinted,
)
from kiosk.failures import Failure, InDoubt, Money, ServiceFailure
from kiosk.offline import Backlog, OfflinePolicy
from kiosk.ports import Clock, Delivery, Ledger, PaymentTerminal, ReceiptPrinter
from kiosk.receipt import Receipt, ReceiptFacts, outcome_on_paper
from kiosk.transaction import (
    Agreement,
    Commitment,
    DeliveryOutcome,
    Ids,
    Movement,
    PaymentMethod,
    PaymentState,
)
from kiosk.unresolved import slip_reference
from kiosk.wire import Words

ANSWER_SECONDS = 5.0
"""How long a person is kept waiting for the centre's answer before the receipt is decided."""

LEARN_EVERY_SECONDS = 2.0
"""How often a payment terminal that fell silent is asked while the person reads the page about it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Settlement:
    """The parts that settle what one movement of money pays: a transaction, or several of one basket. Every method
    blocks and answers with one event. `corrections` is needed only where staff serve."""

    ledger: Ledger
    payments: PaymentTerminal
    delivery: Delivery
    printer: ReceiptPrinter
    clock: Clock
    office: Words
    offline: OfflinePolicy
    pause: Callable[[float], None] = time.sleep
    corrections: Corrections | None = None
    monotonic: Callable[[], float] = time.monotonic

    def prepare(self, *agreements: Agreement) -> Event:
        self._require_room(agreements)
        self.ledger.prepare(*agreements)
        self.printer.warm_up()  # the person at the bank's terminal takes longer than that
        return Prepared()

    def authorise(self, movement: Movement) -> Event:
        try:
            self.payments.authorise(movement.id, movement.amount_fils)
        except ServiceFailure as failure:
            if failure.failure is Failure.PAYMENT_UNKNOWN:
                return self._unknown(movement)
            self._void(movement, failure.failure.name.lower())
            return PartFailed(failure)
        try:
            self.ledger.record_movement(movement, PaymentState.AUTHORISED, "visit")
        except ServiceFailure as failure:
            return PartFailed(failure, self._give_back(movement, nothing_taken=True))
        return Authorised()

    def withdraw(self, movement: Movement) -> Event:
        """The person ended the visit before the bank was asked: no money can have moved."""
        self._void(movement, "cancelled")
        return PartFailed(ServiceFailure(Failure.PAYMENT_CANCELLED))

    def cancel(self, movement: Movement) -> Event:
        """The person ended the visit while the bank was asked: the held amount is let go."""
        if self._give_back(movement, nothing_taken=True) is Money.UNKNOWN:
            return self._unknown(movement)
        return self.withdraw(movement)

    def capture(self, movement: Movement) -> Event:
        try:
            self.payments.capture(movement.id)
        except ServiceFailure:
            return self._unknown(movement)
        try:
            self.ledger.record_movement(movement, PaymentState.CAPTURED, "visit")
        except ServiceFailure as failure:
            return PartFailed(failure, self._give_back(movement))
        return Captured()

    def take_cash(self, movement: Movement, tendered_fils: int) -> Event:
        """The clerk has the money in hand: recorded before the commit. What cannot be recorded goes back."""
        try:
            self.ledger.record_movement(
                movement,
                PaymentState.CAPTURED,
                "cash",
                tendered_fils=tendered_fils,
                change_fils=tendered_fils - movement.amount_fils,
            )
        except ServiceFailure as failure:
            return PartFailed(failure, Money.CASH_IN_HAND)
        return Captured()

    def learn(self, movement: Movement) -> Event:
        """Asks, after a pause, what became of a payment that nobody knew of: a late yes, or that nothing was taken. It
        only tells; recovery acts on it."""
        self.pause(LEARN_EVERY_SECONDS)
        reference = slip_reference(movement.parts[0])
        with contextlib.suppress(ServiceFailure):
            match self.payments.query(movement.id):
                case PaymentState.AUTHORISED | PaymentState.CAPTURED:
                    return PartFailed(ServiceFailure(Failure.PAYMENT_LATE, reference=reference), Money.UNKNOWN)
                case PaymentState.REFUNDED:
                    return PartFailed(ServiceFailure(Failure.PAYMENT_CANCELLED), Money.RETURNED)
                case PaymentState.VOIDED:
                    return PartFailed(ServiceFailure(Failure.PAYMENT_CANCELLED), Money.NOTHING)
        return PartFailed(ServiceFailure(Failure.PAYMENT_UNKNOWN, reference=reference), Money.UNKNOWN)

    def commit(self, movement: Movement, method: PaymentMethod = PaymentMethod.BANK_CARD) -> Event:
        try:
            commitments = self._commit(movement)
        except InDoubt as failure:  # given back, by bank or hand, it could still be found committed at the next start
            return PartFailed(failure, Money.NONE_DUE) if method is PaymentMethod.NONE else self._told_unknown(movement)
        except ServiceFailure as failure:
            return PartFailed(failure, self._undo(movement, method))
        self.delivery.wake()
        return Committed(commitments, self.delivery.line_is_up())

    def resubmit(self, agreement: Agreement, sent: CorrectedSent) -> Event:
        """Commits it with the money of the transaction that it corrects; no money moves, whatever fails."""
        assert self.corrections is not None
        self._require_room((agreement,))
        commitment = self.corrections.resubmit(
            agreement, sent.correction, sent.reason, requested=sent.requested, approved=sent.approved
        )
        self.delivery.wake()
        return Committed((commitment,), self.delivery.line_is_up())

    def await_answer(self, *transactions: UUID) -> Event:
        """Of all together no longer than of one: they travel in one batch."""
        until = self.monotonic() + ANSWER_SECONDS
        outcomes = []
        for transaction in transactions:
            left = min(max(until - self.monotonic(), 0.0), ANSWER_SECONDS)
            outcomes.append(self.delivery.wait_for_answer(transaction, left))
        return DeliveryDecided(tuple(outcomes))

    def receipt(self, ids: Ids, outcome: DeliveryOutcome, facts: ReceiptFacts) -> Event:
        receipt = self.ledger.issue_receipt(ids.transaction, outcome_on_paper(outcome), facts)
        return self.print(receipt)

    def print(self, receipt: Receipt) -> Event:
        try:
            state = self.printer.print_receipt(receipt)
        except ServiceFailure as failure:
            return ReceiptPrinted(receipt, None, failure)
        with contextlib.suppress(ServiceFailure):  # the paper is out; a full disk must not hide that
            self.ledger.record_print(receipt.number, receipt.copy, state)
        return ReceiptPrinted(receipt, state)

    def _require_room(self, agreements: Sequence[Agreement]) -> None:
        """For each, as if those before it waited already."""
        backlog, now, line_is_up = self.ledger.backlog(), self.clock.now(), self.delivery.line_is_up()
        for agreed in agreements:
            require_deliverable(agreed)
            self.offline.require_room(agreed.service, agreed.total_fils, backlog, now, line_is_up=line_is_up)
            backlog = (*backlog, Backlog(service=agreed.service, count=1, sum_fils=agreed.total_fils, oldest_at=now))

    # -- when money may have moved

    def _commit(self, movement: Movement) -> tuple[Commitment, ...]:
        """A second try tells a COMMIT that was refused from one whose answer was lost: the ledger answers the same."""
        try:
            return self.ledger.commit_together(movement.transactions, "visit")
        except ServiceFailure:
            return self.ledger.commit_together(movement.transactions, "visit")

    def _undo(self, movement: Movement, method: PaymentMethod) -> Money:
        """What was prepared is not committed, for certain: what is then true of the money."""
        match method:
            case PaymentMethod.CASH:
                return Money.CASH_IN_HAND  # a machine never reverses money that a person handed over: the clerk does
            case PaymentMethod.NONE:
                self._void(movement, "not_saved")
                return Money.NOTHING
            case PaymentMethod.BANK_CARD:
                return self._give_back(movement)

    def _give_back(self, movement: Movement, *, nothing_taken: bool = False) -> Money:
        """Voids or refunds at the payment terminal; what is then true of the money."""
        try:
            state = self.payments.void(movement.id)
        except ServiceFailure:
            return Money.UNKNOWN
        with contextlib.suppress(ServiceFailure):  # recovery asks the terminal again and records it then
            self.ledger.record_movement(movement, state, "given back")
        return Money.NOTHING if nothing_taken and state is PaymentState.VOIDED else Money.RETURNED

    def _void(self, movement: Movement, cause: str) -> None:
        with contextlib.suppress(ServiceFailure):  # nothing was taken; recovery voids what is still PREPARED
            self.ledger.void_together(movement.transactions, cause)

    def _unknown(self, movement: Movement) -> Event:
        with contextlib.suppress(ServiceFailure):  # PREPARED is on disk: recovery will ask the terminal
            self.ledger.record_movement(movement, PaymentState.UNKNOWN, "no answer")
        return self._told_unknown(movement)

    def _told_unknown(self, movement: Movement) -> Event:
        reference = slip_reference(movement.parts[0])
        with contextlib.suppress(ServiceFailure):  # without paper the page still names the reference
            self.printer.print_slip(slips.payment_checked(reference, self.clock.now(), self.office))
        return PartFailed(ServiceFailure(Failure.PAYMENT_UNKNOWN, reference=reference), Money.UNKNOWN)
