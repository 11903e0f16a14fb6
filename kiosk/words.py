"""Amounts of money written out in words, as the paper and the check page say them beside the figures.

The Arabic is nominative. A counted noun follows its number: singular or dual for 1 and 2, plural for 3 to 10,
singular accusative for 11 to 99, and after hundreds and thousands whatever the last two digits ask for.
"""

# ruff: noqa: SIM905 - number words read best as a line of words
from __future__ import annotations

import dataclasses
from typing import Literal

from kiosk.money import FILS_PER_DINAR

LARGEST_FILS = 10**9 * FILS_PER_DINAR - 1


@dataclasses.dataclass(frozen=True, slots=True)
class _Noun:
    """The forms that an Arabic noun takes after a number; `singular` is the genitive after hundreds."""

    one: str
    two: str
    few: str
    many: str
    singular: str


_DINAR = _Noun("دينار واحد", "ديناران", "دنانير", "دينارًا", "دينار")
_FILS = _Noun("فلس واحد", "فلسان", "فلسات", "فلسًا", "فلس")
_THOUSAND = _Noun("ألف", "ألفان", "آلاف", "ألفًا", "ألف")
_MILLION = _Noun("مليون", "مليونان", "ملايين", "مليونًا", "مليون")

_UNITS = "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة".split()
_TEENS = "عشرة,أحد عشر,اثنا عشر,ثلاثة عشر,أربعة عشر,خمسة عشر,ستة عشر,سبعة عشر,ثمانية عشر,تسعة عشر".split(",")
_TENS = "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون".split()
_HUNDREDS = "مئة مئتان ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة".split()

_ENGLISH_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def amount_in_words(fils: int, language: Literal["ar", "en"]) -> str:
    """`42500` becomes «اثنان وأربعون دينارًا وخمسمئة فلس» or "forty-two dinars and five hundred fils".

    A part that is zero is left out; nothing at all is zero dinars. Raises ValueError below 0 and from 10^9 dinars.
    """
    if not 0 <= fils <= LARGEST_FILS:
        raise ValueError("an amount in words is at least 0 and less than a thousand million dinars")
    dinars, rest = divmod(fils, FILS_PER_DINAR)
    if language == "ar":
        parts = [_arabic(number, noun) for number, noun in ((dinars, _DINAR), (rest, _FILS)) if number]
        return " و".join(parts) or f"صفر {_DINAR.singular}"
    parts = [f"{_english(dinars)} dinar{'' if dinars == 1 else 's'}"] if dinars else []
    parts += [f"{_english(rest)} fils"] if rest else []
    return " and ".join(parts) or "zero dinars"


def _arabic(number: int, noun: _Noun, *, construct: bool = False) -> str:
    """A number from 1 with its noun. `construct`: another noun follows at once, so duals lose ن and tanween goes."""
    rest, tail = divmod(number, 100)
    higher = _higher(rest * 100, before_noun=tail < 3)
    if tail < 3 and higher:
        whole = f"{higher} {noun.singular}"
        return f"{whole} و{_below_hundred(tail, noun, construct=construct)}" if tail else whole
    counted = _below_hundred(tail, noun, construct=construct)
    return f"{higher} و{counted}" if higher else counted


def _below_hundred(number: int, noun: _Noun, *, construct: bool) -> str:
    """A number from 1 to 99 with its noun."""
    if number == 1:
        return noun.one
    if number == 2:
        return noun.two.removesuffix("ن") if construct else noun.two
    if number <= 10:
        return f"{_UNITS[number]} {noun.few}"
    return f"{_two_digits(number)} {noun.singular if construct else noun.many}"


def _two_digits(number: int) -> str:
    if number < 20:
        return _TEENS[number - 10]
    tens, units = divmod(number, 10)
    return f"{_UNITS[units]} و{_TENS[tens - 2]}" if units else _TENS[tens - 2]


def _higher(number: int, *, before_noun: bool) -> str:
    """Millions, thousands and hundreds; the last of them is in construct where the noun follows it directly."""
    parts = []
    for size, scale in ((1_000_000, _MILLION), (1000, _THOUSAND)):
        count, number = divmod(number, size)
        if count:
            parts.append(_arabic(count, scale, construct=before_noun and not number))
    if number:
        hundreds = _HUNDREDS[number // 100 - 1]
        parts.append(hundreds.removesuffix("ن") if before_noun and number == 200 else hundreds)
    return " و".join(parts)


def _english(number: int) -> str:
    if number < 20:
        return _ENGLISH_UNITS[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return _ENGLISH_TENS[tens - 2] + (f"-{_ENGLISH_UNITS[units]}" if units else "")
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            count, rest = divmod(number, size)
            joint = " and " if rest < 100 else " "
            return f"{_english(count)} {name}" + (f"{joint}{_english(rest)}" if rest else "")
    raise AssertionError(number)
