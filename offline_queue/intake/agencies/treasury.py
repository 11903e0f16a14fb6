"""The sandbox Ministry of Finance: which official pays for which body, what a voucher says, and that it is paid once.

Every rule is provisional: the Ministry's own are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, QuoteLine, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer

_PAID: Final = "paid voucher"
_FRIDAY, _SATURDAY = 4, 5  # as datetime counts weekdays: the weekend in Jordan


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented public body. `payers` is how the national numbers end of the officials who pay for it."""

    id: str
    name: Words
    payers: tuple[str, ...]


class Voucher(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Issued by a body. It may be paid until `valid_days` after the day on which it is asked about; a `withdrawn` one
    not at all."""

    number: str
    body: str
    purpose: Words
    amount_fils: int
    valid_days: int
    withdrawn: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    closes_at: int


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`treasury.toml`."""

    terms: Terms
    bodies: tuple[Body, ...]
    vouchers: tuple[Voucher, ...]


class Payment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Written when a voucher was paid."""

    credited_on: date


class Treasury:
    agency: Final = "treasury"
    prefix: Final = "TRS"
    refusals: Mapping[str, Words] = {
        "NOT_REGISTERED": Words(
            ar="صاحب البطاقة غير مسجل للدفع باسم جهة حكومية. تسجله جهته لدى الوزارة",
            en="The card's holder is not registered to pay for a body. The body registers it with the Ministry",
        ),
        "VOUCHER_UNKNOWN": Words(ar="لا سند دفع بهذا الرقم", en="No voucher has this number"),
        "VOUCHER_OF_ANOTHER": Words(ar="هذا السند لجهة أخرى", en="This voucher is another body's"),
        "WITHDRAWN": Words(
            ar="سحبت الجهة هذا السند: اطلب منها سندًا جديدًا",
            en="Its body has withdrawn this voucher: ask for another",
        ),
        "EXPIRED": Words(
            ar="انتهت مدة هذا السند: تصدر الجهة سندًا جديدًا", en="This voucher has expired: its body issues another"
        ),
        "ALREADY_PAID": Words(ar="دُفع هذا السند من قبل", en="This voucher was paid before"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, _book: Book, /) -> tuple[Fact, ...] | str:
        """For whom this official pays."""
        body = self._body_of(enquiry.fields.get("national_number", ""))
        if body is None:
            return "NOT_REGISTERED"
        return (Fact(id="payer", title=_BODY, value=body.id, words=body.name),)

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        number, official = enquiry.fields.get("voucher", ""), enquiry.fields.get("national_number", "")
        if code := self._refused(number, official, book):
            return code
        voucher, body = self._voucher(number), self._body_of(official)
        assert voucher is not None, "not refused"
        assert body is not None, "not refused"
        if voucher.valid_days < 0:
            return "EXPIRED"
        return Offer((_line(voucher),), self._facts(voucher, body, book.now))

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """The Ministry's signed word on an amount stands until it runs out, past the voucher's last day too; that the
        voucher was paid meanwhile is the one thing that it could not know."""
        return self._refused(agreement.answers.get("voucher", ""), agreement.national_number, book)

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        day = credited_on(agreement.agreed_at, self._known.terms.closes_at)
        book.write(_PAID, agreement.answers["voucher"], Payment(credited_on=day))

    # -- the file

    def _body_of(self, official: str) -> Body | None:
        return next((body for body in self._known.bodies if official and official.endswith(body.payers)), None)

    def _voucher(self, number: str) -> Voucher | None:
        return next((voucher for voucher in self._known.vouchers if voucher.number == number), None)

    def _refused(self, number: str, official: str, book: Book) -> str:
        body, voucher = self._body_of(official), self._voucher(number)
        if body is None:
            return "NOT_REGISTERED"
        if voucher is None:
            return "VOUCHER_UNKNOWN"
        if voucher.body != body.id:
            return "VOUCHER_OF_ANOTHER"
        if voucher.withdrawn:
            return "WITHDRAWN"
        return "ALREADY_PAID" if book.read(_PAID, number, Payment) else ""

    def _facts(self, voucher: Voucher, body: Body, now: datetime) -> tuple[Fact, ...]:
        day = credited_on(now, self._known.terms.closes_at)
        last_day = now.astimezone(LEGAL_TIME).date() + timedelta(days=voucher.valid_days)
        return (
            Fact(id="payer", title=_BODY, value=body.id, words=body.name, on_receipt=True),
            Fact(id="purpose", title=_PURPOSE, value=voucher.purpose.en, words=voucher.purpose, on_receipt=True),
            Fact(id="last_day", title=_LAST_DAY, value=last_day.isoformat(), words=_date_words(last_day)),
            Fact(id="credited", title=_CREDITED, value=day.isoformat(), words=_date_words(day), on_receipt=True),
        )


_BODY: Final = Words(ar="الجهة الدافعة", en="Paying body")
_PURPOSE: Final = Words(ar="الغرض", en="Purpose")
_LAST_DAY: Final = Words(ar="يُدفع السند حتى", en="Payable until")
_CREDITED: Final = Words(ar="يُقيَّد للخزينة في", en="Credited on")


def credited_on(paid_at: datetime, closes_at: int) -> date:
    """The working day on which the treasury has the money: that of the payment until the hour `closes_at` in Jordan,
    else the next. Holidays are not public as data, so that only the weekend is known."""
    moment = paid_at.astimezone(LEGAL_TIME)
    day = moment.date() if moment.hour < closes_at else moment.date() + timedelta(days=1)
    while day.weekday() in {_FRIDAY, _SATURDAY}:
        day += timedelta(days=1)
    return day


def _line(voucher: Voucher) -> QuoteLine:
    return QuoteLine(
        id=voucher.number,
        title=voucher.purpose,
        place=None,
        occurred_on=None,
        amount_fils=voucher.amount_fils,
        payable=True,
    )


def _date_words(day: date) -> Words:
    return Words(ar=f"{day:%d/%m/%Y}", en=f"{day:%d/%m/%Y}")


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "treasury.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Treasury(on_file())
