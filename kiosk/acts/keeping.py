"""A case that is kept for later, and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts.answers import ask, enquire
from kiosk.drafts import draft_of, take_up
from kiosk.events import CaseParked, CaseResumed, Event, PartFailed, ResumeWanted
from kiosk.failures import LOSES_THE_VISIT, Failure, ServiceFailure
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.visit import Visit


def park(visit: Visit, _: Event) -> State:
    """Keeps what was answered, and prints the reference. The page stays until it is kept."""
    case, parking, clerk = visit.case, visit.parts.parking, visit.parts.clerk()
    if case.is_worth_keeping():
        draft = draft_of(case)
        visit.begin_alone(lambda: parking.park(draft, clerk))
    return visit.state


def parked(visit: Visit, event: CaseParked) -> State:
    """Where the terminal itself failed, its page stays and says the reference too."""
    visit.case.parked, visit.case.slip_printed = event.parked, event.slip_printed
    failure = visit.case.failure
    if visit.state is State.FAILED and failure is not None and failure.failure in LOSES_THE_VISIT:
        return State.FAILED
    return State.PARKED


def resume(visit: Visit, event: ResumeWanted) -> State:
    """Whoever is known goes on with an own case only; where nobody is yet, a clerk sees who asks."""
    parking, identity = visit.parts.parking, visit.case.identity
    nobody = None if visit.parts.assisted else ""
    number = identity.number if identity else nobody
    visit.begin(lambda: parking.resume(event.reference, number))
    return visit.state


def resumed(visit: Visit, event: CaseResumed) -> State:
    """The answers are there again; the agency is asked anew, because its quote may have run out."""
    case = visit.case
    service = next((service for service in visit.services if service.id == event.draft.service), None)
    if service is None:
        failure = ServiceFailure(Failure.SERVICE_NOT_LOADED, service=event.draft.service)
        visit.follow(PartFailed(failure))
        return visit.state
    take_up(case, event.draft, service, visit.parts.new_id)
    parking, reference = visit.parts.parking, event.reference
    visit.begin_beside(lambda: parking.taken_up(reference))
    missing = case.unanswered()
    if missing is not None:
        return ask(visit, missing)
    case.go_to_step(len(case.steps()) - 1)
    return enquire(visit, event)
