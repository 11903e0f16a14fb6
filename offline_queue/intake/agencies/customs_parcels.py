"""Parcels at the sandbox customs: whose they are, what their addressee states of their value, and what is then due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from kiosk.money import dinars
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.customs_duties import money, of_parcel, paid_for, rule_of
from offline_queue.intake.agencies.customs_file import OnFile, Parcel, date_words, day_of
from offline_queue.intake.agencies.customs_numbers import is_sound, plain_number
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.sandbox_checks import person_asked

SERVICE: Final = "customs.parcel"
_CLEARED: Final = "cleared parcel"

REFUSALS: Final[Mapping[str, Words]] = {
    "NUMBER_MISREAD": Words(
        ar="رقم التحقق في رقم الطرد لا يطابق باقي الرقم: قارنه بالإشعار حرفًا حرفًا",
        en="The number's own check digit does not match the rest: compare it with the notice, one by one",
    ),
    "PARCEL_UNKNOWN": Words(ar="لا طرد بهذا الرقم لدى الجمارك", en="Customs has no parcel with this number"),
    "PARCEL_OF_ANOTHER": Words(
        ar="الطرد مرسل إلى شخص آخر، ويخلّصه المرسل إليه", en="It is addressed to somebody else, who clears it"
    ),
    "NOT_ARRIVED": Words(
        ar="لم يصل الطرد بعد. يُخلَّص بعد وصول الإشعار", en="It has not arrived yet. Clear it when the notice comes"
    ),
    "RETURNED": Words(
        ar="انتهت مدة حفظ الطرد، وأُعيد إلى المرسل", en="It was kept as long as may be, and went back to the sender"
    ),
    "NEEDS_PERMIT": Words(
        ar="محتوى الطرد يحتاج إلى موافقة جهة أخرى: راجع الجمارك في مكتب البريد",
        en="Its contents need another body's permission: ask at the customs desk of the post office",
    ),
    "NEEDS_DECLARATION": Words(
        ar="قيمته فوق حد الطرود، فيلزمه بيان جمركي. يقدمه مخلّص، ثم تُدفع رسومه بخدمة البيان الجمركي",
        en="Its value is above that of parcels. A clearing agent files a declaration; pay that here then",
    ),
    "VALUE_TOO_LOW": Words(
        ar="القيمة أقل مما كتبه المرسل: راجع الجمارك في مكتب البريد ومعك الفاتورة",
        en="The value is below the sender's: bring the invoice to the customs desk of the post office",
    ),
    "VALUE_MISSING": Words(ar="لا قيمة مذكورة للطرد", en="No value is stated for the parcel"),
    "NO_RULE_KNOWN": Words(ar="لا تعليمات نافذة للطرود في هذا اليوم", en="No rule for parcels holds on this day"),
    "ALREADY_CLEARED": Words(
        ar="خُلّص الطرد من قبل، ويُستلم بالإيصال", en="It was cleared before; collect it with the receipt"
    ),
}


class Cleared(msgspec.Struct, frozen=True, kw_only=True):
    """Written when it was paid for: it may be handed out."""

    value_fils: int
    on: date


def facts_of(file: OnFile, enquiry: Enquiry, book: Book) -> tuple[Fact, ...] | str:
    """By the card: the parcel that has waited longest. By a number: what its sender wrote."""
    if enquiry.lookup == "waiting":
        return _waiting(file, enquiry.fields, book)
    parcel = _asked(file, enquiry.fields, book)
    if isinstance(parcel, str):
        return parcel
    declared = parcel.value_fils
    return (
        Fact(id="sender", title=_SENDER, value=parcel.sender.en, words=parcel.sender),
        Fact(id="contents", title=_CONTENTS, value=parcel.contents.en, words=parcel.contents),
        Fact(id="declared", title=_DECLARED, value=str(declared), words=_exact(declared)),
    )


def offer(file: OnFile, enquiry: Enquiry, book: Book) -> Offer | str:
    parcel = _asked(file, enquiry.fields, book)
    if isinstance(parcel, str):
        return parcel
    today, value = day_of(book.now), _value(enquiry.fields)
    rule = rule_of(file.rules, today)
    if rule is None:
        return "NO_RULE_KNOWN"
    if value is None:
        return "VALUE_MISSING"
    if value < parcel.value_fils:
        return "VALUE_TOO_LOW"
    if value > rule.most_fils:
        return "NEEDS_DECLARATION"
    charges = of_parcel(rule, file.terms.tax_per_mille, file.kind(parcel.goods), value)
    lines = tuple(charge.line(parcel.number) for charge in charges)
    small = value <= rule.small_fils
    return Offer(lines, (*_handed_out(file, parcel, today), *((_no_duty(rule.small_fils),) if small else ())))


def object_to(file: OnFile, agreement: Agreement, book: Book) -> str:
    """What was quoted stands until the quote runs out, past the parcel's last day too; paid twice it is not."""
    parcel = _paid(file, agreement)
    if parcel is None:
        return "PARCEL_UNKNOWN"
    return "ALREADY_CLEARED" if book.read(_CLEARED, parcel.number, Cleared) else ""


