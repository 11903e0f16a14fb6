"""Amounts of money: whole fils, and the one plain way to write them."""

from __future__ import annotations

FILS_PER_DINAR = 1000


def dinars(fils: int) -> str:
    """`42500` becomes `42.500`; a negative amount keeps its sign before the dinars (floor division would not)."""
    sign = "-" if fils < 0 else ""
    whole, rest = divmod(abs(fils), FILS_PER_DINAR)
    return f"{sign}{whole:,}.{rest:03d}"
