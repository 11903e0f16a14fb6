"""The number of a postal item, as the Universal Postal Union's standard S10 forms it: RR 12345678 5 JO."""

from __future__ import annotations

import re
from typing import Final

from kiosk.typed import digits

_FORM: Final = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_MODULUS: Final = 11
_INSTEAD: Final = {10: 0, 11: 5}  # what has no digit of its own, or two


def plain_number(typed: str) -> str:
    """In capitals, without what stands between its groups."""
    return digits(typed)


def is_sound(number: str) -> bool:
    """Whether it has the standard's form, and its check digit agrees with the eight before it."""
    found = _FORM.fullmatch(number)
    return found is not None and int(found[2]) == check_digit(found[1])


def check_digit(serial: str) -> int:
    """Of eight digits (S10, "Check digit")."""
    weighed = sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True))
    left = _MODULUS - weighed % _MODULUS
    return _INSTEAD.get(left, left)
