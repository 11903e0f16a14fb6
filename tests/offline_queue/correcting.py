"""What tests of corrections share: people with PINs, a refused sale, and a reader of the ledger's file."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
import pytest
import uuid6
from sqlite_utils import Database

from kiosk.corrections import Corrected, Proof, Reason
from kiosk.staff import COMMAND_LINE, Role, StaffMember
from kiosk.transaction import Agreement, Ids, PaymentMethod, PaymentState
from kiosk.wire import Words
from offline_queue import pins
from offline_queue.database import open_reader
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.verify import Verification, verify
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, agreement, centre_signs, pay

T = TypeVar("T")
RANA = StaffMember(id="rana", name=Words(ar="رنا الأقحوان", en="Rana Aluqhuwan"), role=Role.CLERK)
HUDA = StaffMember(id="huda", name=Words(ar="هدى الزعتر", en="Huda Alzatar"), role=Role.SUPERVISOR)
TECHNICIAN = StaffMember(id="118", name=Words(ar="فني", en="Technician"), role=Role.TECHNICIAN)
PINS = {RANA.id: b"271828", HUDA.id: b"161803", TECHNICIAN.id: b"141421"}


def light_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same algorithm with little memory: what a PIN costs is tested elsewhere."""
    monkeypatch.setattr(pins, "_MEMORY_KIB", 64)
    monkeypatch.setattr(pins, "NOBODYS", pins.NOBODYS.replace("m=65536", "m=64"))


@dataclasses.dataclass
class CorrectingOffice:
    """A ledger with its people, and a centre that decides what the test says."""

    ledger: SqlLedger
    centre: ScriptedCentre
    file: Path
    keys: TerminalKeys
    trust: Trust

    def engage(self) -> None:
        for member in (RANA, HUDA, TECHNICIAN):
            self.ledger.staff.add(member, bytearray(PINS[member.id]), COMMAND_LINE)

    def prove(self, member: StaffMember) -> Proof:
        return self.ledger.corrections.prove(member.id, bytearray(PINS[member.id]))

    def sell(self, fils: int = 42_500, method: PaymentMethod = PaymentMethod.BANK_CARD) -> Agreement:
        agreed = agreement(fils, method=method, served_by="rana")
        if method is PaymentMethod.CASH:
            self.ledger.prepare(agreed)
            ids = agreed.ids
            self.ledger.record_payment(
                ids.payment, ids.transaction, PaymentState.CAPTURED, "cash", tendered_fils=fils, change_fils=0
            )
        else:
            pay(self.ledger, agreed)
        self.ledger.commit(agreed.ids.transaction, "visit")
        return agreed

    def deliver(self, result: str = "accepted") -> None:
        """Everything that waits is answered so."""
        for item in self.ledger.outbox.lease(10**13, limit=100, limit_bytes=10**7):
            self.centre.held_items[item.transaction] = item
            self.decide(item.transaction, result)

    def decide(self, transaction: UUID, result: str) -> None:
        answer, proof = centre_signs(self.centre.key, transaction, result)
        self.ledger.record_decision(answer, msgspec.json.encode(proof))

    def refused(self, fils: int = 42_500, method: PaymentMethod = PaymentMethod.BANK_CARD) -> Agreement:
        agreed = self.sell(fils, method)
        self.deliver("rejected")
        return agreed

    def agree(self, transaction: UUID, correction: UUID | None = None) -> None:
        self.ledger.corrections.agree_refund(
            transaction,
            correction or uuid6.uuid7(),
            Reason.WITHDRAWN,
            requested=self.prove(RANA),
            approved=self.prove(HUDA),
        )

    def refund(self, agreed: Agreement) -> Corrected:
        self.agree(agreed.ids.transaction)
        counted = agreed.total_fils if agreed.method is PaymentMethod.CASH else None
        return self.ledger.corrections.refund(
            agreed.ids.transaction,
            by_recovery=False,
            tendered_fils=counted,
            change_fils=None if counted is None else 0,
        )

    def corrected_version(self, old: Agreement) -> Agreement:
        """The same for the same money, with another answer, in a basket of its own."""
        ids = Ids(basket=uuid6.uuid7(), transaction=uuid6.uuid7(), payment=uuid6.uuid7())
        return msgspec.structs.replace(old, ids=ids, answers={"plate": "12-76543"}, corrects=old.ids.transaction)

    def resubmit(self, new: Agreement) -> str:
        return self.ledger.corrections.resubmit(
            new, uuid6.uuid7(), Reason.ENTERED_WRONG, requested=self.prove(RANA), approved=self.prove(HUDA)
        ).receipt_number

    def verify(self) -> Verification:
        own = self.trust.ledgers[TERMINAL]
        return self.read(lambda reader: verify(reader, TERMINAL, own, self.trust.centre, self.centre))

    def ask(self, question: str) -> list[tuple[object, ...]]:
        return self.read(lambda reader: list(reader.execute(question)))

    def read(self, question: Callable[[Database], T]) -> T:
        """As a command beside the running terminal."""
        with contextlib.closing(open_reader(self.file, self.keys.database)) as reader:
            return question(reader)

    def held_money(self) -> int:
        """What the committed messages add up to."""
        return int(str(self.ask("SELECT coalesce(sum(amount_fils), 0) FROM transactions WHERE message > 0")[0][0]))
