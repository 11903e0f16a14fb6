"""The sandbox Greater Amman Municipality: profession licences that are renewed, and arrears that are paid.

A licence whose arrears must go first is renewed as soon as they are paid. Every rule is provisional: the municipality's
own interface and schedule are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.amman_arrears import Account, Owed, Paid, shown_lines
from offline_queue.intake.agencies.amman_licences import (
    KEEP,
    NONE,
    Licence,
    Profession,
    facts_of,
    licence_facts,
    lines_due,
    renewed,
    valid_until,
    years_due,
    years_paid,
)
from offline_queue.intake.agencies.amman_penalties import Penalty
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer

LICENCE: Final = "amman.profession_licence"
ARREARS: Final = "amman.arrears"
_LICENCE: Final = "licence"
_PAID: Final = "paid"


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`amman.toml`. `reasons` are why a line is not paid here, by the name that its line gives."""

    most_years: int
    penalties: tuple[Penalty, ...]
    professions: dict[str, Profession]
    licences: tuple[Licence, ...]
    reasons: dict[str, Words]
    accounts: tuple[Account, ...]


class Amman:
    agency: Final = "amman"
    prefix: Final = "GAM"
    ways_out: Final[Mapping[str, str]] = {"ARREARS_FIRST": ARREARS}
    refusals: Mapping[str, Words] = {
        "FIELDS_MISSING": Words(ar="معلومات الطلب غير مكتملة", en="The request is not complete"),
        "LICENCE_UNKNOWN": Words(
            ar="لا رخصة بهذا الرقم لدى أمانة عمّان الكبرى. الرخص خارجها تُجدَّد في بلدياتها",
            en="Greater Amman has no licence with this number. Other municipalities renew their own",
        ),
        "LICENCE_OF_ANOTHER": Words(
            ar="صاحب البطاقة غير مفوض بالتوقيع عن هذه الرخصة", en="The card's holder does not sign for this licence"
        ),
        "LICENCE_SUSPENDED": Words(
            ar="الرخصة موقوفة: راجع مكتب المنطقة", en="This licence is suspended: ask at the area office"
        ),
        "LEASE_NOT_APPROVED": Words(
            ar="انتهى عقد الإيجار. يوافق المالك ثم المستأجر على العقد الجديد إلكترونيًا، ثم تُجدَّد الرخصة",
            en="The lease has run out. Owner, then tenant approve the new one electronically; then renew the licence",
        ),
        "ARREARS_FIRST": Words(
            ar="على هذه الرخصة مستحقات متأخرة. تُدفع هنا أولًا بخدمة دفع المستحقات المتأخرة",
            en="This licence has arrears. Pay them here first with the service Pay arrears",
        ),
        "MANY_YEARS": Words(
            ar="السنوات المستحقة كثيرة: تُقسَّط في مكتب المنطقة", en="Many years are due: the area office settles them"
        ),
        "ALREADY_RENEWED": Words(ar="الرخصة مجدّدة لهذه السنة", en="This licence is renewed for this year already"),
        "NO_SIGN": Words(
            ar="لا رخصة للوحة إعلانية لهذا المحل: تُطلب من مكتب المنطقة",
            en="This shop has no sign on file: ask the area office for one",
        ),
        "ACCOUNT_UNKNOWN": Words(ar="لا حساب بهذا الرقم من هذا النوع", en="No account of this kind has this number"),
        "ALREADY_PAID": Words(ar="سبق دفع مبلغ من هذه المبالغ", en="One of these amounts was paid before"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        number = enquiry.fields.get("national_number", "")
        if enquiry.service != LICENCE:
            return "SERVICE_UNKNOWN"
        if enquiry.lookup == "holder":
            return self._held_by(number, book)
        licence = self._licence(enquiry.fields.get("licence", ""), book)
        if licence is None:
            return "LICENCE_UNKNOWN"
        return self._bars(licence, number, book) or facts_of(licence, self._profession(licence), _day(book.now))

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        if enquiry.service == ARREARS:
            return self._arrears(enquiry, book)
        licence = self._licence(enquiry.fields.get("licence", ""), book)
        if licence is None:
            return "LICENCE_UNKNOWN"
        sign = enquiry.fields.get("sign", "")
        code = self._bars(licence, enquiry.fields.get("national_number", ""), book) or _objection_to_sign(licence, sign)
        if code:
            return code
        today = _day(book.now)
        lines = lines_due(licence, self._profession(licence), sign, today, self._known.penalties)
        return Offer(tuple(lines), (valid_until(today.year),))

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """By the file as it is now: somebody may have been faster at another window."""
        if agreement.service == ARREARS:
            paid = any(book.read(_PAID, line.id, Paid) is not None for line in agreement.lines)
            return "ALREADY_PAID" if paid else ""
        licence = self._licence(agreement.answers.get("licence", ""), book)
        if licence is None:
            return "LICENCE_UNKNOWN"
        years = years_paid(agreement.lines)
        if not years or years[0] != licence.paid_through + 1:
            return "ALREADY_RENEWED"
        if code := self._refused(licence, agreement.on_behalf_of or agreement.national_number, book):
            return code
        return _objection_to_sign(licence, agreement.answers.get("sign", ""))

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        if agreement.service == ARREARS:
            for line in agreement.lines:
                paid = Paid(transaction=str(agreement.ids.transaction), agreed_at=agreement.agreed_at)
                book.write(_PAID, line.id, paid)
            return
        licence = self._licence(agreement.answers["licence"], book)
        assert licence is not None
        changed = renewed(licence, years_paid(agreement.lines), agreement.answers["sign"])
        book.write(_LICENCE, licence.number, changed)

    def licence_document(self, number: str, book: Book) -> tuple[Fact, ...] | None:
        """What the licence says as it is on file; None where there is none."""
        licence = self._licence(number, book)
        return None if licence is None else licence_facts(licence, self._profession(licence))

    # -- licences

    def _held_by(self, number: str, book: Book) -> tuple[Fact, ...]:
        """Where it is one, nobody types its number; where there are several, they are told."""
        own = [one.number for one in self._known.licences if one.signatories and one.may_be_renewed_by(number)]
        if not own:
            return ()
        due = [held for held in own if self._is_due(held, book)]
        if len(due) == 1 or len(own) == 1:
            return (Fact(id="licence", title=Words(ar="رقم الرخصة", en="Licence number"), value=(due or own)[0]),)
        title = Words(ar="الرخص المسجلة باسمك", en="Licences in your name")
        return (Fact(id="held", title=title, value=", ".join(own), words=Words(ar="، ".join(own), en=", ".join(own))),)

    def _is_due(self, number: str, book: Book) -> bool:
        licence = self._licence(number, book)
        return licence is not None and bool(years_due(licence, _day(book.now)))

    def _licence(self, number: str, book: Book) -> Licence | None:
        first = next((licence for licence in self._known.licences if licence.number == number), None)
        return None if first is None else book.read(_LICENCE, number, Licence) or first

    def _profession(self, licence: Licence) -> Profession:
        return self._known.professions[licence.profession]

    def _bars(self, licence: Licence, number: str, book: Book) -> str:
        """What keeps this person from renewing it today."""
        if code := self._refused(licence, number, book):
            return code
        years = len(years_due(licence, _day(book.now)))
        if not years:
            return "ALREADY_RENEWED"
        return "MANY_YEARS" if years > self._known.most_years else ""

    def _refused(self, licence: Licence, number: str, book: Book) -> str:
        if not licence.may_be_renewed_by(number):
            return "LICENCE_OF_ANOTHER"
        if licence.bar:
            return licence.bar
        account = self._account("licence", licence.number)
        waits = licence.arrears_first and account is not None
        return "ARREARS_FIRST" if waits and any(not line.reason for line in _unpaid(account, book)) else ""

    # -- arrears

    def _arrears(self, enquiry: Enquiry, book: Book) -> Offer | str:
        number = enquiry.fields.get("national_number", "")
        kind, account_number = enquiry.fields.get("search_by", ""), enquiry.fields.get("account", "")
        if bool(kind) != bool(account_number) or not number:
            return "FIELDS_MISSING"
        if not account_number:
            own = [account for account in self._known.accounts if account.is_of(number)]
        else:
            found = self._account(kind, account_number)
            if found is None:
                return "ACCOUNT_UNKNOWN"
            own = [found]
        reasons = self._known.reasons
        lines = [line for one in own for line in shown_lines(one, _unpaid(one, book), number, reasons)]
        return Offer(tuple(sorted(lines, key=lambda line: not line.payable)))

    def _account(self, kind: str, number: str) -> Account | None:
        wanted = (kind, number)
        return next((one for one in self._known.accounts if (one.kind, one.number) == wanted), None)


def _unpaid(account: Account | None, book: Book) -> tuple[Owed, ...]:
    lines = account.lines if account else ()
    return tuple(line for line in lines if book.read(_PAID, line.id, Paid) is None)


def _objection_to_sign(licence: Licence, sign: str) -> str:
    if sign not in {KEEP, NONE}:
        return "FIELDS_MISSING"
    return "NO_SIGN" if sign == KEEP and not licence.sign else ""


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_TIME).date()


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "amman.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Amman(on_file())
