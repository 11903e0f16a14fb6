"""What renewing late costs at the sandbox Greater Amman Municipality: by the day of the year that a licence is for, and
by decisions that prolong the time of single years. Pure functions of dated data (`amman.toml`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.fees import share

Of = Literal["licence", "sign"]
_WHOLE = 100


class Period(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From this day of the licence's year on, until the next period begins."""

    month: Annotated[int, Meta(ge=1, le=12)]
    day: Annotated[int, Meta(ge=1, le=31)]
    percent: Annotated[int, Meta(ge=0, le=100)]


class Penalty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule and its source; the first of its `periods` begins with the year. With a `year` it is a decision on that
    year alone, and goes before the rule."""

    of: Of
    source: str
    periods: Annotated[tuple[Period, ...], Meta(min_length=1)]
    year: int | None = None


def percent_on(penalties: Iterable[Penalty], of: Of, year: int, day: date) -> int:
    """What is added on that day to the basic fee of that year. Nothing is late before the year has begun."""
    rule = _rule(penalties, of, year)
    begun = [period for period in rule.periods if date(year, period.month, period.day) <= day]
    return begun[-1].percent if begun else 0


def penalty_fils(fee_fils: int, percent: int) -> int:
    return share(fee_fils, percent, _WHOLE)


def _rule(penalties: Iterable[Penalty], of: Of, year: int) -> Penalty:
    rules = [penalty for penalty in penalties if penalty.of == of and penalty.year in {None, year}]
    return max(rules, key=lambda penalty: penalty.year or 0)
