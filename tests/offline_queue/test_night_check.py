"""At night the whole chain is read again, in parts, and the result is kept; by day and beside a person nothing is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.diagnostics import Health
from offline_queue import keeping_checks, night_check, upkeep
from offline_queue.database import open_reader
from offline_queue.desk import QueueDesk
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.night_check import Chain, NightWatch, read_part
from offline_queue.retention import Retention
from offline_queue.upkeep import NightCheck
from tests.offline_queue.parts import TERMINAL, SetClock
from tests.offline_queue.test_diagnosis import settings
from tests.offline_queue.test_retention import DAY, SCHEDULE, run
from tests.offline_queue.test_verify import filled, tamper

__all__ = ["filled", "settings"]
NIGHT = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
"""Half past three in Amman."""

EARLIER = "UPDATE entries SET signature = zeroblob(64) WHERE sequence = 3"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(night_check, "_AT_ONCE", 4)
    monkeypatch.setattr(night_check, "_PAUSE_SECONDS", 0.0)


@pytest.fixture
def chain(ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust) -> Chain:
    return Chain(ledger_file, terminal_keys.database, TERMINAL, trust.ledgers[TERMINAL])


Watch = Callable[..., NightWatch]


@pytest.fixture
def watch(filled: SqlLedger, chain: Chain, clock: SetClock) -> Watch:
    def make(is_quiet: Callable[[], bool] = lambda: True) -> NightWatch:
        return NightWatch(chain, filled, clock, is_quiet)

    clock.at = NIGHT
    return make


def kept(ledger: SqlLedger, task: str = upkeep.NIGHT) -> NightCheck | None:
    return ledger._database.read(lambda connection: upkeep.load(connection, task, NightCheck))


def test_the_whole_chain_is_read_once_a_night(filled: SqlLedger, watch: Watch, clock: SetClock) -> None:
    night = watch()
    night.look()
    found = kept(filled)
    assert filled.chain_holds()
    last = filled._database.read(lambda c: c.execute("SELECT max(transaction_id) FROM transactions").fetchone()[0])
    assert found == NightCheck(began_at=NIGHT, reached=19, problems=0, first="", ended_at=NIGHT, compared=last)
    clock.move(60)
    night.look()
    assert kept(filled) == found, "once is enough"
    clock.move(DAY)
    night.look()
    again = kept(filled)
    assert again is not None
    assert again.began_at == clock.now()


@pytest.mark.parametrize("hour", [22, 23, 1, 9])
def test_by_day_nothing_is_read(filled: SqlLedger, watch: Watch, clock: SetClock, hour: int) -> None:
    """Amman is three hours ahead: its night begins at 23:00."""
    clock.at = NIGHT.replace(hour=hour)
    watch().look()
    assert (kept(filled) is not None) is (hour == 23)


def test_it_stops_for_a_person_and_goes_on_from_there(filled: SqlLedger, watch: Watch) -> None:
    asked = iter([True, True, True, False])
    watch(lambda: next(asked)).look()
    under_way = kept(filled, upkeep.NIGHT_UNDER_WAY)
    assert under_way is not None
    assert (under_way.reached, under_way.ended_at, kept(filled)) == (8, None, None)
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.began_at, found.reached, found.problems) == (NIGHT, 19, 0)


def test_a_changed_entry_is_found_and_kept(
    filled: SqlLedger,
    watch: Watch,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tamper(ledger_file, terminal_keys, EARLIER)
    watch().look()
    found = kept(filled)
    assert found is not None
    assert (found.problems, found.first) == (1, "entry 3: the signature does not belong to these bytes")
    assert not filled.chain_holds()
    assert "the ledger does not hold in 1 places, the first at entry 3" in caplog.text


@pytest.mark.parametrize("behind", range(20))
def test_parts_join_wherever_they_are_cut(filled: SqlLedger, chain: Chain, behind: int) -> None:
    assert filled
    start = NightCheck(began_at=NIGHT, reached=behind, problems=0, first="", ended_at=None)
    with contextlib.closing(open_reader(chain.file, chain.database_key)) as reader:
        found = read_part(reader, chain, start, NIGHT)
    assert (found.reached, found.problems) == (min(19, behind + 4), 0)


def test_a_body_that_is_gone_needs_its_entry(
    filled: SqlLedger,
    watch: Watch,
    trust: Trust,
    clock: SetClock,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
) -> None:
    clock.move(100 * DAY)
    run(Retention(filled, SCHEDULE, trust.centre, clock))
    watch().look()
    clock.move(300)
    found = kept(filled)
    assert found is not None
    assert (found.reached, found.problems) == (22, 0)
    clock.move(DAY)
    tamper(ledger_file, terminal_keys, "DELETE FROM removed_bodies WHERE sequence = 22")
    watch().look()
    again = kept(filled)
    assert again is not None
    assert again.first == "entry 6: its body is gone, and no entry gives a reason that holds"


def test_a_body_that_was_changed_is_found(
    filled: SqlLedger, watch: Watch, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    changed = (
        "UPDATE bodies SET content = CAST(replace(content, 'Speed', 'Gift!') AS BLOB) WHERE content LIKE '%Speed%'"
    )
    tamper(ledger_file, terminal_keys, changed)
    watch().look()
    found = kept(filled)
    assert found is not None
    assert found.first == "entry 1: its body was changed"


def test_no_view_of_the_file_is_kept_between_parts(filled: SqlLedger, chain: Chain) -> None:
    """Else the log could not be emptied while the check runs."""
    start = NightCheck(began_at=NIGHT, reached=0, problems=0, first="", ended_at=None)
    with contextlib.closing(open_reader(chain.file, chain.database_key)) as reader:
        read_part(reader, chain, start, NIGHT)
        assert not reader.conn.in_transaction
        busy, _, _ = filled._database._lane.call(
            lambda: filled._database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        )
    assert busy == 0


def test_the_thread_ends_when_it_is_closed(filled: SqlLedger, watch: Watch) -> None:
    night = watch()
    night.start()
    night.close()
    assert not night._thread.is_alive()
    assert filled.waiting() == 1


# ---------------------------------------------------------------- the technician's checks


def test_what_the_night_found_is_a_check(
    filled: SqlLedger,
    watch: Watch,
    clock: SetClock,
    settings: object,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
) -> None:
    desk = QueueDesk(settings)  # type: ignore[arg-type]  # the fixture of the diagnosis' tests
    assert keeping_checks.night(desk, clock.now()).health is Health.WARNING, "no result yet"
    watch().look()
    assert keeping_checks.night(desk, clock.now()).health is Health.GOOD
    clock.move(2 * DAY)
    assert keeping_checks.night(desk, clock.now()).health is Health.GOOD
    clock.move(DAY + 1)
    assert keeping_checks.night(desk, clock.now()).health is Health.WARNING, "three days without a result"
    clock.at = NIGHT.replace(day=29)
    tamper(ledger_file, terminal_keys, EARLIER)
    watch().look()
    bad = keeping_checks.night(desk, clock.now())
    assert (bad.health, "entry 3" in bad.value.en) == (Health.BAD, True)


def test_a_fault_is_said_before_the_night_is_over(
    filled: SqlLedger, watch: Watch, clock: SetClock, settings: object, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    watch().look()
    clock.move(DAY)
    tamper(ledger_file, terminal_keys, EARLIER)
    asked = iter([True, True, False])
    watch(lambda: next(asked)).look()
    desk = QueueDesk(settings)  # type: ignore[arg-type]
    assert keeping_checks.night(desk, clock.now()).health is Health.BAD


def test_the_tail_and_lost_content_are_a_check(
    filled: SqlLedger, settings: object, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    assert filled
    desk = QueueDesk(settings)  # type: ignore[arg-type]
    good = keeping_checks.tail(desk)
    assert (good.health, "19" in good.value.en) == (Health.GOOD, True)
    lost = "DELETE FROM bodies WHERE hash = (SELECT body_hash FROM transactions WHERE message = 3)"
    tamper(ledger_file, terminal_keys, lost)
    assert "is lost" in keeping_checks.tail(desk).value.en
    tamper(ledger_file, terminal_keys, EARLIER)
    bad = keeping_checks.tail(desk)
    assert (bad.health, "entry 3" in bad.value.en) == (Health.BAD, True)


def test_retention_is_a_check(filled: SqlLedger, trust: Trust, clock: SetClock, settings: object) -> None:
    desk = QueueDesk(settings)  # type: ignore[arg-type]
    assert keeping_checks.retention(desk, clock.now()).health is Health.WARNING
    clock.move(9 * DAY)
    run(Retention(filled, SCHEDULE, trust.centre, clock))
    good = keeping_checks.retention(desk, clock.now())
    assert good.health is Health.GOOD
    assert "9 days" in good.steps[0].value.en.replace("\u2068", "").replace("\u2069", "")
    clock.move(4 * 3600)
    assert keeping_checks.retention(desk, clock.now()).health is Health.WARNING
