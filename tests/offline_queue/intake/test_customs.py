"""The sandbox customs: whose parcel it is and what it is worth; how a declaration stands, and that it is paid once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Quote
from offline_queue.intake.agencies import customs
from offline_queue.intake.agencies.customs_file import Declaration, OnFile, on_file
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

PARCEL, DECLARATION = "customs.parcel", "customs.declaration"
OMAR, KARIM, NOBODY = "9841036157", "9761028493", "9990001112"
SMALL, SECOND, DEARER, ANYBODYS = "CP204177335DE", "LX553100945CN", "CP881204502GB", "CP204178021DE"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, customs.RULES)


def told(quote: Quote | str) -> dict[str, str]:
    assert isinstance(quote, Quote), quote
    return {fact.id: fact.value for fact in quote.facts}


def due(quote: Quote | str) -> dict[str, int]:
    assert isinstance(quote, Quote), quote
    return {line.id: line.amount_fils for line in quote.lines if line.payable}


# ---------------------------------------------------------------- parcels: before anything is paid


def worth(desk: Desk, number: str, fils: str, person: str = PERSON, now: datetime = NOW) -> Quote | str:
    return desk.ask(PARCEL, {"parcel": number, "value": fils, "national_number": person}, now=now)


def cleared(desk: Desk, number: str = SMALL, fils: str = "84500", person: str = PERSON) -> Agreement:
    fields = {"parcel": number, "value": fils, "national_number": person}
    answers = {"parcel": number, "value": fils, "true": "agreed"}
    return desk.quoted(PARCEL, answers, fields, national_number=person)


def test_the_parcel_that_has_waited_longest_is_proposed_and_then_the_next(desk: Desk) -> None:
    waiting = {"national_number": PERSON}
    assert desk.facts(PARCEL, waiting, "waiting") == {"parcel": SMALL, "waits": "2026-11-24"}
    desk.settle(cleared(desk))
    assert desk.facts(PARCEL, waiting, "waiting")["parcel"] == SECOND
    assert desk.facts(PARCEL, {"national_number": NOBODY}, "waiting") == {}
    assert desk.facts(PARCEL, {}, "waiting") == {}


def test_a_passport_says_who_somebody_is_as_well(desk: Desk) -> None:
    by_passport = {"passport": "UTO-P4471203"}
    assert desk.facts(PARCEL, by_passport, "waiting")["parcel"] == "RR601144775TR"
    fields = {"parcel": "RR601144775TR", "value": "31250", **by_passport}
    assert due(desk.ask(PARCEL, fields)) == {"RR601144775TR:tax": 5_000}
    assert desk.ask(PARCEL, {**fields, "passport": "UTO-P4471204"}) == "PARCEL_OF_ANOTHER"
    agreed = desk.quoted(PARCEL, {"parcel": "RR601144775TR", "value": "31250"}, fields, national_number="UTO-P4471203")
    assert desk.settle(agreed).startswith("CUS-")


def test_what_the_sender_wrote_is_told_for_the_number(desk: Desk) -> None:
    fields = {"parcel": "cp 204 177 335 de", "national_number": PERSON}
    facts = desk.facts(PARCEL, fields, "parcel")
    assert facts == {"sender": "Online shop, Germany", "contents": "Children's clothes", "declared": "84500"}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "NUMBER_MISREAD"),
        ("CP204177353DE", "NUMBER_MISREAD"),
        ("RR473124829GB", "PARCEL_UNKNOWN"),
        (DEARER, "PARCEL_OF_ANOTHER"),
        ("LX553102005CN", "NOT_ARRIVED"),
        ("CP330099126FR", "RETURNED"),
        ("LX100000017CN", "NEEDS_PERMIT"),
        ("CP441200118AE", "NEEDS_DECLARATION"),
    ],
)
def test_what_stands_against_a_clearance_is_told_before_its_value_is_asked(desk: Desk, number: str, code: str) -> None:
    assert desk.ask(PARCEL, {"parcel": number, "national_number": PERSON}, "parcel") == code
    assert worth(desk, number, "100000") == code


@pytest.mark.parametrize(
    ("fils", "code"),
    [
        ("84499", "VALUE_TOO_LOW"),
        ("1000001", "NEEDS_DECLARATION"),
        ("", "VALUE_MISSING"),
        ("many", "VALUE_MISSING"),
        ("-1", "VALUE_MISSING"),
        ("9" * 13, "VALUE_MISSING"),
        ("٩٩٩٩٩", "VALUE_MISSING"),
    ],
)
def test_the_value_is_no_less_than_the_senders_and_no_more_than_a_parcels(desk: Desk, fils: str, code: str) -> None:
    assert worth(desk, SMALL, fils) == code


def test_before_the_rule_for_parcels_began_no_amount_is_known(desk: Desk) -> None:
    before = datetime(2026, 1, 31, 23, 59, tzinfo=LEGAL_TIME)
    assert worth(desk, SMALL, "84500", now=before) == "NO_RULE_KNOWN"
    assert due(worth(desk, SMALL, "84500", now=before + timedelta(minutes=1))) == {f"{SMALL}:tax": 13_520}


# ---------------------------------------------------------------- parcels: what is due, and what changes


def test_a_small_parcel_pays_tax_alone_and_where_it_is_collected_is_told(desk: Desk) -> None:
    quote = worth(desk, SMALL, "84500")
    assert due(quote) == {f"{SMALL}:tax": 13_520}
    assert told(quote) == {"collect": "Karak post office, parcels", "last_day": "2026-12-14", "duty": "0"}
    assert isinstance(quote, Quote)
    assert {fact.id for fact in quote.facts if fact.on_receipt} == {"collect", "last_day"}


def test_one_that_is_worth_more_pays_the_duty_of_its_kind_too(desk: Desk) -> None:
    quote = worth(desk, DEARER, "700000", OMAR)
    assert due(quote) == {f"{DEARER}:duty": 70_000, f"{DEARER}:tax": 123_200}
    assert "duty" not in told(quote)
    assert due(worth(desk, "EA700661189US", "310000", KARIM)) == {"EA700661189US:tax": 49_600}
    raised = due(worth(desk, SMALL, "200001"))
    assert raised == {f"{SMALL}:duty": 30_000, f"{SMALL}:tax": 36_800}


def test_a_parcel_is_cleared_once(desk: Desk) -> None:
    first, second = cleared(desk), cleared(desk)
    assert desk.settle(first) == "CUS-2026-000001"
    assert desk.settle(first, NOW + timedelta(days=3)) == "CUS-2026-000001", "the first decision stands"
    assert desk.settle(second) == "ALREADY_CLEARED", "another terminal's quote for the same parcel"
    assert worth(desk, SMALL, "84500") == "ALREADY_CLEARED"


def test_on_its_last_day_it_is_cleared_though_delivered_later(desk: Desk) -> None:
    agreed = cleared(desk, ANYBODYS, "200000", NOBODY)
    assert desk.settle(agreed, NOW + timedelta(days=4)).startswith("CUS-")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_fils": 5_000}, "AMOUNT_DIFFERS"),
        ({"lines": ()}, "AMOUNT_DIFFERS"),
        ({"answers": {"parcel": SECOND, "value": "84500"}}, "QUOTE_OF_ANOTHER"),
        ({"answers": {"parcel": SMALL, "value": "90000"}}, "QUOTE_OF_ANOTHER"),
        ({"national_number": OMAR}, "QUOTE_OF_ANOTHER"),
        ({"service": DECLARATION}, "SERVICE_UNKNOWN"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
        ({"quote": b"{}"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_follow_the_quote_is_refused(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(cleared(desk), **changed)) == code
    assert isinstance(worth(desk, SMALL, "84500"), Quote), "nothing changed on file"


# ---------------------------------------------------------------- declarations: how they stand


def by_number(number: str, year: str, centre: str, phone: str) -> dict[str, str]:
    return {"number": number, "year": year, "centre": centre, "phone": phone, "national_number": NOBODY}


SCHOOL_BOOKS = by_number("19950", "2026", "zarqa", "+962770001995")


def mine(desk: Desk, person: str = PERSON, now: datetime = NOW) -> Quote | str:
    return desk.ask(DECLARATION, {"national_number": person}, now=now)


def agreed(desk: Desk) -> Agreement:
    return desk.quoted(DECLARATION, {"which": "mine"}, {"national_number": PERSON})


def test_ones_own_declaration_needs_no_typing_and_to_others_only_the_number_is_offered(desk: Desk) -> None:
    own = desk.facts(DECLARATION, {"national_number": PERSON}, "own")
    assert own == {"ways": "mine number", "way": "mine", "own": "31207", "year": "2026"}
    for fields in ({"national_number": NOBODY}, dict[str, str]()):
        assert desk.facts(DECLARATION, fields, "own") == {"ways": "number", "way": "number", "year": "2026"}
        assert desk.ask(DECLARATION, fields) == "NONE_IN_YOUR_NAME"


def test_what_was_assessed_is_one_fee_of_duty_tax_and_service(desk: Desk) -> None:
    quote = mine(desk)
    assert due(quote) == {"31207:duty": 270_000, "31207:tax": 331_200, "31207:service": 10_000}
    facts = told(quote)
    assert (facts["declaration"], facts["centre"], facts["pay_by"]) == ("31207", "amman", "2026-12-23")
    assert isinstance(quote, Quote)
    released = next(fact for fact in quote.facts if fact.id == "release")
    assert released.words is not None
    assert released.words.en == "28/11/2026 11:00", "a day after NOW, in Jordan"


def test_one_of_another_is_found_by_number_year_centre_and_phone_together(desk: Desk) -> None:
    quote = desk.ask(DECLARATION, SCHOOL_BOOKS)
    assert "declaration" not in told(quote), "it was typed, and needs no second row"
    assert due(quote) == {"19950:tax": 384_000, "19950:service": 10_000}, "books have no duty"
    assert isinstance(quote, Quote)
    assert next(fact.words.en for fact in quote.facts if fact.id == "release" and fact.words) == "As soon as it is paid"
    for wrong in ({"number": "19951"}, {"year": "2025"}, {"centre": "amman"}, {"phone": "+962770001996"}):
        assert desk.ask(DECLARATION, {**SCHOOL_BOOKS, **wrong}) == "DECLARATION_UNKNOWN"
    assert desk.ask(DECLARATION, {"number": "19950", "national_number": NOBODY}) == "DECLARATION_UNKNOWN"


@pytest.mark.parametrize(
    ("fields", "state", "amount", "words"),
    [
        ({"national_number": OMAR}, "inspection", 0, "Ask Jaber border customs"),
        (by_number("30988", "2026", "aqaba", "+962790001207"), "inspection", 0, "Nothing is payable before"),
        (by_number("17003", "2026", "airport", "+962770001700"), "lapsed", 664_000, "ran out on 26/11/2026"),
        (by_number("88121", "2025", "omari", "+962790008812"), "released", 243_800, "Collect them at Omari"),
    ],
)
def test_of_any_other_it_is_told_how_it_stands_and_nothing_can_be_paid(
    desk: Desk, fields: dict[str, str], state: str, amount: int, words: str
) -> None:
    quote = desk.ask(DECLARATION, fields)
    assert due(quote) == {}
    assert told(quote)["stands"] == state
    assert isinstance(quote, Quote)
    (line,) = quote.lines
    assert line.amount_fils == amount
    assert line.reason is not None
    assert words in line.reason.en
    assert line.reason.ar


def test_one_in_a_customs_case_is_neither_told_of_nor_paid(desk: Desk) -> None:
    assert desk.ask(DECLARATION, by_number("25500", "2026", "amman", "+962790002550")) == "CASE_OPEN"


# ---------------------------------------------------------------- declarations: what is paid


def test_once_paid_its_goods_are_released_when_it_was_told(desk: Desk) -> None:
    first, second = agreed(desk), agreed(desk)
    assert desk.settle(first, NOW + timedelta(hours=5)) == "CUS-2026-000001"
    assert desk.settle(first, NOW + timedelta(days=2)) == "CUS-2026-000001", "the first decision stands"
    assert desk.settle(second) == "ALREADY_PAID"
    asked = by_number("31207", "2026", "amman", "+962790001207")
    assert told(desk.ask(DECLARATION, asked, now=NOW + timedelta(hours=23)))["stands"] == "paid"
    assert told(desk.ask(DECLARATION, asked, now=NOW + timedelta(hours=24)))["stands"] == "released"


def test_the_next_in_ones_name_is_told_of_then(desk: Desk) -> None:
    desk.settle(agreed(desk))
    assert told(mine(desk))["declaration"] == "30988"


def test_it_is_the_one_of_the_quote_that_is_paid_whatever_became_of_the_others(desk: Desk) -> None:
    """By number another terminal has paid the one that was in the person's name, and first."""
    quoted = agreed(desk)
    asked = by_number("31207", "2026", "amman", "+962790001207")
    answers = {"which": "number", **{name: asked[name] for name in ("number", "year", "centre", "phone")}}
    by_another = desk.quoted(DECLARATION, answers, asked, national_number=NOBODY)
    assert desk.settle(by_another).startswith("CUS-")
    assert desk.settle(quoted) == "ALREADY_PAID"
    assert told(mine(desk))["stands"] == "inspection", "the other one is untouched"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"standing": "inspection"}, "RECALLED"),
        ({"case": True}, "CASE_OPEN"),
        ({"standing": "released"}, "ALREADY_PAID"),
    ],
)
def test_what_became_of_it_between_quote_and_delivery_is_looked_at(
    engine: Engine, keys: Path, desk: Desk, changed: dict[str, object], code: str
) -> None:
    quoted = agreed(desk)
    known = on_file()
    declarations = tuple(msgspec.structs.replace(one, **changed) for one in known.declarations)
    other = Desk(engine, keys, customs.Customs(msgspec.structs.replace(known, declarations=declarations)))
    assert other.settle(quoted) == code
    assert due(mine(desk)), "nothing changed on file"


