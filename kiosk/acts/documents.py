"""Pages of a document: scanned one at a time, looked at, scanned again or dropped, until the question is answered."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from kiosk.acts.answers import back_from_step
from kiosk.acts.failing import fail
from kiosk.events import Event, PageDropped, PageScanned, PartFailed, ScanWanted
from kiosk.failures import PUT_RIGHT_AT_ONCE, Failure, ServiceFailure
from kiosk.scene import State

if TYPE_CHECKING:
    from kiosk.catalogue import Step
    from kiosk.visit import Visit


def scan(visit: Visit, event: ScanWanted) -> State:
    """One page; nothing is scanned beyond what the question takes. A clerk may come back to it from the amount."""
    case, scanner, step = visit.case, visit.parts.scanner, _asked(visit, event.step)
    if step is None or case.papers.scanning:
        return visit.state
    if event.instead_of is None and not case.papers.room(step):
        return visit.state
    if scanner is None:
        return fail(visit, PartFailed(ServiceFailure(Failure.NO_SCANNER)))
    stop = threading.Event()
    wanted, instead_of = step.id, event.instead_of
    visit.begin(lambda: PageScanned(wanted, scanner.scan(stop), instead_of), stop=stop.set)
    case.papers = case.papers.begun(wanted)
    return State.STEPS


def scan_at_counter(visit: Visit, event: ScanWanted) -> State:
    """From where the amount is shown already: what was agreed to had other pages."""
    if not visit.parts.assisted:
        return visit.state
    state = scan(visit, event)
    if state is State.STEPS:
        visit.case.drop_quote()
    return state


def take_page(visit: Visit, event: PageScanned) -> State:
    case, step = visit.case, _asked(visit, event.step)
    if step is not None:
        case.keep_papers(step, case.papers.with_page(step.id, event.page, event.instead_of))
        case.mistake = ""
        case.mistakes.pop(step.id, None)
    return visit.state


def drop_page(visit: Visit, event: PageDropped) -> State:
    case, step = visit.case, _asked(visit, event.step)
    if step is None or case.papers.scanning or not 0 <= event.number < len(case.papers.of(step.id)):
        return visit.state
    case.keep_papers(step, case.papers.without(step.id, event.number))
    return visit.state


def drop_page_at_counter(visit: Visit, event: PageDropped) -> State:
    if not visit.parts.assisted:
        return visit.state
    drop_page(visit, event)
    visit.case.drop_quote()
    return State.STEPS


def stop(visit: Visit, _: Event) -> State:
    """Whatever the scanner still says does not count."""
    visit.abandon_errand()
    return visit.state


def back(visit: Visit, event: Event) -> State:
    """Of a page that is being scanned, to before it was."""
    return stop(visit, event) if visit.case.papers.scanning else back_from_step(visit, event)


def refuse(visit: Visit, event: PartFailed) -> State:
    """What a person can put right is told beside the paper; the rest has its own page. No page is lost by either."""
    papers = visit.case.papers
    if not papers.scanning:
        return fail(visit, event)
    if event.failure.failure not in PUT_RIGHT_AT_ONCE:
        visit.case.papers = papers.at_rest()
        return fail(visit, event)
    return not_read(visit, event)


def not_read(visit: Visit, event: PartFailed) -> State:
    if visit.case.papers.scanning:
        visit.case.papers = visit.case.papers.not_read(event.failure)
    return visit.state


def _asked(visit: Visit, name: str) -> Step | None:
    """The document's step; in self-service only that of the question that is shown. A clerk's form shows one as soon
    as what it depends on is chosen there, and nothing of the form counts before it is filled."""
    case = visit.case
    whole = case.service.steps if case.service else ()
    steps = whole if visit.parts.assisted else (case.step(),)
    return next((step for step in steps if step and step.id == name and step.kind == "document"), None)
