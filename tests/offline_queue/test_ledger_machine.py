"""The ledger beside a plain model of its rules: what they allow is done, what they forbid is refused, exactly there."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.transaction import Agreement, PaymentState, TransactionState, movement_of
from offline_queue import projection
from offline_queue.database import open_reader
from offline_queue.entries import LedgerMistake
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LEASE_MS, Postponed
from offline_queue.projection import TransactionRow
from offline_queue.verify import verify
from tests.offline_queue.parts import (
    FACTS,
    TERMINAL,
    VERIFY_URL,
    SetClock,
    agreement,
    basket,
    centre_signs,
    read_key,
)

PREPARED, VOIDED, COMMITTED = TransactionState.PREPARED, TransactionState.VOIDED, TransactionState.COMMITTED
ACCEPTED, ATTENTION = TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION
CAPTURED = PaymentState.CAPTURED
OPEN: Final = (None, PaymentState.UNKNOWN, PaymentState.AUTHORISED)
"""Payments that may still become anything."""


@dataclasses.dataclass
class Model:
    """What one transaction should be."""

    agreed: Agreement
    state: TransactionState = PREPARED
    payment: PaymentState | None = None
    number: str = ""
    outcome: ReceiptOutcome | None = None
    code: str = ""
    prints: dict[int, PrintState] = dataclasses.field(default_factory=dict)
    attempts: int = 0
    leased_until_ms: int = 0
    not_before_ms: int = 0

    @property
    def due_ms(self) -> int:
        """Before this nothing of it is sent."""
        return max(self.leased_until_ms, self.not_before_ms)

    @property
    def alone(self) -> bool:
        """Not paid with others: of a basket no part is ever written by itself."""
        return self.agreed.together is None

    @property
    def is_paid(self) -> bool:
        return self.payment is (CAPTURED if self.agreed.total_fils else None)

    def may_become(self, payment: PaymentState) -> bool:
        """Saying again what is so is allowed, and does nothing. Where nothing is due, nothing is paid."""
        if not self.agreed.total_fils:
            return False
        if payment is self.payment or self.payment in OPEN:
            return True
        return self.payment is CAPTURED and payment in {PaymentState.REFUNDED, PaymentState.VOIDED}

    def says(self, outcome: ReceiptOutcome) -> bool:
        """Whether paper may say so; what is decided may also be said to have awaited delivery."""
        needed = {ReceiptOutcome.ACCEPTED: ACCEPTED, ReceiptOutcome.NEEDS_ATTENTION: ATTENTION}
        return bool(self.number) and needed.get(outcome, self.state) is self.state


class LedgerMachine(RuleBasedStateMachine):
    """Calls in any order, legal and not."""

    transactions: Bundle[Agreement] = Bundle("transactions")
    folder: Path
    memory: Path | None

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory(dir=self.memory)
        self.file = Path(self.place.name) / "ledger.db"
        self.keys, self.trust = load_terminal(self.folder / "terminal"), load_trust(self.folder / "trust")
        self.centre = read_key(self.folder / "centre" / "centre.key")
        self.clock = SetClock()
        self.models: dict[UUID, Model] = {}
        self.committed: list[Model] = []
        self.baskets: list[list[Agreement]] = []
        self.open()

    def open(self) -> None:
        self.ledger = SqlLedger(self.file, terminal=TERMINAL, keys=self.keys, clock=self.clock, verify_url=VERIFY_URL)

    @contextlib.contextmanager
    def refused_unless(self, allowed: bool) -> Iterator[None]:
        """The ledger refuses exactly where the model does."""
        with contextlib.nullcontext() if allowed else pytest.raises(LedgerMistake):
            yield

    # -- a sale

    @rule(target=transactions, fils=st.integers(1, 10**6) | st.just(0))
    def prepare(self, fils: int) -> Agreement:
        agreed = agreement(fils)
        self.ledger.prepare(agreed)
        self.models[agreed.ids.transaction] = Model(agreed)
        return agreed

    @rule(agreed=transactions, other=st.booleans())
    def prepare_again(self, agreed: Agreement, other: bool) -> None:
        again = msgspec.structs.replace(agreed, person_name="Somebody Else") if other else agreed
        allowed = not other and self.of(agreed).state is PREPARED and self.of(agreed).alone
        with self.refused_unless(allowed):
            self.ledger.prepare(again)

    @rule(agreed=transactions, state=st.sampled_from(PaymentState))
    def pay(self, agreed: Agreement, state: PaymentState) -> None:
        model, ids = self.of(agreed), agreed.ids
        if model.state is not PREPARED:
            return  # money that moves behind a commit or a void is the corrections' matter, and the verifier's
        allowed = model.alone and model.may_become(state)
        with self.refused_unless(allowed):
            self.ledger.record_payment(ids.payment, ids.transaction, state, "visit")
        model.payment = state if allowed else model.payment

    @rule(agreed=transactions, tendered=st.integers(-10, 10))
    def pay_cash(self, agreed: Agreement, tendered: int) -> None:
        """What was handed over less what went back is the amount, or it is refused."""
        model, ids = self.of(agreed), agreed.ids
        if model.state is not PREPARED:
            return
        allowed = model.alone and tendered == 0 and model.may_become(CAPTURED)
        with self.refused_unless(allowed):
            self.ledger.record_payment(
                ids.payment,
                ids.transaction,
                CAPTURED,
                "cash",
                tendered_fils=agreed.total_fils + tendered,
                change_fils=0,
            )
        model.payment = CAPTURED if allowed else model.payment

    @rule(agreed=transactions, mine=transactions)
    def pay_by_anothers(self, agreed: Agreement, mine: Agreement) -> None:
        if agreed is not mine:
            with self.refused_unless(False):
                self.ledger.record_payment(agreed.ids.payment, mine.ids.transaction, CAPTURED, "visit")

    @rule(agreed=transactions, capture=st.booleans())
    def commit(self, agreed: Agreement, capture: bool) -> None:
        model = self.of(agreed)
        if capture and agreed.total_fils:
            self.pay(agreed, CAPTURED)
        allowed = bool(model.number) or (model.alone and model.state is PREPARED and model.is_paid)
        with self.refused_unless(allowed):
            number = self.ledger.commit(agreed.ids.transaction, "visit").receipt_number
        if allowed and not model.number:
            self.sold(model)
        if allowed:
            assert number == model.number

    @rule(agreed=transactions)
    def void(self, agreed: Agreement) -> None:
        model = self.of(agreed)
        may_be = model.alone and model.state is PREPARED and model.payment is not CAPTURED
        allowed = model.state is VOIDED or may_be
        with self.refused_unless(allowed):
            self.ledger.void(agreed.ids.transaction, "visit")
        model.state = VOIDED if allowed else model.state

    def sold(self, model: Model) -> None:
        self.committed.append(model)
        model.number, model.state = f"{TERMINAL}-{len(self.committed):06d}", COMMITTED

    # -- a basket, paid by one movement of money

    @rule(target=transactions, amounts=st.lists(st.integers(0, 10**6), min_size=2, max_size=3))
    def prepare_basket(self, amounts: list[int]) -> MultipleResults[Agreement]:
        agreed = basket(*amounts)
        self.ledger.prepare(*agreed)
        self.models |= {one.ids.transaction: Model(one) for one in agreed}
        self.baskets.append(agreed)
        return multiple(*agreed)

    @precondition(lambda self: self.baskets)
    @rule(data=st.data(), state=st.sampled_from(PaymentState))
    def pay_basket(self, data: st.DataObject, state: PaymentState) -> None:
        agreed = data.draw(st.sampled_from(self.baskets))
        due = [self.of(one) for one in agreed if one.total_fils]
        if any(self.of(one).state is not PREPARED for one in agreed):
            return
        allowed = all(model.may_become(state) for model in due)
        with self.refused_unless(allowed):
            self.ledger.record_movement(movement_of(agreed), state, "visit")
        for model in due if allowed else ():
            model.payment = state

    @precondition(lambda self: self.baskets)
    @rule(data=st.data(), missing=st.booleans())
    def commit_basket(self, data: st.DataObject, missing: bool) -> None:
        """All of it, or nothing."""
        agreed = data.draw(st.sampled_from(self.baskets))
        chosen = agreed[1:] if missing else agreed
        models = [self.of(one) for one in chosen]
        done = all(model.number for model in models)
        ready = all(model.state is PREPARED and model.is_paid for model in models)
        allowed = done or (ready and not missing)
        with self.refused_unless(allowed):
            self.ledger.commit_together([one.ids.transaction for one in chosen], "visit")
        for model in models if allowed and not done else ():
            self.sold(model)

    @precondition(lambda self: self.baskets)
    @rule(data=st.data(), missing=st.booleans())
    def void_basket(self, data: st.DataObject, missing: bool) -> None:
        agreed = data.draw(st.sampled_from(self.baskets))
        chosen = agreed[1:] if missing else agreed
        models = [self.of(one) for one in chosen]
        done = all(model.state is VOIDED for model in models)
        free = all(model.state is PREPARED and model.payment is not CAPTURED for model in models)
        with self.refused_unless(done or (free and not missing)):
            self.ledger.void_together([one.ids.transaction for one in chosen], "visit")
        for model in models if free and not missing else ():
            model.state = VOIDED

    # -- paper

    @rule(agreed=transactions, outcome=st.sampled_from(ReceiptOutcome))
    def issue(self, agreed: Agreement, outcome: ReceiptOutcome) -> None:
        """What was issued once is given again, whatever is asked for."""
        model = self.of(agreed)
        allowed = model.outcome is not None or model.says(outcome)
        with self.refused_unless(allowed):
            receipt = self.ledger.issue_receipt(agreed.ids.transaction, outcome, FACTS)
        if allowed:
            model.outcome, model.code = model.outcome or outcome, model.code or receipt.code
            assert (receipt.number, receipt.outcome, receipt.code) == (model.number, model.outcome, model.code)

    @rule(agreed=transactions, copy=st.integers(0, 2), state=st.sampled_from(PrintState))
    def print(self, agreed: Agreement, copy: int, state: PrintState) -> None:
        model = self.of(agreed)
        allowed = model.outcome is not None
        with self.refused_unless(allowed):
            self.ledger.record_print(model.number or f"{TERMINAL}-999999", copy, state)
        if allowed:
            model.prints[copy] = state

    # -- delivery

    @rule(limit=st.integers(1, 4))
    def lease(self, limit: int) -> None:
        """Fewest attempts first, then the oldest."""
        due = [model for model in self.committed if model.state is COMMITTED and model.due_ms <= self.now_ms()]
        first = sorted(due, key=lambda model: (model.attempts, model.number))[:limit]
        items = self.ledger.outbox.lease(self.now_ms(), limit=limit, limit_bytes=10**7)
        assert [item.transaction for item in items] == [model.agreed.ids.transaction for model in first]
        for model in first:
            model.attempts += 1
            model.leased_until_ms, model.not_before_ms = self.now_ms() + LEASE_MS, 0

    @rule(agreed=transactions, seconds=st.integers(0, 120))
    def postpone(self, agreed: Agreement, seconds: int) -> None:
        model, until = self.of(agreed), self.now_ms() + 1000 * seconds
        self.ledger.outbox.postpone([Postponed(agreed.ids.transaction, until, "retry_later")])
        if model.number:
            model.leased_until_ms, model.not_before_ms = 0, until

    @rule(agreed=transactions, result=st.sampled_from(["accepted", "duplicate", "rejected", "conflict"]))
    def decide(self, agreed: Agreement, result: str) -> None:
        """Only what is committed is decided, and once; anything else changes nothing."""
        model = self.of(agreed)
        answer, proof = centre_signs(self.centre, agreed.ids.transaction, result)
        self.ledger.record_decision(answer, msgspec.json.encode(proof))
        if model.state is COMMITTED:
            model.state = ACCEPTED if result in {"accepted", "duplicate"} else ATTENTION

    @rule(seconds=st.integers(1, 90))
    def tick(self, seconds: int) -> None:
        self.clock.move(seconds)

    @rule()
    def restart(self) -> None:
        """Ends the leases, and nothing else."""
        self.ledger.close()
        self.open()
        for model in self.committed:
            model.leased_until_ms = 0

    # -- what is so after each call

    @invariant()
    def the_ledger_says_what_the_model_says(self) -> None:
        for transaction, model in self.models.items():
            sent = model.state is COMMITTED and model.attempts > 0
            assert self.ledger.outcome_of(transaction).state is (TransactionState.SENT if sent else model.state)
        for agreed in self.baskets:
            numbered = [self.of(one).number for one in agreed]
            assert all(numbered) or not any(numbered)
        unfinished = {item.ids.transaction: item.payment for item in self.ledger.unfinished()}
        assert unfinished == {id_: model.payment for id_, model in self.models.items() if model.state is PREPARED}
        waiting = [model.agreed.total_fils for model in self.committed if model.state is COMMITTED]
        assert self.ledger.waiting() == len(waiting)
        assert sum(row.sum_fils for row in self.ledger.backlog()) == sum(waiting)

    def teardown(self) -> None:
        try:
            self.everything_is_sound()
        finally:
            self.ledger.close()
            self.place.cleanup()

    def everything_is_sound(self) -> None:
        recent = self.ledger.recent(1000)
        assert [row.receipt_number for row in reversed(recent)] == [model.number for model in self.committed]
        with contextlib.closing(open_reader(self.file, self.keys.database)) as reader:
            found = verify(reader, TERMINAL, self.trust.ledgers[TERMINAL], self.trust.centre)
            papers = reader.execute("SELECT receipt_number, copy, state FROM print_jobs").fetchall()
        assert found.problems == ()
        expected = {(model.number, copy): state for model in self.committed for copy, state in model.prints.items()}
        assert {(number, copy): state for number, copy, state in papers} == expected

    # -- for the rules

    def of(self, agreed: Agreement) -> Model:
        return self.models[agreed.ids.transaction]

    def now_ms(self) -> int:
        return round(self.clock.now().timestamp() * 1000)


def run(
    key_folder: Path, examples: int, phases: tuple[Phase, ...] = tuple(Phase), *, same_each_time: bool = False
) -> None:
    memory = Path("/dev/shm")
    LedgerMachine.folder, LedgerMachine.memory = key_folder, memory if memory.is_dir() else None
    chosen = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        phases=phases,
        derandomize=same_each_time,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(LedgerMachine, settings=chosen)


def test_the_ledger_does_what_its_rules_say_and_nothing_else(key_folder: Path) -> None:
    run(key_folder, 50)


def test_the_model_notices_a_rule_that_is_gone(key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A void while the money is taken, which the rules forbid. The lives are the same each time: whether they meet it
    is no matter of chance; they end at the first that does."""

    def lenient(row: TransactionRow) -> TransactionRow:
        return msgspec.structs.replace(row, state=VOIDED)

    monkeypatch.setattr(projection, "_voided", lenient)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(key_folder, 500, (Phase.generate,), same_each_time=True)
