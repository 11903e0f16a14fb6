"""What a case puts into writing: the application that is signed, the agreement on record, the facts of the receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from kiosk.application import application_of
from kiosk.case import Case
from kiosk.receipt import ReceiptFacts
from kiosk.receipt_facts import REQUEST_NUMBER, facts_of
from kiosk.signing import Application
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import AgreedLine, Agreement, PaymentMethod, Together
from kiosk.wire import Words, encode_canonical

_CORRECTS: Final = Words(ar="تصحيح الإيصال", en="Corrects receipt")


def application_for(case: Case, now: datetime) -> Application:
    """What the person signs, on that day in Jordan."""
    assert case.service is not None
    assert case.identity is not None
    assert case.quote is not None
    return application_of(
        case.service,
        case.agreed_answers(),
        case.quote,
        case.picked_lines(),
        holder=case.identity,
        on_behalf_of=case.for_whom().number,
        stated_on=now.astimezone(LEGAL_TIME).date(),
    )


def agreement_of(case: Case, now: datetime, served_by: str, together: Together | None = None) -> Agreement:
    """`served_by` is the clerk's staff id, "" in self-service."""
    assert case.service is not None
    assert case.identity is not None
    assert case.ids is not None
    assert case.quote is not None
    behalf = case.for_whom()
    return Agreement(
        ids=case.ids,
        service=case.service.id,
        agency=case.service.agency,
        national_number=case.identity.number,
        person_name=case.identity.full_name("ar"),
        answers=case.agreed_answers(),
        lines=tuple(
            AgreedLine(id=line.id, title_ar=line.told.ar, title_en=line.told.en, amount_fils=line.amount_fils)
            for line in case.picked_lines()
        ),
        total_fils=case.total_fils(),
        method=case.paid_by(),
        quote=encode_canonical(case.signed_quote) if case.signed_quote else b"",
        tariff=case.quote.tariff,
        agreed_at=now,
        identified_by=case.identified_by,
        document_seen=case.document_seen,
        capacity=behalf.capacity,
        on_behalf_of=behalf.number,
        behalf_document=behalf.document,
        served_by=served_by,
        consent=case.consent,
        signed_application=case.signed_application,
        documents=case.papers.attached(case.steps()),
        notify_phone=case.notify_phone if case.may_be_told() else "",
        together=together,
    )


def receipt_facts_of(case: Case, office: Words) -> ReceiptFacts:
    assert case.service is not None
    facts = facts_of(
        case.service,
        case.answers,
        on_behalf_of=case.for_whom().number,
        quote=case.quote,
        office=office,
    )
    if case.correcting is not None:
        row = (_CORRECTS.ar, _CORRECTS.en, case.correcting.receipt_number)
        return msgspec.structs.replace(facts, rows=(*facts.rows, row))
    return msgspec.structs.replace(
        facts,
        rows=(*facts.rows, *_request_number(case)),
        tendered_fils=case.tendered_fils if case.paid_by() is PaymentMethod.CASH else None,
        card_in_reader=case.card_stayed,
    )


def _request_number(case: Case) -> tuple[tuple[str, str, str], ...]:
    """Of a request, the agency's own number: by it the person asks for what was requested."""
    if case.service is None or not case.service.is_request or case.outcome is None or not case.outcome.reference:
        return ()
    return ((REQUEST_NUMBER.ar, REQUEST_NUMBER.en, case.outcome.reference),)
