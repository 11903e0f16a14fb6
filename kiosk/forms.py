"""Answers to a service's questions: normalised first, then checked, so that no one is stopped by a way of typing."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Mapping

from kiosk.catalogue import Step
from kiosk.texts import Texts, message

CHOOSE_ONE = message("Choose one of the answers")
ENTER_PLATE = message("Enter the code and the number, as on the plate")
ENTER_CODE = message("Enter the code: 1 or 2 digits, or 2 letters")
ENTER_NUMBER = message("Enter the number: 1 to 5 digits")
ENTER_NATIONAL_NUMBER = message("Enter the national number: 10 digits")
ENTER_ACCESS_NUMBER = message("Enter the access number: 6 digits")

LONGEST_ANSWER = 100
"""Characters of an answer that are looked at; what a person types on the keypad is far shorter."""

# Jordanian plates: a code of one or two digits, or of two letters on official vehicles since August 2025; a number
# from 1 to 99999. The class of a vehicle cannot be told from its code.
_CODE = re.compile(r"[1-9][0-9]?|[A-Z]{2}")
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
# No check digit of the national number is public: only its length can be told.
_NATIONAL_NUMBER = re.compile(r"[0-9]{10}")
_ACCESS_NUMBER = re.compile(r"[0-9]{6}")
_SEPARATORS = re.compile(r"[-\s]+")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Accepted:
    """The answer in its one stored form. Its repr does not show it: an answer may be personal."""

    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """What is to be put right: a message id that says what to do, never what was done badly."""

    message: str


def check(step: Step, text: str) -> Accepted | Wrong:
    """The answer `text` of one step, as typed or chosen.

    A choice is the id of an option. A plate is typed as `code-number` and stored like `12-34567`. A national number is
    ten digits.
    """
    if step.kind == "choice":
        chosen = text.strip()
        return Accepted(chosen) if any(option.id == chosen for option in step.options) else Wrong(CHOOSE_ONE)
    if step.kind == "national_number":
        return national_number(text)
    return _plate(text[:LONGEST_ANSWER])


def national_number(text: str) -> Accepted | Wrong:
    """Ten digits, whatever stands between them; nobody is turned away by a guess about what they mean."""
    digits = _digits(text)
    return Accepted(digits) if _NATIONAL_NUMBER.fullmatch(digits) else Wrong(ENTER_NATIONAL_NUMBER)


def access_number(text: str) -> Accepted | Wrong:
    """The six digits printed on a card (CAN, Doc 9303-11, 4.4)."""
    digits = _digits(text)
    return Accepted(digits) if _ACCESS_NUMBER.fullmatch(digits) else Wrong(ENTER_ACCESS_NUMBER)


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", plain(text[:LONGEST_ANSWER]))


def applicable(steps: tuple[Step, ...], answers: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps that apply to the answers so far, in the service's order."""
    return tuple(step for step in steps if _applies(step, answers))


def _applies(step: Step, answers: Mapping[str, str]) -> bool:
    """A step that depends on a choice waits until that choice is made."""
    wanted = all(answers.get(other) == choice for other, choice in step.when.items())
    return wanted and all(answers.get(other) not in {None, choice} for other, choice in step.unless.items())


def shown(step: Step, value: str, texts: Texts) -> str:
    """A stored answer as a person reads it."""
    if step.kind == "choice":
        return next((texts.of(option.title) for option in step.options if option.id == value), value)
    if step.kind == "national_number":
        return texts.masked(value)
    return texts.plate(value)


def plain(text: str) -> str:
    """`text` with ASCII digits and hyphens, capital letters, and nothing invisible.

    Every decimal digit of Unicode is mapped, among them Arabic-Indic (U+0660) and Persian (U+06F0); controls of
    direction and joining (category Cf) and marks that a pasted text may carry go; dashes of every kind become `-`.
    """
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character in "\u2212\u00af_/\\":
        return "-"
    if category in {"Cf", "Mn"}:
        return ""
    return " " if character.isspace() or category == "Cc" else character.upper()


def _plate(text: str) -> Accepted | Wrong:
    """The first hyphen parts code from number; without one, the first space does."""
    typed = plain(text).strip()
    code, _, number = typed.partition("-" if "-" in typed else " ")
    code = _SEPARATORS.sub("", code).lstrip("0")
    number = _SEPARATORS.sub("", number).lstrip("0")
    if not code and not number:
        return Wrong(ENTER_PLATE)
    if not _CODE.fullmatch(code):
        return Wrong(ENTER_CODE)
    if not _NUMBER.fullmatch(number):
        return Wrong(ENTER_NUMBER)
    return Accepted(f"{code}-{number}")