def test_what_ran_out_since_it_was_quoted_is_paid_all_the_same(engine: Engine, keys: Path, desk: Desk) -> None:
    quoted = agreed(desk)
    later = Desk(engine, keys, customs.Customs(_aged(on_file(), 31)))
    assert told(mine(later))["stands"] == "lapsed"
    assert later.settle(quoted).startswith("CUS-")


def _aged(known: OnFile, days: int) -> OnFile:
    def aged(one: Declaration) -> Declaration:
        return msgspec.structs.replace(one, since_days=days)

    return msgspec.structs.replace(known, declarations=tuple(map(aged, known.declarations)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_fils": 611_199}, "AMOUNT_DIFFERS"),
        ({"lines": ()}, "AMOUNT_DIFFERS"),
        ({"national_number": OMAR}, "QUOTE_OF_ANOTHER"),
        ({"service": PARCEL}, "SERVICE_UNKNOWN"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
    ],
)
def test_nobody_pays_a_part_or_for_another_quote(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(agreed(desk), **changed)) == code
    assert due(mine(desk)), "nothing changed on file"


def test_a_part_of_the_fee_is_not_taken(desk: Desk) -> None:
    part = desk.quoted(DECLARATION, {"which": "mine"}, {"national_number": PERSON}, ("31207:service",))
    assert desk.settle(part) == "AMOUNT_DIFFERS"


# ---------------------------------------------------------------- the data


def test_the_service_offers_the_centres_that_are_on_file(desk: Desk) -> None:
    centre = next(step for step in desk.service(DECLARATION).steps if step.id == "centre")
    assert {option.id for option in centre.options} == {centre.id for centre in on_file().centres}
    assert {one.centre for one in on_file().declarations} <= {centre.id for centre in on_file().centres}
