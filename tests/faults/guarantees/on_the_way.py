"""Guarantees of delivery: nothing is given up, doubled, held up, believed unproven, or hurried against a wish."""

from __future__ import annotations

import random
from unittest.mock import patch

import msgspec

from kiosk.failures import ServiceFailure
from kiosk.recovery import resolve
from kiosk.transaction import TransactionState
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, BatchAnswer, ItemAnswer, encode_canonical
from offline_queue.centre import Silence
from offline_queue.drain import Drain
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LEASE_MS, Postponed
from offline_queue.signing import sign
from tests.faults.guarantees.bench import DECIDED, Bench, Caught, require
from tests.faults.simulated.centre import Reply, Request
from tests.faults.simulated.line import Line, forge
from tests.faults.simulation import Life
from tests.offline_queue.parts import TERMINAL, agreement, read_key, sell

_PLENTY = {"limit": 100, "limit_bytes": 10**6}


def a_lost_answer_delivers_once_and_the_same_bytes(bench: Bench) -> None:
    bodies: list[bytes] = []

    def lose_the_first(line: Line, request: Request) -> Reply:
        reply = line.intake.handle(request)
        assert reply is not None
        if request.path == "/v1/batches":
            bodies.append(request.body)
        return Reply(502, b"") if len(bodies) == 1 else reply

    with bench.office() as office, patch.object(Line, "_good", lose_the_first):
        ids = sell(office.terminal.ledger)
        _let_pass(office, 600)
        require(len(set(bodies)) == 1, "other bytes went the second time")
        state = office.terminal.ledger.outcome_of(ids.transaction).state
        require(state in DECIDED, f"the transaction is still {state}")


def an_answer_without_the_centres_signature_decides_nothing(bench: Bench) -> None:
    with bench.office() as office, patch.object(Line, "_good", lambda line, request: forge(request, line.world)):
        ids = sell(office.terminal.ledger)
        _let_pass(office, 60)
        state = office.terminal.ledger.outcome_of(ids.transaction).state
    require(state not in DECIDED, f"a forged answer made it {state}")


def an_answer_decides_only_what_was_sent_with_its_question(bench: Bench) -> None:
    key = read_key(bench.key_folder / "centre" / "centre.key")
    with bench.office() as office:
        ledger = office.terminal.ledger
        other, _sent = sell(ledger), sell(ledger)
        later = round(office.world.now().timestamp() * 1000) + 3_000_000
        ledger.outbox.postpone([Postponed(other.transaction, later, "retry_later")])
        answer = BatchAnswer(
            terminal=TERMINAL,
            answered_at=office.world.now(),
            answers=(ItemAnswer(transaction=other.transaction, result="accepted"),),
        )
        reply = Reply(200, msgspec.json.encode(sign(encode_canonical(answer), ANSWER_CONTEXT, key, CENTRE_KEY)))
        with patch.object(Line, "_good", lambda _line, _request: reply):
            _let_pass(office, 60)
        state = ledger.outcome_of(other.transaction).state
    require(state not in DECIDED, f"an answer to another question made it {state}")


def a_wish_for_a_pause_is_kept(bench: Bench) -> None:
    asked: list[str] = []

    def busy(_line: Line, request: Request) -> Reply:
        asked.append(request.path)
        return Reply(429, b"{}", {"Retry-After": "300"})

    with bench.office() as office, patch.object(Line, "_good", busy):
        sell(office.terminal.ledger)
        for _ in range(10):
            office.terminal.drain.step(hurry=True)
            office.world.pass_time(20)
    require(asked.count("/v1/batches") == 1, f"asked {asked.count('/v1/batches')} times within the pause")


def an_attempt_without_an_end_is_made_again(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        ledger.outbox.lease(0, **_PLENTY)
        require(len(ledger.outbox.lease(LEASE_MS + 1, **_PLENTY)) == 1, "the lease never ends")


def a_start_sends_on_at_once(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        ledger.outbox.lease(0, **_PLENTY)
    with bench.ledger() as ledger:
        require(len(ledger.outbox.lease(1, **_PLENTY)) == 1, "nothing is sent after the start")


def a_clock_set_back_holds_nothing(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        ledger.outbox.lease(10**12, **_PLENTY)
        require(len(ledger.outbox.lease(10**11, **_PLENTY)) == 1, "it waits until the clock is there again")


def no_silence_gives_up(bench: Bench) -> None:
    with bench.ledger() as ledger:
        ids = sell(ledger)
        drain = bench.drain(ledger)
        bench.centre.trouble, bench.centre.healthy = Silence.NO_LINE, False
        bench.let_pass(drain, 4 * 3600)
        bench.centre.trouble, bench.centre.healthy = None, True
        bench.let_pass(drain, 3600)
        state = ledger.outcome_of(ids.transaction).state
    require(state is TransactionState.ACCEPTED, f"after four hours without a line it is {state} for ever")


def a_bad_item_holds_no_other(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sold = [sell(ledger).transaction for _ in range(9)]
        bench.centre.refuse_batch = lambda batch: any(item.transaction == sold[2] for item in batch.items)
        bench.let_pass(bench.drain(ledger), 1800)
        waiting = ledger.waiting()
    require(waiting == 1, f"{waiting} wait behind one bad item")


def terminals_do_not_come_back_in_step(bench: Bench) -> None:
    with bench.ledger() as ledger:
        pauses = {_terminal(bench, ledger, number)._pause(5) for number in range(20)}
    require(len(pauses) == 20, f"20 terminals come back at {len(pauses)} moment(s)")


def the_offline_limit_is_asked(bench: Bench) -> None:
    with bench.office() as office:
        assert not office.terminal.drain.line_is_up
        too_much = agreement(60_001)
        try:
            office.terminal.settlement.prepare(too_much)
        except ServiceFailure:
            return
    raise Caught("60.001 dinars were taken without a line, and 60 may be")


def recovery_asks_and_never_guesses(bench: Bench) -> None:
    with bench.office() as office:
        ledger, bank = office.terminal.ledger, office.bank
        agreed = agreement()
        ledger.prepare(agreed)
        bank._chance = _Lucky()
        bank.authorise(agreed.ids.payment, agreed.total_fils)
        bank.capture(agreed.ids.payment)  # and here the program dies
        resolve(ledger, bank)
        state = ledger.outcome_of(agreed.ids.transaction).state
        taken = bank.held(agreed.ids.payment)
    require(state is TransactionState.COMMITTED, f"the bank has {taken} fils, and the transaction is {state}")


class _Lucky(random.Random):
    """The bank does what it is asked."""

    def random(self) -> float:
        return 0.99


def _terminal(bench: Bench, ledger: SqlLedger, number: int) -> Drain:
    chance = random.Random(number)
    return Drain(ledger, bench.centre, TERMINAL, bench.clock, draw=chance.uniform, monotonic=bench.clock.monotonic)


def _let_pass(office: Life, seconds: float) -> None:
    office.deliver_until(office.world.seconds + seconds)
