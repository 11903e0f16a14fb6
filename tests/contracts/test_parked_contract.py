"""What the visit may rely on of parked cases: the scripted ones and the ledger's keep the same promises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.parked import Draft, ParkedCases
from offline_queue.intake.issue_keys import issue
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.kiosk.parts import NOW, ScriptedParkedCases

UNTIL = NOW + timedelta(hours=72)


class _Clock:
    def now(self) -> datetime:
        return NOW.astimezone(UTC)


@pytest.fixture(params=["scripted", "ledger"])
def cases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ParkedCases]:
    if request.param == "scripted":
        yield ScriptedParkedCases()
        return
    issue(tmp_path, "KRK3")
    keys = load_terminal(tmp_path / "terminal")
    ledger = SqlLedger(
        tmp_path / "ledger.db", terminal="KRK3", keys=keys, clock=_Clock(), verify_url="https://v.test/r"
    )
    yield ledger.parked
    ledger.close()


def draft(number: str = "9991112223", service: str = "traffic.fines", stopped_at: str = "") -> Draft:
    return Draft(service=service, answers={"plate": "1-2"}, national_number=number, stopped_at=stopped_at)


def test_a_case_is_found_by_person_and_reference_and_taken_once(cases: ParkedCases) -> None:
    parked = cases.park(draft(), UNTIL, "rana")
    assert (parked.service, parked.until, parked.by) == ("traffic.fines", UNTIL, "rana")
    assert cases.of_person("9991112223") == cases.all() == (parked,)
    assert cases.look(parked.reference) == draft()
    assert cases.take(parked.reference, "9991112223") == draft()
    assert cases.take(parked.reference, "9991112223") is None
    assert cases.all() == ()


def test_another_persons_number_takes_nothing_and_staff_need_none(cases: ParkedCases) -> None:
    parked = cases.park(draft(), UNTIL)
    assert cases.take(parked.reference, "9991110000") is None
    assert cases.of_person("9991110000") == ()
    assert cases.take(parked.reference, None) == draft()


def test_the_same_service_is_replaced_and_no_other(cases: ParkedCases) -> None:
    first = cases.park(draft(), UNTIL)
    other = cases.park(draft(service="traffic.licence"), UNTIL)
    somebody = cases.park(draft("9991110000"), UNTIL)
    second = cases.park(draft(stopped_at="quote"), UNTIL)
    assert len({other.reference, somebody.reference, second.reference}) == 3
    assert second.reference == first.reference, "a slip may say it already"
    assert cases.look(first.reference) == draft(stopped_at="quote")
    assert set(cases.of_person("9991112223")) == {other, second}
    assert set(cases.all()) == {other, somebody, second}


def test_what_has_run_out_is_deleted_and_counted(cases: ParkedCases) -> None:
    cases.park(draft(), NOW + timedelta(hours=1))
    kept = cases.park(draft("9991110000"), UNTIL)
    assert cases.expire(NOW + timedelta(hours=1)) == 1
    assert cases.all() == (kept,)


def test_an_unknown_reference_is_nothing(cases: ParkedCases) -> None:
    assert cases.look("K7QM-2XWD") is None
    assert cases.take("K7QM-2XWD", None) is None
