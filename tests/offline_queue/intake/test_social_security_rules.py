"""What the sandbox Social Security computes: months, ages, what is due, and between which bounds a wage may be."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue.intake.agencies.social_security_file import on_file
from offline_queue.intake.agencies.social_security_rules import (
    Subscription,
    age_on,
    following,
    in_force,
    last_day,
    month_of,
    months,
    months_late,
    new_wages,
    owed,
)

RULE = on_file().rules[0]
DAYS = st.dates(date(2025, 1, 1), date(2040, 12, 31))
MONTHS = DAYS.map(month_of)
WAGES = st.integers(RULE.least_wage_fils, RULE.wage_bands[-1].most_fils)


def test_the_least_wage_gives_the_contribution_that_the_press_names() -> None:
    assert RULE.contribution(290_000) == 50_750


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 3, 1), 22, date(2028, 1, 1)),
    ],
)
def test_months_pass_over_the_year(month: date, count: int, expected: date) -> None:
    assert following(month, count) == expected


@given(MONTHS, st.integers(-500, 500))
def test_so_many_months_on_and_back_is_the_same_month(month: date, count: int) -> None:
    there = following(month, count)
    assert following(there, -count) == month
    assert len(list(months(min(month, there), max(month, there)))) == abs(count) + 1


@pytest.mark.parametrize(
    ("day", "late"),
    [
        (date(2026, 10, 15), 0),
        (date(2026, 10, 16), 1),
        (date(2026, 11, 15), 1),
        (date(2026, 11, 16), 2),
        (date(2027, 1, 15), 3),
        (date(2026, 1, 1), 0),
    ],
)
def test_a_month_that_has_begun_counts_as_late(day: date, late: int) -> None:
    assert months_late(date(2026, 10, 15), day) == late


def test_a_person_is_older_on_the_birthday() -> None:
    assert [age_on(date(2010, 11, 27), date(2026, 11, day)) for day in (26, 27)] == [15, 16]
    assert age_on(date(2004, 2, 29), date(2026, 2, 28)) == 21


def test_rules_hold_until_the_next_ones_do() -> None:
    """Pension ages may change by law: the day decides, whoever is served before it by the old rules."""
    later = msgspec.structs.replace(RULE, first_day=date(2027, 1, 1), contribution_per_mille=180)
    both = (RULE, later)
    assert in_force(both, date(2024, 12, 31)) is None
    assert in_force(both, date(2026, 12, 31)) is RULE
    assert in_force(both, date(2027, 1, 1)) is later


@given(MONTHS, st.integers(0, 60), DAYS, WAGES)
def test_every_month_that_ended_is_owed_once(paid: date, after: int, day: date, wage: int) -> None:
    subscription = Subscription(since=following(paid, -after), paid_until=paid, wage_fils=wage)
    due = owed(subscription, RULE, day)
    assert [one.month for one in due] == list(months(following(paid), following(month_of(day), -1)))
    assert {one.contribution_fils for one in due} <= {RULE.contribution(wage)}
    assert [one.late_fils for one in due] == sorted((one.late_fils for one in due), reverse=True)
    assert all(last_day(one.month) < day for one in due)


@given(MONTHS, DAYS, WAGES, st.integers(0, 400))
def test_waiting_never_makes_it_less(paid: date, day: date, wage: int, wait: int) -> None:
    subscription = Subscription(since=paid, paid_until=paid, wage_fils=wage)
    sums = [
        sum(one.contribution_fils + one.late_fils for one in owed(subscription, RULE, at))
        for at in (day, day + timedelta(days=wait))
    ]
    assert sums[0] <= sums[1]


@given(DAYS, WAGES, st.booleans(), st.booleans(), st.sampled_from([0, 2025, 2026, 2027]))
def test_a_wage_stays_between_its_bounds(day: date, wage: int, may_cut: bool, was_cut: bool, risen_in: int) -> None:
    subscription = Subscription(since=day, paid_until=day, wage_fils=wage, was_cut=was_cut, risen_in=risen_in)
    least, most = new_wages(subscription, RULE, day, may_cut=may_cut)
    assert RULE.least_wage_fils <= least <= wage <= most <= RULE.wage_bands[-1].most_fils
    assert (least < wage) <= (may_cut and not was_cut)
    assert (most > wage) <= ((1, 1) <= (day.month, day.day) <= (2, 15) and risen_in != day.year)
    assert wage - least <= wage // 5 + 1
    assert most - wage <= wage // 10 + 1
