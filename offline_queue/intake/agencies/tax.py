"""The sandbox tax department: what a person or a business owes, paid line by line, and the clearance of who owes
nothing.

Every rule is provisional: the department's interface, fees and terms are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Final
from uuid import UUID

import msgspec

from kiosk.money import dinars
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies import tax_clearance
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.issuing import Asked, Written
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.tax_accounts import Account, Owed, Standing, credit_left, opening, owed, settled
from offline_queue.intake.agencies.tax_clearance import PURPOSES, Request, Terms

BALANCE: Final = "tax.balance"
CLEARANCE: Final = tax_clearance.SERVICE
_STANDING: Final = "standing"
_REQUEST: Final = "clearance"
_LATEST: Final = "latest clearance"


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented taxpayer, by how the national number ends. One who is `audited` gets no clearance here."""

    ending: str
    account: Account = Account()
    audited: bool = False


class Business(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented business. `registered` is how the numbers end of those who may ask and pay for it."""

    tax_number: str
    name: Words
    registered: tuple[str, ...]
    account: Account = Account()
    closed: bool = False


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`tax.toml`. Of anybody who is not in it nothing is owed."""

    persons: tuple[Person, ...]
    businesses: tuple[Business, ...]
    clearance: Terms


class Tax:
    agency: Final = "tax"
    prefix: Final = "TAX"
    documents: Final = frozenset({CLEARANCE})
    ways_out: Final[Mapping[str, str]] = {"SOMETHING_DUE": BALANCE}
    refusals: Mapping[str, Words] = {
        "FIELDS_MISSING": Words(ar="معلومات الطلب غير مكتملة", en="The request is not complete"),
        "TAX_NUMBER_UNKNOWN": Words(ar="لا منشأة بهذا الرقم الضريبي", en="No business has this tax number"),
        "NOT_REGISTERED": Words(
            ar="هذا الرقم الضريبي ليس مسجلًا باسم صاحب البطاقة",
            en="This tax number is not registered to the card's holder",
        ),
        "FILE_CLOSED": Words(ar="ملف المنشأة مغلق: راجع الدائرة", en="The file is closed: ask at the Department"),
        "ALREADY_PAID": Words(ar="دُفع المبلغ من قبل", en="This amount was paid before"),
        "AMOUNT_CHANGED": Words(ar="تغيّر المبلغ المستحق", en="What is due has changed"),
        "SOMETHING_DUE": Words(
            ar="عليك مبالغ مستحقة. تُدفع هنا أولًا بخدمة الرصيد الضريبي، ثم تُطلب براءة الذمة",
            en="Amounts are due. Pay them here first with the service Tax balance, then ask again",
        ),
        "UNDER_AUDIT": Words(
            ar="الملف قيد التدقيق: راجع الدائرة", en="The file is being audited: ask at the Department"
        ),
        "REQUEST_OPEN": Words(
            ar="طلب سابق لبراءة الذمة قيد الإصدار", en="An earlier request is still being dealt with"
        ),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        number = enquiry.fields.get("national_number", "")
        if enquiry.lookup == "businesses":
            return self._businesses_of(number)
        tax_number = enquiry.fields.get("tax_number", "")
        return self._refused(number, tax_number) or self._bars_clearance(number, tax_number, book) or ()

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        number, tax_number = enquiry.fields.get("national_number", ""), enquiry.fields.get("tax_number", "")
        if enquiry.service != BALANCE:
            return "SERVICE_UNKNOWN"  # the fee of a clearance follows from its tariff
        if code := self._refused(number, tax_number):
            return code
        lines = tuple(one.line() for one in self._owed(number, tax_number, book, book.now))
        account = self._account(number, tax_number)
        credit = credit_left(account, self._standing(number, tax_number, book))
        return Offer(lines, (_credit(credit),) if credit else ())

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """By the day on which it was agreed to, and by the file as it is now."""
        number, tax_number = _whose(agreement)
        if code := self._refused(number, tax_number):
            return code
        if agreement.service == CLEARANCE:
            unknown = agreement.answers.get("purpose") not in PURPOSES
            return "FIELDS_MISSING" if unknown else self._bars_clearance(number, tax_number, book)
        still = {one.id: one for one in self._owed(number, tax_number, book, agreement.agreed_at) if one.payable}
        if any(line.id not in still for line in agreement.lines):
            return "ALREADY_PAID"
        same = all(line.amount_fils == still[line.id].amount_fils for line in agreement.lines)
        return "" if same else "AMOUNT_CHANGED"

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        number, tax_number = _whose(agreement)
        if agreement.service == CLEARANCE:
            self._request(agreement, tax_number or number, book)
            return
        picked = {line.id for line in agreement.lines}
        paid = [one for one in self._owed(number, tax_number, book, agreement.agreed_at) if one.id in picked]
        standing = settled(self._standing(number, tax_number, book), paid)
        book.write(_STANDING, tax_number or number, standing)

    def asked(self, transaction: UUID, book: Book, /) -> Asked | None:
        request = book.read(_REQUEST, str(transaction), Request)
        return None if request is None else tax_clearance.asked(request, self._known.clearance)

    def written(self, transaction: UUID, book: Book, /) -> Written | None:
        request = book.read(_REQUEST, str(transaction), Request)
        return None if request is None else tax_clearance.written(request, self._known.clearance)

    # -- whose

    def _businesses_of(self, number: str) -> tuple[Fact, ...]:
        """Where it is one, nobody types its number."""
        own = [one for one in self._known.businesses if _ends(number, one.registered) and not one.closed]
        if len(own) != 1:
            return ()
        (one,) = own
        title = Words(ar="المنشأة المسجلة باسمك", en="The business registered to you")
        return (
            Fact(id="tax_number", title=Words(ar="الرقم الضريبي", en="Tax number"), value=one.tax_number),
            Fact(id="business", title=title, value=one.tax_number, words=one.name),
        )

    def _refused(self, number: str, tax_number: str) -> str:
        if not number:
            return "FIELDS_MISSING"
        if not tax_number:
            return ""
        business = self._business(tax_number)
        if business is None:
            return "TAX_NUMBER_UNKNOWN"
        if not _ends(number, business.registered):
            return "NOT_REGISTERED"
        return "FILE_CLOSED" if business.closed else ""

    def _business(self, tax_number: str) -> Business | None:
        return next((one for one in self._known.businesses if one.tax_number == tax_number), None)

    def _person(self, number: str) -> Person | None:
        return next((one for one in self._known.persons if number.endswith(one.ending)), None)

    # -- the account

    def _account(self, number: str, tax_number: str) -> Account:
        taxpayer = self._business(tax_number) if tax_number else self._person(number)
        return taxpayer.account if taxpayer else Account()

    def _standing(self, number: str, tax_number: str, book: Book) -> Standing:
        known = book.read(_STANDING, tax_number or number, Standing)
        return known or opening(self._account(number, tax_number))

    def _owed(self, number: str, tax_number: str, book: Book, at: datetime) -> tuple[Owed, ...]:
        standing = self._standing(number, tax_number, book)
        return owed(self._account(number, tax_number), standing, at.astimezone(LEGAL_TIME).date())

    # -- a clearance

    def _bars_clearance(self, number: str, tax_number: str, book: Book) -> str:
        person = None if tax_number else self._person(number)
        if person is not None and person.audited:
            return "UNDER_AUDIT"
        if any(one.is_due for one in self._owed(number, tax_number, book, book.now)):
            return "SOMETHING_DUE"
        latest = book.read(_LATEST, tax_number or number, Request)
        still_open = latest is not None and tax_clearance.is_open(latest, self._known.clearance, book.now)
        return "REQUEST_OPEN" if still_open else ""

    def _request(self, agreement: Agreement, holder: str, book: Book) -> None:
        request = Request(
            transaction=agreement.ids.transaction,
            holder=holder,
            purpose=agreement.answers["purpose"],
            requested_at=book.now,
        )
        book.write(_REQUEST, str(request.transaction), request)
        book.write(_LATEST, holder, request)


def _whose(agreement: Agreement) -> tuple[str, str]:
    """The national number, and the tax number where it is for a business."""
    number = agreement.on_behalf_of or agreement.national_number
    return number, agreement.answers.get("tax_number", "")


def _ends(number: str, endings: tuple[str, ...]) -> bool:
    return number.endswith(endings)


def _credit(fils: int) -> Fact:
    words = Words(ar=f"{dinars(fils)} د.أ", en=f"{dinars(fils)} JD")
    return Fact(id="credit", title=Words(ar="رصيد دائن لك", en="Credit in your favour"), value=str(fils), words=words)


def _on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "tax.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Tax(_on_file())
