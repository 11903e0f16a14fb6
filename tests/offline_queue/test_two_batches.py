"""Two batches under way at once, and what somebody waits for before all others."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import uuid6
from sqlite_utils import Database

from kiosk.failures import Failure, ServiceFailure
from kiosk.lane import Lane
from kiosk.transaction import TransactionState
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Batch, BatchAnswer, ItemAnswer, Signed, encode_canonical
from offline_queue.centre import NoAnswer, Silence
from offline_queue.drain import Drain, Pace
from offline_queue.entries import Decisions, LedgerMistake
from offline_queue.keys import Trust
from offline_queue.ledger import SqlLedger
from offline_queue.signing import sign
from offline_queue.sync import Sync
from offline_queue.verify import examine
from tests.offline_queue.parts import TERMINAL, AtOnce, ScriptedCentre, SetClock, answer_for, centre_signs, sell

ENOUGH = 600.0


def make(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, items: int) -> Drain:
    return Drain(
        ledger,
        centre,
        TERMINAL,
        clock,
        pace=Pace(items=items),
        draw=lambda _low, high: high,
        monotonic=clock.monotonic,
        beside=AtOnce(),
    )


def sizes(centre: ScriptedCentre) -> list[int]:
    return [len(batch.items) for batch in centre.batches]


def test_no_item_is_in_both_batches(ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock) -> None:
    sold = [sell(ledger).transaction for _ in range(8)]
    drain = make(ledger, centre, clock, items=3)
    assert drain.step(hurry=False) == 0
    second, first = ([item.transaction for item in batch.items] for batch in centre.batches)
    assert (first, second) == (sold[:3], sold[3:6])
    drain.step(hurry=False)
    assert sizes(centre) == [3, 3, 2]
    assert ledger.waiting() == 0


def test_two_are_really_under_way_at_the_same_time(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    """Each question waits until the other has arrived too: one after the other, neither would be answered."""
    both = threading.Barrier(2, timeout=60)
    submit = centre.submit

    def meet(batch: Batch) -> tuple[BatchAnswer, Signed]:
        both.wait()
        return submit(batch)

    centre.submit = meet  # type: ignore[method-assign]  # this test's centre
    for _ in range(4):
        sell(ledger)
    with contextlib.closing(Lane("second batch")) as beside:
        Drain(ledger, centre, TERMINAL, SetClock(), pace=Pace(items=2), beside=beside).step(hurry=False)
    assert ledger.waiting() == 0


def test_a_line_that_is_too_slow_for_two_gets_one_of_half_the_size(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    for _ in range(100):
        sell(ledger)
    drain = make(ledger, centre, clock, items=4)
    centre.lose_answers = True
    for _ in range(2):
        drain.step(hurry=True)
    assert sizes(centre) == [4, 4, 2], "both were late, and that halves once"
    centre.lose_answers = False
    for _ in range(22):
        drain.step(hurry=True)
    assert sizes(centre)[3:] == [1] * 16 + [2, 2, 2, 2, 3, 4, 4], "and two again once the size has grown back"


def test_what_befalls_one_batch_does_not_touch_the_other(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sold = [sell(ledger).transaction for _ in range(4)]
    centre.refuse_batch = lambda batch: any(item.transaction == sold[0] for item in batch.items)
    drain = make(ledger, centre, clock, items=2)
    pause = drain.step(hurry=False)
    states = [ledger.outcome_of(transaction).state for transaction in sold]
    assert states == [TransactionState.SENT] * 2 + [TransactionState.ACCEPTED] * 2
    assert 0 < pause <= Pace().base
    drain.step(hurry=True)
    drain.step(hurry=True)
    assert sizes(centre) == [2, 2, 1, 1], "halved, so that the good one is no longer held by the bad one"
    assert ledger.outcome_of(sold[1]).state is TransactionState.ACCEPTED


def test_a_defect_in_one_exchange_does_not_lose_the_answer_of_the_other(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    sold = [sell(ledger).transaction for _ in range(2)]
    submit = centre.submit

    def defective(batch: Batch) -> tuple[BatchAnswer, Signed]:
        if batch.items[0].transaction == sold[0]:
            raise ZeroDivisionError
        return submit(batch)

    centre.submit = defective  # type: ignore[method-assign]
    make(ledger, centre, clock, items=1).step(hurry=False)
    assert ledger.outcome_of(sold[1]).state is TransactionState.ACCEPTED
    assert "ZeroDivisionError" in caplog.text


def test_the_longest_pause_that_is_asked_for_is_kept(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    sell(ledger)
    sell(ledger)
    pauses = iter([10.0, 200.0])

    def busy(_batch: Batch) -> tuple[BatchAnswer, Signed]:
        raise NoAnswer(Silence.TOO_MUCH, retry_after=next(pauses))

    centre.submit = busy  # type: ignore[method-assign, assignment]
    drain = make(ledger, centre, clock, items=1)
    drain.step(hurry=False)
    assert drain.on_hold
    assert drain._send_at - clock.monotonic() == 200 + Pace().base


# -- one answer is one transaction


def test_one_answer_is_one_transaction_and_one_odd_item_does_not_hold_the_others(
    ledger: SqlLedger, centre: ScriptedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = [sell(ledger).transaction for _ in range(3)]
    _, unnamed = centre_signs(centre.key, sold[0])
    whole = BatchAnswer(
        terminal=TERMINAL,
        answered_at=SetClock().now(),
        answers=(answer_for(sold[0], "accepted"), answer_for(sold[2], "rejected")),
    )
    proof = msgspec.json.encode(msgspec.structs.replace(unnamed, payload=msgspec.json.encode(whole)))
    writes: list[object] = []
    write = ledger._database.write

    def counted(work: Callable[[Database], object]) -> object:
        writes.append(work)
        return write(work)

    monkeypatch.setattr(ledger._database, "write", counted)
    results = zip(sold, ("accepted", "accepted", "rejected"), strict=True)
    odd = ledger.record_decisions([answer_for(transaction, result) for transaction, result in results], proof)
    assert odd == (sold[1],), "the proof does not name it"
    states = [ledger.outcome_of(transaction).state for transaction in sold]
    assert states == [TransactionState.ACCEPTED, TransactionState.COMMITTED, TransactionState.NEEDS_ATTENTION]
    assert len(writes) == 1


def test_an_answer_is_decoded_once_for_all_that_it_decides(
    ledger: SqlLedger, centre: ScriptedCentre, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the chain is read: the work does not grow with the square of a batch."""
    answers = tuple(answer_for(sell(ledger).transaction, "accepted") for _ in range(9))
    whole = BatchAnswer(terminal=TERMINAL, answered_at=SetClock().now(), answers=answers)
    proof = msgspec.json.encode(sign(encode_canonical(whole), ANSWER_CONTEXT, centre.key, CENTRE_KEY))
    decode, decoded = msgspec.json.decode, list[object]()

    def counting(content: bytes, **to: Any) -> object:
        decoded.append(to["type"])
        return decode(content, **to)

    monkeypatch.setattr(msgspec.json, "decode", counting)
    assert ledger.record_decisions(answers, proof) == ()
    assert decoded.count(BatchAnswer) == 1
    read = ledger._database.read(lambda c: examine(c, TERMINAL, trust.ledgers[TERMINAL], trust.centre))
    assert (read.entries, read.projections, decoded.count(BatchAnswer)) == ((), (), 2)


