"""A part could not go on: its page, and what comes to be known while that page is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts.base import end, end_by_time, keep_the_basket
from kiosk.acts.keeping import park
from kiosk.events import Event, PartFailed, PowerLost
from kiosk.failures import DENIES_THE_CARD, LOSES_THE_VISIT, Failure, Money, ServiceFailure
from kiosk.scene import State
from kiosk.texts import LEGAL_TIME

if TYPE_CHECKING:
    from kiosk.visit import Visit


_MOST_TIMES = 25
"""How often a silent payment terminal is asked while its page is read: with the pause between, longer than the page
stays by itself."""


def fail(visit: Visit, event: PartFailed) -> State:
    """A failure page; where the person had pressed End during the payment, or had left, the visit simply ends. What
    was begun with a card that is a copy is forgotten; a pause of somebody else is not."""
    if event.failure.failure in DENIES_THE_CARD and visit.state is not State.IDENTIFYING:
        visit.forget()
    case = visit.case
    if case.cancel_wanted and event.money is Money.NOTHING:
        return end_by_time(visit, event) if case.left_alone else end(visit, event)
    case.cancel_wanted = case.left_alone = False
    if visit.state is not State.FAILED and not (visit.state is State.IDENTIFYING and case.stopped_at):
        case.stopped_at = visit.state
    case.failure, case.money = event.failure, event.money
    failure = event.failure.failure
    if failure is Failure.AGENCY_UNREACHABLE:
        visit.parts.settlement.delivery.wake()  # it looks at the line at once, so that the line state is honest
    if failure is Failure.ACCESS_REFUSED:
        case.access_number = ""
    if failure is Failure.PAYMENT_UNKNOWN and case.settling:
        _learn(visit)
    elif failure in LOSES_THE_VISIT and event.money is Money.NOTHING:
        keep_the_basket(visit)
        if case.is_worth_keeping():
            park(visit, event)
    return State.FAILED


def _learn(visit: Visit) -> None:
    visit.case.times_asked += 1
    settlement, movement = visit.parts.settlement, visit.movement()
    visit.begin(lambda: settlement.learn(movement), Money.UNKNOWN)


def learned(visit: Visit, event: PartFailed) -> State:
    """What came to be known of the payment while its page was read; or what kept a request from being saved."""
    case = visit.case
    unknown = case.failure is not None and case.failure.failure is Failure.PAYMENT_UNKNOWN
    if unknown and event.failure.failure is Failure.PAYMENT_UNKNOWN:
        if case.times_asked < _MOST_TIMES:
            _learn(visit)
    elif unknown or case.money is Money.NOTHING:
        case.failure, case.money = event.failure, event.money
    return State.FAILED


def line_lost(visit: Visit, _: Event) -> State:
    """Told once, while the amount is before the person's eyes: the button's words change with it. What may not be taken
    without a line is told so now, not after the press of the button."""
    case = visit.case
    if not case.line_was_up and visit.state in {State.CHECK_ANSWERS, State.BASKET}:
        return visit.state
    case.line_was_up = False
    until = min(entry.quote.expires_at for entry in case.ready() if entry.quote is not None)
    case.failure = ServiceFailure(Failure.LINE_LOST, time=f"{until.astimezone(LEGAL_TIME):%H:%M}")
    try:
        for entry in case.ready():
            if entry.service is not None:
                visit.parts.settlement.offline.require_line_or_rule(entry.service.id, entry.total_fils())
    except ServiceFailure as needs_line:
        case.failure = needs_line
    case.stopped_at, case.money = visit.state, Money.NOTHING
    return State.FAILED


def power_lost(visit: Visit, event: PowerLost) -> State:
    """Told once; the visit goes on where it was."""
    case = visit.case
    minutes = "" if event.minutes is None else str(event.minutes)
    case.failure = ServiceFailure(Failure.ON_BATTERY, minutes=minutes)
    case.stopped_at, case.money = visit.state, Money.NOTHING
    return State.FAILED
