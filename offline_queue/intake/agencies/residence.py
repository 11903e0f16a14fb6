"""The sandbox Residence and Borders Department: whose permit is found by which passport, when it may be renewed and for
how long, what that costs, and what is decided once somebody has read the employer's letter.

Every rule is provisional: the Department's own are not public.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final, Literal
from uuid import UUID

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, QuoteLine, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.issuing import Asked, Written
from offline_queue.intake.agencies.sandbox import Offer

SERVICE: Final = "residence.permit"
TERMS: Final = {"1": 1, "2": 2}
"""In years, by the answer."""
LETTER: Final = "letter"
"""The step whose pages a renewal for work brings along."""

_RENEWAL: Final = "renewal"
"""The kind of record, by the permit's number: the last renewal."""
_REQUEST: Final = "request"
"""The kind of record, by the transaction: each renewal."""


class Permit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One permit on file at first. It ends so many days after the day on which it is asked about. Of a `withdrawn` one
    the sponsor has taken back the word."""

    number: str
    passport: str
    ground: Literal["work", "family", "study"]
    sponsor: Words
    ends_in_days: int
    withdrawn: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    earliest_days: int
    latest_days: int
    review_minutes: int


class Fees(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds from `first_day` until the next one begins."""

    first_day: date
    permit_fils: int
    study_fils: int
    card_fils: int


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`residence.toml`."""

    terms: Terms
    fees: tuple[Fees, ...]
    permits: tuple[Permit, ...]


class Renewal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last that was accepted of a permit: until `ready_at` it is read, then the permit is valid until `until`.
    Personal."""

    permit: str
    holder: str
    passport: str
    until: date
    requested_at: datetime
    ready_at: datetime

    def is_ready(self, now: datetime) -> bool:
        return self.ready_at <= now


