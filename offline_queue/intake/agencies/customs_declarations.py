"""Declarations at the sandbox customs: how one stands, what was assessed on it, and when its goods are released."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, QuoteLine, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.customs_duties import Charge, of_goods, paid_for, service_charge
from offline_queue.intake.agencies.customs_file import Declaration, OnFile, date_words, day_of
from offline_queue.intake.agencies.sandbox import Offer

SERVICE: Final = "customs.declaration"
_PAID: Final = "paid declaration"

State = Literal["inspection", "assessed", "lapsed", "paid", "released"]

REFUSALS: Final[Mapping[str, Words]] = {
    "NONE_IN_YOUR_NAME": Words(
        ar="لا بيان باسمك. يُستعلم عنه برقمه وبرقم الهاتف المكتوب فيه",
        en="None is in your name. Ask by its number, and by the phone number that stands on it",
    ),
    "DECLARATION_UNKNOWN": Words(
        ar="لا بيان بهذا الرقم وهذه السنة في هذا المركز مع هذا الهاتف: قارنها بالبيان",
        en="None has this number, year, centre and phone together: compare them with the declaration",
    ),
    "CASE_OPEN": Words(
        ar="على البيان قضية جمركية: راجع مديرية القضايا في الجمارك",
        en="A customs case is open on this declaration: ask the cases directorate of Customs",
    ),
    "RECALLED": Words(
        ar="أُعيد البيان إلى المعاينة، ويتغير المبلغ", en="It was called back for inspection; its amount will change"
    ),
    "ALREADY_PAID": Words(ar="دُفعت رسوم هذا البيان من قبل", en="This declaration was paid before"),
}


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """Written when it was paid; the goods are released at that moment."""

    paid_at: datetime
    releases_at: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """`since` is when it came to be so; of what was paid, `until` is when its goods are released."""

    state: State
    since: datetime
    until: datetime | None = None


def standing_of(file: OnFile, one: Declaration, book: Book) -> Standing:
    """As it stands now: what was paid is released by itself, and an assessment does not hold for ever."""
    payment = book.read(_PAID, one.number, Payment)
    if payment is not None:
        released = payment.releases_at <= book.now
        return Standing("released" if released else "paid", payment.paid_at, payment.releases_at)
    since = book.now - timedelta(days=one.since_days)
    if one.standing == "released":
        return Standing("released", since, since)
    if one.standing == "assessed" and one.since_days > file.terms.pay_days:
        return Standing("lapsed", since + timedelta(days=file.terms.pay_days))
    return Standing(one.standing, since)


def assessed(file: OnFile, one: Declaration) -> tuple[Charge, ...]:
    charges = of_goods(file.terms.tax_per_mille, file.kind(one.goods), one.value_fils)
    return (*charges, service_charge(file.terms.service_fils))


def facts_of(file: OnFile, enquiry: Enquiry, book: Book) -> tuple[Fact, ...] | str:
    """Before anything is asked: the declaration that this person would ask for, and what else can be asked by."""
    this_year = Fact(id="year", title=_YEAR, value=str(day_of(book.now).year))
    one = _own(file, enquiry.fields.get("national_number", ""), book)
    if one is None:
        return (Fact(id="ways", title=_WAYS, value="number"), Fact(id="way", title=_WAYS, value="number"), this_year)
    named = Words(ar=f"{one.number}، {one.contents.ar}", en=f"{one.number}, {one.contents.en}")
    return (
        Fact(id="ways", title=_WAYS, value="mine number"),
        Fact(id="way", title=_WAYS, value="mine"),
        Fact(id="own", title=_OWN, value=one.number, words=named),
        this_year,
    )


def offer(file: OnFile, enquiry: Enquiry, book: Book) -> Offer | str:
    """What is due on one that was assessed; of any other how it stands, in a line that cannot be paid."""
    by_number = "number" in enquiry.fields
    one = (
        _named(file, enquiry.fields, book) if by_number else _own(file, enquiry.fields.get("national_number", ""), book)
    )
    if one is None:
        return "DECLARATION_UNKNOWN" if by_number else "NONE_IN_YOUR_NAME"
    if one.case:
        return "CASE_OPEN"
    standing = standing_of(file, one, book)
    about = _about(file, one, standing, book.now)
    if not by_number:
        about = (*_which(file, one), *about)
    charges = assessed(file, one)
    if standing.state == "assessed":
        return Offer(tuple(charge.line(one.number) for charge in charges), about)
    known = 0 if standing.state == "inspection" else sum(charge.fils for charge in charges)
    return Offer((_told(one, standing, known, file.centre(one.centre)),), about)


def object_to(file: OnFile, agreement: Agreement, book: Book) -> str:
    """The signed word on an amount stands until it runs out; what became of the declaration since is another thing."""
    one = _agreed(file, agreement)
    if one is None:
        return "DECLARATION_UNKNOWN"
    if one.case:
        return "CASE_OPEN"
    state = standing_of(file, one, book).state
    if state in {"paid", "released"}:
        return "ALREADY_PAID"
    return "RECALLED" if state == "inspection" else ""


def accept(file: OnFile, agreement: Agreement, book: Book) -> None:
    one = _agreed(file, agreement)
    assert one is not None, "object_to has found it"
    releases_at = agreement.agreed_at + timedelta(hours=one.release_hours)
    book.write(_PAID, one.number, Payment(paid_at=agreement.agreed_at, releases_at=releases_at))


# -- the file


def _own(file: OnFile, person: str, book: Book) -> Declaration | None:
    """Of those in this person's name: what is to be paid before what only stands there, then the oldest."""
    own = [one for one in file.declarations if person and person.endswith(one.holders)]
    return min(own, key=lambda one: (_ORDER[standing_of(file, one, book).state], -one.since_days), default=None)


