"""What a receipt says beside the ledger's own facts: in the visit, and for a transaction that a restart committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from kiosk import forms
from kiosk.catalogue import Service, Step
from kiosk.money import dinars
from kiosk.pricing import tariff_named
from kiosk.receipt import ReceiptFacts
from kiosk.shown_answers import shown
from kiosk.texts import Texts, without_isolates
from kiosk.transaction import Agreement
from kiosk.wire import Fact, Quote, Signed, Words

_ON_BEHALF_OF: Final = Words(ar="بالنيابة عن", en="On behalf of")
_TARIFF: Final = Words(ar="التعرفة", en="Tariff")
_SOURCE: Final = Words(ar="أساسها", en="Its basis")
_TOGETHER: Final = Words(ar="دُفعت مع غيرها", en="Paid together")
_IN_ALL: Final = Words(ar="مجموع ما دُفع", en="Paid in all")
_RECEIVED: Final = Words(ar="المقبوض", en="Received")
_CHANGE: Final = Words(ar="الباقي", en="Change")
REQUEST_NUMBER: Final = Words(ar="رقم الطلب", en="Request number")


def facts_of(
    service: Service, answers: Mapping[str, str], *, on_behalf_of: str, quote: Quote | None, office: Words
) -> ReceiptFacts:
    """`on_behalf_of` is the other person's national number, "" for oneself: only its last digits reach the paper. Of
    the answers only what the service marks for it, of the agency's facts only what the agency does."""
    steps = forms.applicable(service.steps, answers)
    rows = tuple(_row(step, answers[step.id]) for step in steps if _printed(step, answers))
    if quote is not None:
        rows += tuple(_fact_row(fact) for fact in quote.facts if fact.on_receipt)
        rows += _tariff_rows(service, quote.tariff)
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
        provisional=service.provisional or (quote is not None and quote.provisional),
        request=service.is_request,
    )


def _printed(step: Step, answers: Mapping[str, str]) -> bool:
    return (step.kind == "plate" or step.on_receipt) and bool(answers.get(step.id))


def _row(step: Step, value: str) -> tuple[str, str, str]:
    """One value stands between both labels: words in both languages, a number once. Of an amount only the unit is
    written in both: a second number behind Arabic letters would be read as theirs (UAX #9, W2)."""
    if step.kind == "amount":
        units = " / ".join(texts.currency for texts in (Texts("ar"), Texts("en")))
        return (step.label.ar, step.label.en, f"{dinars(int(value))} {units}")
    arabic, english = (without_isolates(shown(step, value, texts)) for texts in (Texts("ar"), Texts("en")))
    return (step.label.ar, step.label.en, _both(arabic, english))


def _both(arabic: str, english: str) -> str:
    """Words in both languages; what is the same in both once. English words with a number among them stay in one piece
    behind Arabic letters, which would take the number as theirs (UAX #9, W2; LRI and PDI)."""
    if arabic == english:
        return arabic
    has_number = any(letter.isdigit() for letter in english)
    return f"{arabic} / \u2066{english}\u2069" if has_number else f"{arabic} / {english}"


def _fact_row(fact: Fact) -> tuple[str, str, str]:
    said = fact.value if fact.words is None else _both(fact.words.ar, fact.words.en)
    return (fact.title.ar, fact.title.en, said)


def _tariff_rows(service: Service, identifier: str) -> tuple[tuple[str, str, str], ...]:
    """By what the fee is charged: who doubts it can look it up."""
    tariff = tariff_named(service, identifier)
    if tariff is None:
        return ()
    source = _both(tariff.source.ar, tariff.source.en)
    return ((_TARIFF.ar, _TARIFF.en, tariff.id), (_SOURCE.ar, _SOURCE.en, source))


def rows_of_basket(
    place: int, count: int, total_fils: int, tendered_fils: int | None
) -> tuple[tuple[str, str, str], ...]:
    """That this one was paid with others, and what all of them were paid with; of cash also the change."""
    rows = [(_TOGETHER, f"{place} / {count}"), (_IN_ALL, _number(total_fils))]
    if tendered_fils is not None:
        rows += [(_RECEIVED, _number(tendered_fils)), (_CHANGE, _number(tendered_fils - total_fils))]
    return tuple((label.ar, label.en, value) for label, value in rows)


def _number(fils: int) -> str:
    return without_isolates(Texts("en").number(fils))


def facts_of_agreement(agreement: Agreement, service: Service, office: Words) -> ReceiptFacts:
    """Of a visit that is over: the person is gone, with card and change."""
    facts = facts_of(
        service,
        agreement.answers,
        on_behalf_of=agreement.on_behalf_of,
        quote=_quote_of(agreement, service),
        office=office,
    )
    if agreement.together is None:
        return facts
    row = (_IN_ALL.ar, _IN_ALL.en, _number(agreement.together.total_fils))
    return msgspec.structs.replace(facts, rows=(*facts.rows, row))


def _quote_of(agreement: Agreement, service: Service) -> Quote | None:
    """The agency's; or of a tariff as much as the paper says of it."""
    if agreement.quote:
        return msgspec.json.decode(msgspec.json.decode(agreement.quote, type=Signed).payload, type=Quote)
    tariff = tariff_named(service, agreement.tariff)
    if tariff is None:
        return None
    return Quote(
        quote=agreement.ids.transaction,
        agency=agreement.agency,
        service=agreement.service,
        fields={},
        issued_at=agreement.agreed_at,
        expires_at=agreement.agreed_at,
        lines=(),
        provisional=tariff.provisional,
        tariff=tariff.id,
    )
