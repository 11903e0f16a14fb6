"""A refused transaction that is sent corrected at the counter: the same service again, for the money that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from kiosk import basket
from kiosk.acts.failing import fail
from kiosk.acts.paying import quote_holds
from kiosk.counter import MYSELF, Behalf, Capacity
from kiosk.documents import papers_of
from kiosk.events import CorrectedSent, CorrectionOpened, PartFailed
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.identity import Identity
from kiosk.scene import State
from kiosk.transaction import Agreement

if TYPE_CHECKING:
    from kiosk.visit import Visit


def open_correction(visit: Visit, event: CorrectionOpened) -> State:
    """The form as it was filled then, for the person who was identified then; the agency is asked anew."""
    agreed = event.of.agreement
    service = next((service for service in visit.services if service.id == agreed.service), None)
    if not visit.parts.assisted or service is None or service.signature != "none":
        return State.IDLE  # what was signed was signed for those answers: the money goes back instead
    visit.forget()
    case = visit.case
    case.identity = Identity.known_by(agreed.national_number, name_arabic=agreed.person_name)
    case.identified_by, case.document_seen = agreed.identified_by, agreed.document_seen
    case.clerk_sees_who = True
    case.behalf = _behalf(agreed)
    case.open_service(service, visit.parts.new_id)
    known = {step.id for step in service.steps}
    case.answers = {name: value for name, value in agreed.answers.items() if name in known}
    case.papers = papers_of(agreed.documents)
    case.form, case.method, case.correcting = dict(case.answers), agreed.method, event.of
    case.go_to_step(max(0, len(case.steps()) - 1))
    return State.STEPS


def _behalf(agreed: Agreement) -> Behalf:
    """A payer follows from the answers."""
    if agreed.capacity is Capacity.PAYER:
        return MYSELF
    return Behalf(agreed.capacity, agreed.on_behalf_of, agreed.behalf_document)


def send_corrected(visit: Visit, event: CorrectedSent) -> State:
    """Only for the amount that was paid, and only what is still quoted. Nothing is paid: `kiosk.acts.paying` goes on
    from the commit."""
    case, settlement = visit.case, visit.parts.settlement
    if case.correcting is None or case.total_fils() != case.correcting.agreement.total_fils:
        return visit.state
    if not quote_holds(visit):
        return fail(visit, PartFailed(ServiceFailure(Failure.QUOTE_EXPIRED), Money.NOTHING))
    (agreed,) = basket.settle(case, settlement.clock.now(), visit.parts.clerk())
    agreement = msgspec.structs.replace(
        agreed,
        corrects=case.correcting.agreement.ids.transaction,
        method=case.correcting.agreement.method,
    )
    visit.begin(lambda: settlement.resubmit(agreement, event))
    return State.PAYING
