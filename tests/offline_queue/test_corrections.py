"""Corrections of refused transactions: by two people, once, delivered, and never changing what was written."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import uuid6

from kiosk.corrections import Objection, Proof, Reason, Reversal
from kiosk.receipt import ReceiptOutcome, outcome_on_paper
from kiosk.staff import COMMAND_LINE, SignInRefused, StaffMember, StaffMistake
from kiosk.transaction import Agreement, PaymentMethod, TransactionState
from kiosk.wire import Entry
from offline_queue import corrections
from offline_queue.entries import LedgerMistake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.rebuild import rebuild
from offline_queue.status import list_items
from tests.offline_queue.correcting import HUDA, PINS, RANA, TECHNICIAN, CorrectingOffice, light_pins
from tests.offline_queue.parts import FACTS, PAYING, TERMINAL, ScriptedCentre, SetClock, agreement
from tests.offline_queue.test_verify import tamper


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


def state(office: CorrectingOffice, agreed: Agreement) -> TransactionState:
    return office.ledger.outcome_of(agreed.ids.transaction).state


# -- money goes back


@pytest.mark.parametrize("method", PAYING)
def test_a_refused_transaction_is_taken_back_by_two_people_and_the_centre_is_told(
    office: CorrectingOffice, method: PaymentMethod
) -> None:
    agreed = office.refused(method=method)
    (seen,) = office.ledger.corrections.attention()
    assert (seen.receipt_number, seen.amount_fils, seen.code) == ("KRK3-000001", 42_500, "FINE_ALREADY_PAID")
    assert (seen.words_en, seen.service, seen.method) == ("The fine was paid before", "traffic.fines", method)
    done = office.refund(agreed)
    assert (done.number, done.reversal.receipt_number) == ("KRK3-000001-C1", "KRK3-000001")
    assert (done.reversal.requested_by.id, done.reversal.approved_by.id) == ("rana", "huda")
    assert state(office, agreed) is TransactionState.REVERSED
    assert office.ledger.corrections.attention() == ()
    assert office.held_money() == 0
    assert office.ledger.waiting() == 1, "the reversal is a message"
    office.deliver()
    item = office.centre.held_items[done.reversal.ids.transaction]
    entry = msgspec.json.decode(item.entry.payload, type=Entry)
    assert (item.message, entry.kind, entry.amount_fils, entry.actor) == (2, "reversal", -42_500, "supervisor")
    assert msgspec.json.decode(item.body, type=Reversal) == done.reversal
    found = office.verify()
    assert found.problems == ()
    assert found.centre is not None
    assert found.centre.same


def test_what_is_sold_after_a_correction_has_the_next_receipt_number(office: CorrectingOffice) -> None:
    office.refund(office.refused())
    office.sell()
    assert [number for (number,) in office.ask("SELECT receipt_number FROM transactions ORDER BY message")] == [
        "KRK3-000001",
        "KRK3-000001-C1",
        "KRK3-000002",
    ]
    assert office.verify().problems == ()


def test_asking_twice_gives_the_money_back_once(office: CorrectingOffice) -> None:
    agreed, correction = office.refused(), uuid6.uuid7()
    office.agree(agreed.ids.transaction, correction)
    office.agree(agreed.ids.transaction, correction)
    twice = [office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=False) for _ in range(2)]
    assert twice[0] == twice[1]
    assert office.ask("SELECT count(*) FROM entries WHERE kind IN ('refund_agreed', 'reversed', 'reversal')") == [(3,)]


def test_cash_says_what_was_handed_out(office: CorrectingOffice) -> None:
    agreed = office.refused(method=PaymentMethod.CASH)
    transaction, refund = agreed.ids.transaction, office.ledger.corrections.refund
    office.agree(transaction)
    for tendered, change in ((None, None), (42_500, 1), (42_500, None), (40_000, 0)):
        with pytest.raises(LedgerMistake):
            refund(transaction, by_recovery=False, tendered_fils=tendered, change_fils=change)
    done = refund(transaction, by_recovery=False, tendered_fils=50_000, change_fils=7_500)
    assert (done.reversal.tendered_fils, done.reversal.change_fils) == (50_000, 7_500)


def test_nothing_goes_back_that_two_people_did_not_agree_to(office: CorrectingOffice) -> None:
    agreed = office.refused()
    with pytest.raises(LedgerMistake):
        office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=True)
    office.agree(agreed.ids.transaction)
    office.ledger.corrections.call_off(agreed.ids.transaction, RANA)
    with pytest.raises(LedgerMistake):
        office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=True)
    office.refund(agreed)  # agreed to once more
    assert office.verify().problems == ()


@pytest.mark.parametrize("result", ["accepted", "committed", "prepared"])
def test_only_what_was_refused_is_taken_back(office: CorrectingOffice, result: str) -> None:
    agreed = agreement()
    if result == "prepared":
        office.ledger.prepare(agreed)
    else:
        agreed = office.sell()
    if result == "accepted":
        office.deliver()
    with pytest.raises(LedgerMistake):
        office.agree(agreed.ids.transaction)
    with pytest.raises(LedgerMistake):
        office.resubmit(office.corrected_version(agreed))


def test_a_refund_that_recovery_finishes_carries_no_persons_mark(office: CorrectingOffice) -> None:
    agreed = office.refused()
    office.agree(agreed.ids.transaction)
    office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=True)
    actors = office.ask("SELECT kind, actor FROM entries WHERE kind IN ('refund_agreed', 'reversal') ORDER BY sequence")
    assert actors == [("refund_agreed", "supervisor"), ("reversal", "recovery")]


def test_lists_for_staff_tell_a_correction_from_a_sale(office: CorrectingOffice) -> None:
    office.refund(office.refused())
    listed = [(item.kind, item.receipt_number, item.amount_fils) for item in office.read(list_items)]
    assert listed == [("committed", "KRK3-000001", 42_500), ("reversal", "KRK3-000001-C1", -42_500)]
    assert [receipt.receipt_number for receipt in office.ledger.recent(9)] == ["KRK3-000001"]
    assert office.ledger.unresolved() == (), "what was taken back waits for no receipt, and a slip is none"


def test_a_receipt_that_is_printed_after_it_was_taken_back_says_that_it_was_refused(office: CorrectingOffice) -> None:
    agreed = office.refused()
    office.refund(agreed)
    transaction = agreed.ids.transaction
    outcome = outcome_on_paper(office.ledger.outcome_of(transaction))
    assert office.ledger.issue_receipt(transaction, outcome, FACTS).outcome is ReceiptOutcome.NEEDS_ATTENTION
    assert office.verify().problems == ()


# -- the people


def agree_with(office: CorrectingOffice, transaction: UUID, requested: Proof, approved: Proof) -> None:
    office.ledger.corrections.agree_refund(
        transaction, uuid6.uuid7(), Reason.REFUSED, requested=requested, approved=approved
    )


@pytest.mark.parametrize(
    ("requested", "approved"),
    [(HUDA, HUDA), (HUDA, RANA), (RANA, RANA), (TECHNICIAN, HUDA), (RANA, TECHNICIAN)],
    ids=["one-supervisor", "a-clerk-approves", "one-clerk", "a-technician-asks", "a-technician-approves"],
)
def test_two_different_people_and_the_second_a_supervisor(
    office: CorrectingOffice, requested: StaffMember, approved: StaffMember
) -> None:
    transaction = office.refused().ids.transaction
    with pytest.raises(StaffMistake):
        agree_with(office, transaction, office.prove(requested), office.prove(approved))


def test_a_pin_is_shown_for_one_correction_and_a_few_minutes(
    office: CorrectingOffice, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office.refused().ids.transaction, office.refused().ids.transaction
    rana, huda = office.prove(RANA), office.prove(HUDA)
    agree_with(office, first, rana, huda)
    with pytest.raises(StaffMistake):
        agree_with(office, second, rana, huda)
    monkeypatch.setattr(office.ledger.corrections, "_monotonic", clock.monotonic)
    rana, huda = office.prove(RANA), office.prove(HUDA)
    clock.move(corrections.PROOF_SECONDS)
    with pytest.raises(StaffMistake):
        agree_with(office, second, rana, huda)


def test_nobody_makes_a_proof_of_his_own(office: CorrectingOffice) -> None:
    made = corrections.PinProof(HUDA)
    with pytest.raises(StaffMistake):
        agree_with(office, office.refused().ids.transaction, office.prove(RANA), made)


def test_a_wrong_pin_proves_nothing_and_is_wiped(office: CorrectingOffice) -> None:
    pin = bytearray(b"999999")
    with pytest.raises(SignInRefused):
        office.ledger.corrections.prove(HUDA.id, pin)
    assert pin == bytes(6)


def test_who_has_left_since_the_pin_was_shown_approves_nothing(office: CorrectingOffice) -> None:
    transaction = office.refused().ids.transaction
    rana, huda = office.prove(RANA), office.prove(HUDA)
    office.ledger.staff.set_active(HUDA.id, COMMAND_LINE, active=False)
    with pytest.raises(StaffMistake):
        agree_with(office, transaction, rana, huda)


# -- sent corrected


def test_a_corrected_transaction_carries_the_money_over_in_one_commit(office: CorrectingOffice) -> None:
    old = office.refused()
    new = office.corrected_version(old)
    assert office.resubmit(new) == "KRK3-000002"
    assert office.resubmit(new) == "KRK3-000002", "asked twice, done once"
    assert state(office, old) is TransactionState.REVERSED
    assert state(office, new) is TransactionState.COMMITTED
    assert office.held_money() == old.total_fils
    done = office.ledger.corrections.corrected(old.ids.transaction)
    assert done is not None
    assert (done.number, done.new_receipt) == ("KRK3-000001-C1", "KRK3-000002")
    assert done.reversal.corrected_by == new.ids.transaction
    office.deliver()
    assert [item.message for item in office.centre.held_items.values()] == [1, 2, 3]
    assert office.verify().problems == ()


def test_what_is_sent_corrected_is_sealed_to_the_centre_as_every_request(office: CorrectingOffice) -> None:
    new = office.corrected_version(office.refused())
    office.resubmit(new)
    sealed = "SELECT count(*) FROM sealed_bodies JOIN transactions USING (body_hash) WHERE transaction_id = '{}'"
    assert office.ask(sealed.format(new.ids.transaction)) == [(1,)]


def test_money_that_was_carried_over_twice_is_still_the_first_payments(office: CorrectingOffice) -> None:
    first = office.refused()
    second = office.corrected_version(first)
    office.resubmit(second)
    office.deliver("rejected")
    third = office.corrected_version(second)
    office.resubmit(third)
    assert office.ledger.corrections.share_of(third.ids.transaction).movement == first.ids.payment
    assert office.held_money() == first.total_fils


@pytest.mark.parametrize("change", ["amount", "method", "nothing named"])
def test_another_amount_is_not_carried_over(office: CorrectingOffice, change: str) -> None:
    old = office.refused()
    new = office.corrected_version(old)
    if change == "amount":
        lines = (msgspec.structs.replace(new.lines[0], amount_fils=42_499),)
        new = msgspec.structs.replace(new, lines=lines, total_fils=42_499)
    elif change == "method":
        new = msgspec.structs.replace(new, method=PaymentMethod.CASH)
    else:
        new = msgspec.structs.replace(new, corrects=None)
    with pytest.raises(LedgerMistake):
        office.resubmit(new)
    assert office.ask("SELECT count(*) FROM transactions") == [(1,)]


def test_money_that_is_being_given_back_is_not_carried_over(office: CorrectingOffice) -> None:
    old = office.refused()
    office.agree(old.ids.transaction)
    with pytest.raises(LedgerMistake):
        office.resubmit(office.corrected_version(old))


# -- explained, disputed


def test_an_explanation_is_a_record_and_settles_nothing(office: CorrectingOffice) -> None:
    agreed, note = office.refused(), uuid6.uuid7()
    for _ in range(2):
        office.ledger.corrections.explain(agreed.ids.transaction, note, RANA)
    (seen,) = office.ledger.corrections.attention()
    assert seen.explained == 1
    assert office.ask("SELECT actor FROM entries WHERE kind = 'explained'") == [("clerk",)]
    assert office.held_money() == 42_500
    assert office.ledger.waiting() == 0


def test_a_supervisor_disputes_a_refusal_and_a_correction(office: CorrectingOffice) -> None:
    agreed, dispute = office.refused(), uuid6.uuid7()
    for _ in range(2):
        said = office.ledger.corrections.dispute(
            agreed.ids.transaction, dispute, Objection.NOT_REFUSABLE, office.prove(HUDA)
        )
    (seen,) = office.ledger.corrections.attention()
    assert (said.number, said.dispute.entry, said.dispute.by.id) == ("KRK3-000001-C1", seen.entry, "huda")
    assert office.held_money() == 42_500
    done = office.refund(agreed)
    assert done.number == "KRK3-000001-C2"
    against = office.ledger.corrections.dispute(
        done.reversal.ids.transaction, uuid6.uuid7(), Objection.NOT_BY_US, office.prove(HUDA)
    )
    assert (against.number, against.dispute.entry) == ("KRK3-000001-C3", done.sequence)
    assert against.dispute.entry_hash == office.ask(f"SELECT hash FROM entries WHERE sequence = {done.sequence}")[0][0]
    office.deliver()
    assert len(office.centre.held_items) == 4
    assert office.verify().problems == ()


def test_a_clerk_disputes_nothing(office: CorrectingOffice) -> None:
    agreed = office.refused()
    with pytest.raises(StaffMistake):
        office.ledger.corrections.dispute(
            agreed.ids.transaction, uuid6.uuid7(), Objection.NOT_REFUSABLE, office.prove(RANA)
        )


def test_a_correction_that_the_centre_refused_is_seen_and_is_not_corrected_again(office: CorrectingOffice) -> None:
    done = office.refund(office.refused())
    office.deliver("rejected")
    (seen,) = office.ledger.corrections.attention()
    assert (seen.receipt_number, seen.amount_fils, seen.correction) == ("KRK3-000001-C1", -42_500, True)
    with pytest.raises(LedgerMistake):
        office.agree(done.reversal.ids.transaction)
    assert office.verify().problems == ()


# -- what the verifier says


_FORGED = "UPDATE transactions SET state = 'needs_attention' WHERE state = 'reversed'"


def test_a_reversal_that_is_hidden_is_named(
    office: CorrectingOffice, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    office.refund(office.refused())
    office.ledger.close()
    tamper(ledger_file, terminal_keys, _FORGED)
    assert [problem.what for problem in office.verify().problems] == ["its row does not say what its entries say"]


def test_a_reversal_without_its_message_is_named(office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a terminal's program that was tampered with would write it, with the terminal's own key."""
    monkeypatch.setattr(corrections.SqlCorrections, "_deliver", lambda *_: None)
    agreed = office.refused()
    office.agree(agreed.ids.transaction)
    with pytest.raises(LedgerMistake):  # it cannot be found again afterwards, so nothing of it is written
        office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=False)
    monkeypatch.setattr(corrections, "load_corrected", lambda *_: object())
    office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=False)
    assert [problem.what for problem in office.verify().problems] == ["reversed, and no message says so"]


