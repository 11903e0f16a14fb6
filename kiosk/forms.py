"""Answers to a service's questions: normalised first, then checked, so that no one is stopped by a way of typing."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from kiosk.catalogue import MOST_CHARACTERS, Option, Step
from kiosk.fees import Condition, applies
from kiosk.money import fils_of
from kiosk.texts import message
from kiosk.typed import LONGEST_ANSWER, SEPARATORS, digits, line, plain

CHOOSE_ONE = message("Choose one of the answers")
ENTER_PLATE = message("Enter the code and the number, as on the plate")
ENTER_CODE = message("Enter the code: 1 or 2 digits, or 2 letters")
ENTER_NUMBER = message("Enter the number: 1 to 5 digits")
ENTER_NATIONAL_NUMBER = message("Enter the national number: 10 digits")
ENTER_PERSON_NUMBER = message("Enter 10 digits, or the passport's country and number: UTO P4471203")
ENTER_ACCESS_NUMBER = message("Enter the access number: 6 digits")
ENTER_TEXT = message("Enter an answer")
ENTER_IN_ARABIC = message("Write it in Arabic letters")
ENTER_IN_LATIN = message("Write it in English letters")
ENTER_SHORTER = message("Write it shorter")
ENTER_LONGER = message("Write it in full")
ENTER_WHOLE_NUMBER = message("Enter a number")
ENTER_MORE = message("Enter a larger number")
ENTER_LESS = message("Enter a smaller number")
ENTER_DATE = message("Enter the day, the month and the year: 8 digits")
ENTER_LATER_DATE = message("Enter a later date")
ENTER_EARLIER_DATE = message("Enter an earlier date")
ENTER_PHONE = message("Enter the mobile number: 10 digits, the first 07")
ENTER_AMOUNT = message("Enter the amount in dinars")
AGREE_FIRST = message("Read the text and agree to it")
ADD_PAGES = message("Scan the document first")

AGREED: Final = "agreed"
"""The stored answer to a declaration."""

DATE_DIGITS, PHONE_DIGITS, NATIONAL_NUMBER_DIGITS = 8, 10, 10

# Jordanian plates: a code of one or two digits, or of two letters on official vehicles since August 2025; a number
# from 1 to 99999. The class of a vehicle cannot be told from its code.
_CODE = re.compile(r"[1-9][0-9]?|[A-Z]{2}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
# No check digit of the national number is public: only its length can be told.
_NATIONAL_NUMBER = re.compile(r"[0-9]{10}")
# Three letters of a state, fewer for some, and up to nine characters (Doc 9303-4, 4.2.2.2).
_PASSPORT = re.compile(r"([A-Z]{1,3})-([A-Z0-9]{5,9})")
_ACCESS_NUMBER = re.compile(r"[0-9]{6}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_MOBILE = re.compile(r"(?:00962|\+962|962|0)?(7[789][0-9]{7})")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Accepted:
    """The answer in its one stored form. Its repr does not show it: an answer may be personal."""

    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """What is to be put right: a message id that says what to do, never what was done badly."""

    message: str


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Known:
    """What an answer is checked against: the day in Jordan, and what the agency told of this person, by fact."""

    today: date
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)


def check(step: Step, text: str, known: Known) -> Accepted | Wrong:
    """The answer `text` of one step, as typed or chosen, in its stored form.

    A choice is the id of an option; a plate `12-34567`; a date `2026-11-23`; a mobile number `+962790123456`; an
    amount whole fils; a number without leading zeros; a code `RR123456785JO`. What is optional may be "".
    """
    text = text[:LONGEST_ANSWER]
    if step.optional and not text.strip():
        return Accepted("")
    return _CHECKS[step.kind](step, text, known)


def national_number(text: str) -> Accepted | Wrong:
    """Ten digits, whatever stands between them; nobody is turned away by a guess about what they mean."""
    typed = digits(text)
    return Accepted(typed) if _NATIONAL_NUMBER.fullmatch(typed) else Wrong(ENTER_NATIONAL_NUMBER)


def person_number(text: str) -> Accepted | Wrong:
    """A national number; or a passport's country and number, as `kiosk.identity.Identity.passport` writes it."""
    number = national_number(text)
    written = SEPARATORS.sub("-", plain(text[:LONGEST_ANSWER]).strip())
    if isinstance(number, Accepted):
        return number
    return Accepted(written) if _PASSPORT.fullmatch(written) else Wrong(ENTER_PERSON_NUMBER)


def access_number(text: str) -> Accepted | Wrong:
    """The six digits printed on a card (CAN, Doc 9303-11, 4.4)."""
    typed = digits(text)
    return Accepted(typed) if _ACCESS_NUMBER.fullmatch(typed) else Wrong(ENTER_ACCESS_NUMBER)


def phone(text: str) -> Accepted | Wrong:
    """A Jordanian mobile number, 077, 078 or 079 and seven digits, however its country is written before it."""
    found = _MOBILE.fullmatch(digits(text).replace("(", "").replace(")", ""))
    return Accepted(f"+962{found[1]}") if found else Wrong(ENTER_PHONE)


