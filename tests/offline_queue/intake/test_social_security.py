"""The sandbox Social Security: who may subscribe, what is due, what changes on file, and the statement of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine

from kiosk.forms import AGREED
from kiosk.transaction import Agreement, PaymentMethod
from kiosk.wire import Quote
from offline_queue.intake.agencies import social_security
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.database import open_database, reading
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

VOLUNTARY, STATEMENT = "social_security.voluntary", "social_security.statement"
IN_ARREARS, PAID_UP, INSURED, PENSIONER, NOBODY = "9761028493", "9841036157", "9872015360", "9902071846", "9000000001"
BORN = "1991-04-17"
JANUARY = datetime(2027, 1, 10, 8, 0, tzinfo=UTC)


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, social_security.RULES)


def known(desk: Desk, number: str, birth_date: str = BORN, now: datetime = NOW) -> dict[str, str] | str:
    fields = {"national_number": number, "birth_date": birth_date}
    answer = desk.ask(VOLUNTARY, {name: value for name, value in fields.items() if value}, "subscription", now)
    return answer if isinstance(answer, str) else {fact.id: fact.value for fact in answer.facts}


def fields_of(answers: dict[str, str], number: str, birth_date: str = BORN) -> dict[str, str]:
    """As the service's file has them sent."""
    from_card = {"birth_date": birth_date} if answers["action"] in {"join", "change"} and birth_date else {}
    return {"national_number": number, **from_card, **answers}


def agreed(desk: Desk, number: str = PERSON, at: datetime = NOW, **answers: str) -> Agreement:
    agreement = desk.quoted(VOLUNTARY, answers, fields_of(answers, number), at=at, national_number=number)
    free = PaymentMethod.NONE if agreement.total_fils == 0 else PaymentMethod.BANK_CARD
    return msgspec.structs.replace(agreement, method=free)


def quoted(desk: Desk, number: str, at: datetime = NOW, birth_date: str = BORN, **answers: str) -> Quote | str:
    return desk.ask(VOLUNTARY, fields_of(answers, number, birth_date), now=at)


def lines(desk: Desk, number: str, at: datetime = NOW, **answers: str) -> list[tuple[str, int]]:
    answer = quoted(desk, number, at, **answers)
    assert isinstance(answer, Quote), answer
    return [(line.id, line.amount_fils) for line in answer.lines]


JOIN: dict[str, Any] = {"action": "join", "wage": "290000", "declaration": AGREED}


# ---------------------------------------------------------------- joining


def test_whoever_has_none_may_join_and_pays_the_first_month(desk: Desk) -> None:
    before = known(desk, PERSON)
    assert isinstance(before, dict)
    assert (before["actions"], before["suggested"]) == ("join", "join")
    assert (before["least"], before["most"]) == ("290000", "1200000")
    agreement = agreed(desk, **JOIN)
    assert [(line.id, line.amount_fils) for line in agreement.lines] == [("2026-11", 50_750)]
    reference = desk.settle(agreement)
    assert reference == "SSC-2026-000001"
    after = known(desk, PERSON)
    assert isinstance(after, dict)
    assert (after["actions"], after["wage"], after["due"]) == ("stop", "290000", "0")
    assert desk.settle(agreement, NOW + timedelta(days=3)) == reference, "the first decision stands"
    assert known(desk, PERSON, now=datetime(2027, 1, 2, tzinfo=UTC))["due"] == "50750"  # type: ignore[index]


@pytest.mark.parametrize(
    ("number", "birth_date", "code"),
    [
        (INSURED, BORN, "INSURED"),
        (PENSIONER, BORN, "PENSION"),
        (NOBODY, "", "AGE_UNKNOWN"),
        (NOBODY, "yesterday", "AGE_UNKNOWN"),
        (NOBODY, "2010-11-28", "TOO_YOUNG"),
        (NOBODY, "1966-11-27", "TOO_OLD"),
    ],
)
def test_who_may_not_join_learns_it_before_anything_is_typed(
    desk: Desk, number: str, birth_date: str, code: str
) -> None:
    assert known(desk, number, birth_date) == code
    assert quoted(desk, number, birth_date=birth_date, **JOIN) == code


def test_the_last_and_the_first_day_of_the_age_of_joining(desk: Desk) -> None:
    for birth_date in ("2010-11-27", "1966-11-28"):
        assert isinstance(known(desk, NOBODY, birth_date), dict)


def test_whoever_has_unsettled_contributions_may_join_at_any_age(desk: Desk) -> None:
    assert isinstance(known(desk, PERSON, "1940-01-01"), dict)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"wage": "289999"}, "WAGE_OUTSIDE"),
        ({"wage": "1200001"}, "WAGE_OUTSIDE"),
        ({"wage": "much"}, "WAGE_OUTSIDE"),
        ({"declaration": ""}, "NOT_DECLARED"),
        ({"action": "leap"}, "ACTION_UNKNOWN"),
        ({"action": "pay"}, "NOT_SUBSCRIBED"),
        ({"action": "stop"}, "NOT_SUBSCRIBED"),
        ({"action": "change"}, "NOT_SUBSCRIBED"),
    ],
)
def test_what_does_not_follow_the_rules_gets_no_quote(desk: Desk, changed: dict[str, Any], code: str) -> None:
    assert quoted(desk, PERSON, **{**JOIN, **changed}) == code


