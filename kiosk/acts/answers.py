"""Choosing a service, answering its questions, asking the agency, and going back and forth between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.acts.proof import with_proof
from kiosk.events import (
    Answered,
    ChangeWanted,
    Event,
    FactsReceived,
    LinesPicked,
    PartFailed,
    QuoteReceived,
    ServiceChosen,
)
from kiosk.failures import NO_ANSWER, ServiceFailure
from kiosk.fees import Channel
from kiosk.pricing import quote_of
from kiosk.scene import State
from kiosk.wire import Enquiry

if TYPE_CHECKING:
    from kiosk.visit import Visit


def choose(visit: Visit, event: ServiceChosen) -> State:
    service = next((service for service in visit.services if service.id == event.service), None)
    if service is None or not visit.case.may_have(service):
        return visit.state
    visit.case.open_service(service, visit.parts.new_id)
    return ask(visit, 0) if visit.parts.assisted else State.START_CARD


def start(visit: Visit, event: Event) -> State:
    """To the first question; a service that asks none goes on to what is due."""
    return ask(visit, 0) if visit.case.steps() else enquire(visit, event)


def ask(visit: Visit, position: int) -> State:
    """The question at that place. Before it the agency is asked for what it knows, where it is not known yet."""
    visit.case.go_to_step(position)
    due = visit.case.lookup_due(visit.parts.terminal)
    return State.STEPS if due is None else look_up(visit, due)


def look_up(visit: Visit, enquiry: Enquiry) -> State:
    case, desk = visit.case, visit.parts.desk
    assert case.service is not None
    agency, optional = case.service.agency, case.service.lookup(enquiry.lookup).optional
    case.looking_up = True

    def work() -> Event:
        try:
            answer, _ = desk.enquire(enquiry, agency)
        except ServiceFailure as failure:
            if optional and failure.failure in NO_ANSWER:
                return FactsReceived(enquiry, None)
            raise
        return FactsReceived(enquiry, answer)

    visit.begin(with_proof(visit, work))
    return State.ENQUIRING


def take_facts(visit: Visit, event: FactsReceived) -> State:
    case = visit.case
    case.looking_up = False
    case.take_facts(event.asked, event.answer)
    case.go_to_step(case.position)
    return State.STEPS


def answer(visit: Visit, event: Answered) -> State:
    case = visit.case
    step = case.step()
    if step is None or step.id != event.step:
        return visit.state
    checked = forms.check(step, case.said(step, event.text), case.known(visit.parts.settlement.clock.now()))
    if isinstance(checked, forms.Wrong):
        case.typed, case.mistake = event.text, checked.message
        return State.STEPS
    if case.answers.get(step.id) != checked.value:
        case.drop_quote()
        case.drop_what_was_known_by(step)
    case.answers[step.id] = checked.value
    following = case.unanswered() if case.changing else case.position + 1
    if following is not None and following < len(case.steps()):
        return ask(visit, following)
    case.go_to_step(len(case.steps()) - 1)
    if case.changing and case.quote is not None:
        return check(visit)
    return enquire(visit, event)


def back_from_step(visit: Visit, _: Event) -> State:
    case = visit.case
    if case.changing and case.quote is not None:
        return check(visit)
    if visit.parts.assisted:
        return State.CHOOSING_SERVICE
    if case.position == 0:
        return State.START_CARD
    case.go_to_step(case.position - 1)
    return State.STEPS


def back_to_services(_visit: Visit, _: Event) -> State:
    return State.CHOOSING_SERVICE


def back_to_last_step(visit: Visit, event: Event) -> State:
    """Of a lookup that is given up, to the question before it."""
    case = visit.case
    visit.abandon_errand()
    if case.looking_up:
        case.looking_up = False
        return back_from_step(visit, event)
    if case.changing and visit.state is State.QUOTE:
        return check(visit)
    if not case.steps():
        return State.CHOOSING_SERVICE if visit.parts.assisted else State.START_CARD
    case.go_to_step(len(case.steps()) - 1)
    return State.STEPS


def enquire(visit: Visit, event: Event) -> State:
    """What is due: the agency is asked, or the tariff of this day says it. A lookup that was cut off is asked again."""
    case, desk = visit.case, visit.parts.desk
    if case.looking_up:
        return ask(visit, case.position)
    if case.service is not None and case.service.has_tariff:
        return price(visit, event)
    enquiry = case.enquiry(visit.parts.terminal)
    agency = case.service.agency if case.service else ""

    def work() -> Event:
        return QuoteReceived(*desk.enquire(enquiry, agency))

    visit.begin(with_proof(visit, work))
    return State.ENQUIRING


def price(visit: Visit, _: Event) -> State:
    """A published tariff needs no line and no agency."""
    visit.abandon_errand()
    case, now = visit.case, visit.parts.settlement.clock.now()
    assert case.service is not None
    channel: Channel = "counter" if visit.parts.assisted else "kiosk"
    try:
        quote = quote_of(case.service, case.agreed_answers(), visit.ids().transaction, now, channel)
    except ServiceFailure as failure:
        visit.follow(PartFailed(failure))
        return visit.state
    case.take_quote(quote, None)
    return check(visit)


def take_quote(visit: Visit, event: QuoteReceived) -> State:
    """A clerk sees lines and amount on one page: where something can be paid, it is before the eyes at once. So it is
    where there is nothing to choose, and where a request is free: its quote may be without a line."""
    case = visit.case
    case.take_quote(event.quote, event.signed)
    at_once = bool(case.picked) and (visit.parts.assisted or case.pays_whole())
    return check(visit) if at_once or case.is_free_request() else State.QUOTE


def pick(visit: Visit, event: LinesPicked) -> State:
    if not visit.case.payable(event.lines):
        return State.QUOTE
    visit.case.pick(event.lines)
    return check(visit)


def check(visit: Visit) -> State:
    """The answers of the service that is open; where none is, the basket."""
    visit.case.changing = False
    visit.case.line_was_up = visit.parts.settlement.delivery.line_is_up()
    return State.BASKET if visit.case.service is None else State.CHECK_ANSWERS


def change(visit: Visit, event: ChangeWanted) -> State:
    case = visit.case
    if not event.step:
        if case.pays_whole():
            return visit.state
        case.changing = True
        return State.QUOTE
    position = next((at for at, step in enumerate(case.steps()) if step.id == event.step), None)
    if position is None:
        return visit.state
    case.changing = True
    return ask(visit, position)


def back_from_check(visit: Visit, event: Event) -> State:
    """To what was chosen last: the lines, or where they are one fee the last question."""
    return back_to_last_step(visit, event) if visit.case.pays_whole() else State.QUOTE
