"""The sandbox licensing department: what must be in order first, what a year costs by each table, the new date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kiosk.transaction import Agreement
from kiosk.wire import Quote, Words
from offline_queue.intake.agencies import licensing, traffic
from offline_queue.intake.agencies.licensing_fees import Energy, fee_of
from offline_queue.intake.agencies.traffic_rules import Fine
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk
from tests.offline_queue.intake.parts import private_key

SERVICE = "licensing.vehicle"
OMAR, KARIM, NOBODY = "9841036157", "9761028493", "9990001112"
TABLES = licensing.on_file().tables
CAR = licensing.Vehicle(
    plate="1-1",
    kind=Words(ar="سيارة", en="Car"),
    energy="petrol",
    first_registered=date(2019, 3, 10),
    licence_days=1,
    engine_cc=1598,
)
NEW = date(2025, 1, 1)
AT_COURT = Fine(
    id="C",
    title=Words(ar="مخالفة", en="A fine"),
    place=Words(ar="الكرك", en="Karak"),
    occurred_on=date(2026, 9, 2),
    amount_fils=12_500,
    reason="court",
)


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def fines(engine: Engine, keys: Path) -> traffic.TrafficAgency:
    """The agency that is asked for open fines; its file is there before the other asks."""
    return traffic.TrafficAgency(engine, private_key(keys / "agency" / "traffic.key"), traffic.Behaviour())


@pytest.fixture
def desk(engine: Engine, keys: Path, fines: traffic.TrafficAgency) -> Desk:
    assert fines is not None
    return Desk(engine, keys, licensing.RULES)


def asked(desk: Desk, plate: str, number: str = PERSON) -> Quote | str:
    return desk.ask(SERVICE, {"plate": plate, "national_number": number})


def agreed(desk: Desk, plate: str, number: str = PERSON) -> Agreement:
    fields = {"plate": plate, "national_number": number}
    return desk.quoted(SERVICE, {"plate": plate}, fields, national_number=number)


# ---------------------------------------------------------------- before anything is asked


def test_the_vehicle_that_is_due_first_is_proposed(desk: Desk) -> None:
    facts = desk.facts(SERVICE, {"national_number": PERSON}, "vehicles")
    assert facts == {"plate": "14-20260", "ends": "2026-12-14"}


def test_what_is_renewed_or_not_due_is_proposed_to_nobody(desk: Desk) -> None:
    desk.settle(agreed(desk, "14-20260"))
    assert desk.facts(SERVICE, {"national_number": PERSON}, "vehicles") == {}, "the other ends in 210 days"
    assert desk.facts(SERVICE, {"national_number": NOBODY}, "vehicles") == {}
    assert desk.facts(SERVICE, {}, "vehicles") == {}


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("plate", "code"),
    [
        ("99-99999", "PLATE_UNKNOWN"),
        ("", "PLATE_UNKNOWN"),
        ("25-31400", "VEHICLE_OF_ANOTHER"),
        ("15-1", "NOT_INSPECTED"),
        ("15-2", "NOT_INSURED"),
        ("15-3", "SEIZED"),
        ("15-4", "LAPSED"),
        ("15-5", "NO_FEE_KNOWN"),
        ("21-7005", "NOT_DUE"),
        ("12-34567", "FINES_OPEN"),
    ],
)
def test_what_stands_against_it_is_told_before_anything_is_paid(desk: Desk, plate: str, code: str) -> None:
    assert asked(desk, plate) == code


def test_whom_the_owner_named_may_renew_it_too(desk: Desk) -> None:
    for number in (KARIM, "9991110000"):
        quote = asked(desk, "25-31400", number)
        assert isinstance(quote, Quote), quote
    assert asked(desk, "25-31400", "") == "VEHICLE_OF_ANOTHER"


def test_once_its_fines_are_paid_it_can_be_renewed(desk: Desk, database: Path) -> None:
    assert asked(desk, "77-4040", OMAR) == "FINES_OPEN"
    traffic.pay_at_its_window(database, "77-4040", NOW)
    assert desk.settle(agreed(desk, "77-4040", OMAR)) == "VL-2026-000001"


def test_a_fine_that_only_the_court_can_settle_has_words_of_its_own(engine: Engine, keys: Path) -> None:
    rules = licensing.Licensing(licensing.on_file(), lambda _, __: [AT_COURT])
    assert asked(Desk(engine, keys, rules), "14-20260") == "FINE_AT_COURT"


# ---------------------------------------------------------------- what is accepted


def test_it_is_renewed_for_a_year_from_the_day_on_which_it_ends_and_once(desk: Desk) -> None:
    quote = asked(desk, "14-20260")
    assert isinstance(quote, Quote)
    told = {fact.id: fact.value for fact in quote.facts}
    assert (told["until"], told["grade"]) == ("2027-12-14", "Engine under 1600 cc")
    assert {fact.id for fact in quote.facts if fact.on_receipt} == {"until", "grade"}
    first, second = agreed(desk, "14-20260"), agreed(desk, "14-20260")
    assert first.total_fils == 45_000
    assert desk.settle(first) == "VL-2026-000001"
    assert desk.settle(first, NOW + timedelta(days=3)) == "VL-2026-000001", "the first decision stands"
    assert desk.settle(second) == "NOT_DUE", "another terminal's quote for the same year"
    assert asked(desk, "14-20260") == "NOT_DUE"
    later = desk.ask(SERVICE, {"plate": "14-20260", "national_number": PERSON}, now=NOW + timedelta(days=380))
    assert isinstance(later, Quote)
    assert next(fact.value for fact in later.facts if fact.id == "until") == "2028-12-14"


def test_nobody_pays_for_less_by_paying_late(desk: Desk) -> None:
    """The licence ended three days ago: the new year begins there."""
    assert desk.settle(agreed(desk, "25-31400", KARIM)).startswith("VL-")
    quote = desk.ask(SERVICE, {"plate": "25-31400", "national_number": KARIM}, now=NOW + timedelta(days=362))
    assert isinstance(quote, Quote)
    assert next(fact.value for fact in quote.facts if fact.id == "until") == "2028-11-24"


def test_what_comes_between_quote_and_delivery(engine: Engine, keys: Path, desk: Desk) -> None:
    """A fine of later does not undo the department's signed word; a seizure does, and changes nothing on file."""
    first, second = agreed(desk, "14-20260"), agreed(desk, "14-20260")
    known = licensing.on_file()
    seized = tuple(msgspec.structs.replace(vehicle, seized=True) for vehicle in known.vehicles)
    under_seizure = licensing.Licensing(msgspec.structs.replace(known, vehicles=seized), traffic.unpaid)
    assert Desk(engine, keys, under_seizure).settle(first) == "SEIZED"
    fined = licensing.Licensing(known, lambda _, __: [msgspec.structs.replace(AT_COURT, reason="")])
    assert Desk(engine, keys, fined).settle(second).startswith("VL-")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
        ({"lines": ()}, "AMOUNT_DIFFERS"),
        ({"answers": {"plate": "21-7005"}}, "QUOTE_OF_ANOTHER"),
        ({"national_number": NOBODY}, "QUOTE_OF_ANOTHER"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
        ({"quote": b"{}"}, "QUOTE_UNPROVEN"),
    ],
)
def test_what_does_not_follow_the_quote_is_refused(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(agreed(desk, "14-20260"), **changed)) == code
    assert isinstance(asked(desk, "14-20260"), Quote), "nothing changed on file"