def test_nobody_joins_twice(desk: Desk) -> None:
    first, second = agreed(desk, **JOIN), agreed(desk, **JOIN)
    assert desk.settle(first).startswith("SSC-")
    assert desk.settle(second) == "ALREADY_PAID"
    assert quoted(desk, PERSON, **JOIN) == "ALREADY_SUBSCRIBED"


def test_nobody_subscribes_for_another(desk: Desk) -> None:
    changed = msgspec.structs.replace(agreed(desk, **JOIN), on_behalf_of=NOBODY)
    assert desk.settle(changed) == "FOR_ONESELF"


def test_another_wage_than_was_quoted_is_refused(desk: Desk) -> None:
    changed = msgspec.structs.replace(agreed(desk, **JOIN), answers={**JOIN, "wage": "1200000"})
    assert desk.settle(changed) == "QUOTE_OF_ANOTHER"


# ---------------------------------------------------------------- paying


def test_what_is_due_is_told_with_what_it_costs_to_be_late(desk: Desk) -> None:
    facts = known(desk, IN_ARREARS)
    assert isinstance(facts, dict)
    assert (facts["actions"], facts["suggested"], facts["due"]) == ("pay stop", "pay", "124338")
    # September is two months late on 27 November, October one: 1 % of 61.250 for each.
    assert lines(desk, IN_ARREARS, action="pay") == [("2026-09", 61_250), ("2026-10", 61_250), ("late", 1_838)]
    assert desk.settle(agreed(desk, IN_ARREARS, action="pay")).startswith("SSC-")
    assert known(desk, IN_ARREARS)["due"] == "0"  # type: ignore[index]
    assert quoted(desk, IN_ARREARS, action="pay") == "NOTHING_DUE"


def test_what_was_paid_elsewhere_meanwhile_is_not_paid_twice(desk: Desk) -> None:
    first, second = (agreed(desk, IN_ARREARS, action="pay") for _ in range(2))
    assert desk.settle(first).startswith("SSC-")
    assert desk.settle(second, NOW + timedelta(days=2)) == "ALREADY_PAID"


def test_a_payment_counts_by_its_day_however_late_it_arrives(desk: Desk) -> None:
    agreement = agreed(desk, IN_ARREARS, action="pay")
    assert desk.settle(agreement, NOW + timedelta(days=15)).startswith("SSC-")
    assert known(desk, IN_ARREARS, now=NOW + timedelta(days=15))["due"] == "61250"  # type: ignore[index]


# ---------------------------------------------------------------- changing and stopping


def test_a_wage_is_cut_once_and_costs_nothing(desk: Desk) -> None:
    facts = known(desk, PAID_UP)
    assert isinstance(facts, dict)
    assert (facts["actions"], facts["least"], facts["most"]) == ("change stop", "336000", "420000")
    agreement = agreed(desk, PAID_UP, action="change", wage="336000")
    assert (agreement.lines, agreement.total_fils) == ((), 0)
    assert desk.settle(agreement).startswith("SSC-")
    after = known(desk, PAID_UP)
    assert isinstance(after, dict)
    assert (after["actions"], after["wage"], after["change"]) == ("stop", "336000", "no")
    assert quoted(desk, PAID_UP, action="change", wage="330000") == "NOT_NOW"


def test_a_wage_rises_at_most_a_tenth_and_once_in_a_years_first_weeks(desk: Desk) -> None:
    assert known(desk, PAID_UP, now=JANUARY)["most"] == "462000"  # type: ignore[index]
    assert quoted(desk, PAID_UP, JANUARY, action="change", wage="462001") == "WAGE_OUTSIDE"
    raised = agreed(desk, PAID_UP, JANUARY, action="change", wage="462000")
    assert desk.settle(raised, JANUARY).startswith("SSC-")
    assert quoted(desk, PAID_UP, JANUARY, action="change", wage="470000") == "WAGE_OUTSIDE"
    assert known(desk, PAID_UP, now=JANUARY)["least"] == "369600"  # type: ignore[index]


@pytest.mark.parametrize(
    ("number", "birth_date", "wage", "code"),
    [
        (IN_ARREARS, BORN, "300000", "DUE_FIRST"),
        (PAID_UP, BORN, "420000", "WAGE_SAME"),
        (PAID_UP, BORN, "335999", "WAGE_OUTSIDE"),
        (PAID_UP, "1971-11-27", "400000", "NOT_NOW"),  # 55: no cut any more
        (PAID_UP, "", "400000", "NOT_NOW"),
    ],
)
def test_a_change_that_is_not_allowed_is_refused(
    desk: Desk, number: str, birth_date: str, wage: str, code: str
) -> None:
    assert quoted(desk, number, birth_date=birth_date, action="change", wage=wage) == code


