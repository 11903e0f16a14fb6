"""The sandbox Sanad: who has a digital identity already, whose phone is whose, and what a registration leaves behind.

Every rule is provisional: Sanad's own are not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final, Literal

import msgspec

from kiosk.counter import IdentifiedBy
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, Words
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sandbox import Offer

SERVICE: Final = "sanad.registration"

_REGISTRATION: Final = "registration"
"""The kind of record, by the person's number."""
_PHONE: Final = "phone"
"""The kind of record, by the phone: whose it is."""


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An identity on file at first. One that is only "known" has a phone, and was never activated."""

    number_ending: str
    state: Literal["active", "suspended", "known"]
    phone: str


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    least_age: int
    activate_within_days: int


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`sanad.toml`."""

    terms: Terms
    identities: tuple[Known, ...]


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waits for its activation on the phone until `until`; `face_seen`: a clerk compared it. Personal."""

    transaction: str
    phone: str
    until: datetime
    face_seen: bool


class Owner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By whom a phone was registered last. Personal."""

    number: str


class Sanad:
    agency: Final = "sanad"
    prefix: Final = "SND"
    refusals: Mapping[str, Words] = {
        "ALREADY_ACTIVE": Words(
            ar="هويتك الرقمية مفعّلة: ادخل بها في تطبيق سند",
            en="Your digital identity is active: sign in with the Sanad app",
        ),
        "SUSPENDED": Words(
            ar="هويتك الرقمية موقوفة: راجع محطة سند", en="Your digital identity is suspended: see a Sanad station"
        ),
        "TOO_YOUNG": Words(ar="التسجيل لمن أتمّ 18 سنة", en="Registration is for those who are 18 or older"),
        "PHONE_OF_ANOTHER": Words(
            ar="هذا الهاتف مسجل لشخص آخر: اكتب رقم هاتفك", en="This phone is registered by somebody else: use your own"
        ),
        "AWAITS_ACTIVATION": Words(
            ar="سُجّلت هويتك على هذا الهاتف: تُفعَّل برقم الطلب على الإيصال",
            en="You are registered with this phone: the request number on your receipt activates it",
        ),
        "NOT_BY_CARD": Words(
            ar="يلزم التسجيل بالبطاقة الذكية نفسها", en="Only the smart card itself can register a person"
        ),
        "FOR_ONESELF": Words(ar="يسجل كل شخص هويته بنفسه", en="Each person registers for themselves alone"),
    }

    def __init__(self, known: OnFile) -> None:
        self._known = known

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        """The phone that is known already, which then need not be typed."""
        number = enquiry.fields.get("national_number", "")
        if code := self._bars(number) or self._too_young(enquiry.fields, book):
            return code
        waiting, first = self._waiting(number, book), self._first(number)
        phone = waiting.phone if waiting else first.phone if first else ""
        return (Fact(id="phone", title=_PHONE_TITLE, value=phone),) if phone else ()

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        """Free; and until when it is to be activated."""
        number, phone = enquiry.fields.get("national_number", ""), enquiry.fields.get("phone", "")
        code = self._bars(number) or self._too_young(enquiry.fields, book) or self._phone_bars(number, phone, book)
        if code:
            return code
        day = f"{self._until(book).astimezone(LEGAL_TIME):%d/%m/%Y}"
        words = Words(ar=day, en=day)
        return Offer(facts=(Fact(id="until", title=_ACTIVATE_BY, value=day, words=words, on_receipt=True),))

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """The card stands for the person: nobody is registered by a paper, or by somebody else."""
        if agreement.identified_by is not IdentifiedBy.CARD:
            return "NOT_BY_CARD"
        if agreement.on_behalf_of:
            return "FOR_ONESELF"
        number = agreement.national_number
        return self._bars(number) or self._phone_bars(number, agreement.answers.get("phone", ""), book)

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        """Another phone takes the place of the one before, which is free again."""
        number, phone = agreement.national_number, agreement.answers["phone"]
        registration = Registration(
            transaction=str(agreement.ids.transaction),
            phone=phone,
            until=self._until(book),
            face_seen=bool(agreement.served_by),
        )
        book.write(_REGISTRATION, number, registration)
        book.write(_PHONE, phone, Owner(number=number))

    # -- the file

    def _first(self, number: str) -> Known | None:
        return next((one for one in self._known.identities if number.endswith(one.number_ending)), None)

    def _waiting(self, number: str, book: Book) -> Registration | None:
        registration = book.read(_REGISTRATION, number, Registration)
        return registration if registration is not None and book.now < registration.until else None

    def _until(self, book: Book) -> datetime:
        return book.now + timedelta(days=self._known.terms.activate_within_days)

    def _bars(self, number: str) -> str:
        first = self._first(number)
        return {"active": "ALREADY_ACTIVE", "suspended": "SUSPENDED"}.get(first.state if first else "", "")

    def _too_young(self, fields: Mapping[str, str], book: Book) -> str:
        """By the card's day of birth; what the card does not tell whole is no reason."""
        try:
            born = date.fromisoformat(fields.get("birth_date", ""))
        except ValueError:
            return ""
        return "TOO_YOUNG" if age_on(born, book.now.astimezone(LEGAL_TIME).date()) < self._known.terms.least_age else ""

    def _phone_bars(self, number: str, phone: str, book: Book) -> str:
        waiting = self._waiting(number, book)
        if waiting is not None and waiting.phone == phone:
            return "AWAITS_ACTIVATION"
        owner = book.read(_PHONE, phone, Owner)
        if owner is not None and owner.number != number:
            theirs = self._waiting(owner.number, book)
            if theirs is not None and theirs.phone == phone:
                return "PHONE_OF_ANOTHER"
        first = next((one for one in self._known.identities if one.phone == phone), None)
        return "PHONE_OF_ANOTHER" if first is not None and not number.endswith(first.number_ending) else ""


def age_on(born: date, day: date) -> int:
    """In whole years. Who was born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


_PHONE_TITLE: Final = Words(ar="رقم الهاتف", en="Mobile number")
_ACTIVATE_BY: Final = Words(ar="يُفعَّل قبل", en="Activate by")


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "sanad.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Sanad(on_file())
