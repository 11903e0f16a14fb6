"""The sandbox Greater Amman Municipality: who may renew which licence, what goes first, and what is paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement, PaymentMethod
from kiosk.wire import Quote
from offline_queue.intake.agencies import amman
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.database import open_database, reading
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

LICENCE, ARREARS = amman.LICENCE, amman.ARREARS
OMAR, KARIM = "9841036157", "9761028493"
KEPT = {"licence": "104821", "sign": "keep", "declaration": "agreed"}


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, amman.RULES)


def known(desk: Desk, licence: str, number: str = PERSON, now: datetime = NOW) -> Quote | str:
    return desk.ask(LICENCE, {"licence": licence, "national_number": number}, "licence", now)


def due(desk: Desk, licence: str = "104821", sign: str = "keep", number: str = PERSON, now: datetime = NOW) -> Any:
    """What each line costs, by its id; or the code of the refusal."""
    answer = desk.ask(LICENCE, {"licence": licence, "sign": sign, "national_number": number}, now=now)
    return answer if isinstance(answer, str) else {line.id: line.amount_fils for line in answer.lines}


def renewal(desk: Desk, at: datetime = NOW, number: str = PERSON, **answers: str) -> Agreement:
    known = {**KEPT, **answers}
    fields = {"licence": known["licence"], "sign": known["sign"], "national_number": number}
    return desk.quoted(LICENCE, known, fields, at=at, national_number=number)


def on_the(day: int, month: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 12, tzinfo=LEGAL_TIME)


# ---------------------------------------------------------------- what is told


def test_the_holder_types_nothing_and_sees_the_licence(desk: Desk) -> None:
    assert desk.facts(LICENCE, {"national_number": PERSON}, "holder") == {"licence": "104821"}
    facts = desk.facts(LICENCE, {"licence": "104821", "national_number": PERSON}, "licence")
    assert set(facts) == {"trade_name", "profession", "address", "years_due", "sign"}
    assert (facts["years_due"], facts["sign"]) == ("2026", "keep")


def test_who_signs_for_several_is_told_their_numbers(desk: Desk) -> None:
    assert desk.facts(LICENCE, {"national_number": OMAR}, "holder") == {"held": "206157, 206158"}
    assert desk.facts(LICENCE, {"national_number": "9000000001"}, "holder") == {}


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        ("999", "LICENCE_UNKNOWN"),
        ("400001", "LICENCE_OF_ANOTHER"),
        ("400002", "LICENCE_SUSPENDED"),
        ("400003", "LEASE_NOT_APPROVED"),
        ("400004", "MANY_YEARS"),
    ],
)
def test_what_cannot_be_renewed_is_told_before_anything_is_asked(desk: Desk, licence: str, code: str) -> None:
    assert known(desk, licence) == code
    assert due(desk, licence, "none") == code


# ---------------------------------------------------------------- what is due


def test_before_april_nothing_is_late(desk: Desk) -> None:
    assert due(desk, now=on_the(31, 3)) == {"licence-2026": 40_000, "sign-2026": 15_000}


def test_the_penalty_rises_with_the_date_in_jordan(desk: Desk) -> None:
    spring = {"licence-2026": 40_000, "licence-late-2026": 8_000, "sign-2026": 15_000, "sign-late-2026": 7_500}
    assert due(desk, now=datetime(2026, 3, 31, 21, 30, tzinfo=NOW.tzinfo)) == spring, "past midnight there"
    assert due(desk, now=on_the(30, 6)) == spring
    assert due(desk, now=on_the(1, 7)) == {**spring, "licence-late-2026": 20_000}


def test_each_year_that_is_due_has_its_own_lines(desk: Desk) -> None:
    """A sign that was taken down hung in the years that are over."""
    lines = due(desk, "206157", "none", OMAR, on_the(1, 5))
    yearly = {f"{of}-{year}": fils for year in (2024, 2025) for of, fils in (("licence", 60_000), ("sign", 20_000))}
    late = {f"{of}-late-{year}": fils for year in (2024, 2025) for of, fils in (("licence", 30_000), ("sign", 10_000))}
    assert lines == {**yearly, **late, "licence-2026": 60_000, "licence-late-2026": 12_000}


def test_a_home_business_pays_nothing_and_is_renewed(desk: Desk) -> None:
    assert due(desk, "308493", "none", KARIM) == {"licence-2026": 0}
    fields = {"licence": "308493", "sign": "none", "national_number": KARIM}
    answers = {**KEPT, "licence": "308493", "sign": "none"}
    free = desk.quoted(LICENCE, answers, fields, national_number=KARIM, method=PaymentMethod.NONE)
    assert desk.settle(free) == "GAM-2026-000001"
    assert known(desk, "308493", KARIM) == "ALREADY_RENEWED"


@pytest.mark.parametrize(("sign", "code"), [("keep", "NO_SIGN"), ("", "FIELDS_MISSING"), ("new", "FIELDS_MISSING")])
def test_a_sign_that_is_not_on_file_cannot_be_renewed(desk: Desk, sign: str, code: str) -> None:
    assert due(desk, "308493", sign, KARIM) == code


# ---------------------------------------------------------------- what changes


def test_a_renewed_licence_is_renewed_once(desk: Desk, engine: Engine) -> None:
    agreement = renewal(desk)
    assert desk.settle(agreement) == "GAM-2026-000001"
    assert desk.settle(agreement, NOW + timedelta(days=3)) == "GAM-2026-000001", "the first decision stands"
    assert known(desk, "104821") == "ALREADY_RENEWED"
    assert desk.facts(LICENCE, {"licence": "104821", "national_number": PERSON}, "licence", on_the(2, 1, 2027)) == {
        "trade_name": "بقالة الياسمين",
        "profession": "بقالة",
        "address": "جبل الحسين، شارع خالد بن الوليد",
        "years_due": "2027",
        "sign": "keep",
    }
    with reading(engine) as connection:
        document = amman.RULES.licence_document("104821", Book(connection, "amman", NOW))
    assert document is not None
    assert {fact.id: fact.value for fact in document}["valid_until"] == "31/12/2026"


def test_who_is_faster_at_another_window_renews_it(desk: Desk) -> None:
    first, second = renewal(desk), renewal(desk)
    assert desk.settle(first) == "GAM-2026-000001"
    assert desk.settle(second) == "ALREADY_RENEWED"


def test_what_was_agreed_in_march_is_not_late_when_it_comes_in_april(desk: Desk) -> None:
    """It waited for the line; in the last minutes of the year too it is the year that was quoted."""
    agreement = renewal(desk, on_the(31, 3))
    assert agreement.total_fils == 55_000
    assert desk.settle(agreement, on_the(3, 4)) == "GAM-2026-000001"
    last = renewal(desk, datetime(2027, 12, 31, 23, 59, tzinfo=LEGAL_TIME))
    assert desk.settle(last, on_the(2, 1, 2028)) == "GAM-2028-000002"
    assert set(due(desk, now=on_the(2, 1, 2028))) == {"licence-2028", "sign-2028"}


def test_a_sign_that_was_taken_down_is_no_longer_on_file(desk: Desk) -> None:
    assert desk.settle(renewal(desk, sign="none")) == "GAM-2026-000001"
    next_year = on_the(2, 1, 2027)
    assert due(desk, sign="keep", now=next_year) == "NO_SIGN"
    assert due(desk, sign="none", now=next_year) == {"licence-2027": 40_000}


def test_a_part_of_what_is_due_renews_nothing(desk: Desk) -> None:
    fields = {"licence": "206157", "sign": "none", "national_number": OMAR}
    answers = {**KEPT, "licence": "206157", "sign": "none"}
    part = desk.quoted(LICENCE, answers, fields, ("licence-2024",), national_number=OMAR)
    assert desk.settle(part) == "AMOUNT_DIFFERS"
    assert "licence-2024" in due(desk, "206157", "none", OMAR)


# ---------------------------------------------------------------- arrears


def owed(desk: Desk, number: str = PERSON, **fields: str) -> Quote:
    answer = desk.ask(ARREARS, {"national_number": number, **fields})
    assert isinstance(answer, Quote), answer
    return answer


def test_all_of_a_persons_accounts_are_told_and_what_is_at_court_comes_last(desk: Desk) -> None:
    lines = owed(desk).lines
    assert [line.id for line in lines if line.payable] == [
        "P-7004821-2025",
        "P-7004821-2026",
        "P-7004821-W26",
        "V-551204",
    ]
    assert [line.id for line in lines][-1] == "P-7004821-2019"
    assert lines[-1].reason is not None
    assert lines[-1].reason.en == "At court, not paid here"


def test_of_anothers_account_only_what_is_owed_is_told(desk: Desk) -> None:
    (line,) = owed(desk, search_by="property", account="7000001").lines
    assert (line.amount_fils, line.place, line.occurred_on) == (240_000, None, None)
    own = owed(desk, search_by="property", account="7004821").lines
    assert all(line.place and line.occurred_on for line in own)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "FIELDS_MISSING"),
        ({"national_number": PERSON, "account": "7004821"}, "FIELDS_MISSING"),
        ({"national_number": PERSON, "search_by": "property"}, "FIELDS_MISSING"),
        ({"national_number": PERSON, "search_by": "licence", "account": "7004821"}, "ACCOUNT_UNKNOWN"),
        ({"national_number": PERSON, "search_by": "property", "account": "1"}, "ACCOUNT_UNKNOWN"),
    ],
)
def test_an_account_is_found_by_its_kind_and_its_number(desk: Desk, fields: dict[str, str], code: str) -> None:
    assert desk.ask(ARREARS, fields) == code


def paying(desk: Desk, *picked: str, number: str = PERSON) -> Agreement:
    fields = {"national_number": number}
    return desk.quoted(ARREARS, {"search_by": "mine"}, fields, picked or None, national_number=number)


def test_a_line_is_paid_once_and_the_others_stay(desk: Desk) -> None:
    first, second = paying(desk, "V-551204", "P-7004821-2026"), paying(desk, "P-7004821-2025", "V-551204")
    assert desk.settle(first) == "GAM-2026-000001"
    assert desk.settle(second) == "ALREADY_PAID"
    assert desk.settle(first) == "GAM-2026-000001"
    left = [line.id for line in owed(desk).lines if line.payable]
    assert left == ["P-7004821-2025", "P-7004821-W26"], "what was refused is still owed"


def test_what_is_at_court_is_not_taken(desk: Desk) -> None:
    assert desk.settle(paying(desk, "P-7004821-2019")) == "AMOUNT_DIFFERS"


def test_arrears_go_before_the_licence(desk: Desk) -> None:
    """What is under objection does not keep it from being renewed."""
    assert known(desk, "206158", OMAR) == "ARREARS_FIRST"
    assert desk.settle(paying(desk, number=OMAR)) == "GAM-2026-000001"
    assert isinstance(known(desk, "206158", OMAR), Quote)
    assert desk.settle(renewal(desk, number=OMAR, licence="206158", sign="none")) == "GAM-2026-000002"


def test_arrears_have_no_lookup(desk: Desk) -> None:
    assert desk.ask(ARREARS, {"national_number": PERSON}, "holder") == "SERVICE_UNKNOWN"
