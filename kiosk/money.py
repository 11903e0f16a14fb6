"""Amounts of money: whole fils, and the one plain way to write them."""

from __future__ import annotations

import re
import unicodedata

FILS_PER_DINAR = 1000


def dinars(fils: int) -> str:
    """`42500` becomes `42.500`; a negative amount keeps its sign before the dinars (floor division would not)."""
    sign = "-" if fils < 0 else ""
    whole, rest = divmod(abs(fils), FILS_PER_DINAR)
    return f"{sign}{whole:,}.{rest:03d}"


_TYPED = re.compile(r"([0-9]{1,5})(?:[.,٫]([0-9]{0,3}))?")


def fils_of(typed: str) -> int | None:
    """What was typed as dinars, with a point or comma before up to three digits of fils; None where it is no amount.

    Digits of any script; at most 99999 dinars, which no drawer holds.
    """
    text = "".join(str(unicodedata.decimal(one, -1)) if unicodedata.category(one) == "Nd" else one for one in typed)
    found = _TYPED.fullmatch("".join(text.split()))
    return None if found is None else int(found[1]) * FILS_PER_DINAR + int((found[2] or "").ljust(3, "0"))


_HANDED_OVER = (5, 10, 20, 50)
"""Dinars of the notes that people pay with (Central Bank of Jordan: 1, 5, 10, 20 and 50)."""


def likely_tendered(total_fils: int) -> tuple[int, ...]:
    """What may be handed over for a total: exactly that, and what notes of one kind make it; the smallest four."""
    rounded = {-(-total_fils // (note * FILS_PER_DINAR)) * note * FILS_PER_DINAR for note in _HANDED_OVER}
    return tuple(sorted({total_fils, *rounded})[:4])
