"""The centre takes a terminal's records once, and none that could carry anything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from kiosk.wire import UptakeAnswer, UptakeBatch
from offline_queue.intake.database import open_database
from offline_queue.intake.uptake import NoIntake, UptakeRecords, read_uptake
from tests.offline_queue.intake.parts import Line, Terminal
from tests.offline_queue.test_uptake import RECORD, TODAY


@pytest.fixture
def records(database: Path) -> UptakeRecords:
    return UptakeRecords(open_database(database), lambda: datetime.now(UTC))


def keep(records: UptakeRecords, **changes: Any) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    answer: UptakeAnswer = records.keep(
        UptakeBatch(terminal=RECORD.terminal, records=(msgspec.structs.replace(RECORD, **changes),))
    )
    return answer.held, answer.refused


def test_the_first_that_came_stands(records: UptakeRecords, database: Path) -> None:
    assert keep(records) == ((RECORD.record,), ())
    assert keep(records, service="justice.non_conviction") == ((RECORD.record,), ())
    assert read_uptake(database, TODAY, TODAY) == (RECORD,)


@pytest.mark.parametrize(
    "changes",
    [
        {"terminal": "KRK4"},
        {"day": TODAY - timedelta(days=900)},
        {"day": TODAY + timedelta(days=30)},
        {"hour": 24},
        {"language": "Salma"},
        {"service": "Salma 9892004821"},
        {"page": "steps/12-34567"},
        {"page": "steps/plate/12"},
        {"page": "at_home"},
        {"page": "x" * 65},
        {"office_ar": "سلمى\n"},
        {"office_en": "x" * 65},
        {"seconds": -1},
        {"taps": 10**9},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_by_itself(records: UptakeRecords, database: Path, changes: dict[str, Any]) -> None:
    """What stands beside it in the batch is taken."""
    odd = msgspec.structs.replace(RECORD, record=uuid4(), **changes)
    answer = records.keep(UptakeBatch(terminal="KRK3", records=(RECORD, odd)))
    assert (answer.held, answer.refused) == ((RECORD.record,), (odd.record,))
    assert read_uptake(database, TODAY, TODAY) == (RECORD,)


def test_a_terminal_speaks_for_itself_alone(terminal: Terminal) -> None:
    batch = UptakeBatch(terminal="KRK4", records=())
    refused = terminal.post("/v1/uptake", msgspec.json.encode(batch))
    assert (refused.status, refused.error) == (403, "OTHER_TERMINAL")


def test_nobody_unknown_is_heard(line: Line) -> None:
    reply = line.send("POST", "/v1/uptake", b"{}", {"Content-Type": "application/json"})
    assert reply.status == 401


def test_a_file_that_is_no_intakes_is_said_to_be_none(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing of the kind" * 100)
    with pytest.raises(NoIntake):
        read_uptake(file, TODAY, TODAY)
