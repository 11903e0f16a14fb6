"""The machine-readable zones of documents: TD1 and TD2 cards, TD3 passports (ICAO Doc 9303-4, -5 and -6)."""

from __future__ import annotations

import datetime

from devices.virtual.issuer.people import Card

TD1_WIDTH, TD2_WIDTH, TD3_WIDTH = 30, 36, 44
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (7, 3, 1)


def lines(card: Card, issuing_state: str = "JOR", code: str = "ID") -> tuple[str, str, str]:
    """TD1, three lines of 30 characters. The national number stands in the first line's optional data.

    Where the Jordanian card really holds it, and its second letter, is not published: `ID` and this place are ours.
    """
    person = card.person
    number, optional = _padded(card.document_number, 9), _padded(person.national_number, 15)
    first = code + issuing_state + number + check_digit(number) + optional
    birth, expiry = _date(person.birth_date), _date(card.expiry_date)
    second = birth + check_digit(birth) + person.sex + expiry + check_digit(expiry) + issuing_state
    second = _padded(second, 29)
    second += check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return first, second, _padded(_name(card), TD1_WIDTH)


def passport_lines(card: Card, issuing_state: str) -> tuple[str, str]:
    """TD3, two lines of 44 characters (9303-4, 4.2); the national number stands in the second line."""
    first = _padded(f"P<{issuing_state}{_name(card)}", TD3_WIDTH)
    personal = _padded(card.person.national_number, 14)
    second = _numbers(card, issuing_state) + personal + check_digit(personal)
    return first, second + check_digit(second[0:10] + second[13:20] + second[21:43])


def middle_lines(card: Card, issuing_state: str) -> tuple[str, str]:
    """TD2, two lines of 36 characters (9303-6, 4.2)."""
    first = _padded(f"I<{issuing_state}{_name(card)}", TD2_WIDTH)
    second = _padded(_numbers(card, issuing_state), TD2_WIDTH - 1)
    return first, second + check_digit(second[0:10] + second[13:20] + second[21:35])


def check_digit(text: str) -> str:
    """Doc 9303-3, 4.9: weights 7-3-1, digits as they are, letters from 10, the filler as 0, modulo 10."""
    values = (0 if mark == "<" else LETTERS.index(mark) for mark in text)
    return str(sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def _numbers(card: Card, issuing_state: str) -> str:
    """The first 28 characters of the second line, alike on TD2 and TD3."""
    number = _padded(card.document_number, 9)
    birth, expiry = _date(card.person.birth_date), _date(card.expiry_date)
    return (
        number
        + check_digit(number)
        + issuing_state
        + birth
        + check_digit(birth)
        + card.person.sex
        + expiry
        + check_digit(expiry)
    )


def _name(card: Card) -> str:
    return f"{card.person.surname_latin}<<{card.person.given_names_latin.replace(' ', '<')}"


def _date(day: datetime.date) -> str:
    return f"{day:%y%m%d}"


def _padded(text: str, width: int) -> str:
    return text.ljust(width, "<")[:width]
