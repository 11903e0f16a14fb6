"""What the sandbox Social Security goes by: dated rules, and pure functions of months, wages and what is due.

A month is the date of its first day. A contribution is for one month, and due from the day on which that month has
ended. The share of the wage, the bounds, the ages and the surcharge are publicly told by the press; how they are
applied to a day is not, and so every rule is provisional.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from kiosk.fees import share

Sex = Literal["male", "female"]


class WageBand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The greatest wage on which a person of that age or more may join."""

    from_age: int
    most_fils: int


class AgeLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Only below that age."""

    male: int
    female: int

    def of(self, sex: Sex) -> int:
        return self.male if sex == "male" else self.female


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds from `first_day` until the next rule does. `rise_from` and `rise_until` are the first and the last day
    on which a wage may rise, as month and day."""

    first_day: date
    contribution_per_mille: int
    due_day: int  # of the month after
    late_percent: int  # for each month that has begun since
    least_wage_fils: int
    wage_bands: tuple[WageBand, ...]
    least_age: int
    joins_below: AgeLimit
    rise_percent: int
    rise_from: tuple[int, int]
    rise_until: tuple[int, int]
    cut_percent: int
    cuts_below: AgeLimit

    def contribution(self, wage_fils: int) -> int:
        return share(wage_fils, self.contribution_per_mille, 1000)

    def due_on(self, month: date) -> date:
        """The last day on which that month's contribution costs nothing more."""
        return following(month).replace(day=self.due_day)

    def wages_at(self, age: int) -> tuple[int, int]:
        """The least and the greatest wage of whoever joins at that age."""
        bands = [band.most_fils for band in self.wage_bands if band.from_age <= age]
        return self.least_wage_fils, bands[-1]

    def may_rise(self, day: date) -> bool:
        return self.rise_from <= (day.month, day.day) <= self.rise_until


def in_force(rules: Iterable[Rule], day: date) -> Rule | None:
    """The latest that has begun by that day."""
    return max((rule for rule in rules if rule.first_day <= day), key=lambda rule: rule.first_day, default=None)


# ---------------------------------------------------------------- months


def month_of(day: date) -> date:
    return day.replace(day=1)


def following(month: date, count: int = 1) -> date:
    """So many months after that one; before it where `count` is negative."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def last_day(month: date) -> date:
    return following(month) - timedelta(days=1)


def months(first: date, last: date) -> Iterator[date]:
    """Both included; none where `last` is before `first`."""
    while first <= last:
        yield first
        first = following(first)


def months_late(due: date, day: date) -> int:
    """How many months have begun since the day after `due`."""
    if day <= due:
        return 0
    return (day.year - due.year) * 12 + day.month - due.month + (day.day > due.day)


def age_on(born_on: date, day: date) -> int:
    """Completed years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


# ---------------------------------------------------------------- a subscription


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From one month to another, both included."""

    first: date
    last: date

    def months(self) -> Iterator[date]:
        return months(self.first, self.last)


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A person's, as it is on file: from which month on it counts, the last month that is paid, and on which wage.
    `risen_in` is the year of the last rise, 0 for none; `earlier` are the months before it was stopped."""

    since: date
    paid_until: date
    wage_fils: int
    active: bool = True
    was_cut: bool = False
    risen_in: int = 0
    earlier: tuple[Span, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Owed:
    """One month's contribution, and what is added because it is late."""

    month: date
    contribution_fils: int
    late_fils: int


def owed(subscription: Subscription, rule: Rule, day: date) -> tuple[Owed, ...]:
    """The contributions of every month that has ended and is not paid, the oldest first."""
    if not subscription.active:
        return ()
    contribution = rule.contribution(subscription.wage_fils)
    unpaid = months(following(subscription.paid_until), following(month_of(day), -1))
    return tuple(
        Owed(month, contribution, share(contribution, rule.late_percent * months_late(rule.due_on(month), day), 100))
        for month in unpaid
    )


def new_wages(subscription: Subscription, rule: Rule, day: date, *, may_cut: bool) -> tuple[int, int]:
    """The least and the greatest wage to which it may be changed on that day: both the present one where it may not be
    changed at all. `may_cut` says whether the person is young enough."""
    wage, least, most = subscription.wage_fils, subscription.wage_fils, subscription.wage_fils
    if may_cut and not subscription.was_cut:
        least = max(rule.least_wage_fils, wage - share(wage, rule.cut_percent, 100))
    if rule.may_rise(day) and subscription.risen_in != day.year:
        most = min(rule.wage_bands[-1].most_fils, wage + share(wage, rule.rise_percent, 100))
    return min(least, wage), max(most, wage)