def _named(file: OnFile, fields: Mapping[str, str], book: Book) -> Declaration | None:
    """Number, year, centre and phone must agree: whoever guesses a number learns nothing of it."""
    one = file.declaration(fields.get("number", ""))
    if one is None:
        return None
    written = (str(day_of(book.now).year - one.years_ago), one.centre, one.phone)
    return one if written == tuple(fields.get(name, "") for name in ("year", "centre", "phone")) else None


def _agreed(file: OnFile, agreement: Agreement) -> Declaration | None:
    """That of the lines, as the agency's own quote named them."""
    return file.declaration(paid_for(agreement.lines[0].id)) if agreement.lines else None


_ORDER: Final[Mapping[State, int]] = {"assessed": 0, "lapsed": 1, "inspection": 2, "paid": 3, "released": 4}
_WAYS: Final = Words(ar="الاستعلام", en="Asked by")
_YEAR: Final = Words(ar="السنة", en="Year")
_OWN: Final = Words(ar="بيان باسمك", en="In your name")
_NUMBER: Final = Words(ar="رقم البيان", en="Declaration number")
_CONTENTS: Final = Words(ar="البضاعة", en="Goods")
_CENTRE: Final = Words(ar="المركز الجمركي", en="Customs centre")
_STANDS: Final = Words(ar="حالة البيان", en="How it stands")
_PAY_BY: Final = Words(ar="يُدفع حتى", en="Payable until")
_RELEASED: Final = Words(ar="الإفراج عن البضاعة", en="Goods released")
_STATES: Final[Mapping[State, Words]] = {
    "inspection": Words(ar="قيد المعاينة", en="Under inspection"),
    "assessed": Words(ar="حُددت رسومه", en="Assessed"),
    "lapsed": Words(ar="انتهت مدة الدفع", en="The time to pay has run out"),
    "paid": Words(ar="دُفعت رسومه", en="Paid"),
    "released": Words(ar="أُفرج عن البضاعة", en="Released"),
}


def _which(file: OnFile, one: Declaration) -> tuple[Fact, ...]:
    """What a person who typed nothing has not said."""
    return (
        Fact(id="declaration", title=_NUMBER, value=one.number, on_receipt=True),
        Fact(id="centre", title=_CENTRE, value=one.centre, words=file.centre(one.centre), on_receipt=True),
    )


def _about(file: OnFile, one: Declaration, standing: Standing, now: datetime) -> tuple[Fact, ...]:
    """Of an assessment until when it holds, and when the goods would come; of any other how it stands."""
    goods = Fact(id="contents", title=_CONTENTS, value=one.contents.en, words=one.contents)
    if standing.state != "assessed":
        return (goods, Fact(id="stands", title=_STANDS, value=standing.state, words=_STATES[standing.state]))
    last_day = day_of(standing.since) + timedelta(days=file.terms.pay_days)
    release = _release_words(now, now + timedelta(hours=one.release_hours))
    return (
        goods,
        Fact(id="release", title=_RELEASED, value=str(one.release_hours), words=release, on_receipt=True),
        Fact(id="pay_by", title=_PAY_BY, value=last_day.isoformat(), words=date_words(last_day)),
    )


def _told(one: Declaration, standing: Standing, fils: int, centre: Words) -> QuoteLine:
    """How it stands and what to do; the amount is not stated before it is assessed."""
    return QuoteLine(
        id=f"{one.number}:{standing.state}",
        title=Words(ar="الرسوم", en="Duties"),
        place=None,
        occurred_on=None,
        amount_fils=fils,
        payable=False,
        reason=_advice(standing, centre),
    )


def _advice(standing: Standing, centre: Words) -> Words:
    since, until = date_words(day_of(standing.since)), date_words(day_of(standing.until or standing.since))
    match standing.state:
        case "inspection":
            return Words(
                ar=f"قيد المعاينة منذ {since.ar}، ولا يُدفع شيء قبل تحديد الرسوم. للسؤال: {centre.ar}",
                en=f"Under inspection since {since.en}. Nothing is payable before it is assessed. Ask {centre.en}",
            )
        case "lapsed":
            return Words(
                ar=f"انتهت مدة الدفع في {since.ar}. تُحدد الرسوم من جديد لدى {centre.ar}",
                en=f"The time to pay ran out on {since.en}. {centre.en} assesses it anew",
            )
        case "paid":
            return Words(
                ar=f"دُفعت في {since.ar}، ويُفرج عن البضاعة في {until.ar}",
                en=f"Paid on {since.en}. The goods are released on {until.en}",
            )
    return Words(
        ar=f"مدفوعة، وأُفرج عن البضاعة في {until.ar}. تُستلم من {centre.ar}",
        en=f"Paid, and the goods were released on {until.en}. Collect them at {centre.en}",
    )


def _release_words(now: datetime, at: datetime) -> Words:
    if at == now:
        return Words(ar="فور الدفع", en="As soon as it is paid")
    moment = f"{at.astimezone(LEGAL_TIME):%d/%m/%Y %H:%M}"
    return Words(ar=moment, en=moment)
