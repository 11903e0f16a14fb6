"""The sandbox traffic agency's fines and rules, as data and pure functions: what is owed, and what may be settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources

import msgspec

from kiosk.transaction import Agreement
from kiosk.wire import Quote, QuoteLine, Words
from offline_queue.intake.agencies import Refusal

SERVICE = "traffic.fines"


class Fine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented fine; `reason` names the text that says why it is not payable here."""

    id: str
    title: Words
    place: Words
    occurred_on: date
    amount_fils: int
    reason: str = ""


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`owner_ending` is how the owner's national number ends; "" where any number will do."""

    plate: str
    owner_ending: str = ""
    fines: tuple[Fine, ...]


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    national_number_ending: str
    fines: tuple[Fine, ...]


class Series(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Plates of this code: each owes one fine, whose id is the template's and the plate's number."""

    code: str
    fine: Fine

    def fine_of(self, plate: str) -> Fine | None:
        code, _, number = plate.partition("-")
        if code != self.code or not number.isdecimal():
            return None
        return msgspec.structs.replace(self.fine, id=f"{self.fine.id}-{number}")


class Register(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the sandbox agency has on file."""

    reasons: dict[str, Words]
    vehicles: tuple[Vehicle, ...]
    persons: tuple[Person, ...]
    series: Series


def register() -> Register:
    """The invented fines of `traffic_fines.toml`."""
    file = resources.files("offline_queue.intake.agencies") / "traffic_fines.toml"
    return msgspec.toml.decode(file.read_bytes(), type=Register)


REFUSALS: Mapping[str, Words] = {
    "SERVICE_UNKNOWN": Words(ar="هذه الخدمة ليست لدى إدارة السير", en="The Traffic Department has no such service"),
    "FIELDS_MISSING": Words(ar="رقم اللوحة أو الرقم الوطني مطلوب", en="A plate number or a national number is needed"),
    "OWNER_DIFFERS": Words(
        ar="الرقم الوطني ورقم اللوحة لا يعودان إلى شخص واحد",
        en="This national number and this plate do not belong together",
    ),
    "PLATE_UNKNOWN": Words(ar="لا توجد مركبة بهذا الرقم", en="No vehicle has this plate number"),
    "QUOTE_UNPROVEN": Words(
        ar="عرض المبلغ ليس من إدارة السير", en="The quote does not come from the Traffic Department"
    ),
    "QUOTE_OF_ANOTHER": Words(ar="عرض المبلغ لشخص آخر", en="The quote was made for another person"),
    "QUOTE_EXPIRED": Words(
        ar="انتهت مدة عرض المبلغ قبل الموافقة عليه", en="The quote had run out before it was agreed to"
    ),
    "NOTHING_CHOSEN": Words(ar="لم تُذكر أي مخالفة", en="No fine was named"),
    "LINE_UNKNOWN": Words(ar="مخالفة ليست في عرض المبلغ", en="A fine is not on the quote"),
    "NOT_PAYABLE": Words(ar="مخالفة لدى المحكمة، لا تُدفع هنا", en="A fine is at court and not paid here"),
    "AMOUNT_DIFFERS": Words(ar="المبلغ لا يطابق عرض المبلغ", en="The amount does not match the quote"),
    "NOT_REFUSED": Words(ar="هذه المعاملة مقبولة لدى إدارة السير", en="This transaction stands as accepted"),
    "ALREADY_PAID": Words(ar="سبق دفع مخالفة من هذه المخالفات", en="One of these fines was paid before"),
}


def refusal(code: str) -> Refusal:
    return Refusal(code=code, words=REFUSALS[code])


def owed(on_file: Register, fields: Mapping[str, str]) -> tuple[Fine, ...] | Refusal:
    """The fines of one vehicle, or of one person; a person without fines owes nothing, which is no refusal."""
    plate, number = fields.get("plate", ""), fields.get("national_number", "")
    if plate:
        return _of_vehicle(on_file, plate, fields.get("owner", ""))
    if not number:
        return refusal("FIELDS_MISSING")
    for person in on_file.persons:
        if number.endswith(person.national_number_ending):
            return person.fines
    return ()


def _of_vehicle(on_file: Register, plate: str, owner: str) -> tuple[Fine, ...] | Refusal:
    """Whoever asks for another person's vehicle names its owner too, and both must belong together."""
    for vehicle in on_file.vehicles:
        if vehicle.plate == plate:
            if owner and not (vehicle.owner_ending and owner.endswith(vehicle.owner_ending)):
                return refusal("OWNER_DIFFERS")
            return vehicle.fines
    if (fine := on_file.series.fine_of(plate)) is not None and not owner:
        return (fine,)
    return refusal("PLATE_UNKNOWN")


def lines(on_file: Register, fines: Iterable[Fine]) -> tuple[QuoteLine, ...]:
    return tuple(
        QuoteLine(
            id=fine.id,
            title=fine.title,
            place=fine.place,
            occurred_on=fine.occurred_on,
            amount_fils=fine.amount_fils,
            payable=not fine.reason,
            reason=on_file.reasons[fine.reason] if fine.reason else None,
        )
        for fine in fines
    )


def objection(agreement: Agreement, quote: Quote) -> Refusal | None:
    """What keeps this agreement from being settled on this quote; None when nothing does.

    The time that counts is when the person agreed, as the terminal signed it: a delivery may come days later.
    """
    if agreement.service != quote.service:
        return refusal("SERVICE_UNKNOWN")
    whose = agreement.on_behalf_of or agreement.national_number
    if quote.fields.get("owner", quote.fields.get("national_number", whose)) != whose:
        return refusal("QUOTE_OF_ANOTHER")
    if agreement.agreed_at > quote.expires_at:
        return refusal("QUOTE_EXPIRED")
    if not agreement.lines:
        return refusal("NOTHING_CHOSEN")
    return _objection_to_lines(agreement, {line.id: line for line in quote.lines})


def _objection_to_lines(agreement: Agreement, quoted: Mapping[str, QuoteLine]) -> Refusal | None:
    if len({line.id for line in agreement.lines}) != len(agreement.lines):
        return refusal("AMOUNT_DIFFERS")
    for line in agreement.lines:
        if line.id not in quoted:
            return refusal("LINE_UNKNOWN")
        if not quoted[line.id].payable:
            return refusal("NOT_PAYABLE")
        if line.amount_fils != quoted[line.id].amount_fils:
            return refusal("AMOUNT_DIFFERS")
    if agreement.total_fils != sum(line.amount_fils for line in agreement.lines):
        return refusal("AMOUNT_DIFFERS")
    return None
