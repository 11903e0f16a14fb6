"""Delivery, step by step, on a clock that only the test moves: nothing is lost, given up, doubled or held up."""

from __future__ import annotations

import math

import msgspec
import pytest

from kiosk.failures import Failure, ServiceFailure
from kiosk.transaction import TransactionState
from kiosk.wire import Batch, Item, ItemAnswer
from offline_queue.centre import Silence
from offline_queue.drain import Drain, Pace
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LEASE_MS
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, answer_for, sell


class Draws:
    """Always the longest pause that could be drawn, and all bounds that were asked for."""

    def __init__(self) -> None:
        self.bounds: list[float] = []

    def __call__(self, low: float, high: float) -> float:
        assert low == 0
        self.bounds.append(high)
        return high


@pytest.fixture
def draws() -> Draws:
    return Draws()


@pytest.fixture
def drain(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws) -> Drain:
    return make(ledger, centre, clock, draws)


def make(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws, **pace: int) -> Drain:
    return Drain(ledger, centre, TERMINAL, clock, pace=Pace(**pace), draw=draws, monotonic=clock.monotonic)


def _line(drain: Drain) -> bool:
    return drain.line_is_up


def run(drain: Drain, clock: SetClock, seconds: float) -> None:
    """Steps as the thread would, until so much time has passed."""
    end = clock.seconds + seconds
    while clock.seconds < end:
        clock.move(min(max(drain.step(hurry=False), 0.001), end - clock.seconds))


