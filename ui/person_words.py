"""By which number a person is known, as it is told: the national number, or a foreigner's passport."""

from __future__ import annotations

from kiosk.identity import is_passport_number
from kiosk.texts import Texts


def number_words(number: str, texts: Texts, *, whole: bool = False) -> str:
    """`National number ••••••4821`; only where it is asked for, the whole of it."""
    shown = texts.isolated(number) if whole else texts.masked(number)
    if is_passport_number(number):
        return texts("Passport {number}", number=shown)
    return texts("National number {number}", number=shown)
