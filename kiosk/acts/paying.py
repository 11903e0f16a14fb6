"""From the press of the pay button to the paper: each act starts the next step of kiosk.settlement."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kiosk import basket
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
    """Nothing moves before the card is proven and the agreements are on disk; a quote that has run out is never paid:
    its service is opened again, and the agency asked anew."""
    case, settlement, now = visit.case, visit.parts.settlement, visit.parts.settlement.clock.now()
    if not quote_holds(visit):
        in_hand_now = in_hand(case)
        if (stale := _first_stale(case, now)) is not None and stale.ids is not None:
            basket.take_out(case, stale.ids.transaction)
        return fail(visit, PartFailed(ServiceFailure(Failure.QUOTE_EXPIRED), in_hand_now))
    agreements = basket.settle(case, now, visit.parts.clerk())
    visit.begin(with_proof(visit, lambda: settlement.prepare(*agreements)), in_hand(case))
    return State.PAYING


def quote_holds(visit: Visit) -> bool:
    """Of all that would be paid now."""
    return bool(visit.case.ready()) and _first_stale(visit.case, visit.parts.settlement.clock.now()) is None


def _first_stale(case: Case, now: datetime) -> Case | None:
    return next((entry for entry in case.ready() if entry.quote is None or now >= entry.quote.expires_at), None)


def in_hand(case: Case) -> Money:
    """What is true of the money before anything is recorded."""
    return Money.CASH_IN_HAND if case.paid_by() is PaymentMethod.CASH else Money.NOTHING


def ask_bank(visit: Visit, event: Event) -> State:
    """Where nothing is due, nobody is asked: it is recorded at once."""
    case, settlement, movement = visit.case, visit.parts.settlement, visit.movement()
    if case.nothing_due():
        return commit(visit, event)
    if case.method is PaymentMethod.CASH:
        tendered = case.tendered_fils
        visit.begin(lambda: settlement.take_cash(movement, tendered), Money.CASH_IN_HAND)
        return State.PAYING
    if case.cancel_wanted:
        visit.begin(lambda: settlement.withdraw(movement))
        return State.PAYING
    visit.begin(lambda: settlement.authorise(movement), Money.UNKNOWN)
    return State.PAYING


def capture(visit: Visit, _: Event) -> State:
    settlement, movement = visit.parts.settlement, visit.movement()
    if visit.case.cancel_wanted:
        visit.begin(lambda: settlement.cancel(movement), Money.UNKNOWN)
        return State.PAYING
    visit.begin(lambda: settlement.capture(movement), Money.UNKNOWN)
    return State.PAYING


def commit(visit: Visit, _: Event) -> State:
    """The money is taken: from here nothing that a person does stops the commit."""
    settlement, movement, method = visit.parts.settlement, visit.movement(), visit.case.paid_by()
    failed = Money.NONE_DUE if method is PaymentMethod.NONE else Money.UNKNOWN
    visit.begin(lambda: settlement.commit(movement, method), failed)
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
    visit.parts.settlement.payments.interrupt(visit.movement().id)
    return State.PAYING


def committed(visit: Visit, event: Committed) -> State:
    case = visit.case
    for entry, commitment in zip(case.settling, event.commitments, strict=True):
        entry.commitment = commitment
    case.line_was_up = event.line_is_up
    visit.follow(DeliveryBegan() if event.line_is_up else _undecided(case))
    return State.COMMITTED


def _undecided(case: Case) -> DeliveryDecided:
    return DeliveryDecided((DeliveryOutcome(state=TransactionState.COMMITTED),) * len(case.settling))


def await_answer(visit: Visit, _: Event) -> State:
    settlement, transactions = visit.parts.settlement, visit.movement().transactions
    visit.begin(lambda: settlement.await_answer(*transactions))
    return State.DELIVERY_AWAITED


def no_answer_in_time(visit: Visit, _: Event) -> State:
    """Whatever went wrong while waiting, the transaction is committed and will be delivered."""
    return decide_receipt(visit, _undecided(visit.case))


def decide_receipt(visit: Visit, event: DeliveryDecided) -> State:
    case = visit.case
    for entry, outcome in zip(case.settling, event.outcomes, strict=True):
        entry.outcome = outcome
    case.paper_of = 0
    return _print(visit)


def _print(visit: Visit) -> State:
    """The receipt whose turn it is: each transaction has its own, one paper after the other."""
    case, settlement = visit.case, visit.parts.settlement
    entry, facts = case.settling[case.paper_of], basket.receipt_facts(case, case.paper_of, settlement.office)
    ids, outcome = entry.ids, entry.outcome
    assert ids is not None
    assert outcome is not None
    visit.begin(lambda: settlement.receipt(ids, outcome, facts))
    return State.RECEIPT


def printed(visit: Visit, event: ReceiptPrinted) -> State:
    entry = _printing(visit.case)
    if entry.receipt is None:
        entry.receipt = event.receipt
    entry.print_state, entry.print_failure = event.state, event.failure
    return _next_paper(visit)


def not_printed(visit: Visit, event: Event) -> State:
    """The receipt could not be issued or nobody answered; what was paid stays true and is said."""
    case = visit.case
    if isinstance(event, PartFailed):
        _printing(case).print_failure = event.failure
        return _next_paper(visit)
    for entry in case.settling:
        if entry.print_state is None:
            entry.print_failure = ServiceFailure(Failure.PRINTER_SILENT)
    return State.DONE


def _printing(case: Case) -> Case:
    return case.settling[min(case.paper_of, len(case.settling) - 1)]


def _next_paper(visit: Visit) -> State:
    case = visit.case
    case.paper_of += 1
    if case.paper_of >= len(case.settling):
        return State.DONE
    return _copy(visit) if visit.state is State.DONE else _print(visit)


def copy(visit: Visit, _: CopyWanted) -> State:
    """A copy carries the same signed code and says that it is one."""
    visit.case.paper_of = 0
    return _copy(visit)


def _copy(visit: Visit) -> State:
    """Of each that has been issued."""
    case, settlement = visit.case, visit.parts.settlement
    while case.paper_of < len(case.settling) and _printing(case).receipt is None:
        case.paper_of += 1
    if case.paper_of < len(case.settling) and (receipt := _printing(case).receipt) is not None:
        entry = _printing(case)
        entry.copies += 1
        marked = receipt.as_copy(entry.copies)
        visit.begin(lambda: settlement.print(marked))
    return State.DONE
