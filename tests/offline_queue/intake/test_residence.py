"""The sandbox Residence Department: whose permit, when it may be renewed, for how long, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kiosk.transaction import Agreement, AttachedDocument
from kiosk.wire import Quote
from offline_queue.intake.agencies import residence
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

SERVICE = residence.SERVICE
ELENA, FAMILY, STUDENT = "UTO-P4471203", "UTO-P5500001", "UTO-P5500002"
LONG = "2031-06-21"
PAGE = AttachedDocument(step="letter", media_type="image/jpeg", sha256="0" * 64, content=b"a page")
DAY = NOW.date()


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, residence.RULES)


def fields(passport: str, ground: str, term: str = "1", expiry: str = LONG) -> dict[str, str]:
    return {"passport": passport, "expiry_date": expiry, "ground": ground, "term": term}


def quoted(desk: Desk, passport: str, ground: str, term: str = "1") -> Quote:
    quote = desk.ask(SERVICE, fields(passport, ground, term))
    assert isinstance(quote, Quote), quote
    return quote


def agreed(desk: Desk, passport: str = ELENA, ground: str = "work", term: str = "1", **changed: Any) -> Agreement:
    pages = (PAGE,) if ground == "work" else ()
    answers = {"ground": ground, "term": term, **({"letter": "1"} if pages else {})}
    asked = fields(passport, ground, term)
    return desk.quoted(SERVICE, answers, asked, national_number=passport, **{"documents": pages, **changed})


# ---------------------------------------------------------------- what is on file


def test_the_permit_is_found_by_the_passport_alone(desk: Desk) -> None:
    facts = desk.facts(SERVICE, {"passport": ELENA, "expiry_date": LONG}, "permit")
    assert facts == {
        "permit": "R-2207418",
        "sponsor": "Jordan Blossoms Company",
        "valid_until": "2026-12-21",
        "grounds": "work",
        "ground": "work",
        "terms": "1 2",
        "term": "1",
    }


@pytest.mark.parametrize(
    ("passport", "code"),
    [
        ("UTO-P0000000", "NO_PERMIT"),
        ("XYZ-P4471203", "NO_PERMIT"),
        ("", "NO_PERMIT"),
        ("UTO-P5500003", "TOO_EARLY"),
        ("UTO-P5500004", "LAPSED"),
        ("UTO-P5500005", "WITHDRAWN"),
    ],
)
def test_what_stands_against_it_is_told_before_anything_is_asked_or_paid(desk: Desk, passport: str, code: str) -> None:
    """The same number of another state is another person's."""
    assert desk.ask(SERVICE, {"passport": passport, "expiry_date": LONG}, "permit") == code
    assert desk.ask(SERVICE, fields(passport, "work")) == code


@pytest.mark.parametrize(("days", "code"), [(61, "TOO_EARLY"), (60, ""), (-30, ""), (-31, "LAPSED")])
def test_it_may_be_renewed_to_the_day(engine: Engine, keys: Path, days: int, code: str) -> None:
    known = residence.on_file()
    permits = (msgspec.structs.replace(known.permits[0], ends_in_days=days),)
    desk = Desk(engine, keys, residence.Residence(msgspec.structs.replace(known, permits=permits)))
    answer = desk.ask(SERVICE, fields(ELENA, "work"))
    assert (answer if isinstance(answer, str) else "") == code


@pytest.mark.parametrize(
    ("expiry", "terms"),
    [("2027-12-20", "PASSPORT_ENDS"), ("2027-12-21", "1"), ("2028-12-20", "1"), ("2028-12-21", "1 2"), ("", "1 2")],
)
def test_only_terms_in_which_the_passport_stays_valid_are_open(desk: Desk, expiry: str, terms: str) -> None:
    """To the day; of a passport that only a clerk saw the day is not known."""
    answer = desk.ask(SERVICE, {"passport": ELENA, "expiry_date": expiry}, "permit")
    told = answer if isinstance(answer, str) else {fact.id: fact.value for fact in answer.facts}["terms"]
    assert told == terms
    if terms != "1 2":
        assert desk.ask(SERVICE, fields(ELENA, "work", "2", expiry)) == "PASSPORT_ENDS"


def test_a_day_that_is_none_lets_no_passport_pass(desk: Desk) -> None:
    assert desk.ask(SERVICE, fields(ELENA, "work", "1", "soon")) == "PASSPORT_ENDS"


# ---------------------------------------------------------------- what is due


@pytest.mark.parametrize(
    ("passport", "ground", "term", "due"),
    [
        (ELENA, "work", "1", 35_000),
        (ELENA, "work", "2", 65_000),
        (FAMILY, "family", "1", 35_000),
        (STUDENT, "study", "2", 35_000),
    ],
)
def test_each_year_costs_and_the_card_once(desk: Desk, passport: str, ground: str, term: str, due: int) -> None:
    quote = quoted(desk, passport, ground, term)
    assert sum(line.amount_fils for line in quote.lines) == due
    assert quote.provisional


@pytest.mark.parametrize(
    ("changed", "code"), [({"ground": "family"}, "GROUND_DIFFERS"), ({"term": "3"}, "TERM_UNKNOWN")]
)
def test_nothing_is_quoted_that_the_file_does_not_have(desk: Desk, changed: dict[str, str], code: str) -> None:
    assert desk.ask(SERVICE, {**fields(ELENA, "work"), **changed}) == code