def accept(file: OnFile, agreement: Agreement, book: Book) -> None:
    parcel = _paid(file, agreement)
    assert parcel is not None, "object_to has found it"
    value = _value(agreement.answers)
    book.write(_CLEARED, parcel.number, Cleared(value_fils=value or 0, on=day_of(agreement.agreed_at)))


# -- the file


def _waiting(file: OnFile, fields: Mapping[str, str], book: Book) -> tuple[Fact, ...]:
    parcel = max(_to_be_cleared(file, fields, book), key=lambda parcel: parcel.arrived_days, default=None)
    if parcel is None:
        return ()
    arrived = day_of(book.now) - timedelta(days=parcel.arrived_days)
    return (
        Fact(id="parcel", title=_NUMBER, value=parcel.number),
        Fact(id="waits", title=_WAITS, value=arrived.isoformat(), words=_since(parcel, arrived)),
    )


def _to_be_cleared(file: OnFile, fields: Mapping[str, str], book: Book) -> Iterator[Parcel]:
    for parcel in file.parcels:
        if parcel.addressee and not _bars(file, parcel, fields, book):
            yield parcel


def _asked(file: OnFile, fields: Mapping[str, str], book: Book) -> Parcel | str:
    """The parcel, or the code of a refusal."""
    number = plain_number(fields.get("parcel", ""))
    parcel = file.parcel(number)
    if parcel is None:
        return "PARCEL_UNKNOWN" if is_sound(number) else "NUMBER_MISREAD"
    return _bars(file, parcel, fields, book) or parcel


def _bars(file: OnFile, parcel: Parcel, fields: Mapping[str, str], book: Book) -> str:
    rule = rule_of(file.rules, day_of(book.now))
    wrong = {
        "PARCEL_OF_ANOTHER": not _is_addressee(parcel, fields),
        "ALREADY_CLEARED": book.read(_CLEARED, parcel.number, Cleared) is not None,
        "NOT_ARRIVED": parcel.arrived_days < 0,
        "RETURNED": parcel.arrived_days > file.terms.keep_days,
        "NEEDS_PERMIT": file.kind(parcel.goods).needs_permit,
        "NEEDS_DECLARATION": rule is not None and parcel.value_fils > rule.most_fils,
    }
    return next((code for code, is_so in wrong.items() if is_so), "")


def _is_addressee(parcel: Parcel, fields: Mapping[str, str]) -> bool:
    """A passport says who somebody is as well as a card."""
    return person_asked(fields).endswith(parcel.addressee)


def _paid(file: OnFile, agreement: Agreement) -> Parcel | None:
    """That of the lines, as the agency's own quote named them."""
    number = paid_for(agreement.lines[0].id) if agreement.lines else ""
    return file.parcel(number)


def _value(said: Mapping[str, str]) -> int | None:
    stated = said.get("value", "")
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= _LONGEST_VALUE else None


_LONGEST_VALUE: Final = 12  # digits of fils: no parcel is worth more
_NUMBER: Final = Words(ar="رقم الطرد", en="Parcel number")
_WAITS: Final = Words(ar="طرد ينتظرك", en="A parcel waits for you")
_SENDER: Final = Words(ar="المرسل", en="Sender")
_CONTENTS: Final = Words(ar="المحتوى", en="Contents")
_DECLARED: Final = Words(ar="القيمة كما كتبها المرسل", en="Value, as the sender wrote it")
_COLLECT: Final = Words(ar="يُستلم من", en="Collect at")
_LAST_DAY: Final = Words(ar="يُحفظ حتى", en="Kept until")
_DUTY: Final = Words(ar="رسوم جمركية", en="Customs duty")


def _since(parcel: Parcel, arrived: date) -> Words:
    """Its number stands in the answer; who sent it tells two of them apart."""
    return Words(ar=f"{parcel.sender.ar}، منذ {arrived:%d/%m/%Y}", en=f"{parcel.sender.en}, since {arrived:%d/%m/%Y}")


def _handed_out(file: OnFile, parcel: Parcel, today: date) -> tuple[Fact, ...]:
    last_day = today + timedelta(days=file.terms.keep_days - parcel.arrived_days)
    return (
        Fact(id="collect", title=_COLLECT, value=parcel.office.en, words=parcel.office, on_receipt=True),
        Fact(id="last_day", title=_LAST_DAY, value=last_day.isoformat(), words=date_words(last_day), on_receipt=True),
    )


def _no_duty(small_fils: int) -> Fact:
    limit = money(small_fils)
    words = Words(ar=f"لا رسوم حتى {limit.ar}", en=f"None up to {limit.en}")
    return Fact(id="duty", title=_DUTY, value="0", words=words)


def _exact(fils: int) -> Words:
    return Words(ar=f"{dinars(fils)} د.أ", en=f"{dinars(fils)} JD")
