"""The machine-readable zone of an ID-1 card, TD1: three lines of 30 characters (ICAO Doc 9303-5, 4.2)."""

from __future__ import annotations

import datetime

from devices.virtual.issuer.people import Card

WIDTH = 30
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (7, 3, 1)


def lines(card: Card, issuing_state: str = "JOR", code: str = "ID") -> tuple[str, str, str]:
    """The three lines. The national number stands in the first line's optional data.

    Where the Jordanian card really holds it, and its second letter, is not published: `ID` and this place are ours.
    """
    person = card.person
    number, optional = _padded(card.document_number, 9), _padded(person.national_number, 15)
    first = code + issuing_state + number + check_digit(number) + optional
    birth, expiry = _date(person.birth_date), _date(card.expiry_date)
    second = birth + check_digit(birth) + person.sex + expiry + check_digit(expiry) + issuing_state
    second = _padded(second, 29)
    second += check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    third = _padded(f"{person.surname_latin}<<{person.given_names_latin.replace(' ', '<')}", WIDTH)
    return first, second, third


def check_digit(text: str) -> str:
    """Doc 9303-3, 4.9: weights 7-3-1, digits as they are, letters from 10, the filler as 0, modulo 10."""
    values = (0 if mark == "<" else LETTERS.index(mark) for mark in text)
    return str(sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _date(day: datetime.date) -> str:
    return f"{day:%y%m%d}"


def _padded(text: str, width: int) -> str:
    return text.ljust(width, "<")[:width]
