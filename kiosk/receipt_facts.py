"""What a receipt says beside the ledger's own facts: in the visit, and for a transaction that a restart committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from kiosk import forms
from kiosk.catalogue import Service
from kiosk.receipt import ReceiptFacts
from kiosk.texts import Texts, without_isolates
from kiosk.transaction import Agreement
from kiosk.wire import Quote, Signed, Words

_ON_BEHALF_OF: Final = Words(ar="بالنيابة عن", en="On behalf of")
REQUEST_NUMBER: Final = Words(ar="رقم الطلب", en="Request number")


def facts_of(
    service: Service, answers: Mapping[str, str], *, on_behalf_of: str, provisional: bool, office: Words
) -> ReceiptFacts:
    """`on_behalf_of` is the other person's national number, "" for oneself: only its last digits reach the paper."""
    steps = forms.applicable(service.steps, dict(answers))
    rows = tuple((step.label.ar, step.label.en, answers[step.id]) for step in steps if step.kind == "plate")
    if on_behalf_of:
        masked = without_isolates(Texts("en").masked(on_behalf_of))
        rows = ((_ON_BEHALF_OF.ar, _ON_BEHALF_OF.en, masked), *rows)
    return ReceiptFacts(
        office_ar=office.ar,
        office_en=office.en,
        service_ar=service.title.ar,
        service_en=service.title.en,
        agency_ar=service.agency_name.ar,
        agency_en=service.agency_name.en,
        rows=rows,
        provisional=service.provisional or provisional,
        request=service.is_request,
    )


def facts_of_agreement(agreement: Agreement, service: Service, office: Words) -> ReceiptFacts:
    """Of a visit that is over: the person is gone, with card and change."""
    signed = msgspec.json.decode(agreement.quote, type=Signed)
    return facts_of(
        service,
        agreement.answers,
        on_behalf_of=agreement.on_behalf_of,
        provisional=msgspec.json.decode(signed.payload, type=Quote).provisional,
        office=office,
    )