def test_a_refund_by_one_person_is_named(office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corrections.SqlCorrections, "_two_people", lambda *_: (HUDA, HUDA))
    office.refund(office.refused())
    places = {problem.what for problem in office.verify().problems}
    assert places == {"was not made by two people, the second a supervisor"}


def test_a_refund_that_nobody_agreed_to_is_named(office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = office.refused()
    office.agree(agreed.ids.transaction)
    pending = office.ledger.corrections.attention()[0].refund
    office.ledger.corrections.call_off(agreed.ids.transaction, RANA)
    monkeypatch.setattr(corrections, "load_refund", lambda *_: pending)
    office.ledger.corrections.refund(agreed.ids.transaction, by_recovery=True)
    assert [problem.what for problem in office.verify().problems] == ["a refund that nobody agreed to"]


def test_money_that_was_carried_over_to_nothing_is_named(
    office: CorrectingOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = office.refused()
    monkeypatch.setattr(
        corrections.SqlCorrections,
        "_carry_over",
        lambda _self, _connection, row, _agreement: msgspec.structs.replace(row, transaction_id=uuid6.uuid7()),
    )
    office.resubmit(office.corrected_version(old))
    assert [problem.what for problem in office.verify().problems] == [
        "its money was carried over to nothing of the same amount"
    ]


def test_what_is_made_anew_from_the_entries_has_the_corrections_too(
    office: CorrectingOffice, ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust
) -> None:
    """And what an auditor would ask is whole again: states, numbers, and the money that is held."""
    office.refund(office.refused())
    office.resubmit(office.corrected_version(office.refused()))
    everything = "SELECT * FROM transactions ORDER BY message"
    before, held = office.ask(everything), office.held_money()
    office.ledger.close()
    tamper(ledger_file, terminal_keys, _FORGED, "DELETE FROM outbox", "UPDATE transactions SET amount_fils = 1")
    rebuild(ledger_file, TERMINAL, terminal_keys, trust, SetClock())
    assert office.ask(everything) == before
    assert office.held_money() == held == 42_500
    assert office.verify().problems == ()


def test_no_pin_is_anywhere_in_the_ledger(office: CorrectingOffice) -> None:
    office.refund(office.refused())
    bodies = b"".join(bytes(str(content), "utf-8") for (content,) in office.ask("SELECT content FROM bodies"))
    assert not any(pin in bodies for pin in PINS.values())
