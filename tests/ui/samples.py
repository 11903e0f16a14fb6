"""Scenes to draw pages from: an invented person, the shipped service, and more services made from it."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import msgspec

from kiosk import forms
from kiosk.catalogue import Service
from kiosk.catalogue import files as catalogue_files
from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.identity import Identity, Portrait
from kiosk.parked import Parked
from kiosk.scene import Scene, State
from kiosk.wire import Words

OFFICE = Words(ar="الكرك", en="Karak")
ASSETS = Path(__file__).resolve().parents[2] / "assets"
_SHIPPED = catalogue_files.load(ASSETS / "services")
FINES = _SHIPPED.service("traffic.fines")
CERTIFICATE = _SHIPPED.service("justice.non_conviction")
BOX = _SHIPPED.service("post.box")
SUBSCRIPTION = _SHIPPED.service("social_security.voluntary")
PERMIT = _SHIPPED.service("residence.permit")
LICENCE = _SHIPPED.service("licensing.vehicle")
PARCEL = _SHIPPED.service("customs.parcel")
IMPORTS = _SHIPPED.service("customs.declaration")
PERSON = Identity(
    national_number="9000000001",
    document_number="T0000001",
    name_arabic="سلمى خالد الياسمين",
    name_latin="Salma Khaled Alyasmin",
    birth_date=datetime.date(1990, 5, 17),
    expiry_date=datetime.date(2031, 5, 16),
    issuing_state="JOR",
)

PARKED = Parked(
    reference="K7QM-2XWD",
    service=FINES.id,
    parked_at=datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC),
    until=datetime.datetime(2026, 11, 26, 8, 0, tzinfo=datetime.UTC),
)
FACE = Portrait(2, 3, bytes(range(18)))

_MORE = (
    ("vehicle.licence", "تجديد رخصة مركبة", "Vehicle licence", "car-front", 5),
    ("justice.record", "شهادة عدم محكومية", "Non-conviction certificate", "shield-check", 3),
    ("social.voluntary", "الاشتراك الاختياري", "Voluntary subscription", "umbrella", 4),
    ("amman.profession", "تجديد رخصة مهن", "Profession licence", "store", 5),
    ("customs.parcel", "تخليص طرد بريدي", "Parcel clearance", "package-search", 4),
    ("tax.clearance", "براءة ذمة", "Tax clearance", "percent", 11),
)


def services(count: int) -> tuple[Service, ...]:
    more = (
        msgspec.structs.replace(FINES, id=name, title=Words(ar=arabic, en=english), icon=icon, minutes=minutes)
        for name, arabic, english, icon, minutes in _MORE
    )
    return (FINES, *more)[:count]


def known(state: State, **changes: object) -> Scene:
    """A scene in the middle of a visit: the person is known, the service chosen."""
    scene: dict[str, object] = {"visit": 1, "identity": PERSON, "services": services(1), "service": FINES}
    return Scene(state=state, **{**scene, **changes})  # type: ignore[arg-type]  # the tests name real fields


def failed(failure: Failure, money: Money = Money.NOTHING) -> Scene:
    values = {
        "agency": "",
        "date": "16/05/2026",
        "number": "KRK3-000482",
        "reference": "KRK3-000482",
        "tries": "2",
        "time": "17:46",
        "limit": "50.000 JD",
        "left": "",
        "service": "",
        "reason": "",
    }
    values["agency"] = "إدارة السير"
    told = ServiceFailure(failure, **_words_of(failure), **values)
    return known(
        State.FAILED, failure=told, money=money, total_fils=1_234_500, stopped_at=State.CHECK_ANSWERS, seconds=60
    )


def _words_of(failure: Failure) -> dict[str, str]:
    if failure in {Failure.PIN_BLOCKED, Failure.PIN_NEVER_SET}:
        return {"words_ar": "الجهة التي أصدرت البطاقة", "words_en": "The authority that issued the card"}
    return {"words_ar": "لا سجل لهذه اللوحة", "words_en": "This plate is not on record"}


def failed_on_battery(minutes: int | None) -> Scene:
    told = "" if minutes is None else str(minutes)
    return dataclasses.replace(failed(Failure.INTERNAL), failure=ServiceFailure(Failure.ON_BATTERY, minutes=told))


FIRST_PAGES: dict[str, Scene] = {
    "idle": Scene(State.IDLE, services=services(1)),
    "idle-six": Scene(State.IDLE, services=services(6)),
    "idle-no-reader": Scene(State.IDLE, services=services(1), reader_failure=ServiceFailure(Failure.NO_READER)),
    "identifying": Scene(State.IDENTIFYING, visit=1, services=services(1)),
    "home": known(State.CHOOSING_SERVICE),
    "home-seven": known(State.CHOOSING_SERVICE, services=services(7)),
    "start": known(State.START_CARD, seconds=90),
    **{
        f"start-{name}": known(State.START_CARD, service=_SHIPPED.service(name), seconds=90)
        for name in ("amman.profession_licence", "licensing.vehicle", "customs.parcel", "social_security.voluntary")
    },
    "removed": known(State.CARD_REMOVED, seconds=45, stopped_at=State.CHECK_ANSWERS),
    "warning": known(State.TIME_WARNING, seconds=45, stopped_at=State.STEPS),
    "failed": failed(Failure.AGENCY_UNREACHABLE),
    "failed-refused": failed(Failure.AGENCY_REFUSED),
    "failed-way-out": dataclasses.replace(failed(Failure.AGENCY_REFUSED), way_out=FINES),
    "failed-unknown": failed(Failure.PAYMENT_UNKNOWN, Money.UNKNOWN),
    "failed-end": failed(Failure.PRINTER_OUT_OF_PAPER, Money.COMMITTED),
    "access-number": Scene(State.ACCESS_NUMBER, visit=1, seconds=90),
    "access-number-wrong": Scene(
        State.ACCESS_NUMBER, visit=1, seconds=90, typed="123", mistake=forms.ENTER_ACCESS_NUMBER
    ),
    "parked": known(State.PARKED, parked=PARKED, slip_printed=True, seconds=60),
    "parked-no-paper": known(State.PARKED, parked=PARKED, seconds=60),
    "home-offer": known(State.CHOOSING_SERVICE, offers=(PARKED,), portrait=FACE),
    "failed-kept": dataclasses.replace(failed(Failure.READER_LOST), parked=PARKED),
    "failed-save": dataclasses.replace(failed(Failure.AGENCY_SILENT), answers=((FINES.steps[0], "mine"),)),
    "failed-battery": failed_on_battery(12),
    "take": Scene(State.TAKE_CARD, visit=2),
}
