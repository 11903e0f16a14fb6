"""Random lives of a terminal beside a plain model: nothing acknowledged is lost, doubled, skipped or stuck."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kiosk.receipt import ReceiptOutcome
from kiosk.transaction import Agreement, PaymentState, TransactionState
from kiosk.wire import Item, ItemAnswer
from offline_queue.centre import Silence
from offline_queue.database import open_reader
from offline_queue.drain import Drain, Pace
from offline_queue.entries import LedgerMistake
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import verify
from tests.offline_queue.parts import (
    FACTS,
    TERMINAL,
    VERIFY_URL,
    AtOnce,
    ScriptedCentre,
    SetClock,
    agreement,
    answer_for,
    read_key,
)

RESULTS = ("accepted", "rejected", "retry_later", "unnamed")


class TerminalLife(RuleBasedStateMachine):
    """Sells, fails, restarts and delivers in any order."""

    agreements: Bundle[Agreement] = Bundle("agreements")
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.file = Path(self.place.name) / "ledger.db"
        self.keys = load_terminal(self.folder / "terminal")
        self.trust = load_trust(self.folder / "trust")
        self.clock = SetClock()
        self.centre = ScriptedCentre(read_key(self.folder / "centre" / "centre.key"), decide=self.decide)
        self.verdicts: dict[UUID, str] = {}
        self.numbers: dict[UUID, str] = {}
        self.codes: dict[UUID, str] = {}
        self.open()

    def open(self) -> None:
        self.ledger = SqlLedger(self.file, terminal=TERMINAL, keys=self.keys, clock=self.clock, verify_url=VERIFY_URL)
        self.drain = Drain(
            self.ledger,
            self.centre,
            TERMINAL,
            self.clock,
            pace=Pace(items=3),
            draw=lambda _low, high: high,
            monotonic=self.clock.monotonic,
            beside=AtOnce(),
        )

    def decide(self, item: Item, known: bool) -> ItemAnswer | None:
        verdict = self.verdicts.get(item.transaction, "accepted")
        if verdict == "unnamed":
            return None
        return answer_for(item.transaction, "duplicate" if known and verdict == "accepted" else verdict, 5)

    @rule(target=agreements, fils=st.integers(1, 10**6))
    def prepare(self, fils: int) -> Agreement:
        agreed = agreement(fils)
        self.ledger.prepare(agreed)
        return agreed

    @rule(agreed=agreements)
    def prepare_again(self, agreed: Agreement) -> None:
        state = self.ledger.outcome_of(agreed.ids.transaction).state
        with contextlib.nullcontext() if state is TransactionState.PREPARED else contextlib.suppress(LedgerMistake):
            self.ledger.prepare(agreed)
        assert self.ledger.outcome_of(agreed.ids.transaction).state is state

    @rule(agreed=agreements, state=st.sampled_from(PaymentState), verdict=st.sampled_from(RESULTS))
    def move_money(self, agreed: Agreement, state: PaymentState, verdict: str) -> None:
        if self.ledger.outcome_of(agreed.ids.transaction).state is not TransactionState.PREPARED:
            return  # money that moves behind a commit or a void is a finding of the verifier, tried elsewhere
        self.verdicts.setdefault(agreed.ids.transaction, verdict)
        with contextlib.suppress(LedgerMistake):
            self.ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, state, "visit")

    @rule(agreed=agreements)
    def capture_and_commit(self, agreed: Agreement) -> None:
        self.move_money(agreed, PaymentState.CAPTURED, "accepted")
        self.commit(agreed)

    @rule(agreed=agreements)
    def commit(self, agreed: Agreement) -> None:
        transaction = agreed.ids.transaction
        try:
            commitment = self.ledger.commit(transaction, "visit")
        except LedgerMistake:
            assert transaction not in self.numbers
            return
        assert self.numbers.setdefault(transaction, commitment.receipt_number) == commitment.receipt_number

    @rule(agreed=agreements)
    def void(self, agreed: Agreement) -> None:
        with contextlib.suppress(LedgerMistake):
            self.ledger.void(agreed.ids.transaction, "visit")

    @rule(agreed=agreements)
    def issue(self, agreed: Agreement) -> None:
        transaction = agreed.ids.transaction
        try:
            receipt = self.ledger.issue_receipt(transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
        except LedgerMistake:
            assert transaction not in self.numbers
            return
        assert receipt.number == self.numbers[transaction]
        assert self.codes.setdefault(transaction, receipt.code) == receipt.code

    @rule(
        trouble=st.none() | st.sampled_from(Silence), lose=st.booleans(), hurry=st.booleans(), pause=st.integers(0, 400)
    )
    def deliver(self, trouble: Silence | None, lose: bool, hurry: bool, pause: int) -> None:
        self.centre.trouble, self.centre.lose_answers = trouble, lose
        self.drain.step(hurry=hurry)
        self.clock.move(pause)

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.open()

    @invariant()
    def numbers_have_no_gap(self) -> None:
        assert sorted(self.numbers.values()) == [f"{TERMINAL}-{count:06d}" for count in range(1, len(self.numbers) + 1)]

    def teardown(self) -> None:
        try:
            self.everything_arrives()
        finally:
            self.ledger.close()
            self.place.cleanup()

    def everything_arrives(self) -> None:
        """While the line is up, everything is decided, and the ledger is whole."""
        self.centre.trouble, self.centre.lose_answers = None, False
        self.verdicts = dict.fromkeys(self.numbers, "accepted")
        for _ in range(40):
            self.clock.move(400)
            self.drain.step(hurry=False)
        assert self.ledger.waiting() == 0
        for transaction in self.numbers:
            state = self.ledger.outcome_of(transaction).state
            assert state in {TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION}
        assert set(self.centre.held_items) == set(self.numbers)
        reader = open_reader(self.file, self.keys.database)
        found = verify(reader, TERMINAL, self.trust.ledgers[TERMINAL], self.trust.centre, self.centre)
        reader.close()
        assert found.problems == ()
        assert found.centre is not None
        assert found.centre.same


def test_random_lives_of_a_terminal(key_folder: Path) -> None:
    TerminalLife.folder = key_folder
    run_state_machine_as_test(
        TerminalLife,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
