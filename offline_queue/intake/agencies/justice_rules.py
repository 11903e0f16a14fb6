"""The sandbox Ministry of Justice's fees and rules, as data and pure functions: who may request, and for how much.

Every rule is provisional: the Ministry's own are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Quote, QuoteLine, Words
from offline_queue.intake.agencies import Refusal

SERVICE: Final = "justice.non_conviction"
YOUNGEST_YEARS: Final = 18
CERTIFICATE_FEE: Final = "certificate"


class Fee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the quote."""

    title: Words
    amount_fils: int


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented person; `request_open` is a request that was made elsewhere and stays open, `on_record` that the
    certificate is not issued."""

    national_number_ending: str
    born_on: date | None = None
    request_open: bool = False
    on_record: bool = False


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the sandbox Ministry has on file."""

    fees: dict[str, Fee]
    answers: dict[str, tuple[str, ...]]
    persons: tuple[Person, ...]

    def person(self, national_number: str) -> Person | None:
        return next((one for one in self.persons if national_number.endswith(one.national_number_ending)), None)


def on_file() -> File:
    """The invented data of `justice.toml`."""
    file = resources.files("offline_queue.intake.agencies") / "justice.toml"
    return msgspec.toml.decode(file.read_bytes(), type=File)


REFUSALS: Final[Mapping[str, Words]] = {
    "SERVICE_UNKNOWN": Words(ar="هذه الخدمة ليست لدى وزارة العدل", en="The Ministry of Justice has no such service"),
    "FIELDS_MISSING": Words(
        ar="الرقم الوطني والغرض وطريقة الاستلام مطلوبة", en="National number, purpose and delivery are needed"
    ),
    "NOT_REFUSED": Words(ar="هذا الطلب مقبول لدى وزارة العدل", en="This request stands as accepted"),
    "TOO_YOUNG": Words(ar="تُطلب الشهادة لمن أتمّ 18 سنة", en="The certificate is for persons of 18 years or more"),
    "REQUEST_OPEN": Words(
        ar="هناك طلب سابق لم تصدر شهادته بعد", en="An earlier request is open: its certificate is not issued yet"
    ),
    "QUOTE_UNPROVEN": Words(ar="كشف المبلغ ليس من وزارة العدل", en="The quote does not come from the Ministry"),
    "QUOTE_OF_ANOTHER": Words(ar="كشف المبلغ لشخص آخر", en="The quote was made for another person"),
    "QUOTE_EXPIRED": Words(
        ar="انتهت مدة كشف المبلغ قبل الموافقة عليه", en="The quote had run out before it was agreed to"
    ),
    "ANSWERS_DIFFER": Words(
        ar="الغرض أو طريقة الاستلام لا يطابق كشف المبلغ", en="Purpose or delivery does not match the quote"
    ),
    "AMOUNT_DIFFERS": Words(ar="الرسم لا يطابق كشف المبلغ", en="The fee does not match the quote"),
    "ADDRESS_MISSING": Words(ar="لا عنوان للتوصيل", en="There is no address to deliver to"),
    "NOT_SIGNED": Words(ar="الطلب دون توقيع صاحبه", en="The request does not have its holder's signature"),
}


def refusal(code: str) -> Refusal:
    return Refusal(code=code, words=REFUSALS[code])


def objection_to_enquiry(file: File, fields: Mapping[str, str], now: datetime) -> Refusal | None:
    """What keeps this person from requesting, as far as the file says; None when nothing does."""
    number = fields.get("national_number", "")
    if not number or any(fields.get(name) not in allowed for name, allowed in file.answers.items()):
        return refusal("FIELDS_MISSING")
    person = file.person(number)
    if person is None:
        return None
    if person.born_on is not None and years_on(person.born_on, now.astimezone(LEGAL_TIME).date()) < YOUNGEST_YEARS:
        return refusal("TOO_YOUNG")
    return refusal("REQUEST_OPEN") if person.request_open else None


def years_on(born_on: date, day: date) -> int:
    """Completed years of age."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def fee_lines(file: File, fields: Mapping[str, str]) -> tuple[QuoteLine, ...]:
    """The certificate's fee, and that of the delivery where it has one."""
    names = (CERTIFICATE_FEE, *(name for name in (fields["delivery"],) if name in file.fees))
    return tuple(
        QuoteLine(
            id=name,
            title=file.fees[name].title,
            place=None,
            occurred_on=None,
            amount_fils=file.fees[name].amount_fils,
            payable=True,
        )
        for name in names
    )


def objection(file: File, agreement: Agreement, quote: Quote) -> Refusal | None:
    """What keeps this agreement from becoming a request on this quote; None when nothing does.

    The time that counts is when the person agreed, as the terminal signed it: a delivery may come days later. The fee
    is one: a request is paid whole or not at all. Only for oneself: whoever signs is whose record is looked at.
    """
    agreed = sorted((line.id, line.amount_fils) for line in agreement.lines)
    stated = sorted((line.id, line.amount_fils) for line in quote.lines)
    wrong = {
        "SERVICE_UNKNOWN": agreement.service != quote.service,
        "QUOTE_OF_ANOTHER": bool(agreement.on_behalf_of)
        or quote.fields.get("national_number") != agreement.national_number,
        "QUOTE_EXPIRED": agreement.agreed_at > quote.expires_at,
        "ANSWERS_DIFFER": any(agreement.answers.get(name) != quote.fields.get(name) for name in file.answers),
        "AMOUNT_DIFFERS": agreed != stated or agreement.total_fils != sum(fils for _, fils in stated),
        "ADDRESS_MISSING": agreement.answers.get("delivery") == "post"
        and not agreement.answers.get("address", "").strip(),
        "NOT_SIGNED": not agreement.signed_application,
    }
    return next((refusal(code) for code, is_so in wrong.items() if is_so), None)
