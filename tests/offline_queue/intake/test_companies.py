"""The sandbox companies department: who signs for a company, what can be renewed and until when, all in one visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kiosk.forms import AGREED
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Quote, QuoteLine, Words
from offline_queue.intake.agencies import companies
from offline_queue.intake.agencies.companies_licences import Licence, Terms, renewal, renewed_until
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

SERVICE = "companies.bundle"
BAKERIES, TRADING = "999000101", "999000102"
OMAR, KARIM, LAYLA, NOBODY = "9841036157", "9761028493", "9872015360", "9990001112"
ANSWERS = {"company": BAKERIES, "declaration": AGREED}
FIELDS = {"company": BAKERIES, "national_number": PERSON}
TITLE = Words(ar="رخصة", en="Licence")
TERMS = Terms(days_before=60, late_percent=10)


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, companies.RULES)


def lines_of(desk: Desk, company: str = BAKERIES, number: str = PERSON, now: datetime = NOW) -> dict[str, QuoteLine]:
    quote = desk.ask(SERVICE, {"company": company, "national_number": number}, now=now)
    assert isinstance(quote, Quote), quote
    return {line.id: line for line in quote.lines}


def test_each_licence_is_a_line_with_its_body_and_until_when_it_would_hold(desk: Desk) -> None:
    lines = lines_of(desk)
    told = {name: (line.title.en, line.amount_fils, line.payable) for name, line in lines.items()}
    assert told == {
        "profession": ("Profession licence until 31/12/2027", 60_000, True),
        "food": ("Food establishment licence until 30/09/2027", 44_000, True),
        "chamber": ("Chamber of Commerce subscription until 31/12/2027", 75_000, True),
        "safety": ("Public safety permit", 25_000, False),
        "sign": ("Advertising sign licence", 30_000, False),
    }
    assert all(line.place is not None for line in lines.values())
    reasons = {name: line.reason.en for name, line in lines.items() if line.reason}
    assert reasons == {
        "food": "With a late surcharge of 4.000 JD",
        "safety": "Awaits inspection, not renewed now",
        "sign": "Renewed from 01/05/2027 on",
    }


def test_the_only_company_of_a_signatory_need_not_be_typed(desk: Desk) -> None:
    def known(number: str) -> dict[str, str]:
        return desk.facts(SERVICE, {"national_number": number}, "signatory")

    assert known(PERSON) == {"company": BAKERIES, "company_name": BAKERIES}
    assert known(LAYLA) == {}, "of two it is not said which"
    assert known(NOBODY) == {}


def test_the_company_is_named_before_anything_is_declared(desk: Desk) -> None:
    assert desk.facts(SERVICE, FIELDS, "company") == {"company_name": BAKERIES, "licences": "3"}


@pytest.mark.parametrize(
    ("company", "number", "code"),
    [
        ("1", PERSON, "COMPANY_UNKNOWN"),
        ("", PERSON, "COMPANY_UNKNOWN"),
        (BAKERIES, OMAR, "NOT_SIGNATORY"),
        (BAKERIES, "", "NOT_SIGNATORY"),
        ("999000103", KARIM, "COMPANY_IN_LIQUIDATION"),
        ("999000104", LAYLA, "COMPANY_STRUCK_OFF"),
    ],
)
def test_who_may_not_renew_is_told_before_anything_is_declared_or_paid(
    desk: Desk, company: str, number: str, code: str
) -> None:
    fields = {"company": company, "national_number": number}
    assert desk.ask(SERVICE, fields, "company") == code
    assert desk.ask(SERVICE, fields) == code


def test_several_licences_are_renewed_at_once_and_the_first_decision_stands(desk: Desk) -> None:
    agreement = desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession", "food"))
    assert agreement.total_fils == 104_000
    reference = desk.settle(agreement)
    assert reference == "CCD-2026-000001"
    assert desk.settle(agreement, NOW + timedelta(days=1)) == reference
    payable = {name for name, line in lines_of(desk).items() if line.payable}
    assert payable == {"chamber"}
    next_year = lines_of(desk, now=datetime(2027, 12, 1, tzinfo=LEGAL_TIME))
    assert next_year["profession"].title.en == "Profession licence until 31/12/2028"
    assert next_year["food"].amount_fils == 44_000, "it ran out on 30 September again"


def test_what_was_renewed_meanwhile_is_refused_whole(desk: Desk) -> None:
    late = desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession", "chamber"))
    assert desk.settle(desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession",))).startswith("CCD-")
    assert desk.settle(late) == "RENEWED_BEFORE"
    assert lines_of(desk)["chamber"].payable


def test_what_arrives_late_is_judged_by_the_day_on_which_it_was_agreed(desk: Desk) -> None:
    """Meanwhile it has run out; who agreed in time pays no surcharge."""
    agreement = desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession",))
    assert desk.settle(agreement, NOW + timedelta(days=60)).startswith("CCD-")


def test_a_fee_that_changed_at_midnight_is_refused(desk: Desk) -> None:
    before = datetime(2026, 12, 31, 23, 55, tzinfo=LEGAL_TIME)
    after = before + timedelta(minutes=10)
    agreement = desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession",), at=before, agreed_at=after)
    assert desk.settle(agreement, after) == "AMOUNT_CHANGED"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"answers": {"company": BAKERIES}}, "NOT_DECLARED"),
        ({"answers": {**ANSWERS, "company": TRADING}}, "QUOTE_OF_ANOTHER"),
        ({"national_number": OMAR}, "QUOTE_OF_ANOTHER"),
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
        ({"agreed_at": NOW + timedelta(seconds=901)}, "QUOTE_EXPIRED"),
        ({"quote": b"\xff"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_fit_renews_nothing(desk: Desk, changed: dict[str, Any], code: str) -> None:
    assert desk.settle(desk.quoted(SERVICE, ANSWERS, FIELDS, ("profession",), **changed)) == code
    assert lines_of(desk)["profession"].payable


def test_a_licence_that_cannot_be_renewed_is_not_paid(desk: Desk) -> None:
    agreement = desk.quoted(SERVICE, ANSWERS, FIELDS, ("safety",))
    assert desk.settle(agreement) == "AMOUNT_DIFFERS", "it was never offered"


# ---------------------------------------------------------------- days and sums

_DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@given(_DAYS, _DAYS)
def test_a_renewed_licence_holds_and_nobody_gains_by_being_late(last: date, today: date) -> None:
    following = renewed_until(last, today)
    assert following > today
    assert following > last
    assert following - max(last, today) <= timedelta(days=366)
    if last < today:
        assert following <= today + timedelta(days=366)


@pytest.mark.parametrize(
    ("last", "today", "following"),
    [
        (date(2028, 2, 29), date(2028, 1, 10), date(2029, 2, 28)),
        (date(2025, 11, 27), date(2026, 11, 27), date(2027, 11, 27)),  # the year that was missed is over today
        (date(2025, 11, 28), date(2026, 11, 27), date(2026, 11, 28)),
    ],
)
def test_a_year_from_the_day_on_which_it_runs_out(last: date, today: date, following: date) -> None:
    assert renewed_until(last, today) == following


@given(st.integers(min_value=1, max_value=1_000_000), _DAYS, _DAYS)
def test_the_surcharge_is_part_of_the_amount_and_due_once_it_has_run_out(fee: int, last: date, today: date) -> None:
    licence = Licence(id="L", title=TITLE, body=TITLE, fee_fils=fee, valid_until=last)
    found = renewal(licence, TERMS, today)
    assert found.amount_fils == fee + found.surcharge_fils
    assert abs(found.surcharge_fils * 10 - fee) <= 5 if last < today else found.surcharge_fils == 0
    assert (found.obstacle is None) == (today >= last - timedelta(days=60))
