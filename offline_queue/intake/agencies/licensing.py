"""The sandbox licensing department: whose vehicle it is, what must be in order before its licence is renewed, and until
when it then holds.

Every rule is provisional: the department's interface, terms and present tables are not public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final

import msgspec
from sqlalchemy import Connection

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Enquiry, Fact, QuoteLine, Words
from offline_queue.intake.agencies import traffic
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.licensing_fees import Energy, Fee, Table, fee_of
from offline_queue.intake.agencies.post import renewed_until
from offline_queue.intake.agencies.sandbox import Offer
from offline_queue.intake.agencies.traffic_rules import Fine

_LICENCE: Final = "licence"
_IN_ORDER: Final = Words(ar="مستوفاة: الفحص والتأمين، ولا مخالفات", en="Inspection, insurance, no fines")

OpenFines = Callable[[Connection, str], Sequence[Fine]]
"""How the Traffic Department is asked for the fines of a plate that stand open."""


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented vehicle. `holders` is how the national numbers end of its owner and of whom the owner named at the
    department; none: anybody's will do. The licence ends `licence_days` from the day on which it is asked about."""

    plate: str
    kind: Words
    energy: Energy
    first_registered: date
    licence_days: int
    holders: tuple[str, ...] = ()
    engine_cc: int = 0
    value_fils: int = 0
    inspected: bool = True
    insured: bool = True
    seized: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    earliest_days: int
    latest_days: int


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`licensing.toml`."""

    terms: Terms
    tables: tuple[Table, ...]
    vehicles: tuple[Vehicle, ...]


class Licence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Written when it was renewed."""

    valid_until: date


