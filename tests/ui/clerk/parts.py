"""The counter's surroundings in memory: a register, a bell, records; each does what the test tells it."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from kiosk.corrections import (
    Attention,
    Corrected,
    Dispute,
    Disputed,
    Objection,
    Proof,
    Reason,
    RefundAgreed,
    Reversal,
    person_of,
)
from kiosk.failures import Failure, ServiceFailure
from kiosk.help import OfficeCall
from kiosk.offline import Use
from kiosk.receipt import Receipt, RecentReceipt
from kiosk.staff import (
    Refusal,
    Role,
    SignInRefused,
    StaffAct,
    StaffMember,
    StaffMistake,
    StaffNote,
    wipe,
)
from kiosk.transaction import Agreement, Commitment, Ids, PaymentMethod, PaymentState, Share, TransactionState
from kiosk.unresolved import Unresolved, of_prepared, of_unprinted
from kiosk.wire import Words
from tests.kiosk.parts import ScriptedLedger

RANA = StaffMember(id="rana", name=Words(ar="رنا الأقحوان", en="Rana Aluqhuwan"), role=Role.CLERK)
SAMI = StaffMember(id="sami", name=Words(ar="سامي الدفلى", en="Sami Aldafla"), role=Role.CLERK)
HUDA = StaffMember(id="huda", name=Words(ar="هدى الزعتر", en="Huda Alzatar"), role=Role.SUPERVISOR)
TECHNICIAN = StaffMember(id="118", name=Words(ar="فني 118", en="Technician 118"), role=Role.TECHNICIAN)
PINS = {"rana": b"271828", "sami": b"314159", "huda": b"161803", "118": b"141421"}
MOMENT = datetime(2026, 11, 23, 7, 45, tzinfo=UTC)


class ScriptedRegister:
    """The register's rules in memory: five tries, then locked."""

    def __init__(self) -> None:
        self.people = {member.id: member for member in (HUDA, RANA, SAMI, TECHNICIAN)}
        self.wrong: dict[str, int] = {}
        self.notes: list[tuple[str, StaffAct, str]] = []
        self.failing = False
        self.handed: list[bytearray] = []

    def members(self) -> tuple[StaffMember, ...]:
        return tuple(self.people.values())

    def sign_in(self, staff_id: str, pin: bytearray) -> StaffMember:
        self.handed.append(pin)
        right = bytes(pin) == PINS.get(staff_id)
        wipe(pin)
        if self.wrong.get(staff_id, 0) >= 5:
            raise SignInRefused(Refusal.LOCKED, locked_until=MOMENT)
        if not right:
            self.wrong[staff_id] = self.wrong.get(staff_id, 0) + 1
            if self.wrong[staff_id] >= 5:
                raise SignInRefused(Refusal.LOCKED, locked_until=MOMENT)
            raise SignInRefused(Refusal.UNKNOWN_OR_WRONG, tries_left=5 - self.wrong[staff_id])
        self.wrong[staff_id] = 0
        self.notes.append((staff_id, StaffAct.SIGNED_IN, ""))
        return self.people[staff_id]

    def locked(self) -> dict[str, datetime]:
        return {name: MOMENT for name, wrong in self.wrong.items() if wrong >= 5}

    def unlock(self, staff_id: str, by: StaffMember) -> None:
        self.wrong[staff_id] = 0

    def note(self, by: StaffMember, act: StaffAct, detail: str = "") -> None:
        if self.failing:
            raise ServiceFailure(Failure.NOT_SAVED)
        self.notes.append((by.id, act, detail))

    def add(self, member: StaffMember, pin: bytearray, by: StaffMember) -> None:
        self.people[member.id] = member
        PINS.setdefault(member.id, bytes(pin))
        wipe(pin)

    def change_pin(self, staff_id: str, pin: bytearray, by: StaffMember) -> None:
        wipe(pin)

    def set_active(self, staff_id: str, by: StaffMember, *, active: bool) -> None:
        return None

    def acts(self, limit: int) -> tuple[StaffNote, ...]:
        return ()