def test_fees_hold_from_their_day_until_the_next_begin(engine: Engine, keys: Path) -> None:
    """And before the first of them nothing can be asked for."""
    known = residence.on_file()
    first = known.fees[0]

    def due_on(*days: date) -> int | str:
        fees = tuple(
            msgspec.structs.replace(first, first_day=day, permit_fils=10_000 * place)
            for place, day in enumerate(days, start=1)
        )
        rules = residence.Residence(msgspec.structs.replace(known, fees=fees))
        answer = Desk(engine, keys, rules).ask(SERVICE, fields(ELENA, "work"))
        return answer if isinstance(answer, str) else answer.lines[0].amount_fils

    assert due_on(date(2026, 1, 1), DAY) == 20_000
    assert due_on(date(2026, 1, 1), DAY + timedelta(days=1)) == 10_000
    assert due_on(DAY + timedelta(days=1)) == "NO_FEE_KNOWN"


# ---------------------------------------------------------------- what is accepted


def test_it_is_renewed_once_and_issued_when_somebody_has_read_the_letter(engine: Engine, desk: Desk) -> None:
    first, second = agreed(desk), agreed(desk)
    assert desk.settle(first) == "RES-2026-000001"
    assert desk.settle(first, NOW + timedelta(days=9)) == "RES-2026-000001", "the first decision stands"
    assert desk.settle(second) == "BEING_RENEWED", "another terminal's quote for the same permit"
    assert desk.ask(SERVICE, {"passport": ELENA}, "permit") == "BEING_RENEWED"
    transaction = first.ids.transaction
    assert desk.states(transaction, NOW + timedelta(minutes=1)) == ["requested", "in_progress"]
    assert desk.issued(transaction, NOW + timedelta(minutes=1)) is None
    assert desk.states(transaction, NOW + timedelta(minutes=2))[-1] == "issued"
    assert desk.issued(transaction, NOW + timedelta(minutes=2)) is not None
    with engine.begin() as connection:
        written = residence.RULES.written(transaction, Book(connection, "residence", NOW))
    assert written is not None
    assert {fact.id: fact.value for fact in written.facts} == {
        "holder": "سلمى",
        "passport": ELENA,
        "permit": "R-2207418",
        "valid_until": "2027-12-21",
    }
    assert desk.states(second.ids.transaction, NOW + timedelta(days=1)) == [], "it was refused"
    assert desk.ask(SERVICE, {"passport": ELENA}, "permit", NOW + timedelta(minutes=2)) == "TOO_EARLY"


def test_the_next_renewal_begins_where_the_last_one_ends(desk: Desk) -> None:
    quote = quoted(desk, FAMILY, "family")
    until = {fact.id: fact.value for fact in quote.facts}["until"]
    assert until == "2027-11-21", "it ended six days ago: nobody gains by coming late"
    assert desk.settle(agreed(desk, FAMILY, "family")).startswith("RES-")
    later = desk.facts(SERVICE, {"passport": FAMILY}, "permit", NOW + timedelta(days=320))
    assert later["valid_until"] == until


def test_a_delivery_that_comes_late_counts_by_the_day_of_the_agreement(desk: Desk) -> None:
    assert desk.settle(agreed(desk), NOW + timedelta(days=90)).startswith("RES-")
    assert desk.facts(SERVICE, {"passport": ELENA}, "permit", NOW + timedelta(days=340))["valid_until"] == "2027-12-21"
    again = agreed(desk, at=NOW + timedelta(days=340))
    assert desk.settle(again, NOW + timedelta(days=460)).startswith("RES-"), "by then the permit had lapsed"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"documents": ()}, "NO_LETTER"),
        ({"documents": (msgspec.structs.replace(PAGE, step="other"),)}, "NO_LETTER"),
        ({"national_number": STUDENT}, "QUOTE_OF_ANOTHER"),
        ({"national_number": PERSON}, "QUOTE_OF_ANOTHER"),
        ({"answers": {"ground": "work", "term": "2"}}, "QUOTE_OF_ANOTHER"),
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
        ({"quote": b"{}"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_follow_the_quote_is_refused(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(agreed(desk), **changed)) == code
    assert quoted(desk, ELENA, "work"), "nothing changed on file"


def test_a_sponsor_who_withdraws_between_quote_and_delivery_stops_it(engine: Engine, keys: Path, desk: Desk) -> None:
    known = residence.on_file()
    without = tuple(msgspec.structs.replace(permit, withdrawn=True) for permit in known.permits)
    rules = residence.Residence(msgspec.structs.replace(known, permits=without))
    assert Desk(engine, keys, rules).settle(agreed(desk)) == "WITHDRAWN"


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.sampled_from(sorted(residence.TERMS)))
def test_a_term_is_whole_years_and_never_longer(ends: date, term: str) -> None:
    until = residence.renewed_until(ends, term)
    assert until.year - ends.year == residence.TERMS[term]
    assert (ends.month, ends.day) in {(until.month, until.day), (2, 29)}
    assert 365 * residence.TERMS[term] - 1 <= (until - ends).days <= 366 * residence.TERMS[term]
