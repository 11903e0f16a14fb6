"""My requests: asked for with the proven card, listed, opened one by one, and an issued document printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.acts.failing import fail
from kiosk.acts.proof import with_proof
from kiosk.events import DocumentPrinted, Event, PartFailed, RequestOpened, RequestsReceived
from kiosk.failures import Failure, ServiceFailure
from kiosk.my_requests import Asker
from kiosk.scene import State
from kiosk.wire import Words

if TYPE_CHECKING:
    from kiosk.visit import Visit


def ask(visit: Visit, _: Event) -> State:
    """Only of the person whose card is here, and not before its chip is proven."""
    case, following = visit.case, visit.parts.following
    if following is None or case.identity is None or not case.card_stayed:
        return State.CHOOSING_SERVICE
    by = Asker(national_number=case.identity.number)
    visit.begin(with_proof(visit, lambda: following.ask(by)))
    return State.ASKING_REQUESTS


def show(visit: Visit, event: RequestsReceived) -> State:
    visit.case.requests = event.requests
    return State.MY_REQUESTS


def too_slow(visit: Visit, _: Event) -> State:
    visit.abandon_errand()
    return fail(visit, PartFailed(ServiceFailure(Failure.REQUESTS_UNREACHABLE)))


def open_one(visit: Visit, event: RequestOpened) -> State:
    case = visit.case
    case.request, case.paper = event.transaction, None
    return State.MY_REQUEST if case.opened_request() is not None else State.MY_REQUESTS


def print_document(visit: Visit, _: Event) -> State:
    """One at a time: whoever presses twice gets one paper."""
    case, following, request = visit.case, visit.parts.following, visit.case.opened_request()
    if following is None or request is None or case.identity is None or case.printing or not request.document:
        return State.MY_REQUEST
    by = Asker(national_number=case.identity.number)
    title = next((one.title for one in visit.services if one.id == request.service), None)
    service = title or Words(ar=request.service, en=request.service)
    case.printing, case.paper = True, None
    visit.begin(with_proof(visit, lambda: following.print(by, request, service)))
    return State.MY_REQUEST


def printed(visit: Visit, event: DocumentPrinted) -> State:
    visit.case.printing, visit.case.paper = False, event.paper
    return State.MY_REQUEST


def back_to_list(visit: Visit, _: Event) -> State:
    """A paper that is under way comes out all the same, and nobody waits for it."""
    visit.abandon_errand()
    visit.case.printing, visit.case.paper, visit.case.request = False, None, None
    return State.MY_REQUESTS


def back_to_services(visit: Visit, _: Event) -> State:
    """What was listed is asked for anew the next time."""
    visit.abandon_errand()
    visit.case.requests, visit.case.request = (), None
    return State.CHOOSING_SERVICE