class Residence:
    agency: Final = "residence"
    prefix: Final = "RES"
    documents: Final = frozenset({SERVICE})
    refusals: Mapping[str, Words] = {
        "NO_PERMIT": Words(ar="لا إذن إقامة بجواز السفر هذا", en="No residence permit is on file for this passport"),
        "WITHDRAWN": Words(
            ar="سحب الكفيل كفالته: راجع الإدارة", en="The sponsor has withdrawn: see the Department in person"
        ),
        "TOO_EARLY": Words(
            ar="يُجدَّد الإذن في آخر 60 يومًا من مدته", en="A permit is renewed in the last 60 days of its term"
        ),
        "LAPSED": Words(
            ar="انتهى الإذن منذ أكثر من 30 يومًا: تُسوّى مدته لدى الإدارة أولًا",
            en="The permit ended over 30 days ago: the Department settles that first",
        ),
        "PASSPORT_ENDS": Words(
            ar="تنتهي مدة جواز السفر قبل نهاية السنة الجديدة: جدّده أولًا",
            en="Your passport ends before the new year of the permit does: renew the passport first",
        ),
        "BEING_RENEWED": Words(ar="طلب تجديد سابق قيد الدراسة", en="An earlier renewal is being looked at"),
        "GROUND_DIFFERS": Words(ar="سبب الإقامة لا يطابق الإذن", en="The ground is not that of the permit"),
        "TERM_UNKNOWN": Words(ar="هذه المدة غير متاحة", en="This term cannot be had"),
        "NO_LETTER": Words(ar="الطلب دون كتاب صاحب العمل", en="The request does not have the employer's letter"),
        "NO_FEE_KNOWN": Words(ar="لا رسم نافذ في هذا اليوم", en="No fee is in force on this day"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        permit, day = self._found(enquiry.fields.get("passport", "")), _day(book.now)
        if code := self._bars(permit, book, day):
            return code
        assert permit is not None
        ends = self._ends(permit, book, day)
        terms = [term for term in TERMS if _outlasts(enquiry.fields, renewed_until(ends, term))]
        if not terms:
            return "PASSPORT_ENDS"
        return (
            Fact(id="permit", title=_PERMIT, value=permit.number),
            Fact(id="sponsor", title=_SPONSOR[permit.ground], value=permit.sponsor.en, words=permit.sponsor),
            _day_fact("valid_until", _VALID_UNTIL, ends),
            Fact(id="grounds", title=_GROUND, value=permit.ground),
            Fact(id="ground", title=_GROUND, value=permit.ground),
            Fact(id="terms", title=_TERM, value=" ".join(terms)),
            Fact(id="term", title=_TERM, value=terms[0]),
        )

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        fields, day = enquiry.fields, _day(book.now)
        permit, term = self._found(fields.get("passport", "")), fields.get("term", "")
        if code := self._bars(permit, book, day) or _mismatch(permit, fields.get("ground", ""), term):
            return code
        assert permit is not None
        until = renewed_until(self._ends(permit, book, day), term)
        if not _outlasts(fields, until):
            return "PASSPORT_ENDS"
        lines = self._lines(permit, TERMS[term], day)
        facts = (
            _day_fact("until", _RENEWED_UNTIL, until, on_receipt=True),
            Fact(id="permit", title=_PERMIT, value=permit.number, on_receipt=True),
        )
        return Offer(lines, facts) if lines else "NO_FEE_KNOWN"

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """On the day on which it was agreed to, a delivery may come later. The letter must lie there; what it says
        somebody reads afterwards."""
        permit, day, answers = self._found(agreement.national_number), _day(agreement.agreed_at), agreement.answers
        if code := self._bars(permit, book, day) or _mismatch(
            permit, answers.get("ground", ""), answers.get("term", "")
        ):
            return code
        attached = any(document.step == LETTER for document in agreement.documents)
        return "NO_LETTER" if answers["ground"] == "work" and not attached else ""

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        permit, day = self._found(agreement.national_number), _day(agreement.agreed_at)
        assert permit is not None
        renewal = Renewal(
            permit=permit.number,
            holder=agreement.person_name,
            passport=permit.passport,
            until=renewed_until(self._ends(permit, book, day), agreement.answers["term"]),
            requested_at=book.now,
            ready_at=book.now + timedelta(minutes=self._known.terms.review_minutes),
        )
        book.write(_RENEWAL, permit.number, renewal)
        book.write(_REQUEST, str(agreement.ids.transaction), renewal)

    def asked(self, transaction: UUID, book: Book, /) -> Asked | None:
        renewal = book.read(_REQUEST, str(transaction), Renewal)
        if renewal is None:
            return None
        return Asked(
            service=SERVICE,
            since=renewal.requested_at,
            ready_at=renewal.ready_at,
            at_work=Words(ar="الطلب قيد الدراسة لدى الإدارة", en="The Department is looking at the request"),
            issued=Words(ar="صدر الإذن المجدَّد", en="The renewed permit is issued"),
        )

    def written(self, transaction: UUID, book: Book, /) -> Written | None:
        renewal = book.read(_REQUEST, str(transaction), Renewal)
        if renewal is None:
            return None
        facts = (
            Fact(id="holder", title=_NAME, value=renewal.holder),
            Fact(id="passport", title=_PASSPORT, value=renewal.passport),
            Fact(id="permit", title=_PERMIT, value=renewal.permit),
            _day_fact("valid_until", _VALID_UNTIL, renewal.until),
        )
        return Written(
            title=Words(ar="إذن إقامة", en="Residence permit"),
            issuer=Words(ar="إدارة الإقامة والحدود (تجريبية)", en="Residence and Borders Department (sandbox)"),
            statement=Words(
                ar="جُدِّد الإذن. تُطلب بطاقته من الإدارة",
                en="The permit is renewed. Fetch its card at the Department",
            ),
            facts=facts,
            holder=renewal.passport,
        )

    # -- the file

    def _found(self, passport: str) -> Permit | None:
        return next((permit for permit in self._known.permits if permit.passport == passport), None)

    def _ends(self, permit: Permit, book: Book, day: date) -> date:
        renewal = book.read(_RENEWAL, permit.number, Renewal)
        return renewal.until if renewal else day + timedelta(days=permit.ends_in_days)

    def _bars(self, permit: Permit | None, book: Book, day: date) -> str:
        """What stands against any renewal that is asked for on that day."""
        if permit is None:
            return "NO_PERMIT"
        renewal = book.read(_RENEWAL, permit.number, Renewal)
        if renewal is not None and not renewal.is_ready(book.now):
            return "BEING_RENEWED"
        if permit.withdrawn:
            return "WITHDRAWN"
        left = (self._ends(permit, book, day) - day).days
        if left > self._known.terms.earliest_days:
            return "TOO_EARLY"
        return "LAPSED" if left < -self._known.terms.latest_days else ""

    def _lines(self, permit: Permit, years: int, today: date) -> tuple[QuoteLine, ...]:
        """By the fees of that day; none where none is in force."""
        fees = max(
            (fees for fees in self._known.fees if fees.first_day <= today), key=lambda one: one.first_day, default=None
        )
        return () if fees is None else tuple(_fee_lines(permit, years, fees))


def renewed_until(ends: date, term: str) -> date:
    """So many years from the day on which it ends: nobody gains by coming late, or loses by coming early."""
    day = 28 if (ends.month, ends.day) == (2, 29) else ends.day
    return ends.replace(year=ends.year + TERMS[term], day=day)


def _fee_lines(permit: Permit, years: int, fees: Fees) -> Iterator[QuoteLine]:
    yearly = fees.study_fils if permit.ground == "study" else fees.permit_fils
    title = _FOR_YEARS[years]
    yield QuoteLine(
        id="permit", title=title, place=None, occurred_on=None, amount_fils=yearly * years, payable=True, reason=None
    )
    yield QuoteLine(
        id="card", title=_CARD, place=None, occurred_on=None, amount_fils=fees.card_fils, payable=True, reason=None
    )


def _mismatch(permit: Permit | None, ground: str, term: str) -> str:
    if permit is None or permit.ground != ground:
        return "GROUND_DIFFERS"
    return "" if term in TERMS else "TERM_UNKNOWN"


def _outlasts(fields: Mapping[str, str], until: date) -> bool:
    """Whether the passport does. Of one that only a clerk saw the day is not known, and the Department looks later."""
    said = fields.get("expiry_date", "")
    try:
        return not said or date.fromisoformat(said) >= until
    except ValueError:
        return False


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_TIME).date()


def _day_fact(name: str, title: Words, day: date, *, on_receipt: bool = False) -> Fact:
    written = f"{day:%d/%m/%Y}"
    return Fact(id=name, title=title, value=day.isoformat(), words=Words(ar=written, en=written), on_receipt=on_receipt)


_PERMIT: Final = Words(ar="رقم الإذن", en="Permit number")
_SPONSOR: Final[Mapping[str, Words]] = {
    "work": Words(ar="صاحب العمل", en="Employer"),
    "family": Words(ar="الكفيل", en="Sponsor"),
    "study": Words(ar="مكان الدراسة", en="Place of study"),
}
_VALID_UNTIL: Final = Words(ar="صالح حتى", en="Valid until")
_RENEWED_UNTIL: Final = Words(ar="التجديد حتى", en="Renewal until")
_GROUND: Final = Words(ar="سبب الإقامة", en="Ground")
_TERM: Final = Words(ar="المدة", en="Term")
_NAME: Final = Words(ar="الاسم", en="Name")
_PASSPORT: Final = Words(ar="جواز السفر", en="Passport")
_FOR_YEARS: Final = {
    1: Words(ar="إذن إقامة لسنة واحدة", en="Residence permit, 1 year"),
    2: Words(ar="إذن إقامة لسنتين", en="Residence permit, 2 years"),
}
_CARD: Final = Words(ar="بطاقة الإقامة", en="Residence card")


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "residence.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Residence(on_file())
