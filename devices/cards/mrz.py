"""The machine readable zone of the three document sizes, TD1, TD2 and TD3 (ICAO Doc 9303-3 to 9303-6)."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import re

from devices.cards.tlv import MalformedData

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (7, 3, 1)
_CHARACTERS = re.compile(r"[A-Z0-9<]+")
_PARTLY_KNOWN_DATE = re.compile(r"(?:[0-9]{2}|<<){3}")


class Kind(enum.StrEnum):
    """The size of a document, which says how its zone is laid out."""

    TD1 = "TD1"
    """A card: three lines of 30 characters (Doc 9303-5)."""
    TD2 = "TD2"
    """A larger card: two lines of 36 (Doc 9303-6)."""
    TD3 = "TD3"
    """A passport's data page: two lines of 44 (Doc 9303-4)."""


_KINDS = {3 * 30: Kind.TD1, 2 * 36: Kind.TD2, 2 * 44: Kind.TD3}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Mrz:
    """What the zone states; fields without their trailing fillers. Its repr shows nothing personal.

    Each size has its own optional fields; those of the others are empty. `checked` is all that check digits cover.
    """

    kind: Kind
    document_code: str
    issuing_state: str
    nationality: str
    document_number: str
    birth: str
    expiry: str
    primary_name: str
    given_names: str
    name_may_be_truncated: bool
    checked: str
    optional_upper: str = ""
    """Of TD1, behind the document number."""
    optional_middle: str = ""
    """Of TD1, behind the nationality."""
    optional_lower: str = ""
    """Of TD2."""
    personal_number: str = ""
    """Of TD3: a personal number or whatever else the issuer wrote there."""

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

    def birth_date(self, today: datetime.date) -> datetime.date | None:
        """None where a part of it is unknown. The zone has two digits of the year; nobody is born in the future."""
        if "<" in self.birth:
            return None
        born = read_date(self.birth, today.year // 100)
        return born if born <= today else read_date(self.birth, today.year // 100 - 1)

    def expiry_date(self) -> datetime.date:
        """Chips are in documents since this century only."""
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
    """Reads the lines of one zone, with or without line ends, and checks every check digit. Raises MalformedData."""
    joined = "".join(text.split())
    kind = _KINDS.get(len(joined))
    if kind is None or not _CHARACTERS.fullmatch(joined):
        raise MalformedData("not the lines of a TD1, TD2 or TD3 zone")
    if kind is Kind.TD1:
        return _parse_three_lines(joined[:30], joined[30:60], joined[60:])
    half = len(joined) // 2
    return _parse_two_lines(kind, joined[:half], joined[half:])


def _parse_three_lines(upper: str, middle: str, lower: str) -> Mrz:
    """Doc 9303-5, 4.2.2."""
    number, optional = _document_number(upper[5:14], upper[14], upper[15:])
    birth, expiry = middle[:6], middle[8:14]
    checked = upper[5:] + middle[:7] + middle[8:15] + middle[18:29]
    _verify((birth, middle[6]), (expiry, middle[14]), (checked, middle[29]))
    _verify_dates(birth, expiry)
    primary, given = _names(lower)
    return Mrz(
        kind=Kind.TD1,
        document_code=_without_fillers(upper[:2]),
        issuing_state=_without_fillers(upper[2:5]),
        nationality=_without_fillers(middle[15:18]),
        document_number=number,
        birth=birth,
        expiry=expiry,
        primary_name=primary,
        given_names=given,
        name_may_be_truncated=_may_be_truncated(lower),
        checked=checked + middle[29],
        optional_upper=optional,
        optional_middle=_without_fillers(middle[18:29]),
    )


def _parse_two_lines(kind: Kind, upper: str, lower: str) -> Mrz:
    """TD2 and TD3 differ in what follows the expiry (Doc 9303-6, 4.2.2; Doc 9303-4, 4.2.2)."""
    birth, expiry, optional = lower[13:19], lower[21:27], lower[28:-1]
    if kind is Kind.TD3:
        number, optional = _short_document_number(lower[:9], lower[9]), _personal_number(optional[:14], optional[14])
    else:
        number, optional = _document_number(lower[:9], lower[9], optional)
    checked = lower[:10] + lower[13:20] + lower[21:-1]
    _verify((birth, lower[19]), (expiry, lower[27]), (checked, lower[-1]))
    _verify_dates(birth, expiry)
    primary, given = _names(upper[5:])
    return Mrz(
        kind=kind,
        document_code=_without_fillers(upper[:2]),
        issuing_state=_without_fillers(upper[2:5]),
        nationality=_without_fillers(lower[10:13]),
        document_number=number,
        birth=birth,
        expiry=expiry,
        primary_name=primary,
        given_names=given,
        name_may_be_truncated=_may_be_truncated(upper),
        checked=checked + lower[-1],
        optional_lower=optional if kind is Kind.TD2 else "",
        personal_number=optional if kind is Kind.TD3 else "",
    )


def _verify(*fields: tuple[str, str]) -> None:
    if any(check_digit(field) != digit for field, digit in fields):
        raise MalformedData("check digit")


def _verify_dates(birth: str, expiry: str) -> None:
    """Of a birth, parts may be unknown (Doc 9303-3, 4.8). An expiry must be whole: validity is checked with it."""
    if not _PARTLY_KNOWN_DATE.fullmatch(birth):
        raise MalformedData("date")
    if "<" not in birth:
        read_date(birth, 20)
    read_date(expiry, 20)


def _document_number(number: str, digit: str, optional: str) -> tuple[str, str]:
    """Number and optional field. Of a number longer than nine characters the rest, its check digit and a filler stand
    in the optional field, and a filler where the check digit would be (Doc 9303-5 and 9303-6, notes on 4.2.2)."""
    if digit == "<" and "<" in optional and len(optional.partition("<")[0]) > 1:
        rest, _, optional = optional.partition("<")
        number, digit = number + rest[:-1], rest[-1]
    return _short_document_number(number, digit), _without_fillers(optional)


def _short_document_number(number: str, digit: str) -> str:
    _verify((number, digit))
    return _without_fillers(number)


def _personal_number(number: str, digit: str) -> str:
    """The check digit of a field without content may be 0 or a filler (Doc 9303-4, 4.2.2.2)."""
    content = _without_fillers(number)
    if content or digit != "<":
        _verify((number, digit))
    return content


def _names(field: str) -> tuple[str, str]:
    """Primary identifier, two fillers, secondary identifiers; either may be missing (Doc 9303-3, 4.6)."""
    primary, _, given = field.partition("<<")
    return primary.replace("<", " ").strip(), given.replace("<", " ").strip()


def _may_be_truncated(field: str) -> bool:
    """A name that ends with its field may have gone on (Doc 9303-4, 4.2.3)."""
    return field[-1] != "<"


def _without_fillers(field: str) -> str:
    """What stands before the fillers at the end of `field`."""
    return field.rstrip("<")
