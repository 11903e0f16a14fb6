"""The sandbox Ministry of Finance: which official pays for which body, once, and when the treasury has the money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Agreement
from kiosk.wire import Quote
from offline_queue.intake.agencies import treasury
from offline_queue.intake.agencies.treasury import credited_on
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

SERVICE = "treasury.voucher"
OMAR, NOBODY = "9841036157", "9990001112"
VOUCHER = "260041207"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, treasury.RULES)


def asked(desk: Desk, voucher: str, number: str = PERSON, now: datetime = NOW) -> Quote | str:
    return desk.ask(SERVICE, {"voucher": voucher, "national_number": number}, now=now)


def agreed(desk: Desk, voucher: str = VOUCHER, at: datetime = NOW) -> Agreement:
    return desk.quoted(SERVICE, {"voucher": voucher}, {"voucher": voucher, "national_number": PERSON}, at=at)


def test_for_which_body_an_official_pays_is_known_by_the_card(desk: Desk) -> None:
    assert desk.facts(SERVICE, {"national_number": PERSON}, "payer") == {"payer": "works-karak"}
    assert desk.facts(SERVICE, {"national_number": OMAR}, "payer") == {"payer": "schools-amman"}
    assert desk.ask(SERVICE, {"national_number": NOBODY}, "payer") == "NOT_REGISTERED"
    assert desk.ask(SERVICE, {}, "payer") == "NOT_REGISTERED"


def test_the_voucher_says_the_rest(desk: Desk) -> None:
    quote = asked(desk, VOUCHER)
    assert isinstance(quote, Quote)
    assert [line.amount_fils for line in quote.lines] == [1_250_500]
    told = {fact.id: fact.value for fact in quote.facts}
    assert told == {
        "payer": "works-karak",
        "purpose": "Fees of digging permits",
        "last_day": "2026-12-09",
        "credited": "2026-11-29",  # NOW is a Friday
    }
    assert "last_day" not in {fact.id for fact in quote.facts if fact.on_receipt}


@pytest.mark.parametrize(
    ("voucher", "number", "code"),
    [
        ("260041100", PERSON, "EXPIRED"),
        ("260041150", PERSON, "WITHDRAWN"),
        ("260077310", PERSON, "VOUCHER_OF_ANOTHER"),
        ("1", PERSON, "VOUCHER_UNKNOWN"),
        ("", PERSON, "VOUCHER_UNKNOWN"),
        (VOUCHER, NOBODY, "NOT_REGISTERED"),
        (VOUCHER, "", "NOT_REGISTERED"),
        (VOUCHER, OMAR, "VOUCHER_OF_ANOTHER"),
    ],
)
def test_what_cannot_be_paid_is_told_before_anything_is_paid(desk: Desk, voucher: str, number: str, code: str) -> None:
    assert asked(desk, voucher, number) == code


def test_a_voucher_is_paid_once(desk: Desk) -> None:
    """Two terminals may have asked before either paid."""
    first, second = agreed(desk), agreed(desk)
    assert desk.settle(first) == "TRS-2026-000001"
    assert desk.settle(second) == "ALREADY_PAID"
    assert desk.settle(first, NOW + timedelta(days=3)) == "TRS-2026-000001", "the first decision stands"
    assert asked(desk, VOUCHER) == "ALREADY_PAID"
    assert isinstance(asked(desk, "260041208"), Quote), "another voucher of the same body"


def test_on_its_last_day_it_is_paid_though_delivered_later(desk: Desk) -> None:
    assert desk.settle(agreed(desk, "260041208"), NOW + timedelta(days=4)) == "TRS-2026-000001"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_fils": 1_000_000}, "AMOUNT_DIFFERS"),
        ({"answers": {"voucher": "260041208"}}, "QUOTE_OF_ANOTHER"),
        ({"national_number": OMAR}, "QUOTE_OF_ANOTHER"),
        ({"agreed_at": NOW + timedelta(hours=1)}, "QUOTE_EXPIRED"),
    ],
)
def test_the_amount_is_the_vouchers_and_nobody_elses(desk: Desk, changed: dict[str, object], code: str) -> None:
    assert desk.settle(msgspec.structs.replace(agreed(desk), **changed)) == code
    assert isinstance(asked(desk, VOUCHER), Quote), "it may still be paid"


@pytest.mark.parametrize(
    ("paid", "credited"),
    [
        ((2026, 11, 26, 13, 59), date(2026, 11, 26)),  # a Thursday
        ((2026, 11, 26, 14, 0), date(2026, 11, 29)),
        ((2026, 11, 27, 9, 0), date(2026, 11, 29)),
        ((2026, 11, 28, 23, 59), date(2026, 11, 29)),
        ((2026, 11, 29, 9, 0), date(2026, 11, 29)),
    ],
)
def test_the_treasury_has_it_on_a_working_day(paid: tuple[int, int, int, int, int], credited: date) -> None:
    assert credited_on(datetime(*paid, tzinfo=LEGAL_TIME), 14) == credited


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(0, 24))  # noqa: DTZ001 - hypothesis wants them naive, and sets the zone below
def test_never_at_a_weekend_nor_before_it_was_paid(moment: datetime, closes_at: int) -> None:
    paid = moment.replace(tzinfo=LEGAL_TIME)
    credited = credited_on(paid, closes_at)
    assert credited.strftime("%A") not in {"Friday", "Saturday"}
    assert timedelta() <= credited - paid.date() <= timedelta(days=3)
