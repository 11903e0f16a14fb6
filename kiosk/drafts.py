"""A case that is kept for later, and taken up again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from uuid import UUID

from kiosk.case import Case
from kiosk.catalogue import Service
from kiosk.counter import Behalf, Capacity, DocumentSeen, IdentifiedBy
from kiosk.identity import Identity
from kiosk.parked import Draft


def draft_of(case: Case) -> Draft:
    assert case.service is not None
    assert case.identity is not None
    documents = {step.id for step in case.service.steps if step.kind == "document"}
    return Draft(
        service=case.service.id,
        answers={name: value for name, value in case.answers.items() if name not in documents},
        picked=case.picked,
        national_number=case.identity.number,
        person_name_ar=case.identity.name_arabic,
        person_name_latin=case.identity.name_latin,
        document_number=case.identity.document_number,
        identified_by=case.identified_by,
        document_seen=case.document_seen,
        capacity=case.behalf.capacity,
        subject_number=case.behalf.number,
        behalf_document=case.behalf.document,
    )


def take_up(case: Case, draft: Draft, service: Service, new_id: Callable[[], UUID]) -> None:
    """Goes on with what was kept; the quote is asked for anew. Who is there is known already, or was kept too."""
    if case.identity is None:
        person = Identity.known_by(
            draft.national_number, name_arabic=draft.person_name_ar, name_latin=draft.person_name_latin
        )
        case.identity = dataclasses.replace(person, document_number=draft.document_number)
        case.identified_by = IdentifiedBy(draft.identified_by)
        case.document_seen = DocumentSeen(draft.document_seen)
        case.clerk_sees_who = True
    case.behalf = Behalf(Capacity(draft.capacity), draft.subject_number, DocumentSeen(draft.behalf_document))
    case.open_service(service, new_id)
    known = {step.id for step in service.steps}
    case.answers = {name: value for name, value in draft.answers.items() if name in known}
    case.form = dict(case.answers)
    case.picked = draft.picked
    case.offers = ()