def applicable(steps: tuple[Step, ...], answers: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps that apply to the answers so far, in the service's order."""
    return tuple(step for step in steps if _applies(step, answers))


def _applies(step: Step, answers: Mapping[str, str]) -> bool:
    """A step that depends on a choice waits until that choice is made."""
    return applies(step.when, answers) and not _excluded(step.unless, answers)


def _excluded(unless: Condition, answers: Mapping[str, str]) -> bool:
    return any(other not in answers or applies({other: wanted}, answers) for other, wanted in unless.items())


def offered(step: Step, facts: Mapping[str, str]) -> tuple[Option, ...]:
    """The options that are open to this person, in the step's order: all of them where the agency names none."""
    named = facts.get(step.options_by, "").split()
    return tuple(option for option in step.options if not named or option.id in named)


def _choice(step: Step, text: str, known: Known) -> Accepted | Wrong:
    chosen = text.strip()
    open_to = {option.id for option in offered(step, known.facts)}
    return Accepted(chosen) if chosen in open_to else Wrong(CHOOSE_ONE)


def _text(step: Step, text: str, _: Known) -> Accepted | Wrong:
    written = digits(text) if step.script == "code" else line(text)
    if not written:
        return Wrong(ENTER_TEXT)
    if len(written) < (step.least or 1):
        return Wrong(ENTER_LONGER)
    if len(written) > (step.most or MOST_CHARACTERS):
        return Wrong(ENTER_SHORTER)
    scripts = {_script(letter) for letter in written if letter.isalpha()}
    if step.script == "arabic" and scripts - {"arabic"}:
        return Wrong(ENTER_IN_ARABIC)
    if step.script in {"latin", "code"} and scripts - {"latin"}:
        return Wrong(ENTER_IN_LATIN)
    return Accepted(written)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0].lower()


def _number(step: Step, text: str, known: Known) -> Accepted | Wrong:
    typed = digits(text)
    if not _WHOLE.fullmatch(typed):
        return Wrong(ENTER_WHOLE_NUMBER)
    return _bounded(step, int(typed), known)


def _amount(step: Step, text: str, known: Known) -> Accepted | Wrong:
    fils = fils_of(text)
    return Wrong(ENTER_AMOUNT) if fils is None else _bounded(step, fils, known)


def _bounded(step: Step, value: int, known: Known) -> Accepted | Wrong:
    """Within the step's bounds and within this person's own."""
    least, most = bounds(step, known)
    if least is not None and value < least:
        return Wrong(ENTER_MORE)
    if most is not None and value > most:
        return Wrong(ENTER_LESS)
    return Accepted(str(value))


def bounds(step: Step, known: Known) -> tuple[int | None, int | None]:
    """The least and the most that a number or an amount may be, as far as step and agency say."""
    least = [bound for bound in (step.least, _fact(step.least_by, known)) if bound is not None]
    most = [bound for bound in (step.most, _fact(step.most_by, known)) if bound is not None]
    return max(least, default=None), min(most, default=None)


def _fact(name: str, known: Known) -> int | None:
    value = known.facts.get(name, "")
    return int(value) if value.isdecimal() else None


def _date(step: Step, text: str, known: Known) -> Accepted | Wrong:
    """Day, month, year; a year first where it has four digits and separators follow."""
    typed = plain(text).strip().replace(".", "-")
    parts = SEPARATORS.split(typed)
    if len(parts) == 3:
        parts = parts[::-1] if len(parts[0]) == 4 else parts
        typed = f"{parts[0]:0>2}{parts[1]:0>2}{parts[2]}"
    found = _DATE.fullmatch(typed)
    try:
        day = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        day = None
    if day is None:
        return Wrong(ENTER_DATE)
    if step.least is not None and day < known.today + timedelta(days=step.least):
        return Wrong(ENTER_LATER_DATE)
    if step.most is not None and day > known.today + timedelta(days=step.most):
        return Wrong(ENTER_EARLIER_DATE)
    return Accepted(day.isoformat())


def _declaration(_step: Step, text: str, _: Known) -> Accepted | Wrong:
    return Accepted(AGREED) if text.strip() == AGREED else Wrong(AGREE_FIRST)


def _document(step: Step, text: str, _: Known) -> Accepted | Wrong:
    """The number of pages that were scanned; the pages themselves lie in the case."""
    typed = digits(text)
    enough = _WHOLE.fullmatch(typed) and int(typed) >= (step.least or 1)
    return Accepted(str(int(typed))) if enough else Wrong(ADD_PAGES)


def _plate(_step: Step, text: str, _: Known) -> Accepted | Wrong:
    """The first hyphen parts code from number; without one, the first space does."""
    typed = plain(text).strip()
    code, _sign, number = typed.partition("-" if "-" in typed else " ")
    code = SEPARATORS.sub("", code).lstrip("0")
    number = SEPARATORS.sub("", number).lstrip("0")
    if not code and not number:
        return Wrong(ENTER_PLATE)
    if not _CODE.fullmatch(code):
        return Wrong(ENTER_CODE)
    if not _NUMBER.fullmatch(number):
        return Wrong(ENTER_NUMBER)
    return Accepted(f"{code}-{number}")


_CHECKS: Mapping[str, Callable[[Step, str, Known], Accepted | Wrong]] = {
    "choice": _choice,
    "plate": _plate,
    "national_number": lambda _step, text, _known: national_number(text),
    "text": _text,
    "number": _number,
    "date": _date,
    "phone": lambda _step, text, _known: phone(text),
    "amount": _amount,
    "document": _document,
    "declaration": _declaration,
}
