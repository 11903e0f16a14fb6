"""The sandbox companies department: who signs for which company, and its licences renewed for all the bodies that issue
them, in one visit.

Every rule is provisional: that such a bundle exists is the programme's wish, and no interface of it is public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Final, Literal

import msgspec

from kiosk.forms import AGREED
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.companies_licences import Licence, Renewal, Terms, renewal
from offline_queue.intake.agencies.sandbox import Offer

_HELD: Final = "licence"
_OBSTACLES: Final = {"struck off": "COMPANY_STRUCK_OFF", "in liquidation": "COMPANY_IN_LIQUIDATION"}


class Company(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented company. `signatories` is how the numbers end of those who sign for it."""

    number: str
    name: Words
    signatories: tuple[str, ...]
    state: Literal["active", "struck off", "in liquidation"] = "active"
    licences: tuple[Licence, ...] = ()


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a licence holds, once it was renewed."""

    valid_until: date


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`companies.toml`."""

    terms: Terms
    companies: tuple[Company, ...]


class Companies:
    agency: Final = "companies"
    prefix: Final = "CCD"
    refusals: Mapping[str, Words] = {
        "COMPANY_UNKNOWN": Words(ar="لا شركة بهذا الرقم", en="No company has this number"),
        "NOT_SIGNATORY": Words(
            ar="صاحب البطاقة ليس مفوضًا بالتوقيع عن هذه الشركة", en="The card's holder does not sign for this company"
        ),
        "COMPANY_STRUCK_OFF": Words(ar="هذه الشركة مشطوبة من السجل", en="This company is struck off the register"),
        "COMPANY_IN_LIQUIDATION": Words(
            ar="هذه الشركة تحت التصفية: يراجع المصفي الدائرة",
            en="This company is in liquidation: its liquidator asks at the Department",
        ),
        "NOT_DECLARED": Words(ar="الطلب دون إقرار المفوض بالتوقيع", en="The signatory has not declared it"),
        "RENEWED_BEFORE": Words(ar="جُدّدت إحدى هذه الرخص من قبل", en="One of these licences was renewed before"),
        "AMOUNT_CHANGED": Words(ar="تغيّر رسم إحدى هذه الرخص", en="What one of these licences costs has changed"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        number = enquiry.fields.get("national_number", "")
        if enquiry.lookup == "signatory":
            return self._signed_for_by(number)
        company = self._signed(enquiry.fields.get("company", ""), number)
        if isinstance(company, str):
            return company
        renewals = self._renewals(company, book, book.now)
        ready = sum(one.obstacle is None for one in renewals)
        title = Words(ar="رخص تُجدَّد الآن", en="Licences that can be renewed now")
        return (_name(company), Fact(id="licences", title=title, value=str(ready)))

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        company = self._signed(enquiry.fields.get("company", ""), enquiry.fields.get("national_number", ""))
        if isinstance(company, str):
            return company
        return Offer(tuple(one.line() for one in self._renewals(company, book, book.now)))

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """By the day on which it was agreed to, and by the file as it is now."""
        number = agreement.on_behalf_of or agreement.national_number
        company = self._signed(agreement.answers.get("company", ""), number)
        if isinstance(company, str):
            return company
        if agreement.answers.get("declaration") != AGREED:
            return "NOT_DECLARED"
        renewals = self._renewals(company, book, agreement.agreed_at)
        now = {one.licence.id: one.amount_fils for one in renewals if one.obstacle is None}
        if any(line.id not in now for line in agreement.lines):
            return "RENEWED_BEFORE"
        same = all(line.amount_fils == now[line.id] for line in agreement.lines)
        return "" if same else "AMOUNT_CHANGED"

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        company = self._company(agreement.answers["company"])
        assert company is not None, "nothing stood against it"
        renewals = {one.licence.id: one for one in self._renewals(company, book, agreement.agreed_at)}
        for line in agreement.lines:
            held = Held(valid_until=renewals[line.id].valid_until)
            book.write(_HELD, _key(company, renewals[line.id].licence), held)

    # -- parts

    def _company(self, number: str) -> Company | None:
        return next((one for one in self._known.companies if one.number == number), None)

    def _signed(self, number: str, national_number: str) -> Company | str:
        """The company, or the code of a refusal."""
        company = self._company(number)
        if company is None:
            return "COMPANY_UNKNOWN"
        if not national_number.endswith(company.signatories):
            return "NOT_SIGNATORY"
        return _OBSTACLES.get(company.state, company)

    def _signed_for_by(self, national_number: str) -> tuple[Fact, ...]:
        """Where it is one company, nobody types its number."""
        own = [one for one in self._known.companies if national_number.endswith(one.signatories)]
        if len(own) != 1:
            return ()
        (one,) = own
        number = Fact(id="company", title=Words(ar="رقم الشركة", en="Company number"), value=one.number)
        return (number, _name(one))

    def _renewals(self, company: Company, book: Book, at: datetime) -> tuple[Renewal, ...]:
        today = at.astimezone(LEGAL_TIME).date()
        return tuple(renewal(self._now(company, one, book), self._known.terms, today) for one in company.licences)

    def _now(self, company: Company, licence: Licence, book: Book) -> Licence:
        held = book.read(_HELD, _key(company, licence), Held)
        return licence if held is None else msgspec.structs.replace(licence, valid_until=held.valid_until)


def _key(company: Company, licence: Licence) -> str:
    return f"{company.number}/{licence.id}"


def _name(company: Company) -> Fact:
    title = Words(ar="الشركة", en="Company")
    return Fact(id="company_name", title=title, value=company.number, words=company.name)


def _on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "companies.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Companies(_on_file())
