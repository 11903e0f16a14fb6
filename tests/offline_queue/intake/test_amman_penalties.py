"""What renewing late costs: by the day in the licence's year, by decisions on single years, in whole fils."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offline_queue.intake.agencies import amman
from offline_queue.intake.agencies.amman_licences import Licence, lines_due, years_due
from offline_queue.intake.agencies.amman_penalties import Of, penalty_fils, percent_on

ON_FILE = amman.on_file()
RULES = ON_FILE.penalties
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 12, 31), 0),
        (date(2026, 1, 1), 0),
        (date(2026, 3, 31), 0),
        (date(2026, 4, 1), 20),
        (date(2026, 6, 30), 20),
        (date(2026, 7, 1), 50),
        (date(2029, 1, 1), 50),
    ],
)
def test_a_licence_late_costs_more_from_april_and_again_from_july(day: date, percent: int) -> None:
    assert percent_on(RULES, "licence", 2026, day) == percent


def test_a_sign_has_a_rule_of_its_own() -> None:
    assert percent_on(RULES, "sign", 2026, date(2026, 3, 31)) == 0
    assert percent_on(RULES, "sign", 2026, date(2026, 4, 1)) == 50


def test_a_decision_prolongs_the_time_of_one_year_alone() -> None:
    assert percent_on(RULES, "licence", 2024, date(2024, 6, 30)) == 0
    assert percent_on(RULES, "licence", 2024, date(2024, 7, 1)) == 50
    assert percent_on(RULES, "sign", 2024, date(2024, 4, 1)) == 50
    assert percent_on(tuple(reversed(RULES)), "licence", 2024, date(2024, 6, 30)) == 0, (
        "in whatever order it is written"
    )


@given(st.sampled_from(["licence", "sign"]), st.integers(2010, 2040), DAYS)
def test_waiting_never_costs_less(of: Of, year: int, day: date) -> None:
    assert percent_on(RULES, of, year, day) <= percent_on(RULES, of, year, day + timedelta(days=1))


@given(st.integers(0, 10_000_000), st.integers(0, 100))
def test_a_penalty_is_its_share_to_half_a_fils(fee: int, percent: int) -> None:
    assert abs(100 * penalty_fils(fee, percent) - fee * percent) <= 50


@given(st.sampled_from(ON_FILE.licences), st.sampled_from(["keep", "none"]), DAYS)
def test_every_year_that_is_due_is_asked_for_once_and_no_other(licence: Licence, sign: str, day: date) -> None:
    profession = ON_FILE.professions[licence.profession]
    lines = list(lines_due(licence, profession, sign, day, RULES))
    assert len({line.id for line in lines}) == len(lines)
    fees = [line for line in lines if line.id.count("-") == 1 and line.id.startswith("licence-")]
    assert [line.id for line in fees] == [f"licence-{year}" for year in years_due(licence, day)]
    amounts = {line.id: line.amount_fils for line in lines}
    for line in lines:
        if "-late-" in line.id:
            assert 0 < line.amount_fils <= amounts[line.id.replace("-late", "")]
            assert line.reason is not None
