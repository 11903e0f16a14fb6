"""The sandbox tax department: whose account, what a credit takes off, instalments in their order, and clearances."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kiosk.texts import LEGAL_TIME
from kiosk.wire import Quote, Words
from offline_queue.intake.agencies import tax, tax_clearance
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.tax_accounts import (
    Account,
    Due,
    Plan,
    Standing,
    credit_left,
    instalment_day,
    opening,
    owed,
    set_off,
    settled,
)
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

OMAR, KARIM, LAYLA, NOBODY = "9841036157", "9761028493", "9872015360", "9990001112"
BAKERY = "10004821"
MINE = {"whose": "mine"}
OURS = {"whose": "business", "tax_number": BAKERY}
CLEARANCE = {"whose": "mine", "purpose": "tender"}
TITLE = Words(ar="ضريبة", en="Tax")


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, tax.RULES)


def asked(desk: Desk, number: str = PERSON, tax_number: str = "", now: datetime = NOW) -> Quote | str:
    return desk.ask(tax.BALANCE, _fields(number, tax_number), now=now)


def lines_of(desk: Desk, number: str = PERSON, tax_number: str = "", now: datetime = NOW) -> dict[str, int]:
    """What can be paid."""
    quote = asked(desk, number, tax_number, now)
    assert isinstance(quote, Quote), quote
    return {line.id: line.amount_fils for line in quote.lines if line.payable}


def paid(desk: Desk, *picked: str, number: str = PERSON, tax_number: str = "", **changed: Any) -> str:
    answers = {"whose": "business", "tax_number": tax_number} if tax_number else MINE
    fields = _fields(number, tax_number)
    return desk.settle(desk.quoted(tax.BALANCE, answers, fields, picked, **{"national_number": number, **changed}))


def cleared(desk: Desk, number: str, **fields: str) -> str:
    """The code of what stands against a clearance, "" where nothing does."""
    found = desk.ask(tax.CLEARANCE, {"national_number": number, **fields}, "account")
    return found if isinstance(found, str) else ""


def _fields(number: str, tax_number: str) -> dict[str, str]:
    return {"national_number": number, **({"tax_number": tax_number} if tax_number else {})}


# ---------------------------------------------------------------- what is owed


def test_each_tax_and_year_is_a_line_and_what_waits_says_why(desk: Desk) -> None:
    quote = asked(desk)
    assert isinstance(quote, Quote)
    told = [(line.id, line.amount_fils, line.payable) for line in quote.lines]
    assert told == [
        ("INC-2024", 85_000, True),
        ("INC-2025", 120_500, True),
        ("INC-2022-3", 50_000, True),
        ("INC-2022-later", 150_000, False),
        ("INC-2021", 300_000, False),
    ]
    assert all(line.reason is not None for line in quote.lines if not line.payable)
    assert quote.facts == ()


def test_of_whom_nothing_is_on_file_nothing_is_due(desk: Desk) -> None:
    quote = asked(desk, NOBODY)
    assert isinstance(quote, Quote)
    assert (quote.lines, quote.facts) == ((), ())


def test_a_credit_is_told_and_nothing_is_to_be_paid(desk: Desk) -> None:
    quote = asked(desk, KARIM)
    assert isinstance(quote, Quote)
    assert quote.lines == ()
    assert [(fact.id, fact.value, fact.words and fact.words.en) for fact in quote.facts] == [
        ("credit", "64250", "64.250 JD")
    ]


def test_a_credit_is_taken_off_the_oldest_and_used_once(desk: Desk) -> None:
    assert lines_of(desk, tax_number=BAKERY) == {"INC-2025": 150_000, "GST-2026-5": 310_500}
    quote = asked(desk, tax_number=BAKERY)
    assert isinstance(quote, Quote)
    assert quote.lines[0].reason == Words(
        ar="بعد حسم رصيد دائن 50.000 د.أ", en="After a credit of 50.000 JD was taken off"
    )
    assert paid(desk, "GST-2026-5", tax_number=BAKERY).startswith("TAX-2026-")
    assert lines_of(desk, tax_number=BAKERY) == {"INC-2025": 150_000}
    assert paid(desk, "INC-2025", tax_number=BAKERY).startswith("TAX-2026-")
    assert lines_of(desk, tax_number=BAKERY) == {}


@pytest.mark.parametrize(
    ("number", "tax_number", "code"),
    [
        ("", "", "FIELDS_MISSING"),
        (PERSON, "1", "TAX_NUMBER_UNKNOWN"),
        (OMAR, BAKERY, "NOT_REGISTERED"),
        (KARIM, "20008493", "FILE_CLOSED"),
    ],
)
def test_whose_account_is_not_told_is_told_before_anything_is_paid(
    desk: Desk, number: str, tax_number: str, code: str
) -> None:
    assert asked(desk, number, tax_number) == code
    found = desk.ask(tax.CLEARANCE, _fields(number, tax_number), "account")
    assert found == code


def test_the_only_business_of_a_person_need_not_be_typed(desk: Desk) -> None:
    def known(number: str) -> dict[str, str]:
        return desk.facts(tax.BALANCE, {"national_number": number}, "businesses")

    assert known(PERSON) == {"tax_number": BAKERY, "business": BAKERY}
    assert known(LAYLA) == {}, "of two it is not said which"
    assert known(KARIM) == {}, "its file is closed"
    assert known(NOBODY) == {}


# ---------------------------------------------------------------- what is paid


def test_what_is_paid_is_no_longer_owed_and_the_first_decision_stands(desk: Desk) -> None:
    agreement = desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2025",))
    reference = desk.settle(agreement)
    assert reference == "TAX-2026-000001"
    assert set(lines_of(desk)) == {"INC-2024", "INC-2022-3"}
    assert desk.settle(agreement, NOW + timedelta(days=2)) == reference


def test_instalments_are_paid_in_their_order_and_each_once(desk: Desk) -> None:
    twice = desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2022-3",))
    assert paid(desk, "INC-2022-3").startswith("TAX-")
    assert desk.settle(twice) == "ALREADY_PAID"
    assert lines_of(desk)["INC-2022-4"] == 50_000
    in_spring = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    assert lines_of(desk, now=in_spring)["INC-2022-6"] == 150_000, "all that have come due are one line"


def test_a_payment_that_arrives_late_is_judged_by_the_day_on_which_it_was_agreed(desk: Desk) -> None:
    agreement = desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2022-3",))
    assert desk.settle(agreement, NOW + timedelta(days=60)).startswith("TAX-")


def test_what_was_paid_elsewhere_meanwhile_is_refused(desk: Desk) -> None:
    first = desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2024", "INC-2025"))
    assert paid(desk, "INC-2024").startswith("TAX-")
    assert desk.settle(first) == "ALREADY_PAID"
    assert set(lines_of(desk)) == {"INC-2025", "INC-2022-3"}, "nothing of it was taken for paid"


def test_an_amount_that_is_otherwise_by_now_is_refused(desk: Desk, engine: Engine) -> None:
    agreement = desk.quoted(tax.BALANCE, OURS, _fields(PERSON, BAKERY), ("INC-2025",))
    with engine.begin() as connection:
        Book(connection, "tax", NOW).write("standing", BAKERY, Standing(credit_fils=20_000))
    assert desk.settle(agreement) == "AMOUNT_CHANGED"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"national_number": OMAR}, "QUOTE_OF_ANOTHER"),
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
        ({"agreed_at": NOW + timedelta(seconds=901)}, "QUOTE_EXPIRED"),
        ({"quote": b"{"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_fit_the_quote_changes_nothing(desk: Desk, changed: dict[str, Any], code: str) -> None:
    before = lines_of(desk)
    assert desk.settle(desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2025",), **changed)) == code
    assert lines_of(desk) == before


def test_nobody_pays_a_fee_where_the_department_states_what_is_due(desk: Desk) -> None:
    assert desk.ask(tax.CLEARANCE, _fields(PERSON, "")) == "SERVICE_UNKNOWN"


# ---------------------------------------------------------------- a clearance


@pytest.mark.parametrize(("number", "code"), [(PERSON, "SOMETHING_DUE"), (LAYLA, "UNDER_AUDIT"), (KARIM, "")])
def test_what_stands_against_a_clearance_is_told_before_its_fee_and_refused_after(
    desk: Desk, number: str, code: str
) -> None:
    assert cleared(desk, number) == code
    decided = desk.settle(desk.priced(tax.CLEARANCE, CLEARANCE, national_number=number))
    assert decided == (code or "TAX-2026-000001")


def test_who_pays_here_first_is_cleared(desk: Desk) -> None:
    assert cleared(desk, OMAR) == "SOMETHING_DUE"
    assert paid(desk, "INC-2025", number=OMAR).startswith("TAX-")
    assert cleared(desk, OMAR) == ""
    assert desk.settle(desk.priced(tax.CLEARANCE, CLEARANCE, national_number=OMAR)).startswith("TAX-")


def test_instalments_that_have_not_come_due_stand_against_nothing(desk: Desk) -> None:
    assert paid(desk, "INC-2024", "INC-2025", "INC-2022-3").startswith("TAX-")
    assert cleared(desk, PERSON) == ""


def test_a_business_is_cleared_by_its_own_account(desk: Desk) -> None:
    assert cleared(desk, PERSON, tax_number=BAKERY) == "SOMETHING_DUE"
    assert paid(desk, "INC-2025", "GST-2026-5", tax_number=BAKERY).startswith("TAX-")
    assert cleared(desk, PERSON, tax_number=BAKERY) == ""
    assert cleared(desk, LAYLA, tax_number="30005360") == "", "only her own file is under audit"


def test_one_request_is_open_until_the_clearance_is_issued(desk: Desk) -> None:
    assert desk.settle(desk.priced(tax.CLEARANCE, CLEARANCE, national_number=KARIM)).startswith("TAX-")
    assert cleared(desk, KARIM) == "REQUEST_OPEN"
    again = desk.priced(tax.CLEARANCE, CLEARANCE, national_number=KARIM)
    assert desk.settle(again, NOW + timedelta(seconds=119)) == "REQUEST_OPEN"
    later = desk.priced(tax.CLEARANCE, CLEARANCE, national_number=KARIM)
    assert desk.settle(later, NOW + timedelta(seconds=120)).startswith("TAX-")


def test_the_clearance_comes_with_its_check_number_once_it_is_issued(desk: Desk, engine: Engine) -> None:
    agreement = desk.priced(tax.CLEARANCE, CLEARANCE, national_number=KARIM)
    desk.settle(agreement)
    transaction = agreement.ids.transaction

    def written(now: datetime) -> dict[str, str]:
        with engine.connect() as connection:
            found = tax.RULES.written(transaction, Book(connection, "tax", now))
        assert found is not None
        return {fact.id: fact.value for fact in found.facts}

    assert desk.states(transaction, NOW) == ["requested"]
    assert desk.states(transaction, NOW + timedelta(seconds=60)) == ["requested", "in_progress"]
    assert desk.issued(transaction, NOW + timedelta(seconds=119)) is None
    issued = NOW + timedelta(seconds=120)
    assert desk.states(transaction, issued)[-1] == "issued"
    document = desk.issued(transaction, issued)
    assert document is not None
    assert document == desk.issued(transaction, NOW + timedelta(days=90)), "the same whenever it is asked for"
    told = written(issued)
    check = told.pop("check_number")
    assert len(check.replace(" ", "")) == 12
    assert told == {
        "holder": KARIM,
        "purpose": "tender",
        "issued_on": "2026-11-27",
        "valid_until": "2026-12-27",
    }


def test_what_is_paid_is_no_request_for_a_document(desk: Desk) -> None:
    """One agency answers one service at once, and another later."""
    assert (desk.issuing.keeps(tax.CLEARANCE), desk.issuing.keeps(tax.BALANCE)) == (True, False)
    agreement = desk.quoted(tax.BALANCE, MINE, _fields(PERSON, ""), ("INC-2024",))
    assert desk.settle(agreement).startswith("TAX-")
    assert desk.states(agreement.ids.transaction, NOW + timedelta(days=1)) == []
    assert desk.issued(agreement.ids.transaction, NOW + timedelta(days=1)) is None


def test_a_refused_request_is_never_issued(desk: Desk) -> None:
    agreement = desk.priced(tax.CLEARANCE, CLEARANCE)
    assert desk.settle(agreement) == "SOMETHING_DUE"
    assert desk.states(agreement.ids.transaction, NOW + timedelta(days=1)) == []
    assert desk.issued(agreement.ids.transaction, NOW + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("answers", "code"),
    [({"whose": "mine"}, "FIELDS_MISSING"), ({"whose": "mine", "purpose": "fun"}, "FIELDS_MISSING")],
)
def test_a_clearance_has_a_purpose_that_is_known(desk: Desk, answers: dict[str, str], code: str) -> None:
    assert desk.settle(desk.priced(tax.CLEARANCE, answers, national_number=KARIM)) == code


def test_the_purposes_are_those_that_the_service_offers(desk: Desk) -> None:
    step = next(step for step in desk.service(tax.CLEARANCE).steps if step.id == "purpose")
    assert {option.id: option.title for option in step.options} == tax_clearance.PURPOSES


def test_the_electronic_service_costs_less(desk: Desk) -> None:
    """And at the counter the whole fee is due."""
    agreement = desk.priced(tax.CLEARANCE, CLEARANCE, national_number=KARIM)
    assert agreement.total_fils == 3_000
    assert desk.settle(msgspec.structs.replace(agreement, served_by="117")) == "AMOUNT_DIFFERS"


# ---------------------------------------------------------------- sums and days

_FILS = st.integers(min_value=1, max_value=10_000_000)


@given(st.lists(_FILS, max_size=8), st.integers(min_value=0, max_value=20_000_000))
def test_nothing_is_lost_by_setting_off_and_the_oldest_comes_first(amounts: list[int], credit: int) -> None:
    left, rest = set_off(amounts, credit)
    assert sum(amounts) - credit == sum(left) - rest
    assert rest == 0 or not any(left)
    begun = next((at for at, one in enumerate(left) if one), len(left))
    assert left[begun + 1 :] == amounts[begun + 1 :]
    assert left[:begun] == [0] * begun


@st.composite
def _accounts(draw: st.DrawFn) -> Account:
    dues = tuple(
        Due(id=f"D{at}", title=TITLE, amount_fils=fils, contested=contested)
        for at, (fils, contested) in enumerate(draw(st.lists(st.tuples(_FILS, st.booleans()), max_size=5)))
    )
    count = draw(st.integers(min_value=1, max_value=24))
    plan = Plan(
        id="P",
        title=TITLE,
        amount_fils=draw(_FILS),
        count=count,
        first_day=draw(st.dates(date(2024, 1, 1), date(2028, 12, 31))),
        paid=draw(st.integers(min_value=0, max_value=count)),
    )
    return Account(dues=dues, plans=(plan,), credit_fils=draw(st.integers(min_value=0, max_value=20_000_000)))


@given(_accounts(), st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.data())
def test_line_by_line_in_any_order_exactly_what_is_owed_is_paid_in_the_end(
    account: Account, today: date, data: st.DataObject
) -> None:
    (plan,) = account.plans
    whole = sum(due.amount_fils for due in account.dues if not due.contested)
    whole += plan.amount_fils * (plan.count - plan.paid)
    covered = min(account.credit_fils, sum(due.amount_fils for due in account.dues if not due.contested))
    standing, sum_paid = opening(account), 0
    while lines := [one for one in owed(account, standing, today) if one.payable]:
        picked = data.draw(st.lists(st.sampled_from(lines), min_size=1, unique=True))
        sum_paid += sum(one.amount_fils for one in picked)
        standing = settled(standing, picked)
        assert standing.credit_fils >= 0
    assert sum_paid + covered == whole
    assert credit_left(account, standing) == account.credit_fils - covered


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(min_value=1, max_value=60))
def test_instalments_come_month_by_month_and_never_slip(first: date, number: int) -> None:
    day, following = instalment_day(first, number), instalment_day(first, number + 1)
    assert (following.year * 12 + following.month) - (day.year * 12 + day.month) == 1
    assert instalment_day(first, 1) == first
    assert day.day == first.day or (day + timedelta(days=1)).day == 1


def test_an_instalment_comes_due_at_midnight_in_jordan(desk: Desk) -> None:
    assert paid(desk, "INC-2022-3").startswith("TAX-")
    midnight = datetime(2026, 12, 15, tzinfo=LEGAL_TIME)
    assert paid(desk, "INC-2024", "INC-2025").startswith("TAX-")
    fields = _fields(PERSON, "")
    assert not isinstance(desk.ask(tax.CLEARANCE, fields, "account", midnight - timedelta(seconds=1)), str)
    assert desk.ask(tax.CLEARANCE, fields, "account", midnight) == "SOMETHING_DUE"
