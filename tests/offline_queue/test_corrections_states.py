"""Random lives with corrections beside a plain model of the money: none is counted twice, and none is lost."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from uuid import UUID

import pytest
import uuid6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kiosk.corrections import Objection
from kiosk.transaction import Agreement, PaymentMethod, TransactionState
from offline_queue.entries import LedgerMistake
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.offline_queue.correcting import HUDA, RANA, CorrectingOffice, light_pins
from tests.offline_queue.parts import PAYING, TERMINAL, VERIFY_URL, ScriptedCentre, SetClock, read_key


class MoneyLife(RuleBasedStateMachine):
    """Sells, is refused, gives back, sends corrected, disputes, restarts, in any order; most of it at a wrong time."""

    sales: Bundle[Agreement] = Bundle("sales")
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        file = Path(self.place.name) / "ledger.db"
        keys, trust = load_terminal(self.folder / "terminal"), load_trust(self.folder / "trust")
        centre = ScriptedCentre(read_key(self.folder / "centre" / "centre.key"))
        self.office = CorrectingOffice(self.open(file, keys), centre, file, keys, trust)
        self.office.engage()
        self.held: dict[UUID, int] = {}  # of each sale whose money this office has

    def open(self, file: Path, keys: object) -> SqlLedger:
        return SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)  # type: ignore[arg-type]  # a key set

    @rule(
        target=sales,
        fils=st.integers(1, 10**6),
        method=st.sampled_from(PAYING),
        result=st.sampled_from(["rejected", "accepted", "waiting"]),
    )
    def sell(self, fils: int, method: PaymentMethod, result: str) -> Agreement:
        agreed = self.office.sell(fils, method)
        self.held[agreed.ids.transaction] = fils
        if result != "waiting":
            self.office.deliver(result)
        return agreed

    @rule(result=st.sampled_from(["accepted", "rejected"]))
    def deliver(self, result: str) -> None:
        self.office.deliver(result)

    @rule(agreed=sales)
    def agree(self, agreed: Agreement) -> None:
        with contextlib.suppress(LedgerMistake):
            self.office.agree(agreed.ids.transaction)

    @rule(agreed=sales)
    def call_off(self, agreed: Agreement) -> None:
        with contextlib.suppress(LedgerMistake):
            self.office.ledger.corrections.call_off(agreed.ids.transaction, RANA)

    @rule(agreed=sales)
    def refund(self, agreed: Agreement) -> None:
        counted = agreed.total_fils if agreed.method is PaymentMethod.CASH else None
        change = None if counted is None else 0
        reversed_before = self.state(agreed) is TransactionState.REVERSED
        try:
            done = self.office.ledger.corrections.refund(
                agreed.ids.transaction, by_recovery=False, tendered_fils=counted, change_fils=change
            )
        except LedgerMistake:
            return
        if not reversed_before:
            assert done.reversal.amount_fils == self.held.pop(agreed.ids.transaction)

    @rule(agreed=sales)
    def agree_and_refund(self, agreed: Agreement) -> None:
        self.agree(agreed)
        self.refund(agreed)

    @rule(target=sales, agreed=sales)
    def correct(self, agreed: Agreement) -> Agreement:
        new = self.office.corrected_version(agreed)
        try:
            self.office.resubmit(new)
        except LedgerMistake:
            return agreed
        self.held[new.ids.transaction] = self.held.pop(agreed.ids.transaction)
        return new

    @rule(agreed=sales)
    def dispute(self, agreed: Agreement) -> None:
        with contextlib.suppress(LedgerMistake):
            self.office.ledger.corrections.dispute(
                agreed.ids.transaction, uuid6.uuid7(), Objection.AMOUNT_WRONG, self.office.prove(HUDA)
            )

    @rule()
    def restart(self) -> None:
        self.office.ledger.close()
        self.office.ledger = self.open(self.office.file, self.office.keys)

    def state(self, agreed: Agreement) -> TransactionState:
        return self.office.ledger.outcome_of(agreed.ids.transaction).state

    @invariant()
    def the_ledger_adds_up_to_the_money_that_is_held(self) -> None:
        assert self.office.held_money() == sum(self.held.values())

    def teardown(self) -> None:
        try:
            self.office.deliver()
            found = self.office.verify()
            assert found.problems == ()
            assert found.centre is not None
            assert found.centre.same
        finally:
            self.office.ledger.close()
            self.place.cleanup()


def test_random_lives_with_corrections(key_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    light_pins(monkeypatch)
    MoneyLife.folder = key_folder
    run_state_machine_as_test(
        MoneyLife,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
