"""The sandbox Social Security's contribution statement: asked for free, ready after a while, issued as a document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.issuing import Asked, Written
from offline_queue.intake.agencies.social_security_file import OnFile, today
from offline_queue.intake.agencies.social_security_rules import Span, month_of
from offline_queue.intake.agencies.social_security_words import month_words

SERVICE: Final = "social_security.statement"
REQUEST: Final = "statement"
"""The kind of record, by the transaction."""
LATEST: Final = "latest_statement"
"""The kind of record, by the person's number."""

ALL, THIS_YEAR, LAST_YEAR = "all", "this_year", "last_year"

REFUSALS: Final[Mapping[str, Words]] = {
    "NOTHING_ON_FILE": Words(ar="لا اشتراكات مسجلة بهذا الرقم", en="No contributions are on file for this number"),
    "NOTHING_THEN": Words(ar="لا اشتراكات في هذه الفترة", en="There are no contributions in this period"),
    "STATEMENT_OPEN": Words(ar="كشف سابق قيد الإعداد", en="An earlier statement is being prepared"),
}


class StatementRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was asked for: what it will say, and from when it is ready. Personal."""

    transaction: str
    national_number: str
    holder: str
    first: date
    last: date
    employed_months: int
    voluntary_months: int
    requested_at: datetime
    ready_at: datetime

    def is_ready(self, now: datetime) -> bool:
        return self.ready_at <= now


def facts_of(file: OnFile, enquiry: Enquiry, book: Book) -> tuple[Fact, ...] | str:
    """How much is on file, and for which of the periods there is anything."""
    contributed = _months(file, book, enquiry.fields.get("national_number", ""), today(book))
    if not contributed:
        return "NOTHING_ON_FILE"
    whole = sorted(contributed)
    periods = [name for name in (ALL, THIS_YEAR, LAST_YEAR) if _within(name, contributed, today(book))]
    said = f"{month_words(whole[0])} - {month_words(whole[-1])}"
    words = Words(
        ar=f"{len(whole)}، من {month_words(whole[0])} إلى {month_words(whole[-1])}", en=f"{len(whole)}, {said}"
    )
    return (
        Fact(id="periods", title=_PERIODS, value=" ".join(periods)),
        Fact(id="suggested", title=_PERIODS, value=ALL),
        Fact(id="months", title=_MONTHS, value=str(len(whole)), words=words),
    )


def object_to(file: OnFile, agreement: Agreement, book: Book) -> str:
    if agreement.on_behalf_of:
        return "FOR_ONESELF"
    number, day = agreement.national_number, agreement.agreed_at.astimezone(LEGAL_TIME).date()
    contributed = _months(file, book, number, day)
    if not contributed:
        return "NOTHING_ON_FILE"
    if not _within(agreement.answers.get("period", ""), contributed, day):
        return "NOTHING_THEN"
    latest = book.read(LATEST, number, StatementRequest)
    return "STATEMENT_OPEN" if latest is not None and not latest.is_ready(book.now) else ""


def accept(file: OnFile, agreement: Agreement, book: Book) -> None:
    """What it will say is what is on file now."""
    number, day = agreement.national_number, agreement.agreed_at.astimezone(LEGAL_TIME).date()
    within = _within(agreement.answers["period"], _months(file, book, number, day), day)
    request = StatementRequest(
        transaction=str(agreement.ids.transaction),
        national_number=number,
        holder=agreement.person_name,
        first=min(within),
        last=max(within),
        employed_months=sum(not voluntary for voluntary in within.values()),
        voluntary_months=sum(within.values()),
        requested_at=book.now,
        ready_at=book.now + timedelta(minutes=file.statement_minutes),
    )
    book.write(REQUEST, request.transaction, request)
    book.write(LATEST, number, request)


def asked(request: StatementRequest) -> Asked:
    return Asked(
        service=SERVICE,
        since=request.requested_at,
        ready_at=request.ready_at,
        at_work=Words(ar="الكشف قيد الإعداد", en="The statement is being prepared"),
        issued=Words(ar="الكشف جاهز", en="The statement is ready"),
    )


def written(request: StatementRequest) -> Written:
    """What stands on the statement."""
    period = f"{month_words(request.first)} - {month_words(request.last)}"
    facts = (
        Fact(id="holder", title=_NAME, value=request.holder),
        Fact(id="national_number", title=_NUMBER, value=request.national_number),
        Fact(id="period", title=_PERIOD, value=period),
        Fact(id="months", title=_MONTHS, value=str(request.employed_months + request.voluntary_months)),
        Fact(id="employed", title=_EMPLOYED, value=str(request.employed_months)),
        Fact(id="voluntary", title=_VOLUNTARY, value=str(request.voluntary_months)),
    )
    return Written(
        title=Words(ar="كشف بفترات الاشتراك", en="Statement of contributions"),
        issuer=Words(ar="المؤسسة العامة للضمان الاجتماعي (تجريبية)", en="Social Security Corporation (sandbox)"),
        statement=Words(ar="هذا ما هو مسجّل يوم الطلب", en="This is what was on file on the day of the request"),
        facts=facts,
        holder=request.national_number,
    )


def _months(file: OnFile, book: Book, national_number: str, day: date) -> dict[date, bool]:
    """Every month with a contribution up to that day, and whether it is a voluntary one."""
    subscription = file.subscription(book, national_number, day)
    contributed: dict[date, bool] = {}
    if subscription is not None:
        for span in (*subscription.earlier, Span(first=subscription.since, last=subscription.paid_until)):
            contributed |= dict.fromkeys(span.months(), True)
    for span in file.person(national_number).employed:
        contributed |= dict.fromkeys(span.months(), False)
    return {month: voluntary for month, voluntary in contributed.items() if month <= month_of(day)}


def _within(period: str, contributed: Mapping[date, bool], day: date) -> dict[date, bool]:
    """Those of the period; none where it is no period."""
    year = {THIS_YEAR: day.year, LAST_YEAR: day.year - 1}.get(period, 0)
    return {month: voluntary for month, voluntary in contributed.items() if period == ALL or month.year == year}


_PERIODS: Final = Words(ar="الفترات", en="Periods")
_MONTHS: Final = Words(ar="عدد الاشتراكات", en="Months with a contribution")
_NAME: Final = Words(ar="الاسم", en="Name")
_NUMBER: Final = Words(ar="الرقم الوطني", en="National number")
_PERIOD: Final = Words(ar="الفترة", en="Period")
_EMPLOYED: Final = Words(ar="منها عن طريق صاحب عمل", en="Of these by an employer")
_VOLUNTARY: Final = Words(ar="منها اختيارية", en="Of these voluntary")
