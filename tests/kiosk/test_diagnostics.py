"""Checks that never hide one another, and how they say what they measured in two languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.diagnostics import (
    DAYS,
    Check,
    Examination,
    Group,
    Health,
    Measured,
    StepFound,
    counted,
    same,
    told,
    worst,
)
from kiosk.texts import without_isolates
from kiosk.wire import Words

NOW = datetime(2026, 11, 23, 7, 46, tzinfo=UTC)


class StillClock:
    def now(self) -> datetime:
        return NOW


def _check(identifier: str, group: Group, run: object) -> Check:
    return Check(id=identifier, group=group, title=same(identifier), run=run)  # type: ignore[arg-type]  # by each test


def _fine() -> Measured:
    return Measured(health=Health.GOOD, value=same("fine"))


def _broken() -> Measured:
    raise ValueError("9912004821 stands in this text")


def test_a_check_that_dies_is_a_value_and_the_others_run() -> None:
    checks = (_check("first", Group.CARD, _broken), _check("second", Group.CARD, _fine))
    first, second = Examination(checks, StillClock()).findings()
    assert (first.measured.health, second.measured.health) == (Health.BAD, Health.GOOD)
    assert "ValueError" in first.measured.value.en
    assert first.measured.next_step is not None


def test_what_a_dead_check_said_is_not_repeated() -> None:
    (found,) = Examination((_check("only", Group.CARD, _broken),), StillClock()).findings()
    assert "4821" not in repr(found)


def test_findings_come_one_by_one_in_the_order_of_the_groups() -> None:
    ran: list[str] = []

    def run(name: str) -> Measured:
        ran.append(name)
        return _fine()

    checks = (
        _check("disk", Group.LEDGER, lambda: run("disk")),
        _check("reader", Group.CARD, lambda: run("reader")),
    )
    findings = Examination(checks, StillClock()).findings()
    assert next(findings).id == "reader"
    assert ran == ["reader"]
    assert next(findings).id == "disk"


def test_a_finding_says_when_it_was_made() -> None:
    (found,) = Examination((_check("only", Group.DATA, _fine),), StillClock()).findings()
    assert found.at == NOW


def test_a_value_keeps_its_order_inside_arabic() -> None:
    words = told("القارئ {name}", "reader {name}", name="ACS 00 01")
    assert words.ar == "القارئ \u2066ACS 00 01\u2069"
    assert words.en == "reader ACS 00 01"


def test_words_inside_words_are_each_in_their_own_language() -> None:
    words = told("بقي {days}", "{days} left", days=counted(2, *DAYS))
    assert (words.ar, words.en) == ("بقي يومان", "2 days left")


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (1, "يوم واحد", "1 day"),
        (2, "يومان", "2 days"),
        (3, "3 أيام", "3 days"),
        (10, "10 أيام", "10 days"),
        (11, "11 يومًا", "11 days"),
        (103, "103 أيام", "103 days"),
        (212, "212 يومًا", "212 days"),
    ],
)
def test_counts_take_their_arabic_form(count: int, arabic: str, english: str) -> None:
    words = counted(count, *DAYS)
    assert (without_isolates(words.ar), words.en) == (arabic, english)


def test_a_step_that_was_not_reached_makes_nothing_worse() -> None:
    def step(health: Health) -> StepFound:
        return StepFound(title=Words(ar="", en=""), health=health, value=same(""))

    assert worst((step(Health.GOOD), step(Health.NOT_REACHED))) is Health.GOOD
    assert worst((step(Health.WARNING), step(Health.BAD), step(Health.GOOD))) is Health.BAD
