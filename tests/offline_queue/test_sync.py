"""The sync thread: a visit gets its answer as soon as it is there, and never waits in vain."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from kiosk.transaction import TransactionState
from kiosk.wire import Batch, BatchAnswer, Signed
from offline_queue.centre import NoAnswer, Silence
from offline_queue.drain import Drain, Pace
from offline_queue.ledger import SqlLedger
from offline_queue.sync import Sync
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, sell

ENOUGH = 600.0
"""Seconds: more than a test may take, so that a wait that is not ended early fails."""


class Changes:
    """What the screen was told; `wait_for` blocks until it was told exactly this."""

    def __init__(self) -> None:
        self.told: list[tuple[bool, int]] = []
        self._state = threading.Condition()

    def __call__(self, up: bool, waiting: int) -> None:
        with self._state:
            self.told.append((up, waiting))
            self._state.notify_all()

    def wait_for(self, up: bool, waiting: int) -> None:
        with self._state:
            assert self._state.wait_for(lambda: (up, waiting) in self.told, ENOUGH), self.told


class Gate(ScriptedCentre):
    """Answers a batch only once the test lets it."""

    def __init__(self, centre: ScriptedCentre) -> None:
        super().__init__(centre.key)
        self.arrived = threading.Event()
        self.opened = threading.Event()
        self.first_fails = False

    def submit(self, batch: Batch) -> tuple[BatchAnswer, Signed]:
        self.arrived.set()
        assert self.opened.wait(ENOUGH)
        if self.first_fails:
            self.first_fails = False
            raise NoAnswer(Silence.NO_LINE)
        return super().submit(batch)


@pytest.fixture
def changes() -> Changes:
    return Changes()


def make(ledger: SqlLedger, centre: ScriptedCentre, changes: Changes) -> Sync:
    """Its pauses are so long that nothing happens by itself during a test."""
    pace = Pace(base=1e6, cap=1e6, probe_up=1e6, probe_down=1e6)
    sync = Sync(ledger, Drain(ledger, centre, TERMINAL, SetClock(), pace=pace), changes)
    sync.start()
    return sync


@pytest.fixture
def sync(ledger: SqlLedger, centre: ScriptedCentre, changes: Changes) -> Iterator[Sync]:
    sync = make(ledger, centre, changes)
    yield sync
    sync.close()


def test_a_visit_gets_its_answer(sync: Sync, ledger: SqlLedger, changes: Changes) -> None:
    changes.wait_for(True, 0)
    assert sync.line_is_up()
    ids = sell(ledger)
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.ACCEPTED
    assert changes.told[0] == (False, 0)
    assert changes.told[-1] == (True, 0)


def test_a_visit_does_not_wait_where_there_is_no_line(
    sync: Sync, ledger: SqlLedger, centre: ScriptedCentre, changes: Changes
) -> None:
    changes.wait_for(True, 0)
    centre.trouble = Silence.NO_LINE
    ids = sell(ledger)
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.SENT
    changes.wait_for(False, 1)
    assert not sync.line_is_up()


def test_a_visit_does_not_wait_where_the_centre_asked_for_a_pause(
    sync: Sync, ledger: SqlLedger, centre: ScriptedCentre, changes: Changes
) -> None:
    changes.wait_for(True, 0)
    centre.trouble, centre.retry_after = Silence.TOO_MUCH, 600.0
    ids = sell(ledger)
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.SENT


def test_the_wait_ends_with_its_time(ledger: SqlLedger, centre: ScriptedCentre, changes: Changes) -> None:
    gate = Gate(centre)
    sync = make(ledger, gate, changes)
    ids = sell(ledger)
    assert sync.wait_for_answer(ids.transaction, 0.01).state in {TransactionState.COMMITTED, TransactionState.SENT}
    gate.opened.set()
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.ACCEPTED
    sync.close()


def test_what_is_committed_while_a_batch_is_under_way_goes_next(
    ledger: SqlLedger, centre: ScriptedCentre, changes: Changes
) -> None:
    gate = Gate(centre)
    first = sell(ledger)
    sync = make(ledger, gate, changes)
    assert gate.arrived.wait(ENOUGH)
    second = sell(ledger)
    sync.wake()
    gate.opened.set()
    assert sync.wait_for_answer(second.transaction, ENOUGH).state is TransactionState.ACCEPTED
    assert [[item.transaction for item in batch.items] for batch in gate.batches] == [
        [first.transaction],
        [second.transaction],
    ]
    sync.close()


def test_an_attempt_from_before_does_not_end_the_wait(
    ledger: SqlLedger, centre: ScriptedCentre, changes: Changes
) -> None:
    gate = Gate(centre)
    gate.first_fails = True
    sell(ledger)
    sync = make(ledger, gate, changes)
    assert gate.arrived.wait(ENOUGH)
    later = sell(ledger)
    states: list[TransactionState] = []
    visit = threading.Thread(target=lambda: states.append(sync.wait_for_answer(later.transaction, ENOUGH).state))
    visit.start()
    with sync._state:
        assert sync._state.wait_for(lambda: sync._wanted, ENOUGH)
    gate.opened.set()
    visit.join()
    assert states == [TransactionState.ACCEPTED]
    sync.close()


def test_closing_lets_a_waiting_visit_go(ledger: SqlLedger, centre: ScriptedCentre, changes: Changes) -> None:
    gate = Gate(centre)
    ids = sell(ledger)
    sync = make(ledger, gate, changes)
    assert gate.arrived.wait(ENOUGH)
    closing = threading.Thread(target=sync.close)
    closing.start()
    state = sync.wait_for_answer(ids.transaction, ENOUGH).state
    assert state is TransactionState.SENT
    gate.opened.set()
    closing.join(ENOUGH)
    assert not closing.is_alive()


def test_a_defect_does_not_end_delivery(
    sync: Sync, ledger: SqlLedger, changes: Changes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    changes.wait_for(True, 0)
    with monkeypatch.context() as patch:
        patch.setattr(ledger.outbox, "lease_batches", lambda *_args, **_sizes: 1 / 0)
        ids = sell(ledger)
        sync.wake()
        changes.wait_for(True, 1)
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.ACCEPTED
    assert "ZeroDivisionError" in caplog.text


def test_the_thread_lives_on_when_the_screen_stumbles(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    def broken(_up: bool, _waiting: int) -> None:
        raise RuntimeError("the screen")

    sync = Sync(ledger, Drain(ledger, centre, TERMINAL, SetClock()), broken)
    sync.start()
    ids = sell(ledger)
    assert sync.wait_for_answer(ids.transaction, ENOUGH).state is TransactionState.ACCEPTED
    sync.close()


def test_content_leaves_step_by_step_and_whoever_calls_comes_first(
    ledger: SqlLedger, centre: ScriptedCentre, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third step is called away from; the pass goes on in the next round, and ends with it."""
    monkeypatch.setattr("offline_queue.sync._FORGET_EVERY", 0.0)
    steps: list[int] = []
    ended = threading.Event()

    def step() -> bool:
        steps.append(running._begun)
        if len(steps) == 3:
            running.wake()
        if len(steps) < 6:
            return True
        monkeypatch.setattr("offline_queue.sync._FORGET_EVERY", 3600.0)
        ended.set()
        return False

    pace = Pace(base=1e6, cap=1e6, probe_up=1e6, probe_down=1e6)
    running = Sync(ledger, Drain(ledger, centre, TERMINAL, SetClock(), pace=pace), changes, step)
    running.start()
    assert ended.wait(ENOUGH)
    running.close()
    assert steps[:6] == [1, 1, 1, 2, 2, 2]


def test_a_step_that_fails_waits_for_the_next_hour(
    ledger: SqlLedger, centre: ScriptedCentre, changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_queue.sync._FORGET_EVERY", 0.0)
    tried: list[None] = []

    def step() -> bool:
        monkeypatch.setattr("offline_queue.sync._FORGET_EVERY", 3600.0)
        running._forget_at += 3600.0
        tried.append(None)
        raise OSError

    running = Sync(ledger, Drain(ledger, centre, TERMINAL, SetClock()), changes, step)
    running.start()
    changes.wait_for(True, 0)
    assert running.wait_for_answer(sell(ledger).transaction, ENOUGH).state is TransactionState.ACCEPTED
    running.close()
    assert len(tried) == 1