class Licensing:
    agency: Final = "licensing"
    prefix: Final = "VL"
    ways_out: Final[Mapping[str, str]] = {"FINES_OPEN": "traffic.fines"}
    refusals: Mapping[str, Words] = {
        "PLATE_UNKNOWN": Words(ar="لا توجد مركبة بهذا الرقم", en="No vehicle has this plate number"),
        "VEHICLE_OF_ANOTHER": Words(
            ar="المركبة مسجلة باسم شخص آخر. يجددها مالكها أو من سمّاه لدى الإدارة",
            en="It belongs to somebody else. Its owner renews it, or whom the owner named at the Department",
        ),
        "SEIZED": Words(ar="على المركبة حجز: راجع الإدارة", en="The vehicle is under seizure: ask at the Department"),
        "NOT_DUE": Words(ar="الرخصة سارية، ولم يحن موعد تجديدها", en="The licence holds; it is too early to renew it"),
        "LAPSED": Words(
            ar="انتهت الرخصة منذ أكثر من سنة: تُجدد لدى الإدارة",
            en="The licence ended more than a year ago: it is renewed at the Department",
        ),
        "FINE_AT_COURT": Words(
            ar="على المركبة مخالفة لدى المحكمة. تُسوّى هناك أولًا، ثم تُجدد الرخصة هنا",
            en="A fine of this vehicle is at court. Settle it there first, then renew here",
        ),
        "FINES_OPEN": Words(
            ar="على المركبة مخالفات. تُدفع هنا أولًا بخدمة مخالفات السير، ثم تُجدد الرخصة",
            en="The vehicle has fines. Pay them here first with the service Traffic fines, then renew",
        ),
        "NOT_INSPECTED": Words(
            ar="الفحص الفني غير مختوم. تُفحص المركبة أولًا، ثم تُجدد الرخصة هنا",
            en="The inspection is not stamped. Have the vehicle inspected first, then renew here",
        ),
        "NOT_INSURED": Words(
            ar="لم تصل وثيقة التأمين. ترسلها شركة التأمين إلكترونيًا، ثم تُجدد الرخصة هنا",
            en="The insurance has not arrived. The insurer sends it electronically, then renew here",
        ),
        "NO_FEE_KNOWN": Words(
            ar="لا رسم معلنًا لهذه المركبة: تُجدد لدى الإدارة",
            en="No published fee fits this vehicle: renew it at the Department",
        ),
    }

    def __init__(self, known: OnFile, open_fines: OpenFines) -> None:
        self._known = known
        self._open_fines = open_fines

    def look_up(self, enquiry: Enquiry, book: Book, /) -> tuple[Fact, ...] | str:
        """Of this person's vehicles that are due, the one whose licence ends first. Without one the plate is asked."""
        number, today = enquiry.fields.get("national_number", ""), _day(book.now)
        due = [vehicle for vehicle in self._known.vehicles if vehicle.holders and self._is_due(vehicle, number, book)]
        if not due:
            return ()
        first = min(due, key=lambda vehicle: self._valid_until(vehicle, book, today))
        ends = self._valid_until(first, book, today)
        return (
            Fact(id="plate", title=_PLATE, value=first.plate),
            Fact(id="ends", title=first.kind, value=ends.isoformat(), words=_holding(ends, today)),
        )

    def offer(self, enquiry: Enquiry, book: Book, /) -> Offer | str:
        vehicle = self._vehicle(enquiry.fields.get("plate", ""))
        if vehicle is None:
            return "PLATE_UNKNOWN"
        number = enquiry.fields.get("national_number", "")
        if code := self._bars(vehicle, number, book, _day(book.now)) or self._wanting(vehicle, book):
            return code
        fee = fee_of(self._known.tables, vehicle)
        if fee is None:
            return "NO_FEE_KNOWN"
        return Offer((_line(fee),), self._facts(vehicle, fee, book))

    def object_to(self, agreement: Agreement, book: Book, /) -> str:
        """What was in order when the quote was signed stays so until it runs out; that the vehicle was seized since, or
        its licence renewed by another, does not."""
        vehicle = self._vehicle(agreement.answers.get("plate", ""))
        if vehicle is None:
            return "PLATE_UNKNOWN"
        whose = agreement.on_behalf_of or agreement.national_number
        return self._bars(vehicle, whose, book, _day(agreement.agreed_at))

    def accept(self, agreement: Agreement, book: Book, /) -> None:
        vehicle = self._vehicle(agreement.answers["plate"])
        assert vehicle is not None, "object_to has found it"
        until = renewed_until(self._valid_until(vehicle, book, _day(agreement.agreed_at)), 1)
        book.write(_LICENCE, vehicle.plate, Licence(valid_until=until))

    # -- the file

    def _vehicle(self, plate: str) -> Vehicle | None:
        return next((vehicle for vehicle in self._known.vehicles if vehicle.plate == plate), None)

    def _valid_until(self, vehicle: Vehicle, book: Book, today: date) -> date:
        renewed = book.read(_LICENCE, vehicle.plate, Licence)
        return renewed.valid_until if renewed else today + timedelta(days=vehicle.licence_days)

    def _is_due(self, vehicle: Vehicle, number: str, book: Book) -> bool:
        return not self._bars(vehicle, number, book, _day(book.now))

    def _bars(self, vehicle: Vehicle, number: str, book: Book, today: date) -> str:
        """What no one but the department itself can set right."""
        if vehicle.holders and not _holds(vehicle, number):
            return "VEHICLE_OF_ANOTHER"
        if vehicle.seized:
            return "SEIZED"
        left = (self._valid_until(vehicle, book, today) - today).days
        if left > self._known.terms.earliest_days:
            return "NOT_DUE"
        return "LAPSED" if left < -self._known.terms.latest_days else ""

    def _wanting(self, vehicle: Vehicle, book: Book) -> str:
        """What the person can see to first."""
        fines = self._open_fines(book.connection, vehicle.plate)
        wanting = {
            "FINES_OPEN": any(not fine.reason for fine in fines),
            "FINE_AT_COURT": bool(fines),  # what is left when all that can be paid here was paid
            "NOT_INSPECTED": not vehicle.inspected,
            "NOT_INSURED": not vehicle.insured,
        }
        return next((code for code, is_so in wanting.items() if is_so), "")

    def _facts(self, vehicle: Vehicle, fee: Fee, book: Book) -> tuple[Fact, ...]:
        until = renewed_until(self._valid_until(vehicle, book, _day(book.now)), 1)
        return (
            Fact(id="until", title=_UNTIL, value=until.isoformat(), words=_date_words(until), on_receipt=True),
            Fact(id="vehicle", title=_VEHICLE, value=vehicle.kind.en, words=vehicle.kind),
            Fact(id="grade", title=_GRADE, value=fee.grade.en, words=fee.grade, on_receipt=True),
            Fact(id="in_order", title=_CHECKED, value=_IN_ORDER.en, words=_IN_ORDER),
        )


_PLATE: Final = Words(ar="اللوحة", en="Plate")
_VEHICLE: Final = Words(ar="نوع المركبة", en="Kind of vehicle")
_GRADE: Final = Words(ar="فئة الرسم", en="Fee class")
_CHECKED: Final = Words(ar="الشروط", en="In order")
_UNTIL: Final = Words(ar="تُجدد حتى", en="Renewed until")
_FEE: Final = Words(ar="رسم الترخيص لسنة", en="Licence fee for a year")


def _line(fee: Fee) -> QuoteLine:
    return QuoteLine(
        id="annual",
        title=_FEE,
        place=None,
        occurred_on=None,
        amount_fils=fee.fils,
        payable=True,
        reason=fee.reason,
    )


def _holds(vehicle: Vehicle, number: str) -> bool:
    return number.endswith(vehicle.holders) if number else False


def _day(moment: datetime) -> date:
    return moment.astimezone(LEGAL_TIME).date()


def _date_words(day: date) -> Words:
    return Words(ar=f"{day:%d/%m/%Y}", en=f"{day:%d/%m/%Y}")


def _holding(ends: date, today: date) -> Words:
    if ends < today:
        return Words(ar=f"انتهت الرخصة في {ends:%d/%m/%Y}", en=f"licence ended on {ends:%d/%m/%Y}")
    return Words(ar=f"الرخصة سارية حتى {ends:%d/%m/%Y}", en=f"licence valid until {ends:%d/%m/%Y}")


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "licensing.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)


RULES: Final = Licensing(on_file(), traffic.unpaid)
