"""What happens at each transition of the visit's table: one small act each; it answers with the state that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.events import (
    Answered,
    ChangeWanted,
    Committed,
    CopyWanted,
    DeliveryBegan,
    DeliveryDecided,
    Event,
    IdentityRead,
    LinesPicked,
    PartFailed,
    QuoteReceived,
    ReaderLost,
    ReceiptPrinted,
    ServiceChosen,
)
from kiosk.failures import FAILURES, Failure, Money, ServiceFailure, Way
from kiosk.scene import State
from kiosk.transaction import DeliveryOutcome, TransactionState

if TYPE_CHECKING:
    from kiosk.visit import Visit

# ---------------------------------------------------------------- the card


def identify(visit: Visit, _: Event) -> State:
    """Reads and proves the card. During a pause the case is kept: the same person may have come back."""
    reader = visit.parts.reader
    visit.begin(lambda: IdentityRead(reader.read()))
    return State.IDENTIFYING


def identify_next_person(visit: Visit, event: Event) -> State:
    visit.forget()
    return identify(visit, event)


def know(visit: Visit, event: IdentityRead) -> State:
    """The card is proven. After a pause, only the same person goes on; anybody else begins anew."""
    known, read = visit.case.identity, event.reading.identity
    paused_at = visit.case.stopped_at
    if known == read and paused_at is not None:
        visit.case.card_stayed = True
        return _resume(visit, paused_at)
    visit.forget()
    visit.case.identity, visit.case.card_stayed = read, True
    return State.CHOOSING_SERVICE


def card_gone_while_reading(visit: Visit, _: Event) -> State:
    visit.abandon_errand()
    return State.CARD_REMOVED if visit.case.stopped_at else end(visit, _)


def pause_for_card(visit: Visit, _: Event) -> State:
    """The card is out: answers are kept for a while, and nothing that was asked in the meantime counts."""
    visit.abandon_errand()
    if visit.state not in {State.TIME_WARNING, State.CARD_REMOVED}:
        visit.case.stopped_at = visit.state
    return State.CARD_REMOVED


def stay(visit: Visit, _: Event) -> State:
    """Noticed, and nothing to do: money is moving, or paper is coming out. The visit ends by itself afterwards."""
    return visit.state


# ---------------------------------------------------------------- choosing and answering


def choose(visit: Visit, event: ServiceChosen) -> State:
    service = next((service for service in visit.services if service.id == event.service), None)
    if service is None:
        return visit.state
    visit.case.open_service(service, visit.parts.new_id)
    return State.START_CARD


def start(visit: Visit, _: Event) -> State:
    visit.case.go_to_step(0)
    return State.STEPS


def answer(visit: Visit, event: Answered) -> State:
    case = visit.case
    step = case.step()
    if step is None or step.id != event.step:
        return visit.state
    checked = forms.check(step, event.text)
    if isinstance(checked, forms.Wrong):
        case.typed, case.mistake = event.text, checked.message
        return State.STEPS
    if case.answers.get(step.id) != checked.value:
        case.drop_quote()
    case.answers[step.id] = checked.value
    following = case.unanswered() if case.changing else case.position + 1
    if following is not None and following < len(case.steps()):
        case.go_to_step(following)
        return State.STEPS
    case.go_to_step(len(case.steps()) - 1)
    if case.changing and case.quote is not None:
        return _check(visit)
    return enquire(visit, event)


def back_from_step(visit: Visit, _: Event) -> State:
    case = visit.case
    if case.changing and case.quote is not None:
        return _check(visit)
    if case.position == 0:
        return State.START_CARD
    case.go_to_step(case.position - 1)
    return State.STEPS


def back_to_services(_visit: Visit, _: Event) -> State:
    return State.CHOOSING_SERVICE


def back_to_last_step(visit: Visit, _: Event) -> State:
    visit.abandon_errand()
    if visit.case.changing and visit.state is State.QUOTE:
        return _check(visit)
    visit.case.go_to_step(len(visit.case.steps()) - 1)
    return State.STEPS


# ---------------------------------------------------------------- the quote


def enquire(visit: Visit, _: Event) -> State:
    case, desk = visit.case, visit.parts.desk
    enquiry = case.enquiry(visit.parts.terminal)
    agency = case.service.agency if case.service else ""

    def work() -> Event:
        return QuoteReceived(*desk.enquire(enquiry, agency))

    visit.begin(work)
    return State.ENQUIRING


def take_quote(visit: Visit, event: QuoteReceived) -> State:
    visit.case.take_quote(event.quote, event.signed)
    return State.QUOTE


def pick(visit: Visit, event: LinesPicked) -> State:
    if not visit.case.payable(event.lines):
        return State.QUOTE
    visit.case.picked = event.lines
    return _check(visit)


def _check(visit: Visit) -> State:
    visit.case.changing = False
    visit.case.line_was_up = visit.parts.settlement.delivery.line_is_up()
    return State.CHECK_ANSWERS


def change(visit: Visit, event: ChangeWanted) -> State:
    case = visit.case
    if not event.step:
        case.changing = True
        return State.QUOTE
    position = next((at for at, step in enumerate(case.steps()) if step.id == event.step), None)
    if position is None:
        return visit.state
    case.changing = True
    case.go_to_step(position)
    return State.STEPS


def back_to_quote(_visit: Visit, _: Event) -> State:
    return State.QUOTE


# ---------------------------------------------------------------- paying


def confirm(visit: Visit, _: Event) -> State:
    """Nothing moves before the agreement is on disk; a quote that has run out is never paid."""
    case, settlement = visit.case, visit.parts.settlement
    now = settlement.clock.now()
    if case.quote is None or now >= case.quote.expires_at:
        return fail(visit, PartFailed(ServiceFailure(Failure.QUOTE_EXPIRED)))
    agreement = case.agreement(now)
    visit.begin(lambda: settlement.prepare(agreement))
    return State.PAYING


def ask_bank(visit: Visit, _: Event) -> State:
    case, settlement, ids = visit.case, visit.parts.settlement, visit.ids()
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
    settlement, ids = visit.parts.settlement, visit.ids()
    visit.begin(lambda: settlement.commit(ids), Money.UNKNOWN)
    return State.PAYING


def want_cancel(visit: Visit, _: Event) -> State:
    """The payment terminal is asked to stop; its answer decides what happened, never the wish."""
    visit.case.cancel_wanted = True
    visit.parts.settlement.payments.interrupt()
    return State.PAYING


# ---------------------------------------------------------------- committed, delivered, printed


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


# ---------------------------------------------------------------- failures, pauses, ends


def fail(visit: Visit, event: PartFailed) -> State:
    """A failure page; where the person had pressed End during the payment, the visit simply ends."""
    case = visit.case
    if case.cancel_wanted and event.money is Money.NOTHING:
        return end(visit, event)
    case.cancel_wanted = False
    if visit.state is not State.FAILED and not (visit.state is State.IDENTIFYING and case.stopped_at):
        case.stopped_at = visit.state
    case.failure, case.money = event.failure, event.money
    if event.failure.failure is Failure.AGENCY_UNREACHABLE:
        visit.parts.settlement.delivery.wake()  # it looks at the line at once, so that the line state is honest
    return State.FAILED


def reader_lost(visit: Visit, event: ReaderLost) -> State:
    visit.abandon_errand()
    visit.card_present = False
    return fail(visit, PartFailed(event.failure))


def too_slow(visit: Visit, _: Event) -> State:
    """A watchdog over a part that should have answered by itself."""
    visit.abandon_errand()
    reading = visit.state is State.IDENTIFYING
    return fail(visit, PartFailed(ServiceFailure(Failure.CARD_TIMEOUT if reading else Failure.AGENCY_SILENT)))


def try_again(visit: Visit, event: Event) -> State:
    """Back to the step that failed, but only for the person who was there: a card that went and came is read anew.

    A payment that was not taken gets a new basket: its old one is voided.
    """
    case = visit.case
    if case.failure is None or Way.TRY_AGAIN not in FAILURES[case.failure.failure].ways:
        return State.FAILED
    failed, stopped_at = case.failure.failure, case.stopped_at
    case.failure, case.money = None, Money.NOTHING
    if stopped_at is State.PAYING:
        case.open_basket(visit.parts.new_id)
        case.stopped_at = None if case.card_stayed else State.CHECK_ANSWERS
        if not visit.card_present:
            return State.CARD_REMOVED
        return _check(visit) if case.card_stayed else identify(visit, event)
    if case.identity is None or not case.card_stayed:
        return identify(visit, event) if visit.card_present else end(visit, event)
    if stopped_at is State.ENQUIRING or failed is Failure.QUOTE_EXPIRED:
        return enquire(visit, event)
    return identify(visit, event) if visit.card_present else end(visit, event)


def another_service(visit: Visit, event: Event) -> State:
    """The same person, a new basket. A card that was not in the reader all the time may be another person's."""
    if visit.case.identity is None or not visit.card_present:
        return end(visit, event)
    if not visit.case.card_stayed:
        return identify_next_person(visit, event)
    identity = visit.case.identity
    visit.forget()
    visit.case.identity, visit.case.card_stayed = identity, True
    return State.CHOOSING_SERVICE


def warn(visit: Visit, _: Event) -> State:
    visit.case.stopped_at = visit.state
    return State.TIME_WARNING


def more_time(visit: Visit, _: Event) -> State:
    stopped_at = visit.case.stopped_at
    assert stopped_at is not None
    return _resume(visit, stopped_at)


def _resume(visit: Visit, stopped_at: State) -> State:
    """Goes on where the pause began; a question to the agency that the pause cut off is asked again."""
    visit.case.stopped_at = None
    if stopped_at is State.ENQUIRING:
        return enquire(visit, PartFailed(ServiceFailure(Failure.CARD_REMOVED)))
    return stopped_at


def end(visit: Visit, _: Event) -> State:
    """The visit is over: everything personal is forgotten before the next page is drawn."""
    visit.forget()
    return State.TAKE_CARD if visit.card_present else State.IDLE