@dataclasses.dataclass
class ScriptedBell:
    calls: tuple[OfficeCall, ...] = ()
    failing: bool = False
    answered: list[tuple[UUID, str]] = dataclasses.field(default_factory=list)
    closed: list[UUID] = dataclasses.field(default_factory=list)

    def open_calls(self) -> tuple[OfficeCall, ...]:
        if self.failing:
            raise ServiceFailure(Failure.AGENCY_UNREACHABLE)
        return tuple(call for call in self.calls if call.call not in self.closed)

    def answer(self, call: UUID, clerk: str) -> None:
        self.answered.append((call, clerk))
        self.calls = tuple(
            OfficeCall(
                call=one.call, terminal=one.terminal, place=one.place, called_at=one.called_at, answered_by=clerk
            )
            if one.call == call
            else one
            for one in self.calls
        )

    def close(self, call: UUID) -> None:
        self.closed.append(call)


def call(number: int, place: str = "quote") -> OfficeCall:
    return OfficeCall(call=UUID(int=number), terminal=f"KRK{number}", place=place, called_at=MOMENT)


@dataclasses.dataclass
class ScriptedRecords:
    receipts: tuple[RecentReceipt, ...] = ()
    items: tuple[Unresolved, ...] = ()
    printable: dict[str, Receipt] = dataclasses.field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    sound: bool = True
    agreements: dict[str, Agreement] = dataclasses.field(default_factory=dict)
    settled: list[tuple[str, bool, str]] = dataclasses.field(default_factory=list)

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        return self.receipts[:limit]

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        return self.printable.get(receipt_number)

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        return self.agreements.get(receipt_number)

    def unresolved(self) -> tuple[Unresolved, ...]:
        return self.items

    def chain_holds(self) -> bool:
        return self.sound

    def offline_uses(self) -> tuple[Use, ...]:
        return self.uses

    def settle_cash(self, item: Unresolved, *, kept: bool, by: str) -> None:
        self.settled.append((item.reference, kept, by))
        self.items = tuple(one for one in self.items if one != item)


def recent(number: int) -> RecentReceipt:
    return RecentReceipt(
        receipt_number=f"KRK3-{number:06d}",
        transaction=UUID(int=number),
        committed_at=MOMENT,
        amount_fils=12_500 * number,
        state=TransactionState.ACCEPTED,
        service="traffic.fines",
        method=PaymentMethod.CASH,
        print_state=None,
    )


def _unresolved(number: int, method: PaymentMethod, payment: PaymentState, receipt: str | None = None) -> Unresolved:
    word, following = of_unprinted() if receipt else of_prepared(payment, method)
    return Unresolved(
        reference=f"0000000{number}",
        ids=Ids(basket=UUID(int=1), transaction=UUID(int=2), payment=UUID(int=3)),
        word=word,
        next_step=following,
        amount_fils=42_500,
        since=MOMENT,
        payment=payment,
        method=method,
        receipt_number=receipt,
    )


CASH_IN_DOUBT = _unresolved(1, PaymentMethod.CASH, PaymentState.CAPTURED)
BANK_IN_DOUBT = _unresolved(2, PaymentMethod.BANK_CARD, PaymentState.UNKNOWN)
NOT_PRINTED = _unresolved(3, PaymentMethod.CASH, PaymentState.CAPTURED, "KRK3-000481")


def refused(number: int = 7, **changed: Any) -> Attention:
    """What an agency did not accept."""
    item = Attention(
        ids=Ids(basket=UUID(int=70), transaction=UUID(int=700 + number), payment=UUID(int=7000 + number)),
        reference=f"0000007{number}",
        receipt_number=f"KRK3-{number:06d}",
        amount_fils=42_500,
        service="traffic.fines",
        method=PaymentMethod.CASH,
        committed_at=MOMENT,
        decided_at=MOMENT,
        entry=9,
        code="ALREADY_PAID",
        words_ar="سبق دفع مخالفة من هذه المخالفات",
        words_en="One of these fines was paid before",
        explained=0,
        refund=None,
    )
    return msgspec.structs.replace(item, **changed)


@dataclasses.dataclass(eq=False)
class ShownPin:
    member: StaffMember


