"""The people whose cards are issued. All are invented; no number here was taken from a real card."""

from __future__ import annotations

import dataclasses
import datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """National numbers follow the shape that is publicly told (ten digits), nothing more is known of their rule."""

    national_number: str
    surname_latin: str
    given_names_latin: str
    surname_arabic: str
    given_names_arabic: str
    birth_date: datetime.date
    sex: str


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """One document of one person; `access_number` is the six digits printed on it (CAN), empty for none."""

    person: Person
    document_number: str
    expiry_date: datetime.date
    access_number: str = ""


SALMA_PIN = "482915"
SALMA = Person(
    national_number="9912004821",
    surname_latin="ALYASMEEN",
    given_names_latin="SALMA KHALED",
    surname_arabic="الياسمين",
    given_names_arabic="سلمى خالد",
    birth_date=datetime.date(1991, 4, 17),
    sex="F",
)
OMAR = Person(
    national_number="9841036157",
    surname_latin="ALZAYTOUN",
    given_names_latin="OMAR FARES",
    surname_arabic="الزيتون",
    given_names_arabic="عمر فارس",
    birth_date=datetime.date(1984, 11, 2),
    sex="M",
)
LAYLA = Person(
    national_number="9872015360",
    surname_latin="ALRAYHAN",
    given_names_latin="LAYLA SAMI",
    surname_arabic="الريحان",
    given_names_arabic="ليلى سامي",
    birth_date=datetime.date(1987, 7, 23),
    sex="F",
)
KARIM = Person(
    national_number="9761028493",
    surname_latin="ALSINDYAN",
    given_names_latin="KARIM NABIL",
    surname_arabic="السنديان",
    given_names_arabic="كريم نبيل",
    birth_date=datetime.date(1976, 2, 9),
    sex="M",
)

NADIA = Person(
    national_number="9902071846",
    surname_latin="ALSAFSAF",
    given_names_latin="NADIA BASEM",
    surname_arabic="الصفصاف",
    given_names_arabic="نادية باسم",
    birth_date=datetime.date(1990, 8, 5),
    sex="F",
)
"""Whose cards are those of the laboratory."""
UTOPIAN = Person(
    national_number="",
    surname_latin="LINDENBAUM",
    given_names_latin="THOMAS",
    surname_arabic="",
    given_names_arabic="",
    birth_date=datetime.date(1978, 6, 30),
    sex="M",
)

ELENA = Person(
    national_number="",
    surname_latin="MARIN",
    given_names_latin="ELENA SOFIA",
    surname_arabic="",
    given_names_arabic="",
    birth_date=datetime.date(1989, 3, 12),
    sex="F",
)
"""Lives in Jordan with a passport of another country."""


def salma_card(today: datetime.date) -> Card:
    return Card(SALMA, "SPX704182", datetime.date(today.year + 6, 3, 14))


def omar_card(today: datetime.date) -> Card:
    return Card(OMAR, "SPX551937", datetime.date(today.year + 4, 9, 30))


def expired_card(today: datetime.date) -> Card:
    return Card(OMAR, "SPX118264", today - datetime.timedelta(days=40))


def layla_card(today: datetime.date) -> Card:
    return Card(LAYLA, "SPX830274", datetime.date(today.year + 5, 5, 20), "518204")


def karim_card(today: datetime.date) -> Card:
    return Card(KARIM, "SPX642815", datetime.date(today.year + 7, 11, 8), "730961")


def elena_passport(today: datetime.date) -> Card:
    return Card(ELENA, "P4471203", datetime.date(today.year + 4, 6, 21))


def laboratory_card(today: datetime.date) -> Card:
    return Card(NADIA, "SPX417603", datetime.date(today.year + 5, 2, 19), "604172")


def passport(today: datetime.date) -> Card:
    return Card(NADIA, "T0048215", datetime.date(today.year + 4, 10, 3), "295831")


def utopian_card(today: datetime.date) -> Card:
    return Card(UTOPIAN, "U77310542", datetime.date(today.year + 3, 7, 12), "880134")
