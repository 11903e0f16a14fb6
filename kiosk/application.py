"""Says what a person signs: the request in words, as far as it was answered and quoted, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from kiosk.catalogue import Service, Step
from kiosk.identity import Identity
from kiosk.signing import Application
from kiosk.texts import Language, amount_text, date_text, isolated
from kiosk.wire import Quote, QuoteLine, Words

LARGEST_SIGNED_BYTES: Final = 256 * 1024
"""Of a signed PDF. It travels inside an item, twice as base64, beside the pages that were scanned
(`kiosk.wire.LARGEST_REQUEST_BYTES`): what could never be delivered must not be paid for."""

_FOR: Final = Words(ar="لمصلحة", en="For")
_TOTAL: Final = Words(ar="المجموع", en="Total")


def application_of(
    service: Service,
    answers: Mapping[str, str],
    quote: Quote,
    lines: tuple[QuoteLine, ...],
    *,
    holder: Identity,
    on_behalf_of: str,
    stated_on: date,
) -> Application:
    """`lines` are those that will be paid; the reference is the quote's, which stays when a payment is tried again.

    Numbers are in full: nobody signs for somebody whose number is hidden. `on_behalf_of` is the other's national
    number, "" for oneself; where an answer says it already, it is not said twice.
    """
    steps = tuple(step for step in service.steps if step.id in answers)
    rows = [(step.label, _answer(step, answers[step.id])) for step in steps]
    if on_behalf_of and on_behalf_of not in answers.values():
        rows.append((_FOR, _both(on_behalf_of)))
    rows += [(_named(line), _amount(line.amount_fils)) for line in lines]
    rows.append((_TOTAL, _amount(sum(line.amount_fils for line in lines))))
    return Application(
        title=_title(service),
        agency=service.agency_name,
        rows=tuple(rows),
        reference=str(quote.quote),
        stated_on=stated_on,
        holder_ar=holder.full_name("ar"),
        holder_en=holder.full_name("en"),
        national_number=holder.number,
    )


def _title(service: Service) -> Words:
    """A signed page with an agency's name on it must not pass for what it asks for."""
    if not service.is_request:
        return service.title
    return Words(ar=f"طلب {service.title.ar}", en=f"Request: {service.title.en}")


def _answer(step: Step, value: str) -> Words:
    return next((option.title for option in step.options if option.id == value), _both(value))


def _both(value: str) -> Words:
    """The same in both languages: a plate, a number."""
    return Words(ar=isolated(value, "ar"), en=value)


def _named(line: QuoteLine) -> Words:
    """With place and day, so that two of a kind can be told apart."""
    return Words(
        ar="، ".join(_parts(line.title.ar, line.place.ar if line.place else "", _day(line, "ar"))),
        en=", ".join(_parts(line.title.en, line.place.en if line.place else "", _day(line, "en"))),
    )


def _parts(*parts: str) -> Iterable[str]:
    return (part for part in parts if part)


def _day(line: QuoteLine, language: Language) -> str:
    return date_text(line.occurred_on, language) if line.occurred_on else ""


def _amount(fils: int) -> Words:
    return Words(ar=amount_text(fils, "ar"), en=amount_text(fils, "en"))
