"""The offline limit by age counts what waits for the line, and not what the centre, or an agency, wants later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.failures import Failure, ServiceFailure
from kiosk.offline import Limits, OfflinePolicy, OfflineRule
from kiosk.wire import Item, ItemAnswer
from offline_queue.centre import Silence
from offline_queue.drain import Drain, Pace
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import Postponed
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, sell
from tests.offline_queue.test_damage import milliseconds
from tests.offline_queue.test_drain import run
from tests.offline_queue.test_verify import tamper

HOURS = 8
POLICY = OfflinePolicy(Limits(hours=HOURS), {"traffic.fines": OfflineRule(allowed=True)})


@pytest.fixture
def drain(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> Drain:
    pace = Pace(base=300.0, cap=900.0, probe_up=900.0, probe_down=900.0)  # days pass here
    return Drain(ledger, centre, TERMINAL, clock, pace=pace, monotonic=clock.monotonic)


def later(item: Item, _known: bool) -> ItemAnswer:
    """As where an agency is silent."""
    return ItemAnswer(transaction=item.transaction, result="retry_later", retry_after_seconds=900)


def is_full(ledger: SqlLedger, clock: SetClock) -> bool:
    """Whether nothing more is taken without a line."""
    try:
        POLICY.require_room("traffic.fines", 1_000, ledger.backlog(), clock.now(), line_is_up=False)
    except ServiceFailure as refused:
        return refused.failure is Failure.OFFLINE_FULL
    return False


def test_what_an_agency_wants_later_closes_no_terminal(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    """It is asked about for a day; then the line goes, and it waits for the line like everything else."""
    sell(ledger)
    centre.decide = later
    run(drain, clock, 24 * 3600)
    assert [row.count for row in ledger.backlog()] == [1], "in number and amount it counts"
    centre.trouble = Silence.NO_LINE
    run(drain, clock, (HOURS - 1) * 3600)
    assert not is_full(ledger, clock)
    run(drain, clock, 2 * 3600)
    assert is_full(ledger, clock)


def test_what_was_never_answered_counts_from_its_commit(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    """Also beside one that an agency wants later."""
    first = sell(ledger).transaction
    centre.decide = later
    drain.step(hurry=True)
    centre.trouble = Silence.NO_LINE
    began = clock.now()
    second = sell(ledger).transaction
    assert first != second
    assert [row.oldest_at for row in ledger.backlog()] == [began]
    clock.move(HOURS * 3600 + 1)
    assert is_full(ledger, clock)


def test_what_lost_its_content_waits_for_no_line(
    drain: Drain,
    ledger: SqlLedger,
    centre: ScriptedCentre,
    clock: SetClock,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
) -> None:
    sell(ledger)
    tamper(ledger_file, terminal_keys, "DELETE FROM bodies")
    centre.trouble = Silence.NO_LINE
    run(drain, clock, 2 * HOURS * 3600)
    assert not is_full(ledger, clock)


def test_since_when_is_told_to_the_second(ledger: SqlLedger, clock: SetClock) -> None:
    transaction = sell(ledger).transaction
    until = clock.now() + timedelta(minutes=15)
    ledger.outbox.postpone([Postponed(transaction, milliseconds(clock) + 900_000, "later")])
    assert [row.oldest_at for row in ledger.backlog()] == [until.replace(microsecond=0)]