# ---------------------------------------------------------------- the tables


def fee(**changed: object) -> int | None:
    found = fee_of(TABLES, msgspec.structs.replace(CAR, **changed))
    return None if found is None else found.fils


@pytest.mark.parametrize(
    ("engine_cc", "due"),
    [
        (1, 45_000),
        (1599, 45_000),
        (1600, 64_000),
        (2000, 64_000),
        (2001, 173_000),
        (2500, 173_000),
        (3000, 225_000),
        (4000, 440_000),
    ],
)
def test_by_engine_where_it_was_first_registered_before_2025(engine_cc: int, due: int) -> None:
    assert fee(engine_cc=engine_cc, first_registered=date(2024, 12, 31)) == due


def test_above_the_last_engine_petrol_is_capped() -> None:
    assert fee(engine_cc=4001) == 450_000
    assert fee(engine_cc=4001, energy="diesel") == 650_000


@pytest.mark.parametrize(
    ("dinars", "energy", "due"),
    [
        (10_000, "petrol", 50_000),
        (10_001, "petrol", 125_000),
        (25_000, "diesel", 125_000),
        (50_000, "petrol", 300_000),
        (100_000, "petrol", 500_000),
        (100_001, "petrol", None),
        (25_000, "hybrid", 93_750),
        (10_000, "hybrid", 37_500),
        (10_000, "electric", 50_000),
        (25_000, "electric", 62_500),
        (100_000, "electric", 250_000),
    ],
)
def test_by_value_where_it_was_first_registered_since(dinars: int, energy: Energy, due: int | None) -> None:
    assert fee(first_registered=NEW, value_fils=dinars * 1000, energy=energy) == due


def test_what_no_table_speaks_of_has_no_fee() -> None:
    assert fee(engine_cc=0, energy="electric") is None, "an electric vehicle of before 2025 has no engine to go by"
    assert fee(first_registered=NEW, value_fils=0) is None
    assert fee_of((), CAR) is None


def test_why_it_costs_that_is_said_in_both_languages() -> None:
    found = fee_of(TABLES, msgspec.structs.replace(CAR, first_registered=NEW, value_fils=20_000_000, energy="hybrid"))
    assert found is not None
    assert found.reason.en == "Value up to 25,000 JD, table of 2025 as the press reported it, 25% less for a hybrid"
    assert found.reason.ar.count("،") == 2
    capped = fee_of(TABLES, msgspec.structs.replace(CAR, engine_cc=5000))
    assert capped is not None
    assert "capped for petrol vehicles" in capped.reason.en


ENERGIES = st.sampled_from(("petrol", "diesel", "hybrid", "electric"))


@given(st.integers(1, 100_000_000), st.integers(1, 100_000_000), ENERGIES)
def test_a_dearer_vehicle_never_costs_less(one: int, other: int, energy: Energy) -> None:
    """But for the step at which an electric one begins to be reduced, which still leaves it dearer."""
    less, more = sorted((one, other))
    first = fee(first_registered=NEW, value_fils=less, energy=energy)
    second = fee(first_registered=NEW, value_fils=more, energy=energy)
    assert first is not None
    assert second is not None
    assert 0 < first <= second <= 500_000


@given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.integers(1, 9000), ENERGIES)
def test_each_day_of_first_registration_follows_one_table(day: date, engine_cc: int, energy: Energy) -> None:
    due = fee(first_registered=day, engine_cc=engine_cc, value_fils=9_000_000, energy=energy)
    before = fee(first_registered=date(2024, 12, 31), engine_cc=engine_cc, energy=energy)
    since = fee(first_registered=NEW, value_fils=9_000_000, energy=energy)
    assert due == (since if day >= NEW else before)
