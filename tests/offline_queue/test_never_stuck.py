"""On no path is an item never tried again: whatever the clock, the centre or the disk did, the next try has a bound."""

from __future__ import annotations

import pytest
from sqlite_utils import Database

from kiosk.transaction import TransactionState
from offline_queue.centre import Silence
from offline_queue.drain import Drain, Pace
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LEASE_MS, LONGEST_DELAY_MS
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, answer_for, sell
from tests.offline_queue.test_drain import run

HOUR = 3600.0
DAY = 24 * HOUR
SLACK = 60.0
MOVES = [-400 * DAY, -DAY, -HOUR, -50.0, 50.0, HOUR, DAY, 400 * DAY]


def make(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> Drain:
    return Drain(ledger, centre, TERMINAL, clock, draw=lambda _low, high: high, monotonic=clock.monotonic)


def set_wall_clock(clock: SetClock, by: float) -> None:
    """Its hands are moved; no time passes."""
    seconds = clock.seconds
    clock.move(by)
    clock.seconds = seconds


@pytest.mark.parametrize("by", MOVES)
def test_a_lease_ends_however_the_clock_is_moved(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, by: float
) -> None:
    sell(ledger)
    ledger.outbox.lease(round(clock.now().timestamp() * 1000), limit=1, limit_bytes=1)  # and its holder vanishes
    set_wall_clock(clock, by)
    run(make(ledger, centre, clock), clock, LEASE_MS / 1000 + SLACK + Pace().probe_up)
    assert ledger.waiting() == 0


@pytest.mark.parametrize("by", MOVES)
def test_a_later_comes_however_the_clock_is_moved(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, by: float
) -> None:
    sell(ledger)
    centre.decide = lambda item, _known: answer_for(item.transaction, "retry_later", retry_after_seconds=10**9)
    drain = make(ledger, centre, clock)
    drain.step(hurry=False)
    centre.decide = lambda item, _known: answer_for(item.transaction, "accepted")
    set_wall_clock(clock, by)
    run(drain, clock, LONGEST_DELAY_MS / 1000 + SLACK + Pace().probe_up)
    assert ledger.waiting() == 0


@pytest.mark.parametrize("asked", [None, 0, -1])
def test_a_centre_that_says_later_and_not_when_is_not_asked_without_a_pause(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, asked: int | None
) -> None:
    sell(ledger)
    centre.decide = lambda item, _known: answer_for(item.transaction, "retry_later", retry_after_seconds=asked)
    run(make(ledger, centre, clock), clock, HOUR)
    assert 10 < len(centre.batches) < 40


@pytest.mark.parametrize("silence", [Silence.TERMINAL_REFUSED, Silence.TOO_MUCH])
def test_a_hold_ends_by_itself(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, silence: Silence) -> None:
    sell(ledger)
    drain = make(ledger, centre, clock)
    centre.trouble, centre.retry_after = silence, 1e9
    drain.step(hurry=False)
    assert drain.on_hold
    centre.trouble = None
    run(drain, clock, LONGEST_DELAY_MS / 1000 + Pace().base + Pace().probe_up)
    assert ledger.waiting() == 0
    assert not drain.on_hold


def test_an_item_whose_content_is_missing_holds_up_nobody_and_goes_once_it_is_back(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    """As after a wrong retention rule, and a backup that is put back."""
    poor, *others = (sell(ledger).transaction for _ in range(3))
    body_hash, content = _take_body(ledger, str(poor))
    drain = make(ledger, centre, clock)
    run(drain, clock, 5 * HOUR)
    assert [ledger.outcome_of(one).state for one in others] == [TransactionState.ACCEPTED] * 2
    assert ledger.outcome_of(poor).state is TransactionState.COMMITTED
    assert ledger._database.read(lambda one: one.execute("SELECT max(problem) FROM outbox").fetchone()) == (
        "content_missing",
    )
    ledger._database.write(lambda one: one.execute("INSERT INTO bodies VALUES (?, ?)", (body_hash, content)))
    run(drain, clock, HOUR + Pace().probe_up)
    assert ledger.waiting() == 0


def _take_body(ledger: SqlLedger, transaction: str) -> tuple[str, bytes]:
    def work(connection: Database) -> tuple[str, bytes]:
        row = connection.execute(
            "DELETE FROM bodies WHERE hash = (SELECT body_hash FROM transactions WHERE transaction_id = ?) RETURNING *",
            (transaction,),
        ).fetchone()
        return str(row[0]), bytes(row[1])

    return ledger._database.write(work)


def test_a_thousand_failures_leave_the_next_try_within_its_bound(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sell(ledger)
    drain = make(ledger, centre, clock)
    for number, silence in zip(range(300), list(Silence) * 50, strict=False):
        centre.trouble, centre.healthy = silence, number % 3 == 0
        drain.step(hurry=True)
        assert drain.next_step_in() <= Pace().cap
        clock.move(Pace().cap)
    centre.trouble, centre.healthy = None, True
    run(drain, clock, Pace().cap)
    assert ledger.waiting() == 0
