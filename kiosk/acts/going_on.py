"""The ways on from a pause or a failure: again, more time, another service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import basket
from kiosk.acts.answers import check, choose, enquire
from kiosk.acts.base import end
from kiosk.acts.card import identify, identify_next_person
from kiosk.acts.resuming import resume_at
from kiosk.events import Event, ServiceChosen
from kiosk.failures import FAILURES, NEEDS_THE_LINE, OF_THE_SCANNER, Failure, Money, Way
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def try_again(visit: Visit, event: Event) -> State:
    """Back to where the visit stopped, as far as the failure's page offers it."""
    case = visit.case
    if case.failure is None:
        return State.FAILED
    ways, failed, stopped_at = FAILURES[case.failure.failure].ways, case.failure.failure, case.stopped_at
    if Way.CONTINUE in ways and stopped_at is not None:
        case.failure = None
        return resume_at(visit, stopped_at)
    if Way.TRY_AGAIN not in ways:
        return State.FAILED
    case.failure, case.money = None, Money.NOTHING
    return _again(visit, event, failed, stopped_at)


def _again(visit: Visit, event: Event, failed: Failure, stopped_at: State | None) -> State:
    case = visit.case
    if stopped_at is State.PAYING:
        return _pay_again(visit, event)
    if case.is_still_there() and failed in NEEDS_THE_LINE | OF_THE_SCANNER and stopped_at is not None:
        return resume_at(visit, stopped_at)
    if case.is_still_there() and stopped_at is State.ASKING_REQUESTS:
        return resume_at(visit, stopped_at)
    if case.is_still_there() and (stopped_at is State.ENQUIRING or failed is Failure.QUOTE_EXPIRED):
        return enquire(visit, event)
    return identify(visit, event) if visit.card_present else end(visit, event)


def _pay_again(visit: Visit, event: Event) -> State:
    """What was to be paid is void, so it has new ids; a card that went and came is read anew first."""
    case = visit.case
    basket.renew_ids(case, visit.parts.new_id)
    if case.is_still_there():
        case.stopped_at = None
        return check(visit)
    case.stopped_at = State.BASKET if case.service is None else State.CHECK_ANSWERS
    return identify(visit, event) if visit.card_present else State.CARD_REMOVED


def another_service(visit: Visit, event: Event) -> State:
    """The same person; what is in the basket and unpaid stays. A card that was not in the reader all the time may be
    another person's."""
    case = visit.case
    if case.identity is None or not (visit.card_present or case.is_still_there()):
        return end(visit, event)
    if not case.is_still_there():
        return identify_next_person(visit, event)
    left = basket.unpaid(case)
    if case.service is None and left:
        basket.renew_ids(case, visit.parts.new_id)  # it was to be paid together, and that is void
    visit.forget()
    visit.case = case.same_person()
    visit.case.basket = left
    return State.CHOOSING_SERVICE


def change_answers(visit: Visit, _: Event) -> State:
    """Back to the question that was answered last, with its answer in it; at the counter to the form."""
    case = visit.case
    if case.failure is None or Way.CHANGE not in FAILURES[case.failure.failure].ways or not case.is_still_there():
        return State.FAILED
    answered = [at for at, step in enumerate(case.steps()) if step.id in case.answers]
    if not answered:
        return State.FAILED
    case.failure, case.money, case.stopped_at, case.looking_up = None, Money.NOTHING, None, False
    case.changing = False
    case.go_to_step(min(case.position, answered[-1]))
    return State.STEPS


def take_way_out(visit: Visit, event: ServiceChosen) -> State:
    """Straight to the service by which what stands in the way is settled; no other is chosen on a page that failed."""
    failure = visit.case.failure
    if failure is None or failure.way_out != event.service:
        return visit.state
    state = another_service(visit, event)
    return choose(visit, event) if state is State.CHOOSING_SERVICE else state


def more_time(visit: Visit, _: Event) -> State:
    stopped_at = visit.case.stopped_at
    assert stopped_at is not None
    return resume_at(visit, stopped_at)
