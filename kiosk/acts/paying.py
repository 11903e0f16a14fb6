"""From the press of the pay button to the paper: each act starts the next step of kiosk.settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts.failing import fail
from kiosk.acts.proof import with_proof
from kiosk.events import (
    Committed,
    CopyWanted,
    DeliveryBegan,
    DeliveryDecided,
    Event,
    PartFailed,
    ReceiptPrinted,
)
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import State
from kiosk.transaction import DeliveryOutcome, PaymentMethod, TransactionState

if TYPE_CHECKING:
    from kiosk.case import Case
    from kiosk.visit import Visit


def confirm(visit: Visit, _: Event) -> State:
    """Nothing moves before the card is proven and the agreement is on disk; a quote that has run out is never paid."""
    case, settlement = visit.case, visit.parts.settlement
    if not quote_holds(visit):
        return fail(visit, PartFailed(ServiceFailure(Failure.QUOTE_EXPIRED), in_hand(case)))
    agreement = case.agreement(settlement.clock.now(), visit.parts.clerk())
    visit.begin(with_proof(visit, lambda: settlement.prepare(agreement)), in_hand(case))
    return State.PAYING


def quote_holds(visit: Visit) -> bool:
    quote = visit.case.quote
    return quote is not None and visit.parts.settlement.clock.now() < quote.expires_at


def in_hand(case: Case) -> Money:
    """What is true of the money before anything is recorded."""
    return Money.CASH_IN_HAND if case.paid_by() is PaymentMethod.CASH else Money.NOTHING


def ask_bank(visit: Visit, event: Event) -> State:
    """Where nothing is due, nobody is asked: it is recorded at once."""
    case, settlement, ids = visit.case, visit.parts.settlement, visit.ids()
    if case.nothing_due():
        return commit(visit, event)
    if case.method is PaymentMethod.CASH:
        total, tendered = case.total_fils(), case.tendered_fils
        visit.begin(lambda: settlement.take_cash(ids, total, tendered), Money.CASH_IN_HAND)
        return State.PAYING
    if case.cancel_wanted:
        visit.begin(lambda: settlement.withdraw(ids))
        return State.PAYING
    amount = case.total_fils()
    visit.begin(lambda: settlement.authorise(ids, amount), Money.UNKNOWN)
    return State.PAYING


def capture(visit: Visit, _: Event) -> State:
    settlement, ids = visit.parts.settlement, visit.ids()
    if visit.case.cancel_wanted:
        visit.begin(lambda: settlement.cancel(ids), Money.UNKNOWN)
        return State.PAYING
    visit.begin(lambda: settlement.capture(ids), Money.UNKNOWN)
    return State.PAYING


def commit(visit: Visit, _: Event) -> State:
    """The money is taken: from here nothing that a person does stops the commit."""
    settlement, ids, method = visit.parts.settlement, visit.ids(), visit.case.paid_by()
    failed = Money.NONE_DUE if method is PaymentMethod.NONE else Money.UNKNOWN
    visit.begin(lambda: settlement.commit(ids, method), failed)
    return State.PAYING


def stop_by_time(visit: Visit, event: Event) -> State:
    """Nobody is at the payment terminal any more."""
    visit.case.left_alone = True
    return want_cancel(visit, event)


def want_cancel(visit: Visit, _: Event) -> State:
    """The payment terminal is asked to stop; its answer decides what happened, never the wish."""
    if visit.case.paid_by() is not PaymentMethod.BANK_CARD or visit.case.correcting is not None:
        return State.PAYING  # the money lies on the counter, or none is due; two entries later it is recorded
    visit.case.cancel_wanted = True
    visit.parts.settlement.payments.interrupt(visit.ids().payment)
    return State.PAYING


def committed(visit: Visit, event: Committed) -> State:
    visit.case.commitment = event.commitment
    visit.case.line_was_up = event.line_is_up
    if event.line_is_up:
        visit.follow(DeliveryBegan())
    else:
        visit.follow(DeliveryDecided(DeliveryOutcome(state=TransactionState.COMMITTED)))
    return State.COMMITTED


def await_answer(visit: Visit, _: Event) -> State:
    settlement, ids = visit.parts.settlement, visit.ids()
    visit.begin(lambda: settlement.await_answer(ids))
    return State.DELIVERY_AWAITED


def no_answer_in_time(visit: Visit, _: Event) -> State:
    """Whatever went wrong while waiting, the transaction is committed and will be delivered."""
    return decide_receipt(visit, DeliveryDecided(DeliveryOutcome(state=TransactionState.COMMITTED)))


def decide_receipt(visit: Visit, event: DeliveryDecided) -> State:
    case, settlement, ids = visit.case, visit.parts.settlement, visit.ids()
    case.outcome = event.outcome
    facts = case.receipt_facts(settlement.office)
    visit.begin(lambda: settlement.receipt(ids, event.outcome, facts))
    return State.RECEIPT


def printed(visit: Visit, event: ReceiptPrinted) -> State:
    case = visit.case
    if case.receipt is None:
        case.receipt = event.receipt
    case.print_state, case.print_failure = event.state, event.failure
    return State.DONE


def not_printed(visit: Visit, event: Event) -> State:
    """The receipt could not be issued or nobody answered; what was paid stays true and is said."""
    if isinstance(event, PartFailed):
        visit.case.print_failure = event.failure
    elif visit.case.print_state is None:
        visit.case.print_failure = ServiceFailure(Failure.PRINTER_SILENT)
    return State.DONE


def copy(visit: Visit, _: CopyWanted) -> State:
    """A copy carries the same signed code and says that it is one."""
    case, settlement = visit.case, visit.parts.settlement
    if case.receipt is not None:
        case.copies += 1
        marked = case.receipt.as_copy(case.copies)
        visit.begin(lambda: settlement.print(marked))
    return State.DONE
