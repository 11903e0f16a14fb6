"""The sandbox's stand-in for an agency that has no rules of its own yet, so that a new service can be tried at once.

It knows nobody, refuses nothing that follows the published tariff or its own quote, and gives a reference number. Every
amount and fact is invented and says so. It never stands for an agency whose rules are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from kiosk.catalogue import MOST_CHARACTERS, Service, Step
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, QuoteLine, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer

AMOUNTS_FILS: Final = (5_000, 12_500)
"""Of the lines where an agency would state what is due: one fee, or two that may be picked."""

_INVENTED: Final = Words(ar="مبلغ مفترض للتجربة", en="Invented amount, to try the service")
_EXAMPLE: Final = Words(ar="مثال", en="an example")
_LEAST, _MOST = 1, 1_000_000
_TEXT: Final = "12345"
_TYPED: Final = {
    "plate": "12-34567",
    "national_number": "9912004821",
    "phone": "+962790123456",
}


class Generic:
    """The rules of one agency, for its services of the catalogue."""

    refusals: Mapping[str, Words] = {}

    def __init__(self, agency: str, published: Iterable[Service]) -> None:
        self._agency = agency
        self._services = {service.id: service for service in published if service.agency == agency}

    @property
    def agency(self) -> str:
        return self._agency

    @property
    def prefix(self) -> str:
        """The first letters of its name, as `LIB` of library."""
        return self._agency.replace("_", "")[:3].upper()

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        """Every fact that the lookup names, such that the step which uses it can go on from it."""
        service = self._services[enquiry.service]
        lookup = next((one for one in service.lookups if one.id == enquiry.lookup), None)
        if lookup is None:
            return "SERVICE_UNKNOWN"
        return tuple(_fact(fact, _value(fact, service, book.now)) for fact in lookup.facts)

    def offer(self, enquiry: Enquiry, _book: Book, /) -> Offer | str:
        amounts = AMOUNTS_FILS[:1] if self._services[enquiry.service].pays_whole else AMOUNTS_FILS
        return Offer(lines=tuple(_line(number, fils) for number, fils in enumerate(amounts, 1)))

    def object_to(self, _agreement: Agreement, _book: Book, /) -> str:
        return ""

    def accept(self, _agreement: Agreement, _book: Book, /) -> None:
        """Keeps no file: asked again, it knows no more than before."""


def _line(number: int, fils: int) -> QuoteLine:
    return QuoteLine(
        id=f"line-{number}", title=_INVENTED, place=None, occurred_on=None, amount_fils=fils, payable=True, reason=None
    )


def _fact(identifier: str, value: str) -> Fact:
    """One that no step goes on from is only shown, and shows that it is an example."""
    title = Words(ar=f"مفترض: {identifier}", en=f"Invented: {identifier}")
    return Fact(id=identifier, title=title, value=value, words=None if value else _EXAMPLE)


def _value(fact: str, service: Service, now: datetime) -> str:
    """Open to everybody where it says what is open; "" where no step uses it, or nobody can know it before."""
    return next((value for step in service.steps for value in _values(fact, step, now)), "")


def _values(fact: str, step: Step, now: datetime) -> Iterator[str]:
    if fact == step.prefill:
        yield _answer(step, now)
    if fact == step.least_by:
        yield str(_LEAST if step.least is None else step.least)
    if fact == step.most_by:
        yield str(_MOST if step.most is None else step.most)
    if fact == step.options_by:
        yield " ".join(option.id for option in step.options)


def _answer(step: Step, now: datetime) -> str:
    """In the form in which an answer is stored."""
    match step.kind:
        case "choice":
            return step.options[0].id
        case "number" | "amount":
            return str(_LEAST if step.least is None else step.least)
        case "date":
            return now.astimezone(LEGAL_TIME).date().isoformat()
        case "text":
            return (_TEXT * MOST_CHARACTERS)[: max(len(_TEXT), step.least or 0)][: step.most]
        case kind:
            return _TYPED.get(kind, "")