class ScriptedCorrections:
    """The rules of corrections in memory, over `register`; what is sent corrected is in `ledger`."""

    def __init__(self, register: ScriptedRegister, ledger: ScriptedLedger) -> None:
        self.register, self.ledger = register, ledger
        self.items: dict[UUID, Attention] = {}
        self.done: dict[UUID, Corrected] = {}
        self.explained: list[tuple[UUID, str]] = []
        self.disputes: list[tuple[UUID, Objection, str]] = []
        self.failing = False

    def hold(self, *items: Attention) -> None:
        self.items = {item.ids.transaction: item for item in items}

    def attention(self) -> tuple[Attention, ...]:
        return tuple(self.items.values())

    def prove(self, staff_id: str, pin: bytearray) -> Proof:
        return ShownPin(self.register.sign_in(staff_id, pin))

    def explain(self, transaction: UUID, note: UUID, by: StaffMember) -> None:
        self.explained.append((transaction, by.id))
        item = self.items[transaction]
        self.items[transaction] = msgspec.structs.replace(item, explained=item.explained + 1)

    def agree_refund(
        self, transaction: UUID, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> None:
        if self.failing:
            raise ServiceFailure(Failure.NOT_SAVED)
        if approved.member.role is not Role.SUPERVISOR or approved.member.id == requested.member.id:
            raise StaffMistake("not two people")
        agreed = RefundAgreed(
            correction=correction,
            reason=reason,
            requested_by=person_of(requested.member),
            approved_by=person_of(approved.member),
        )
        self.items[transaction] = msgspec.structs.replace(self.items[transaction], refund=agreed)

    def call_off(self, transaction: UUID, by: StaffMember) -> None:
        self.items[transaction] = msgspec.structs.replace(self.items[transaction], refund=None)

    def refund(
        self, transaction: UUID, *, by_recovery: bool, tendered_fils: int | None = None, change_fils: int | None = None
    ) -> Corrected:
        item = self.items.pop(transaction)
        assert item.refund is not None
        self.done[transaction] = self._taken_back(item, item.refund, None)
        return self.done[transaction]

    def share_of(self, transaction: UUID) -> Share:
        item = self.items[transaction]
        payment = item.ids.payment
        return Share(movement=payment, part=payment, amount_fils=item.amount_fils, is_whole=True)

    def resubmit(
        self, agreement: Agreement, correction: UUID, reason: Reason, *, requested: Proof, approved: Proof
    ) -> Commitment:
        assert agreement.corrects is not None
        self.agree_refund(agreement.corrects, correction, reason, requested=requested, approved=approved)
        item = self.items.pop(agreement.corrects)
        assert item.refund is not None
        self.done[agreement.corrects] = self._taken_back(item, item.refund, agreement.ids.transaction)
        self.ledger.prepare(agreement)
        self.ledger.record_payment(
            agreement.ids.payment, agreement.ids.transaction, PaymentState.CAPTURED, "carried over"
        )
        return self.ledger.commit(agreement.ids.transaction, "corrects")

    def dispute(self, transaction: UUID, dispute: UUID, objection: Objection, by: Proof) -> Disputed:
        self.disputes.append((transaction, objection, by.member.id))
        ids = Ids(basket=UUID(int=70), transaction=dispute, payment=UUID(int=71))
        whole = Dispute(
            ids=ids,
            of=ids,
            receipt_number="KRK3-000007",
            service="traffic.fines",
            agency="traffic",
            method=PaymentMethod.CASH,
            entry=9,
            entry_hash="",
            objection=objection,
            by=person_of(by.member),
        )
        return Disputed(number="KRK3-000007-C1", sequence=11, written_at=MOMENT, dispute=whole)

    def corrected(self, transaction: UUID) -> Corrected | None:
        return self.done.get(transaction)

    def _taken_back(self, item: Attention, agreed: RefundAgreed, new: UUID | None) -> Corrected:
        reversal = Reversal(
            ids=Ids(basket=item.ids.basket, transaction=agreed.correction, payment=UUID(int=72)),
            of=item.ids,
            receipt_number=item.receipt_number,
            service="traffic.fines",
            agency="traffic",
            method=item.method or PaymentMethod.CASH,
            amount_fils=item.amount_fils,
            reason=agreed.reason,
            requested_by=agreed.requested_by,
            approved_by=agreed.approved_by,
            corrected_by=new,
        )
        return Corrected(number=f"{item.receipt_number}-C1", sequence=10, written_at=MOMENT, reversal=reversal)
