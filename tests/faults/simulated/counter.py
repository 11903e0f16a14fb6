"""What stands around the terminal: the bank's payment terminal, the drawer, the printer. They outlive its program."""

from __future__ import annotations

import dataclasses
from typing import Final
from uuid import UUID

from kiosk.failures import Failure, ServiceFailure
from kiosk.receipt import PrintState, Receipt, ReceiptOutcome, Slip
from kiosk.transaction import PaymentState
from tests.faults.simulated.world import Fate, World

_HELD_OR_TAKEN: Final = frozenset({PaymentState.AUTHORISED, PaymentState.CAPTURED})


@dataclasses.dataclass(slots=True)
class Account:
    """One payment as the bank sees it."""

    amount_fils: int
    state: PaymentState
    captured: int = 0
    refunded: int = 0
    parts: dict[UUID, int] = dataclasses.field(default_factory=dict)


class Bank:
    """A `kiosk.ports.PaymentTerminal` with a journal of its own; at times it is silent, or its answer is lost after it
    acted."""

    def __init__(self, world: World, fate: Fate) -> None:
        self._world = world
        self._chance = world.chance("bank")
        self._fate = fate
        self.accounts: dict[UUID, Account] = {}
        self.silent_until = 0.0
        self.always_well = False

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        self._fate.pass_by("before the bank was asked")
        self._world.pass_time(self._chance.uniform(2, 40))
        account = self.accounts.get(payment)
        if account is not None and account.state not in _HELD_OR_TAKEN:
            raise ServiceFailure(Failure.PAYMENT_CANCELLED)
        luck = self._chance.random()
        if luck < 0.10:
            name = self._chance.choice(("DECLINED", "CANCELLED", "SILENT"))
            raise ServiceFailure(Failure[f"PAYMENT_{name}"])
        late = 0.10 <= luck < 0.13
        state = PaymentState.UNKNOWN if late else PaymentState.AUTHORISED
        self.accounts[payment] = Account(amount_fils, state)
        if late:
            self._world.put_off(self._chance.uniform(10, 600), lambda: self._approve_late(payment))
        self._fate.pass_by("while the bank's yes was on its way")
        if late or luck < 0.16:
            self._perhaps_fall_silent()
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return state

    def capture(self, payment: UUID) -> PaymentState:
        self._fate.pass_by("before a capture")
        account, luck = self.accounts[payment], self._chance.random()
        if luck >= 0.03:
            assert account.state in _HELD_OR_TAKEN, "captured what was let go"
            account.state, account.captured = PaymentState.CAPTURED, account.amount_fils
        self._fate.pass_by("after a capture")
        if luck < 0.06:
            self._perhaps_fall_silent()
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return PaymentState.CAPTURED

    def void(self, payment: UUID) -> PaymentState:
        self._fate.pass_by("before a void")
        account = self.accounts.setdefault(payment, Account(0, PaymentState.VOIDED))
        luck = 1.0 if self.always_well else self._chance.random()
        if luck >= 0.08 and account.state is not PaymentState.REFUNDED:
            taken = account.state is PaymentState.CAPTURED
            account.state = PaymentState.REFUNDED if taken else PaymentState.VOIDED
            account.refunded = account.captured
        self._fate.pass_by("after a void")
        if luck < 0.15:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return account.state

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        self._fate.pass_by("before a part went back")
        account = self.accounts[payment]
        luck = 1.0 if self.always_well else self._chance.random()
        if luck >= 0.08 and part not in account.parts:
            assert account.state is PaymentState.CAPTURED, "gave back a part of what was not taken"
            account.parts[part] = amount_fils
            account.refunded += amount_fils
        self._fate.pass_by("after a part went back")
        if luck < 0.15:
            raise ServiceFailure(Failure.PAYMENT_UNKNOWN)
        return PaymentState.REFUNDED

    def query(self, payment: UUID) -> PaymentState | None:
        self._fate.pass_by("while the bank was asked")
        if self._world.seconds < self.silent_until and not self.always_well:
            raise ServiceFailure(Failure.PAYMENT_SILENT)
        account = self.accounts.get(payment)
        return None if account is None else account.state

    def interrupt(self, payment: UUID) -> None:
        """Nobody stands before this one."""

    def held(self, payment: UUID) -> int:
        """What it has taken and not given back."""
        account = self.accounts.get(payment)
        return 0 if account is None else account.captured - account.refunded

    def _approve_late(self, payment: UUID) -> None:
        """The person pays after all, unless the payment was let go meanwhile."""
        if self.accounts[payment].state is PaymentState.UNKNOWN:
            self.accounts[payment].state = PaymentState.AUTHORISED

    def _perhaps_fall_silent(self) -> None:
        if self._chance.random() < 0.5:
            self.silent_until = self._world.seconds + self._chance.uniform(60, 7200)


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """A receipt that lies in somebody's hand."""

    number: str
    transaction: UUID
    outcome: ReceiptOutcome


class Printer:
    """A `kiosk.ports.ReceiptPrinter`; what came out stays out."""

    def __init__(self, world: World, fate: Fate) -> None:
        self._chance = world.chance("printer")
        self._fate = fate
        self.papers: list[Paper] = []

    def print_receipt(self, receipt: Receipt) -> PrintState:
        self._fate.pass_by("before a receipt came out")
        luck = self._chance.random()
        if luck < 0.05:
            raise ServiceFailure(Failure.PRINTER_OUT_OF_PAPER)
        self.papers.append(Paper(receipt.number, receipt.transaction, receipt.outcome))
        self._fate.pass_by("after a receipt came out")
        return PrintState.UNCONFIRMED if luck < 0.10 else PrintState.CONFIRMED

    def print_slip(self, slip: Slip) -> PrintState:
        return PrintState.CONFIRMED

    def warm_up(self) -> None:
        pass
