"""Each transaction is kept once and answered for, whatever comes twice, at once, altered or beside bad neighbours."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
import sqlcipher3.dbapi2

from kiosk.wire import BatchAnswer, Signed
from offline_queue.intake import database as opening
from offline_queue.intake.agencies.traffic import Behaviour
from offline_queue.intake.inspect import stored
from tests.offline_queue.intake.parts import BELT, PARKING, SPEED, Line, Terminal, running


def test_what_is_accepted_is_kept_and_has_the_agencys_reference(terminal: Terminal, database: Path) -> None:
    item = terminal.paying(SPEED, PARKING)
    (answer,) = terminal.submit(item)
    assert (answer.transaction, answer.result, answer.code, answer.words) == (item.transaction, "accepted", "", None)
    assert answer.reference.startswith("TRF-")
    (one,) = stored(database)
    assert (one.transaction, one.terminal, one.message) == (item.transaction, "KRK3", item.message)
    assert (one.state, one.reference, one.code) == ("accepted", answer.reference, "")


def test_the_same_bytes_again_are_a_duplicate_with_the_first_reference(terminal: Terminal, database: Path) -> None:
    item = terminal.paying(SPEED)
    (first,) = terminal.submit(item)
    again = terminal.submit(item, item)
    assert [(one.result, one.reference) for one in again] == [("duplicate", first.reference)] * 2
    assert len(stored(database)) == 1


def test_a_rejection_stands_and_is_not_called_a_duplicate(terminal: Terminal, database: Path) -> None:
    terminal.submit(terminal.paying(SPEED))
    late = terminal.item(_agreed_before(terminal))
    first, again = terminal.submit(late), terminal.submit(late)
    assert first == again
    assert (first[0].result, first[0].code) == ("rejected", "QUOTE_EXPIRED")
    assert [one.state for one in stored(database)] == ["accepted", "rejected"]


def _agreed_before(terminal: Terminal) -> Any:
    quote, signed = terminal.quote(plate="12-34567")
    return terminal.agreement(signed, PARKING, agreed_at=quote.expires_at.replace(year=quote.expires_at.year + 1))


def test_the_same_batch_in_parallel_makes_one_row_and_one_acceptance(terminal: Terminal, database: Path) -> None:
    item = terminal.paying(SPEED, BELT)
    together = threading.Barrier(6)

    def send(_: int) -> tuple[str, str]:
        together.wait()
        (answer,) = terminal.submit(item)
        return answer.result, answer.reference

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert sorted(result for result, _ in answers) == ["accepted"] + ["duplicate"] * 5
    assert len({reference for _, reference in answers}) == 1
    assert len(stored(database)) == 1


def test_one_id_with_other_bytes_is_a_conflict_and_changes_nothing(terminal: Terminal, database: Path) -> None:
    agreement = terminal.agreement(terminal.quote(plate="12-34567")[1], SPEED)
    first = terminal.item(agreement)
    other = terminal.item(msgspec.structs.replace(agreement, person_name="someone else"))
    (accepted,) = terminal.submit(first)
    (conflict,) = terminal.submit(other)
    assert (conflict.result, conflict.code) == ("conflict", "CONFLICT")
    assert conflict.words is not None
    assert [(one.message, one.reference) for one in stored(database)] == [(first.message, accepted.reference)]


@pytest.mark.parametrize("number", [{"message": 1}, {"sequence": 3}])
def test_one_number_used_for_two_transactions_is_a_conflict(
    terminal: Terminal, database: Path, number: dict[str, int]
) -> None:
    first = terminal.paying(SPEED)
    other = terminal.item(terminal.agreement(terminal.quote(plate="12-34567")[1], BELT), **number)
    other = msgspec.structs.replace(other, message=number.get("message", other.message))
    assert [answer.result for answer in terminal.submit(first, other)] == ["accepted", "conflict"]
    assert [one.transaction for one in stored(database)] == [first.transaction]


def test_another_terminal_does_not_learn_what_became_of_an_id(
    terminal: Terminal, other_terminal: Terminal, database: Path
) -> None:
    agreement = terminal.agreement(terminal.quote(plate="12-34567")[1], SPEED)
    item = terminal.item(agreement)
    terminal.submit(item)
    for claimed in (item, other_terminal.item(agreement)):
        (answer,) = other_terminal.submit(claimed)
        assert (answer.result, answer.reference) == ("conflict", "")
    assert len(stored(database)) == 1


def test_an_accepted_transaction_stays_accepted_when_its_signature_comes_spoiled(terminal: Terminal) -> None:
    item = terminal.paying(SPEED)
    terminal.submit(item)
    spoiled = msgspec.structs.replace(item, entry=msgspec.structs.replace(item.entry, signature=b""))
    assert terminal.submit(spoiled)[0].result == "duplicate"


def test_an_item_that_cannot_be_read_is_named_if_its_id_can(terminal: Terminal) -> None:
    good = terminal.paying(SPEED)
    items = [{"transaction": str(UUID(int=5)), "message": "x"}, {"transaction": 5}, 17, msgspec.to_builtins(good)]
    body = msgspec.json.encode({"schema": 1, "terminal": "KRK3", "items": items})
    signed = msgspec.json.decode(terminal.post("/v1/batches", body).body, type=Signed)
    answers = msgspec.json.decode(signed.payload, type=BatchAnswer).answers
    assert [(one.transaction, one.result) for one in answers] == [
        (UUID(int=5), "rejected"),
        (good.transaction, "accepted"),
    ]


def test_which_numbers_are_held(terminal: Terminal, other_terminal: Terminal) -> None:
    first, second, third = terminal.paying(SPEED), terminal.paying(PARKING), terminal.paying(BELT)
    other_terminal.submit(other_terminal.paying(SPEED))
    terminal.submit(third, first)
    assert terminal.held(1, 9).held == ((1, first.transaction), (3, third.transaction))
    assert terminal.held(2, 2).held == ()
    terminal.submit(second)
    answer = terminal.held(2, 3)
    assert (answer.terminal, answer.first, answer.last) == ("KRK3", 2, 3)
    assert answer.held == ((2, second.transaction), (3, third.transaction))


def test_a_silent_agency_leaves_an_item_kept_and_it_is_decided_when_it_comes_again(keys: Path, database: Path) -> None:
    with running(keys, database) as server:
        terminal = Terminal(keys, Line(keys, server.port))
        item = terminal.paying(SPEED)
    with running(keys, database, Behaviour(silent=True)) as server:
        terminal.line = Line(keys, server.port)
        (waiting,) = terminal.submit(item)
        assert (waiting.result, waiting.reference) == ("retry_later", "")
        assert waiting.retry_after_seconds is not None
        assert terminal.held(1, 1).held == ((1, item.transaction),)
        assert [one.state for one in stored(database)] == ["received"]
    with running(keys, database) as server:
        terminal.line = Line(keys, server.port)
        assert [terminal.submit(item)[0].result for _ in range(2)] == ["accepted", "duplicate"]


def test_a_database_that_cannot_be_written_is_answered_as_trouble_and_nothing_is_lost(
    keys: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_MILLISECONDS", 1)
    with running(keys, database) as server:
        terminal = Terminal(keys, Line(keys, server.port))
        item = terminal.paying(SPEED)
        blocking = sqlcipher3.dbapi2.connect(str(database), isolation_level=None)
        blocking.execute("BEGIN IMMEDIATE")
        body = msgspec.json.encode({"schema": 1, "terminal": "KRK3", "items": [item]})
        refused = terminal.post("/v1/batches", body)
        blocking.close()
        assert (refused.status, refused.error) == (503, "STORE_UNAVAILABLE")
        assert terminal.submit(item)[0].result == "accepted"


def test_what_is_committed_is_on_the_disk_and_is_only_added_to(terminal: Terminal, database: Path) -> None:
    terminal.submit(terminal.paying(SPEED))
    assert database.stat().st_mode & 0o077 == 0
    engine = opening.open_database(database)
    with opening.reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert tuple(map(int, sqlcipher3.dbapi2.sqlite_version.split("."))) >= (3, 51, 3)
    engine.dispose()
    for table in ("intake", "decisions"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET transaction_id = 'x'"):
            connection = sqlcipher3.dbapi2.connect(str(database))
            with pytest.raises(sqlcipher3.dbapi2.IntegrityError, match="only added to"):
                connection.execute(change)
            connection.close()