def test_what_waits_is_accepted_in_order(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sold = [sell(ledger).transaction for _ in range(5)]
    drain.step(hurry=False)
    assert [item.transaction for item in centre.batches[0].items] == sold
    assert ledger.waiting() == 0
    outcome = ledger.outcome_of(sold[0])
    assert (outcome.state, outcome.reference) == (TransactionState.ACCEPTED, f"TD-{sold[0].hex[-6:]}")
    assert drain.line_is_up
    run(drain, clock, 100)
    assert len(centre.batches) == 1


def test_a_batch_ends_at_its_items_and_at_its_bytes(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws
) -> None:
    for _ in range(7):
        sell(ledger)
    drain = make(ledger, centre, clock, draws, items=3)
    assert drain.step(hurry=False) == 0
    drain.step(hurry=False)
    drain.step(hurry=False)
    assert [len(batch.items) for batch in centre.batches] == [3, 3, 1]
    items = centre.batches[0].items
    centre.batches.clear()
    for _ in range(5):
        sell(ledger)
    two = 2 * len(msgspec.json.encode(items[0])) + 100
    by_bytes = make(ledger, centre, clock, draws, bytes=two)
    while ledger.waiting():
        by_bytes.step(hurry=False)
    assert [len(batch.items) for batch in centre.batches] == [2, 2, 1]


def test_an_item_larger_than_a_batch_goes_alone(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws
) -> None:
    sell(ledger)
    sell(ledger)
    make(ledger, centre, clock, draws, bytes=1).step(hurry=False)
    assert [len(batch.items) for batch in centre.batches] == [1]


def test_the_same_bytes_go_again_after_a_lost_answer(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    ids = sell(ledger)
    centre.lose_answers = True
    drain.step(hurry=False)
    assert ledger.outcome_of(ids.transaction).state is TransactionState.SENT
    centre.lose_answers = False
    run(drain, clock, 10)
    assert centre.batches[0] == centre.batches[1]
    assert ledger.outcome_of(ids.transaction).state is TransactionState.ACCEPTED
    assert len(centre.held_items) == 1


@pytest.mark.parametrize("trouble", list(Silence))
def test_no_silence_ever_gives_an_item_up(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, trouble: Silence
) -> None:
    ids = sell(ledger)
    centre.trouble = trouble
    centre.healthy = trouble is not Silence.NO_LINE
    run(drain, clock, 4 * 3600)
    assert len(centre.batches) > 20
    assert ledger.waiting() == 1
    centre.trouble, centre.healthy = None, True
    run(drain, clock, 301)
    assert ledger.outcome_of(ids.transaction).state is TransactionState.ACCEPTED


def test_pauses_double_up_to_the_cap_with_full_jitter(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws
) -> None:
    sell(ledger)
    centre.trouble = Silence.CENTRE_TROUBLE
    run(drain, clock, 1200)
    assert draws.bounds[:10] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_years_of_silence_do_not_overflow(drain: Drain) -> None:
    assert drain._pause(10**6) == 300


def test_a_returning_line_is_used_at_once_but_not_by_all_at_once(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws
) -> None:
    sell(ledger)
    centre.trouble, centre.healthy = Silence.NO_LINE, False
    run(drain, clock, 3000)
    assert not _line(drain)
    centre.trouble, centre.healthy = None, True
    draws.bounds.clear()
    run(drain, clock, 3 + 2 + 0.1)
    assert draws.bounds == [2.0]
    assert _line(drain)
    assert ledger.waiting() == 0


def test_a_slow_line_gets_smaller_batches_until_they_pass(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws
) -> None:
    for _ in range(60):
        sell(ledger)
    centre.lose_answers = True
    drain = make(ledger, centre, clock, draws, items=16)
    for _ in range(6):
        drain.step(hurry=True)
    assert [len(batch.items) for batch in centre.batches] == [16, 8, 4, 2, 1, 1]
    centre.lose_answers = False
    for _ in range(23):
        drain.step(hurry=True)
    grown = [len(batch.items) for batch in centre.batches[6:]]
    assert grown == [1] * 16 + [2, 2, 2, 2, 3, 5, 9], "slowly up to what failed, then soon more, as it passes now"


def test_one_bad_item_never_holds_the_others(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sold = [sell(ledger).transaction for _ in range(9)]

    def poisoned(batch: Batch) -> bool:
        return any(item.transaction == sold[2] for item in batch.items)

    centre.refuse_batch = poisoned
    run(drain, clock, 1800)
    states = [ledger.outcome_of(transaction).state for transaction in sold]
    assert states.pop(2) is TransactionState.SENT
    assert set(states) == {TransactionState.ACCEPTED}
    later = sell(ledger).transaction
    drain.step(hurry=True)
    assert ledger.outcome_of(later).state is TransactionState.ACCEPTED


def test_each_item_has_its_own_answer(drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> None:
    sold = [sell(ledger).transaction for _ in range(6)]
    results = dict(zip(sold, ["accepted", "duplicate", "rejected", "conflict", "retry_later", None], strict=True))

    def decide(item: Item, known: bool) -> ItemAnswer | None:
        result = results[item.transaction]
        return None if result is None else answer_for(item.transaction, result, retry_after_seconds=40)

    centre.decide = decide
    drain.step(hurry=False)
    attention, accepted = TransactionState.NEEDS_ATTENTION, TransactionState.ACCEPTED
    states = [ledger.outcome_of(transaction).state for transaction in sold]
    assert states == [accepted, accepted, attention, attention, TransactionState.SENT, TransactionState.SENT]
    assert ledger.outcome_of(sold[2]).words_en == "The fine was paid before"
    results.update({sold[4]: "accepted", sold[5]: "accepted"})
    run(drain, clock, 39)
    assert ledger.outcome_of(sold[4]).state is TransactionState.SENT, "it is asked for later"
    assert ledger.outcome_of(sold[5]).state is accepted, "it was forgotten, and goes again by our own pause"
    run(drain, clock, 2)
    assert ledger.outcome_of(sold[4]).state is accepted
    assert ledger.waiting() == 0


def test_answers_repeated_and_out_of_turn_change_nothing(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre
) -> None:
    sold = [sell(ledger).transaction for _ in range(3)]
    drain.step(hurry=False)
    repeated = [answer_for(transaction, "rejected") for transaction in reversed(sold)]
    assert ledger.record_decisions(repeated, b"") == ()
    assert {ledger.outcome_of(transaction).state for transaction in sold} == {TransactionState.ACCEPTED}


def test_the_centres_wish_for_a_pause_is_not_cut_short(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sell(ledger)
    centre.trouble, centre.retry_after = Silence.TOO_MUCH, 120.0
    drain.step(hurry=False)
    centre.trouble = None
    clock.move(119)
    drain.step(hurry=True)
    assert len(centre.batches) == 1
    assert drain.on_hold
    clock.move(4)
    drain.step(hurry=False)
    assert ledger.waiting() == 0
    assert not drain.on_hold


def test_a_refused_terminal_pauses_and_says_so(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    sell(ledger)
    centre.trouble = Silence.TERMINAL_REFUSED
    drain.step(hurry=False)
    for _ in range(20):
        clock.move(10)
        drain.step(hurry=True)
    assert len(centre.batches) == 1
    assert drain.trouble is Silence.TERMINAL_REFUSED
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    centre.trouble = None
    clock.move(200)
    drain.step(hurry=False)
    assert ledger.waiting() == 0
    assert drain.trouble is None


def test_a_hurry_cuts_our_own_pause_short(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sell(ledger)
    centre.trouble = Silence.NO_LINE
    for _ in range(8):
        drain.step(hurry=True)
    centre.trouble = None
    assert drain.step(hurry=True) == 0
    assert ledger.waiting() == 0


def test_the_line_is_asked_for_while_nothing_is_sent(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    centre.difference_ms = 1234
    run(drain, clock, 60)
    assert (drain.line_is_up, centre.probes) == (True, 4)
    centre.healthy = False
    run(drain, clock, 60)
    assert not drain.line_is_up
    assert centre.probes > 20
    assert ledger._scribe.clock_difference_ms == 1234


def test_a_lease_that_runs_out_is_sent_again(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    """As when the disk was full while answers were being stored."""
    sell(ledger)
    now_ms = round(clock.now().timestamp() * 1000)
    assert len(ledger.outbox.lease(now_ms, limit=10, limit_bytes=10**6)) == 1
    assert ledger.outbox.lease(now_ms, limit=10, limit_bytes=10**6) == ()
    run(drain, clock, LEASE_MS / 1000 - 1)
    assert centre.batches == []
    run(drain, clock, 2)
    assert len(centre.batches) == 1
    assert ledger.waiting() == 0


def test_a_clock_set_back_holds_nothing(ledger: SqlLedger) -> None:
    sell(ledger)
    ledger.outbox.lease(10**12, limit=1, limit_bytes=1)
    assert ledger.outbox.lease(10**12 - 1000, limit=1, limit_bytes=1) == ()
    assert len(ledger.outbox.lease(10**11, limit=1, limit_bytes=1)) == 1
    assert ledger.outbox.next_due_ms(10**10) == 10**10


def test_a_full_disk_while_answers_come_is_not_the_end(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        sell(ledger)

    def full(*_decisions: object) -> None:
        raise ServiceFailure(Failure.NOT_SAVED)

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record_decisions", full)
        drain.step(hurry=False)
    assert ledger.waiting() == 3
    run(drain, clock, LEASE_MS / 1000 + 5)
    assert ledger.waiting() == 0


def test_nothing_waits_and_nothing_is_due(ledger: SqlLedger) -> None:
    assert ledger.outbox.next_due_ms(0) is None
    assert ledger.outbox.lease(0, limit=10, limit_bytes=10) == ()


def test_a_restart_sends_on(open_ledger: OpenLedger, centre: ScriptedCentre, clock: SetClock, draws: Draws) -> None:
    ledger = open_ledger()
    ids = sell(ledger)
    centre.lose_answers = True
    make(ledger, centre, clock, draws).step(hurry=False)
    ledger = open_ledger()
    assert ledger.outcome_of(ids.transaction).state is TransactionState.SENT
    centre.lose_answers = False
    make(ledger, centre, clock, draws).step(hurry=False)
    assert ledger.outcome_of(ids.transaction).state is TransactionState.ACCEPTED
    assert centre.batches[0] == centre.batches[1]


def test_what_was_committed_without_a_word_is_found(
    drain: Drain, ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    """As recovery does, which knows no delivery."""
    run(drain, clock, 5)
    sell(ledger)
    run(drain, clock, 15)
    assert ledger.waiting() == 0


def test_without_work_the_thread_may_sleep_until_the_next_probe(drain: Drain) -> None:
    pause = drain.step(hurry=False)
    assert 0 < pause < math.inf
