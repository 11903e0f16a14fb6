"""The sandbox Sanad: who may be registered, with whose phone, by what proof, and what is on file afterwards."""

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

from kiosk.counter import Capacity, DocumentSeen, IdentifiedBy
from kiosk.forms import AGREED
from kiosk.transaction import Agreement
from kiosk.wire import Quote
from offline_queue.intake.agencies import sanad
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.sanad import Registration, age_on
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

SERVICE = sanad.SERVICE
OMAR, LAYLA, KARIM, OTHER = "9841036157", "9872015360", "9761028493", "9990001112"
PHONE, ANOTHER_PHONE, OMARS_PHONE, KARIMS_PHONE = "+962791234567", "+962781112223", "+962790005515", "+962790006428"
BORN = "1991-04-17"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, sanad.RULES)


def fields(number: str = PERSON, phone: str = PHONE, born: str = BORN) -> dict[str, str]:
    return {"national_number": number, "birth_date": born, "phone": phone}


def agreed(desk: Desk, number: str = PERSON, phone: str = PHONE, **changed: Any) -> Agreement:
    answers = {"phone": phone, "declaration": AGREED}
    return desk.quoted(SERVICE, answers, fields(number, phone), national_number=number, **changed)


def registered(engine: Engine, number: str) -> Registration | None:
    with engine.begin() as connection:
        return Book(connection, "sanad", NOW).read("registration", number, Registration)


def test_a_phone_that_is_known_need_not_be_typed(desk: Desk) -> None:
    assert desk.facts(SERVICE, {"national_number": PERSON, "birth_date": BORN}, "identity") == {}
    assert desk.facts(SERVICE, {"national_number": KARIM, "birth_date": BORN}, "identity") == {"phone": KARIMS_PHONE}


@pytest.mark.parametrize(("number", "code"), [(OMAR, "ALREADY_ACTIVE"), (LAYLA, "SUSPENDED")])
def test_who_has_an_identity_is_told_before_anything_is_asked(desk: Desk, number: str, code: str) -> None:
    assert desk.ask(SERVICE, {"national_number": number, "birth_date": BORN}, "identity") == code
    assert desk.ask(SERVICE, fields(number)) == code


@pytest.mark.parametrize(
    ("born", "code"), [("2008-11-27", ""), ("2008-11-28", "TOO_YOUNG"), ("", ""), ("2008-13-01", "")]
)
def test_only_who_is_of_age_is_registered_to_the_day(desk: Desk, born: str, code: str) -> None:
    """A document that does not tell the day whole is no reason."""
    for lookup in ("identity", ""):
        answer = desk.ask(SERVICE, fields(born=born), lookup)
        assert (answer if isinstance(answer, str) else "") == code


def test_it_is_free_and_says_until_when_it_is_to_be_activated(desk: Desk) -> None:
    quote = desk.ask(SERVICE, fields())
    assert isinstance(quote, Quote)
    assert quote.lines == ()
    assert [(fact.id, fact.value, fact.on_receipt) for fact in quote.facts] == [("until", "27/12/2026", True)]


def test_a_registration_has_its_number_and_is_made_once(engine: Engine, desk: Desk) -> None:
    first, second = agreed(desk), agreed(desk)
    assert desk.settle(first) == "SND-2026-000001"
    assert desk.settle(first, NOW + timedelta(days=3)) == "SND-2026-000001", "the first decision stands"
    assert desk.settle(second) == "AWAITS_ACTIVATION"
    kept = registered(engine, PERSON)
    assert kept is not None
    assert (kept.phone, kept.until, kept.face_seen) == (PHONE, NOW + timedelta(days=30), False)
    assert desk.facts(SERVICE, {"national_number": PERSON}, "identity") == {"phone": PHONE}


def test_what_was_never_activated_may_be_made_anew(desk: Desk) -> None:
    assert desk.settle(agreed(desk)).startswith("SND-")
    assert desk.ask(SERVICE, fields()) == "AWAITS_ACTIVATION"
    assert isinstance(desk.ask(SERVICE, fields(), now=NOW + timedelta(days=30)), Quote)


def test_another_phone_takes_the_place_of_the_first_which_is_free_again(engine: Engine, desk: Desk) -> None:
    assert desk.settle(agreed(desk)).startswith("SND-")
    assert desk.ask(SERVICE, fields(OTHER)) == "PHONE_OF_ANOTHER"
    assert desk.settle(agreed(desk, phone=ANOTHER_PHONE)).startswith("SND-")
    kept = registered(engine, PERSON)
    assert kept is not None
    assert kept.phone == ANOTHER_PHONE
    assert desk.settle(agreed(desk, OTHER)).startswith("SND-")


@pytest.mark.parametrize(
    ("number", "phone", "code"),
    [(PERSON, OMARS_PHONE, "PHONE_OF_ANOTHER"), (PERSON, KARIMS_PHONE, "PHONE_OF_ANOTHER"), (KARIM, KARIMS_PHONE, "")],
)
def test_a_phone_is_one_person_s(desk: Desk, number: str, phone: str, code: str) -> None:
    answer = desk.ask(SERVICE, fields(number, phone))
    assert (answer if isinstance(answer, str) else "") == code


def test_two_terminals_with_one_phone_register_one_person(engine: Engine, desk: Desk) -> None:
    first, second = agreed(desk), agreed(desk, OTHER)
    assert desk.settle(first).startswith("SND-")
    assert desk.settle(second) == "PHONE_OF_ANOTHER"
    assert registered(engine, OTHER) is None


def test_the_card_stands_for_the_person_and_nothing_else_does(engine: Engine, desk: Desk) -> None:
    by_paper = agreed(desk, identified_by=IdentifiedBy.DOCUMENT, document_seen=DocumentSeen.PASSPORT)
    assert desk.settle(by_paper) == "NOT_BY_CARD"
    assert desk.settle(agreed(desk, capacity=Capacity.PARENT, on_behalf_of=OTHER)) == "FOR_ONESELF"
    assert registered(engine, PERSON) is None
    at_counter = agreed(desk, served_by="rana")
    assert desk.settle(at_counter).startswith("SND-")
    kept = registered(engine, PERSON)
    assert kept is not None
    assert kept.face_seen, "a clerk has seen whose card it is"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"national_number": OTHER}, "QUOTE_OF_ANOTHER"),
        ({"answers": {"phone": ANOTHER_PHONE, "declaration": AGREED}}, "QUOTE_OF_ANOTHER"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
    ],
)
def test_what_does_not_follow_the_quote_is_refused(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(agreed(desk), **changed)) == code


@given(st.dates(date(1900, 1, 1), date(2030, 12, 31)), st.integers(0, 40_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    age, next_day = age_on(born, day), age_on(born, day + timedelta(days=1))
    assert 0 <= age <= next_day <= age + 1
    assert 365 * age <= days < 366 * (age + 1)
