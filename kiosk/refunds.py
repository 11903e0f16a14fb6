"""What the counter does about a refused transaction: explains it, gives the money back, disputes it; with its papers.

Order, as in `kiosk.settlement`: what two people agreed to is on disk before any money moves, and what happened before
any paper says so. A payment terminal's silence is never called a refusal: the refund stays agreed, and is asked about
again while nobody is served. Cash is handed out by a person, and no machine says that it was.
"""

from __future__ import annotations

import contextlib
import dataclasses
import enum
from collections.abc import Callable
from uuid import UUID

from kiosk import slips
from kiosk.catalogue import Service
from kiosk.corrections import Attention, Corrected, Corrections, Objection, Proof, Reason
from kiosk.failures import ServiceFailure
from kiosk.ports import Clock, PaymentTerminal, ReceiptPrinter
from kiosk.receipt import Slip
from kiosk.staff import StaffMember
from kiosk.transaction import PaymentMethod, PaymentState
from kiosk.wire import Words


class Outcome(enum.Enum):
    """What is true of it now."""

    EXPLAINED = "explained"
    HAND_OUT = "hand_out"  # agreed; the clerk counts out exactly the amount
    RETURNED = "returned"
    UNKNOWN = "unknown"  # agreed; the payment terminal will be asked again
    CALLED_OFF = "called_off"
    DISPUTED = "disputed"


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """`number` is that of the paper, "" where there is none; `print_failure` says why it did not come out."""

    outcome: Outcome
    number: str = ""
    print_failure: ServiceFailure | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Refunds:
    """Every method blocks. Raises ServiceFailure where the ledger could not be written; StaffMistake where the people
    may not. `wake` tells the delivery that something new waits."""

    corrections: Corrections
    payments: PaymentTerminal
    printer: ReceiptPrinter
    clock: Clock
    services: tuple[Service, ...]
    office: Words
    wake: Callable[[], None]

    def explain(self, item: Attention, note: UUID, by: StaffMember) -> Answer:
        self.corrections.explain(item.ids.transaction, note, by)
        slip = slips.explained(item, self.clock.now(), self.office, self._title(item.service))
        return self._printed(Outcome.EXPLAINED, slip)

    def refund(self, item: Attention, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof) -> Answer:
        self.corrections.agree_refund(item.ids.transaction, correction, reason, requested=requested, approved=approved)
        match item.method:
            case PaymentMethod.CASH:
                return Answer(Outcome.HAND_OUT)
            case PaymentMethod.NONE:
                return self._returned(self.corrections.refund(item.ids.transaction, by_recovery=False))
            case _:
                return self.give_back(item)

    def give_back(self, item: Attention) -> Answer:
        """By the payment terminal, which is told the payment's own id: asked twice it gives back once."""
        if not self._is_back(item):
            return self._printed(Outcome.UNKNOWN, slips.refund_checked(item, self.clock.now(), self.office))
        return self._returned(self.corrections.refund(item.ids.transaction, by_recovery=False))

    def handed_out(self, item: Attention) -> Answer:
        """The clerk has counted out exactly the amount."""
        done = self.corrections.refund(
            item.ids.transaction, by_recovery=False, tendered_fils=item.amount_fils, change_fils=0
        )
        return self._returned(done)

    def not_handed_out(self, item: Attention, by: StaffMember) -> Answer:
        self.corrections.call_off(item.ids.transaction, by)
        return Answer(Outcome.CALLED_OFF)

    def dispute(self, transaction: UUID, dispute: UUID, objection: Objection, by: Proof) -> Answer:
        said = self.corrections.dispute(transaction, dispute, objection, by)
        self.wake()
        return self._printed(Outcome.DISPUTED, slips.disputed(said, self.office, self._title(said.dispute.service)))

    def print_again(self, transaction: UUID) -> Answer | None:
        """The slip of the correction that took this transaction back; None where none did."""
        done = self.corrections.corrected(transaction)
        return None if done is None else self._printed(Outcome.RETURNED, self.slip_of(done))

    def slip_of(self, done: Corrected) -> Slip:
        return slips.corrected(done, self.office, self._title(done.reversal.service))

    def resume(self) -> None:
        """At rest: refunds to bank cards that are agreed, and of which nobody knows yet, are asked about again."""
        for item in self.corrections.attention():
            if item.refund is not None and item.method is PaymentMethod.BANK_CARD:
                with contextlib.suppress(ServiceFailure):  # it stays agreed
                    self._resume(item)

    def _resume(self, item: Attention) -> None:
        if self._is_back(item):
            self.corrections.refund(item.ids.transaction, by_recovery=True)
            self.wake()

    def _is_back(self, item: Attention) -> bool:
        """A terminal that never heard of the payment was exchanged or lost its journal: its word decides nothing. Of
        what was paid with others only this share goes back."""
        share, payments = self.corrections.share_of(item.ids.transaction), self.payments
        try:
            if payments.query(share.movement) is None:
                return False
            if share.is_whole:
                return payments.void(share.movement) is PaymentState.REFUNDED
            return payments.refund(share.movement, share.part, share.amount_fils) is PaymentState.REFUNDED
        except ServiceFailure:
            return False

    def _returned(self, done: Corrected) -> Answer:
        self.wake()
        return self._printed(Outcome.RETURNED, self.slip_of(done))

    def _printed(self, outcome: Outcome, slip: Slip) -> Answer:
        try:
            self.printer.print_slip(slip)
        except ServiceFailure as failure:
            return Answer(outcome, slip.reference, failure)
        return Answer(outcome, slip.reference)

    def _title(self, service: str | None) -> Words:
        known = next((one for one in self.services if one.id == service), None)
        return known.title if known is not None else Words(ar=service or "", en=service or "")
