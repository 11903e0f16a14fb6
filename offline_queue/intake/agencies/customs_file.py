"""What the sandbox customs has on file: terms, kinds of goods, centres, parcels and declarations (`customs.toml`)."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources
from typing import Literal

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.wire import Words
from offline_queue.intake.agencies.customs_duties import Goods, ParcelRule


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`keep_days` a parcel lies at the post, `pay_days` an assessment holds."""

    tax_per_mille: int
    service_fils: int
    keep_days: int
    pay_days: int


class Centre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customs centre, by the id that the service offers."""

    id: str
    name: Words


class Parcel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented parcel. `addressee` is how the national number of its addressee ends, or the number of the document
    that the person is known by; empty: anybody's will do. It came to the post `arrived_days` before the day on which
    it is asked about; below zero it is still to come."""

    number: str
    sender: Words
    contents: Words
    goods: str
    value_fils: int
    arrived_days: int
    office: Words
    addressee: str = ""


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One invented import. `holders` is how the national numbers end of the importer and of whom the importer named;
    anybody else asks with the phone number that stands on it. `since_days` is how long it has stood like that; once
    paid, the goods are released after `release_hours`. One in a customs `case` is neither told of nor paid here."""

    number: str
    centre: str
    phone: str
    goods: str
    contents: Words
    value_fils: int
    standing: Literal["inspection", "assessed", "released"]
    since_days: int
    years_ago: int = 0
    holders: tuple[str, ...] = ()
    release_hours: int = 0
    case: bool = False


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`customs.toml`."""

    terms: Terms
    rules: tuple[ParcelRule, ...]
    goods: tuple[Goods, ...]
    centres: tuple[Centre, ...]
    parcels: tuple[Parcel, ...]
    declarations: tuple[Declaration, ...]

    def kind(self, identifier: str) -> Goods:
        return next(goods for goods in self.goods if goods.id == identifier)

    def centre(self, identifier: str) -> Words:
        return next(centre.name for centre in self.centres if centre.id == identifier)

    def parcel(self, number: str) -> Parcel | None:
        return next((parcel for parcel in self.parcels if parcel.number == number), None)

    def declaration(self, number: str) -> Declaration | None:
        return next((one for one in self.declarations if one.number == number), None)


def day_of(moment: datetime) -> date:
    """In Jordan."""
    return moment.astimezone(LEGAL_TIME).date()


def date_words(day: date) -> Words:
    return Words(ar=f"{day:%d/%m/%Y}", en=f"{day:%d/%m/%Y}")


def on_file() -> OnFile:
    file = resources.files("offline_queue.intake.agencies") / "customs.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)
