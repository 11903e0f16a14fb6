"""The machine readable zone of a TD1 card: three lines of thirty characters (ICAO Doc 9303-3 and 9303-5)."""

from __future__ import annotations

import dataclasses
import datetime
import re

from devices.cards.tlv import MalformedData

_LINE = 30
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (7, 3, 1)
_LINES = re.compile(r"[A-Z0-9<]{90}")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Mrz:
    """What the zone states; optional fields without their fillers. Its repr shows nothing personal."""

    issuing_state: str
    document_number: str
    optional_upper: str
    birth: str
    expiry: str
    optional_middle: str
    primary_name: str
    given_names: str
    checked: str

    def __repr__(self) -> str:
        return "Mrz(hidden)"

    def access_information(self) -> str:
        """The input of the access keys: three fields, each with its check digit (Doc 9303-11, 4.3.2)."""
        fields = (self.document_number.ljust(9, "<"), self.birth, self.expiry)
        return "".join(field + check_digit(field) for field in fields)

    def latin_name(self) -> str:
        """Given names first, as a person is addressed."""
        words = (self.given_names + " " + self.primary_name).split()
        return " ".join(word.capitalize() for word in words)

    def birth_date(self, today: datetime.date) -> datetime.date:
        """The zone has two digits of the year; nobody is born in the future."""
        born = read_date(self.birth, today.year // 100)
        return born if born <= today else read_date(self.birth, today.year // 100 - 1)

    def expiry_date(self) -> datetime.date:
        """Cards of this kind exist since this century only."""
        return read_date(self.expiry, 20)


def read_date(digits: str, century: int) -> datetime.date:
    """Year, month, day of two digits each; an unknown part (`<<`) is not accepted. Raises MalformedData."""
    if not digits.isdigit():
        raise MalformedData("date")
    try:
        return datetime.date(century * 100 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError as error:
        raise MalformedData("date") from error


def check_digit(field: str) -> str:
    """Doc 9303-3, 4.9: weights 7, 3, 1; letters count from 10, fillers 0."""
    total = sum((_ALPHABET.find(letter) if letter != "<" else 0) * _WEIGHTS[i % 3] for i, letter in enumerate(field))
    return str(total % 10)


def parse(text: str) -> Mrz:
    """Reads three lines, with or without line ends, and checks every check digit. Raises MalformedData."""
    joined = "".join(text.split())
    if not _LINES.fullmatch(joined):
        raise MalformedData("not three lines of thirty characters")
    upper, middle, lower = (joined[start : start + _LINE] for start in range(0, 3 * _LINE, _LINE))
    number, optional = _document_number(upper)
    birth, expiry = middle[:6], middle[8:14]
    checked = upper[5:] + middle[:7] + middle[8:15] + middle[18:29]
    if (check_digit(birth), check_digit(expiry), check_digit(checked)) != (middle[6], middle[14], middle[29]):
        raise MalformedData("check digit")
    read_date(birth, 20)
    read_date(expiry, 20)
    primary, _, given = lower.partition("<<")
    return Mrz(
        issuing_state=upper[2:5].rstrip("<"),
        document_number=number,
        optional_upper=optional,
        birth=birth,
        expiry=expiry,
        optional_middle=middle[18:29].rstrip("<"),
        primary_name=primary.replace("<", " ").strip(),
        given_names=given.replace("<", " ").strip(),
        checked=checked + middle[29],
    )


def _document_number(upper: str) -> tuple[str, str]:
    """Number and optional field. A long number goes on in the optional field (Doc 9303-5, 4.2.2.1 note j)."""
    number, digit, optional = upper[5:14], upper[14], upper[15:]
    if digit == "<" and "<" in optional and len(optional.partition("<")[0]) > 1:
        rest, _, optional = optional.partition("<")
        number, digit = number + rest[:-1], rest[-1]
    if check_digit(number) != digit:
        raise MalformedData("check digit")
    return number.rstrip("<"), optional.rstrip("<")