def test_stopping_settles_what_is_due_and_joining_again_keeps_the_months(desk: Desk) -> None:
    stopped = agreed(desk, IN_ARREARS, action="stop")
    assert [line.id for line in stopped.lines] == ["2026-09", "2026-10", "late"]
    assert desk.settle(stopped).startswith("SSC-")
    facts = known(desk, IN_ARREARS)
    assert isinstance(facts, dict)
    assert (facts["actions"], facts["standing"]) == ("join", "stopped")
    assert desk.settle(agreed(desk, IN_ARREARS, JANUARY, **JOIN), JANUARY).startswith("SSC-")
    months = desk.facts(STATEMENT, {"national_number": IN_ARREARS}, "record", JANUARY)["months"]
    assert months == "35"  # 2024-01 to 2026-10, and 2027-01


def test_stopping_costs_nothing_where_nothing_is_due(desk: Desk) -> None:
    assert lines(desk, PAID_UP, action="stop") == []
    twice = [agreed(desk, PAID_UP, action="stop") for _ in range(2)]
    assert desk.settle(twice[0]).startswith("SSC-")
    assert desk.settle(twice[1]) == "NOT_SUBSCRIBED"


def test_before_the_first_rules_nothing_is_told(desk: Desk) -> None:
    early = datetime(2024, 12, 31, 12, 0, tzinfo=UTC)
    assert known(desk, PERSON, now=early) == "NO_RULES"
    assert quoted(desk, PERSON, early, **JOIN) == "NO_RULES"
    assert desk.settle(msgspec.structs.replace(agreed(desk, **JOIN), agreed_at=early)) == "NO_RULES"


# ---------------------------------------------------------------- the statement


def statement(desk: Desk, number: str, period: str = "all", at: datetime = NOW, **changed: Any) -> Agreement:
    changed = {"national_number": number, "method": PaymentMethod.NONE, **changed}
    return desk.priced(STATEMENT, {"period": period}, at=at, **changed)


def test_a_statement_names_only_the_periods_in_which_there_is_something(desk: Desk) -> None:
    assert desk.facts(STATEMENT, {"national_number": PERSON}, "record") == {
        "periods": "all",
        "suggested": "all",
        "months": "74",
    }
    assert desk.facts(STATEMENT, {"national_number": PAID_UP}, "record")["periods"] == "all this_year last_year"
    assert desk.ask(STATEMENT, {"national_number": NOBODY}, "record") == "NOTHING_ON_FILE"


@pytest.mark.parametrize(
    ("number", "period", "code"),
    [
        (NOBODY, "all", "NOTHING_ON_FILE"),
        (PERSON, "this_year", "NOTHING_THEN"),
        (PERSON, "some_day", "NOTHING_THEN"),
    ],
)
def test_a_statement_of_nothing_is_refused(desk: Desk, number: str, period: str, code: str) -> None:
    assert desk.settle(statement(desk, number, period)) == code


def test_a_statement_is_issued_after_a_while_with_what_was_on_file(desk: Desk, engine: Engine) -> None:
    request = statement(desk, PAID_UP, "last_year")
    assert (request.lines, request.total_fils) == ((), 0)
    assert desk.settle(request).startswith("SSC-")

    transaction = request.ids.transaction
    assert desk.states(transaction, NOW + timedelta(minutes=1)) == ["requested", "in_progress"]
    assert desk.issued(transaction, NOW + timedelta(minutes=1)) is None
    assert desk.states(transaction, NOW + timedelta(minutes=2))[-1] == "issued"
    assert desk.issued(transaction, NOW + timedelta(minutes=2)) is not None
    with reading(engine) as connection:
        written = social_security.RULES.written(transaction, Book(connection, "social_security", NOW))
    assert written is not None
    assert {fact.id: fact.value for fact in written.facts} == {
        "holder": "سلمى",
        "national_number": PAID_UP,
        "period": "03/2025 - 12/2025",
        "months": "10",
        "employed": "0",
        "voluntary": "10",
    }


def test_one_statement_at_a_time(desk: Desk) -> None:
    first, second = statement(desk, PAID_UP), statement(desk, PAID_UP)
    assert desk.settle(first).startswith("SSC-")
    assert desk.settle(second) == "STATEMENT_OPEN"
    later = NOW + timedelta(minutes=3)
    assert desk.settle(statement(desk, PAID_UP), later).startswith("SSC-")
    assert desk.settle(second, later) == "STATEMENT_OPEN", "the first decision stands"


def test_a_statement_is_only_for_oneself_and_has_no_quote(desk: Desk) -> None:
    assert desk.settle(statement(desk, PAID_UP, on_behalf_of=PERSON)) == "FOR_ONESELF"
    assert desk.ask(STATEMENT, {"national_number": PAID_UP}) == "SERVICE_UNKNOWN"
