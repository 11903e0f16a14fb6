"""The power is cut at a thousand moments of a ledger's life; whatever the disk kept, nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from offline_queue.database import LedgerDatabase, open_reader
from offline_queue.entries import last_place
from offline_queue.keys import load_terminal
from tests.faults.judging import LEDGER, LedgerJudge
from tests.faults.ledger_life import Acknowledged
from tests.faults.operations import Blind, Recording, Returned, Sync
from tests.faults.power_cuts import KEYS, Account, check_sight, cut_power, keep, memory_folder, record_ledger
from tests.offline_queue.parts import TERMINAL
from tests.offline_queue.released import RELEASES, load, make_keys

CUTS = 1000
CONTROL_CUTS = 60
OPENING_CUTS, MIGRATION_CUTS = 200, 60
CALLS = {"prepare", "payment", "commit", "receipt", "print", "void", "decision"}


@pytest.fixture(scope="module")
def memory() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def recording(memory: Path) -> Recording:
    return record_ledger(memory / "life")


def campaign(recording: Recording, life: Path, cuts: int, keys: Path = KEYS) -> Account:
    """The seed is pytest-randomly's, which every run prints."""
    seed = random.getrandbits(32)
    account = cut_power(recording, LedgerJudge(keys, life), range(cuts), seed, life.parent)
    print(account.table())  # noqa: T201 - shown where it fails
    return account


def test_a_thousand_power_cuts_lose_nothing(recording: Recording, memory: Path) -> None:
    account = campaign(recording, memory / "life", CUTS)
    repeat = keep(recording, memory / "life", account) if account.failed else ""
    assert account.failed == [], repeat
    assert {"ledger.db", "ledger.db-wal"} <= account.cuts.keys(), "no cut fell into a checkpoint, or none into the log"


def test_the_recording_sees_every_call_and_a_sync_for_each(recording: Recording, memory: Path) -> None:
    said = [operation.said for operation in recording.operations if isinstance(operation, Returned)]
    assert {msgspec.json.decode(line, type=Acknowledged).call for line in said} == CALLS
    assert recording.calls_without_sync() == 0


def test_a_recording_without_syncs_proves_nothing_and_is_refused(recording: Recording) -> None:
    unseen = tuple(operation for operation in recording.operations if not isinstance(operation, Sync))
    with pytest.raises(Blind, match="no sync was seen"):
        check_sight(Recording(recording.start, unseen))


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_a_ledger_that_syncs_less_loses_acknowledged_work(memory: Path, synchronous: str) -> None:
    """The control: the same cuts find what is to be found."""
    weak = record_ledger(memory / f"life-{synchronous}", synchronous=synchronous)
    assert campaign(weak, memory / f"life-{synchronous}", CONTROL_CUTS).lost > CONTROL_CUTS // 4
    with pytest.raises(Blind):
        check_sight(weak)


def test_a_cut_in_the_first_opening_leaves_a_file_that_opens(memory: Path) -> None:
    first = record_ledger(memory / "first", chapters=["restart_only"])
    account = campaign(first, memory / "first", OPENING_CUTS)
    assert account.failed == []
    assert any("names" in unsynced for unsynced in account.cuts)


@pytest.mark.parametrize("release", RELEASES, ids=[f"schema {file.stem}" for file in RELEASES])
def test_a_cut_while_an_older_file_is_brought_up_loses_nothing_of_it(memory: Path, release: Path) -> None:
    keys, old = memory / f"keys-{release.stem}", memory / f"old-{release.stem}"
    make_keys(keys)
    database_key = load_terminal(keys / "terminal").database
    load(release, old / LEDGER, database_key)
    with contextlib.closing(open_reader(old / LEDGER, database_key)) as reader:
        entries, last_hash = last_place(reader)
    brought_up = record_ledger(old, keys=keys, chapters=["restart_only"])
    before = Returned(msgspec.json.encode(Acknowledged("of the release before", entries, last_hash)))
    account = campaign(Recording(brought_up.start, (before, *brought_up.operations)), old, MIGRATION_CUTS, keys=keys)
    assert account.failed == []
    assert "ledger.db-wal" in account.cuts


def test_the_judge_finds_each_kind_of_harm(recording: Recording, memory: Path) -> None:
    said = [operation.said for operation in recording.operations if isinstance(operation, Returned)]
    last = msgspec.json.decode(said[-1], type=Acknowledged)
    judge = LedgerJudge(KEYS, memory / "life")
    assert judged(judge, memory, said) == []
    beyond = msgspec.structs.replace(last, entries=last.entries + 1)
    assert "LOST" in judged(judge, memory, [msgspec.json.encode(beyond)])[0]
    given = Acknowledged("commit", last.entries, last.last_hash, number=f"{TERMINAL}-000010")
    assert "given twice" in judged(judge, memory, [msgspec.json.encode(given)])[0]
    other = Acknowledged("receipt", last.entries, last.last_hash, number=f"{TERMINAL}-000001", code="another")
    assert "not the one" in judged(judge, memory, [msgspec.json.encode(other)])[0]
    harmed = judged(judge, memory, said, "DELETE FROM bodies WHERE rowid = 1")
    assert "the bodies of 2 entries are missing" in harmed
    torn = "UPDATE transactions SET state = 'prepared' WHERE amount_fils = 5000"
    assert any("is torn: 3 of 3, 2 states" in problem for problem in judged(judge, memory, said, torn))
    record_ledger(memory / "another", chapters=["first_day"])
    assert "no beginning" in judged(LedgerJudge(KEYS, memory / "another"), memory, [])[0]


def judged(judge: LedgerJudge, memory: Path, said: list[bytes], harm: str = "SELECT 1") -> list[str]:
    """The whole life, after `harm` was done to it."""
    image = memory / "judged"
    shutil.rmtree(image, ignore_errors=True)
    shutil.copytree(memory / "life", image)
    database = LedgerDatabase(image / LEDGER, load_terminal(KEYS / "terminal").database)
    with contextlib.closing(database):
        database.write(lambda connection: connection.execute(harm))
    return judge(image, said)