def test_one_answer_decides_only_what_it_names() -> None:
    """Of an item that is named twice the first answer counts; another answer's bytes are read anew."""
    first, second = uuid6.uuid7(), uuid6.uuid7()
    one = _proof(answer_for(first, "rejected"), answer_for(first, "accepted"))
    decisions = Decisions()
    assert decisions.read(one, first).result == "rejected"
    with pytest.raises(LedgerMistake, match="does not name"):
        decisions.read(one, second)
    assert decisions.read(_proof(answer_for(second, "accepted")), second).result == "accepted"
    with pytest.raises(msgspec.DecodeError):
        Decisions().read(b"", first)


def _proof(*answers: ItemAnswer) -> bytes:
    whole = BatchAnswer(terminal=TERMINAL, answered_at=SetClock().now(), answers=answers)
    return msgspec.json.encode(Signed(payload=encode_canonical(whole), key_id=CENTRE_KEY, signature=bytes(64)))


def test_an_odd_item_is_put_back_and_says_so(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = [sell(ledger).transaction for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record_decisions", lambda _answers, _proof: (sold[0],))
        make(ledger, centre, clock, items=2).step(hurry=False)
    problems = ledger._database.read(lambda one: one.execute("SELECT problem FROM outbox").fetchall())
    assert problems == [("not_recorded",), ("",)]


def test_a_disk_that_fills_up_half_way_leaves_all_of_an_answer_for_later(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        sell(ledger)
    decide = ledger._decide
    stored: list[ItemAnswer] = []

    def full_at_the_second(connection: Database, answer: ItemAnswer, proof: bytes, decisions: Decisions) -> None:
        if stored:
            raise ServiceFailure(Failure.NOT_SAVED)
        stored.append(answer)
        decide(connection, answer, proof, decisions)

    drain = make(ledger, centre, clock, items=3)
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "_decide", full_at_the_second)
        drain.step(hurry=False)
    assert len(stored) == 1
    assert ledger.waiting() == 3
    clock.move(70)
    drain.step(hurry=False)
    assert ledger.waiting() == 0


# -- what somebody waits for


def test_what_somebody_waits_for_goes_next_and_alone(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    for _ in range(6):
        sell(ledger)
    awaited = sell(ledger).transaction
    drain = make(ledger, centre, clock, items=2)
    assert drain.step(hurry=True, first=[awaited]) == 0
    assert [[item.transaction for item in batch.items] for batch in centre.batches] == [[awaited]]
    drain.step(hurry=False, first=[awaited])
    assert sizes(centre) == [1, 2, 2], "what is answered already holds up nothing"


def test_what_is_waited_for_in_vain_does_not_hold_the_others_for_ever(
    ledger: SqlLedger, centre: ScriptedCentre, clock: SetClock
) -> None:
    other, awaited = (sell(ledger).transaction for _ in range(2))
    centre.decide = lambda item, _known: answer_for(
        item.transaction, "retry_later" if item.transaction == awaited else "accepted", retry_after_seconds=60
    )
    drain = make(ledger, centre, clock, items=2)
    drain.step(hurry=True, first=[awaited])
    drain.step(hurry=True, first=[awaited])
    assert ledger.outcome_of(other).state is TransactionState.ACCEPTED


def test_a_visit_is_answered_before_a_backlog(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    """After a long outage: one batch is under way, and all others come after the one who stands here."""
    backlog = [sell(ledger).transaction for _ in range(20)]
    arrived, opened = threading.Event(), threading.Event()
    submit = centre.submit

    def gated(batch: Batch) -> tuple[BatchAnswer, Signed]:
        arrived.set()
        assert opened.wait(ENOUGH)
        return submit(batch)

    centre.submit = gated  # type: ignore[method-assign]
    pace = Pace(base=1e6, cap=1e6, probe_up=1e6, probe_down=1e6, items=2)
    sync = Sync(ledger, Drain(ledger, centre, TERMINAL, SetClock(), pace=pace))
    sync.start()
    assert arrived.wait(ENOUGH)
    mine = sell(ledger).transaction
    outcomes: list[TransactionState] = []
    visit = threading.Thread(target=lambda: outcomes.append(sync.wait_for_answer(mine, ENOUGH).state))
    visit.start()
    with sync._state:
        assert sync._state.wait_for(lambda: sync._wanted, ENOUGH)
    opened.set()
    visit.join(ENOUGH)
    sync.close()
    assert outcomes == [TransactionState.ACCEPTED]
    sent = [[item.transaction for item in batch.items] for batch in centre.batches]
    assert sent[:2] == [backlog[:2], [mine]]
