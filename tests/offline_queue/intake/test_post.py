"""The sandbox Jordan Post, and with it what every sandbox agency does: decide once, by the published tariff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine
from uuid6 import uuid7

from kiosk.corrections import Person, Reason, Reversal
from kiosk.staff import Role
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import Ids, PaymentMethod
from kiosk.wire import Words
from offline_queue.intake.agencies import AgencySilent, post
from offline_queue.intake.agencies.sandbox import Behaviour
from offline_queue.intake.database import open_database
from tests.offline_queue.intake.agencies import NOW, PERSON, Desk

SERVICE = "post.box"
ANSWERS = {"box": "1234", "size": "medium", "years": "2"}


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    engine = open_database(database)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, keys: Path) -> Desk:
    return Desk(engine, keys, post.RULES)


def known(desk: Desk, box: str, number: str = PERSON) -> Any:
    return desk.ask(SERVICE, {"box": box, "national_number": number}, "box")


def test_tells_the_size_and_until_when_it_is_paid(desk: Desk) -> None:
    facts = desk.facts(SERVICE, {"box": "1234", "national_number": PERSON}, "box")
    assert facts == {"size": "medium", "paid_until": "2026-12-31"}


@pytest.mark.parametrize(("box", "code"), [("777", "BOX_OF_ANOTHER"), ("13", "BOX_BLOCKED")])
def test_what_cannot_be_renewed_is_told_before_anything_is_paid_and_refused_after(
    desk: Desk, box: str, code: str
) -> None:
    """A terminal without a line could not ask."""
    assert known(desk, box) == code
    size = "large" if box == "777" else "small"
    assert desk.settle(desk.priced(SERVICE, {"box": box, "size": size, "years": "1"})) == code


def test_the_holder_may_renew_what_another_may_not(desk: Desk) -> None:
    holder = "9991110000"
    assert desk.facts(SERVICE, {"box": "777", "national_number": holder}, "box")["size"] == "large"
    renewed = desk.priced(SERVICE, {"box": "777", "size": "large", "years": "1"}, national_number=holder)
    assert desk.settle(renewed) == "PBX-2026-000001"


def test_a_renewed_box_is_paid_from_the_day_on_which_it_ran_out(desk: Desk) -> None:
    agreement = desk.priced(SERVICE, ANSWERS)
    assert agreement.total_fils == 50_000
    assert desk.settle(agreement) == "PBX-2026-000001"
    assert known(desk, "1234").facts[1].value == "2028-12-31"
    assert desk.settle(agreement, NOW + timedelta(days=3)) == "PBX-2026-000001", "the first decision stands"
    assert known(desk, "1234").facts[1].value == "2028-12-31", "and counts once"


def test_nobody_pays_years_ahead_without_end(desk: Desk) -> None:
    assert desk.settle(desk.priced(SERVICE, {"box": "2030", "size": "small", "years": "1"})) == "PBX-2026-000001"
    assert desk.settle(desk.priced(SERVICE, {"box": "2030", "size": "small", "years": "1"})) == "TOO_FAR_AHEAD"


def test_the_last_of_february_is_renewed_to_the_last_of_february() -> None:
    assert post.renewed_until(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert post.renewed_until(date(2027, 2, 28), 1) == date(2028, 2, 28)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"total_fils": 1}, "AMOUNT_DIFFERS"),
        ({"lines": ()}, "AMOUNT_DIFFERS"),
        ({"answers": {**ANSWERS, "years": "3"}}, "AMOUNT_DIFFERS"),
        ({"answers": {**ANSWERS, "years": "two"}}, "AMOUNT_DIFFERS"),
        ({"answers": {"box": "1234"}}, "AMOUNT_DIFFERS"),
        ({"answers": {**ANSWERS, "size": "small"}}, "AMOUNT_DIFFERS"),
        ({"served_by": "117"}, "AMOUNT_DIFFERS"),  # at the counter its handling is not waived
        ({"tariff": "post-box-2020"}, "TARIFF_UNKNOWN"),
        ({"tariff": ""}, "TARIFF_UNKNOWN"),
        ({"agreed_at": datetime(2025, 12, 31, 23, 59, tzinfo=LEGAL_TIME)}, "TARIFF_UNKNOWN"),
        ({"quote": b"\xff{"}, "QUOTE_UNPROVEN"),
        ({"service": "post.letter"}, "SERVICE_UNKNOWN"),
    ],
)
def test_what_does_not_follow_the_tariff_is_refused(desk: Desk, changed: dict[str, Any], code: str) -> None:
    assert desk.settle(desk.priced(SERVICE, ANSWERS, **changed)) == code
    assert known(desk, "1234").facts[1].value == "2026-12-31", "nothing changed on file"


def test_a_size_that_is_not_the_contracts_is_refused(desk: Desk) -> None:
    assert desk.settle(desk.priced(SERVICE, {**ANSWERS, "size": "small"})) == "SIZE_DIFFERS"


def test_a_lookup_is_no_quote(desk: Desk) -> None:
    """What an agency signed to tell something must not pass for what it signed to be paid."""
    signed = desk.asked(SERVICE, {"box": "1234", "national_number": PERSON}, "box")
    agreement = desk.priced(SERVICE, ANSWERS, lines=(), total_fils=0, quote=msgspec.json.encode(signed), tariff="")
    assert desk.settle(agreement) == "QUOTE_OF_ANOTHER"


def test_what_was_refused_can_be_taken_back_once_and_what_stands_cannot(desk: Desk) -> None:
    refused, stands = desk.priced(SERVICE, ANSWERS, total_fils=1), desk.priced(SERVICE, ANSWERS)
    desk.settle(refused)
    desk.settle(stands)
    taken = desk.agency.take_back(_reversal(refused.ids), NOW)
    assert taken.reference == "PBX-R-000001"
    assert desk.agency.take_back(_reversal(refused.ids), NOW) == taken
    decision = desk.agency.take_back(_reversal(stands.ids), NOW)
    assert decision.refusal is not None
    assert decision.refusal.code == "NOT_REFUSED"


def _reversal(of: Ids) -> Reversal:
    asked = Person(id="117", name=Words(ar="رنا", en="Rana"), role=Role.CLERK)
    return Reversal(
        ids=Ids(basket=of.basket, transaction=uuid7(), payment=of.payment),
        of=of,
        receipt_number="KRK3-000001",
        service=SERVICE,
        agency="post",
        method=PaymentMethod.BANK_CARD,
        amount_fils=50_000,
        reason=Reason.REFUSED,
        requested_by=asked,
        approved_by=asked,
    )


def test_a_silent_agency_has_decided_nothing(engine: Engine, keys: Path, desk: Desk) -> None:
    silent = Desk(engine, keys, post.RULES, Behaviour(silent=True))
    agreement = desk.priced(SERVICE, ANSWERS)
    with pytest.raises(AgencySilent):
        silent.settle(agreement)
    with pytest.raises(AgencySilent):
        known(silent, "1234")
    assert desk.settle(agreement) == "PBX-2026-000001"
