"""Several transactions that one movement of money pays, on the real ledger: whole or not at all, and it balances."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import uuid6

from kiosk.corrections import Attention, Reason
from kiosk.failures import ServiceFailure
from kiosk.receipt import ReceiptOutcome
from kiosk.recovery import Resolution, resolve
from kiosk.refunds import Answer, Outcome, Refunds
from kiosk.transaction import (
    Agreement,
    Movement,
    PaymentMethod,
    PaymentState,
    Together,
    TransactionState,
    movement_of,
)
from kiosk.unresolved import slip_reference
from kiosk.wire import Words
from offline_queue import together
from offline_queue.entries import LedgerMistake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from tests.contracts.fake_payment import FakePayment
from tests.kiosk.parts import SERVICES, ScriptedPrinter
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.correcting import HUDA, RANA, CorrectingOffice, light_pins
from tests.offline_queue.parts import FACTS, ScriptedCentre, SetClock, agreement, basket, sell_together

replace = msgspec.structs.replace


@pytest.fixture
def office(
    monkeypatch: pytest.MonkeyPatch,
    ledger: SqlLedger,
    centre: ScriptedCentre,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    trust: Trust,
) -> CorrectingOffice:
    light_pins(monkeypatch)
    made = CorrectingOffice(ledger, centre, ledger_file, terminal_keys, trust)
    made.engage()
    return made


def states(ledger: SqlLedger, agreed: list[Agreement]) -> set[TransactionState]:
    return {ledger.outcome_of(one.ids.transaction).state for one in agreed}


# -- whole or not at all


def test_all_are_committed_by_one_and_each_has_its_own_number(office: CorrectingOffice) -> None:
    agreed = basket(20_000, 0, 5_000)
    movement = sell_together(office.ledger, agreed)
    assert [row[0] for row in office.ask("SELECT kind FROM entries ORDER BY sequence")] == [
        *["prepared"] * 3,
        *["payment"] * 2,
        *["committed"] * 3,
    ]
    numbers = [one.receipt_number for one in office.ledger.commit_together(movement.transactions, "visit")]
    assert numbers == ["KRK3-000001", "KRK3-000002", "KRK3-000003"]
    assert [row[0] for row in office.ask("SELECT DISTINCT basket FROM transactions")] == [str(agreed[0].ids.basket)]
    office.deliver()
    receipts = [office.ledger.issue_receipt(one, ReceiptOutcome.ACCEPTED, FACTS) for one in movement.transactions]
    assert len({receipt.code for receipt in receipts}) == 3
    assert office.held_money() == 25_000
    found = office.verify()
    assert found.problems == ()
    assert found.centre is not None
    assert found.centre.same


Wrong = Callable[[SqlLedger, Movement], object]
PARTS: dict[str, Wrong] = {
    "a payment of one": lambda ledger, whole: ledger.record_payment(
        whole.parts[0].payment, whole.parts[0].transaction, PaymentState.CAPTURED, "visit"
    ),
    "a payment of two": lambda ledger, whole: ledger.record_movement(
        Movement(id=whole.id, parts=whole.parts[:2], amount_fils=25_000), PaymentState.CAPTURED, "visit"
    ),
    "another amount": lambda ledger, whole: ledger.record_movement(
        replace(whole, amount_fils=1), PaymentState.CAPTURED, "visit"
    ),
    "another movement": lambda ledger, whole: ledger.record_movement(
        replace(whole, id=whole.parts[0].payment), PaymentState.CAPTURED, "visit"
    ),
    "cash that is not the sum": lambda ledger, whole: ledger.record_movement(
        whole, PaymentState.CAPTURED, "visit", tendered_fils=20_000, change_fils=0
    ),
    "a void of one": lambda ledger, whole: ledger.void(whole.parts[0].transaction, "visit"),
    "a commit of the free one": lambda ledger, whole: ledger.commit(whole.parts[2].transaction, "visit"),
    "a commit without money": lambda ledger, whole: ledger.commit_together(whole.transactions, "visit"),
}


@pytest.mark.parametrize("wrong", PARTS)
def test_a_part_is_never_paid_voided_or_committed(ledger: SqlLedger, wrong: str) -> None:
    agreed = basket(20_000, 5_000, 0)
    whole = movement_of(agreed)
    ledger.prepare(*agreed)
    with pytest.raises(LedgerMistake):
        PARTS[wrong](ledger, whole)
    assert states(ledger, agreed) == {TransactionState.PREPARED}
    assert {item.payment for item in ledger.unfinished()} == {None}
    ledger.record_movement(whole, PaymentState.CAPTURED, "visit")
    for one in whole.transactions:
        with pytest.raises(LedgerMistake):
            ledger.commit(one, "visit")
    ledger.commit_together(whole.transactions, "visit")


def test_what_does_not_belong_together_is_not_prepared(ledger: SqlLedger) -> None:
    first, second = basket(20_000, 5_000)
    another = Together(movement=uuid6.uuid7(), total_fils=25_000, count=2)
    for wrong in (
        (first,),
        (agreement(20_000), agreement(5_000)),
        (first, first),
        (first, replace(second, ids=agreement().ids)),
        (first, replace(second, together=another)),
        basket(20_000, 5_000, 0)[:2],
    ):
        with pytest.raises(LedgerMistake):
            ledger.prepare(*wrong)
    assert ledger.unfinished() == ()


def test_asked_twice_it_is_done_once(office: CorrectingOffice) -> None:
    agreed, ledger = basket(20_000, 5_000), office.ledger
    movement = movement_of(agreed)
    for _ in range(2):
        ledger.prepare(*agreed)
    for _ in range(2):
        ledger.record_movement(movement, PaymentState.CAPTURED, "visit")
    assert ledger.commit_together(movement.transactions, "x") == ledger.commit_together(movement.transactions, "y")
    assert office.ask("SELECT count(*) FROM entries") == [(6,)]


# -- a restart


@dataclasses.dataclass(frozen=True)
class Cut:
    """What is on record and what the payment terminal did, when the power went."""

    recorded: tuple[PaymentState, ...]
    done: tuple[str, ...]
    then: Resolution


CUTS = {
    "prepared": Cut((), (), Resolution.VOIDED),
    "held": Cut((), ("authorise",), Resolution.VOIDED),
    "held, recorded": Cut((PaymentState.AUTHORISED,), ("authorise",), Resolution.VOIDED),
    "taken": Cut((PaymentState.AUTHORISED,), ("authorise", "capture"), Resolution.COMMITTED),
    "taken, recorded": Cut(
        (PaymentState.AUTHORISED, PaymentState.CAPTURED), ("authorise", "capture"), Resolution.COMMITTED
    ),
    "unknown": Cut((PaymentState.UNKNOWN,), ("authorise", "capture"), Resolution.COMMITTED),
    "given back": Cut((PaymentState.AUTHORISED,), ("authorise", "capture", "void"), Resolution.VOIDED),
}


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_after_a_restart_the_movement_is_asked_about_and_all_of_it_follows(
    open_ledger: OpenLedger, office: CorrectingOffice, cut: Cut
) -> None:
    agreed, payments = basket(20_000, 0, 5_000), FakePayment()
    movement = movement_of(agreed)
    office.ledger.prepare(*agreed)
    for deed in cut.done:
        if deed == "authorise":
            payments.authorise(movement.id, movement.amount_fils)
        else:
            getattr(payments, deed)(movement.id)
    for state in cut.recorded:
        office.ledger.record_movement(movement, state, "visit")
    ledger = office.ledger = open_ledger()
    (seen,) = ledger.unresolved()
    assert (seen.reference, seen.amount_fils) == (slip_reference(agreed[0].ids), 25_000)
    assert {one.resolution for one in resolve(ledger, payments)} == {cut.then}
    committed = cut.then is Resolution.COMMITTED
    assert states(ledger, agreed) == {TransactionState.COMMITTED if committed else TransactionState.VOIDED}
    assert payments.moves(movement.id) == int(committed)
    assert all(payments.query(one.ids.payment) is None for one in agreed)
    assert office.verify().problems == ()


def test_one_movement_in_doubt_does_not_hold_the_others(ledger: SqlLedger) -> None:
    payments = FakePayment()
    first, second = basket(20_000, 5_000), basket(1_000, 2_000)
    for agreed in (first, second):
        ledger.prepare(*agreed)
    lost = movement_of(first)
    ledger.record_movement(lost, PaymentState.CAPTURED, "visit")  # and the payment terminal was exchanged
    found = resolve(ledger, payments)
    assert [one.resolution for one in found] == [Resolution.UNKNOWN] * 2 + [Resolution.VOIDED] * 2


# -- cash


def test_cash_says_once_what_was_handed_over_for_all_of_it(office: CorrectingOffice) -> None:
    agreed = basket(20_000, 5_000, method=PaymentMethod.CASH, served_by="rana")
    sell_together(office.ledger, agreed)
    assert office.ledger.recent(2)[0].method is PaymentMethod.CASH
    assert office.verify().problems == ()


# -- what the agency refuses later


@dataclasses.dataclass
class Refused:
    """Of one basket the second transaction was refused."""

    agreed: list[Agreement]
    movement: Movement
    payments: FakePayment
    refunds: Refunds
    office: CorrectingOffice

    def item(self) -> Attention:
        (item,) = self.office.ledger.corrections.attention()
        return item

    def refund(self) -> Answer:
        proofs = {"requested": self.office.prove(RANA), "approved": self.office.prove(HUDA)}
        return self.refunds.refund(self.item(), uuid6.uuid7(), Reason.REFUSED, **proofs)


@pytest.fixture
def refused(office: CorrectingOffice) -> Refused:
    agreed, payments = basket(20_000, 5_000, 0, served_by="rana"), FakePayment()
    movement = movement_of(agreed)
    payments.authorise(movement.id, movement.amount_fils)
    payments.capture(movement.id)
    sell_together(office.ledger, agreed)
    for one, result in zip(agreed, ("accepted", "rejected", "accepted"), strict=True):
        office.decide(one.ids.transaction, result)
    refunds = Refunds(
        corrections=office.ledger.corrections,
        payments=payments,
        printer=ScriptedPrinter(),
        clock=SetClock(),
        services=SERVICES,
        office=Words(ar="الكرك", en="Karak"),
        wake=lambda: None,
    )
    return Refused(agreed, movement, payments, refunds, office)


def test_only_the_share_of_what_was_refused_goes_back(refused: Refused) -> None:
    assert refused.refund().outcome is Outcome.RETURNED
    assert refused.payments.query(refused.movement.id) is PaymentState.CAPTURED
    left = refused.payments.refund
    with pytest.raises(ServiceFailure):
        left(refused.movement.id, uuid6.uuid7(), 20_001)  # no more than the others' is here
    assert left(refused.movement.id, refused.agreed[1].ids.payment, 5_000) is PaymentState.REFUNDED, "known by its name"
    assert refused.office.held_money() == 20_000
    assert refused.office.ledger.outcome_of(refused.agreed[0].ids.transaction).state is TransactionState.ACCEPTED


def test_a_refund_that_nobody_knows_of_is_asked_about_again_at_rest(refused: Refused) -> None:
    refused.payments.mode = "silent"
    assert refused.refund().outcome is Outcome.UNKNOWN
    refused.payments.mode = "approve"
    for _ in range(2):
        refused.refunds.resume()
    assert refused.office.ledger.corrections.attention() == ()
    assert refused.payments.query(refused.movement.id) is PaymentState.CAPTURED


def test_a_share_that_was_carried_over_goes_back_once_from_the_same_movement(refused: Refused) -> None:
    corrected = replace(refused.office.corrected_version(refused.agreed[1]), together=None)
    refused.office.resubmit(corrected)
    share = refused.office.ledger.corrections.share_of(corrected.ids.transaction)
    assert (share.movement, share.part, share.amount_fils, share.is_whole) == (
        refused.movement.id,
        refused.agreed[1].ids.payment,
        5_000,
        False,
    )
    refused.office.decide(corrected.ids.transaction, "rejected")
    assert refused.refund().outcome is Outcome.RETURNED
    assert refused.office.held_money() == 20_000


# -- the books


def found_in(office: CorrectingOffice) -> list[str]:
    return [problem.what for problem in office.verify().problems if problem.place.startswith("payment ")]


def test_a_program_that_takes_more_than_was_agreed_to_is_found_out(
    office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entries are chained and signed, and wrong."""
    agreed = basket(20_000, 5_000)
    office.ledger.prepare(*agreed)
    monkeypatch.setattr(together, "_require_all", lambda *_: None)
    alone = Movement(id=movement_of(agreed).id, parts=(agreed[0].ids,), amount_fils=20_000)
    office.ledger.record_movement(alone, PaymentState.CAPTURED, "visit")
    office.ledger.commit(agreed[0].ids.transaction, "visit")
    assert found_in(office) == ["25000 fils were taken, and 20000 fils agreed to"]


def test_a_program_that_commits_a_part_is_found_out(office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = basket(20_000, 5_000)
    office.ledger.prepare(*agreed)
    office.ledger.record_movement(movement_of(agreed), PaymentState.CAPTURED, "visit")
    monkeypatch.setattr(together, "_require_all", lambda *_: None)
    office.ledger.commit(agreed[0].ids.transaction, "visit")
    assert found_in(office) == ["a part of what it pays is committed, and a part is not"]
