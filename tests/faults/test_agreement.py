"""Each thing that must hold after a restart is seen to be missed when it does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from kiosk.transaction import PaymentState, TransactionState
from kiosk.unresolved import Unresolved, of_prepared, of_unprinted
from offline_queue.intake.inspect import Stored
from offline_queue.projection import TransactionRow
from tests.faults.agreement import Facts, disagreements, moment
from tests.faults.logs import personal

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
Spoil = Callable[[Facts], Facts]


def row(number: int, state: TransactionState, payment: PaymentState | None, message: int | None) -> TransactionRow:
    return TransactionRow(
        transaction_id=UUID(int=number),
        basket=UUID(int=100 + number),
        payment=UUID(int=200 + number),
        state=state,
        payment_state=payment,
        amount_fils=12_500,
        body_hash="",
        prepared_at=NOW.isoformat(),
        committed_sequence=message,
        receipt_number=None if message is None else f"KRK3-{message:06d}",
        message=message,
    )


def listed(of: TransactionRow) -> Unresolved:
    word, next_step = of_unprinted() if of.receipt_number else of_prepared(of.payment_state, None)
    return Unresolved(
        reference="",
        ids=of.ids(),
        word=word,
        next_step=next_step,
        amount_fils=of.amount_fils,
        since=NOW,
        payment=of.payment_state,
        method=None,
        receipt_number=of.receipt_number,
    )


def at_terminal(of: TransactionRow, state: str, moves: int) -> dict[str, Any]:
    return {"payment": str(of.payment), "amount_fils": of.amount_fils, "state": state, "moves": moves}


def at_intake(of: TransactionRow) -> Stored:
    return Stored(
        transaction=of.transaction_id,
        terminal="KRK3",
        message=of.message or 0,
        sequence=1,
        received_at=NOW,
        state="accepted",
        reference="TRF",
        code="",
    )


ACCEPTED = row(1, TransactionState.ACCEPTED, PaymentState.CAPTURED, 1)
UNPRINTED = row(2, TransactionState.ACCEPTED, PaymentState.CAPTURED, 2)
VOIDED = row(3, TransactionState.VOIDED, PaymentState.VOIDED, None)
HONEST = Facts(
    rows=(ACCEPTED, UNPRINTED, VOIDED),
    unresolved=(listed(UNPRINTED),),
    issued=frozenset({"KRK3-000001"}),
    printed=frozenset({"KRK3-000001"}),
    payments=(
        at_terminal(ACCEPTED, "captured", 1),
        at_terminal(UNPRINTED, "captured", 1),
        at_terminal(VOIDED, "voided", 0),
    ),
    held=(at_intake(ACCEPTED), at_intake(UNPRINTED)),
    papers=1,
)


def _row(old: TransactionRow, **changed: Any) -> Spoil:
    new = msgspec.structs.replace(old, **changed)
    return lambda facts: dataclasses.replace(facts, rows=tuple(new if one is old else one for one in facts.rows))


def _payment(place: int, **changed: Any) -> Spoil:
    def spoil(facts: Facts) -> Facts:
        payments = list(facts.payments)
        payments[place] = {**payments[place], **changed}
        return dataclasses.replace(facts, payments=tuple(payments))

    return spoil


def _facts(**changed: Any) -> Spoil:
    return lambda facts: dataclasses.replace(facts, **changed)


SPOILS: dict[str, Spoil] = {
    "moved 2 times": _payment(0, moves=2),
    "moved 1 times": _payment(2, moves=1),
    "its transaction accepted": _payment(0, state="refunded", moves=0),
    "its transaction voided and on no list": _payment(2, state="captured", moves=1),
    "in no ledger entry": _payment(0, payment=str(UUID(int=9))),
    "another amount": _payment(0, amount_fils=1),
    "still authorised": _payment(2, state="authorised"),
    "still waiting": _payment(2, state="waiting"),
    "could still be asked for": _facts(payments=HONEST.payments[:2]),
    "never heard of it": _facts(payments=HONEST.payments[1:]),
    "still prepared although": _row(VOIDED, state=TransactionState.PREPARED),
    "staff are shown otherwise": _facts(unresolved=()),
    "1 receipts are on record as printed and 0 papers": _facts(papers=0),
    "not one unbroken sequence": _row(UNPRINTED, receipt_number="KRK3-000003", message=3),
    "which the ledger has not committed": _facts(rows=(ACCEPTED, VOIDED)),
    "holds a transaction twice": _facts(held=(*HONEST.held, HONEST.held[0])),
    "accepted here and not at the intake": _facts(held=HONEST.held[1:]),
    "refused by the agency": _row(ACCEPTED, state=TransactionState.NEEDS_ATTENTION),
    "although the line is up": _row(ACCEPTED, state=TransactionState.COMMITTED),
}


def test_honest_facts_agree() -> None:
    assert disagreements(HONEST, settled=True, drained=True) == []


@pytest.mark.parametrize("said", SPOILS)
def test_what_does_not_hold_is_said(said: str) -> None:
    problems = disagreements(SPOILS[said](HONEST), settled=True, drained=True)
    assert any(said in problem for problem in problems), problems


def test_what_waits_for_a_silent_terminal_or_a_cut_line_is_no_disagreement() -> None:
    half_done = row(4, TransactionState.PREPARED, PaymentState.UNKNOWN, None)
    waiting = row(5, TransactionState.COMMITTED, PaymentState.CAPTURED, 3)
    facts = dataclasses.replace(
        HONEST,
        rows=(*HONEST.rows, half_done, waiting),
        unresolved=(listed(half_done), listed(UNPRINTED), listed(waiting)),
        payments=(*HONEST.payments, at_terminal(half_done, "captured", 1), at_terminal(waiting, "captured", 1)),
    )
    assert disagreements(facts, settled=False, drained=False) == []
    assert len(disagreements(facts, settled=True, drained=True)) == 2


@pytest.mark.parametrize(
    ("bank", "met"),
    [
        ("", "PREPARED, bank not asked"),
        ("authorised", "AUTHORISED"),
        ("captured", "CAPTURED, not committed"),
        ("declined", "PREPARED, nothing taken"),
    ],
)
def test_the_moment_of_a_kill_is_read_from_what_is_left(bank: str, met: str) -> None:
    half_done = row(4, TransactionState.PREPARED, None, None)
    payments = (*HONEST.payments, at_terminal(half_done, bank, 0)) if bank else HONEST.payments
    after = dataclasses.replace(HONEST, rows=(*HONEST.rows, half_done), payments=payments)
    assert moment(after, HONEST) == met
    assert moment(HONEST, HONEST) == "nothing written"


def test_personal_data_in_a_log_is_found_and_a_silent_log_proves_nothing(tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    (card / "mrz.txt").write_text("IDJOR1234567897<<<<\nXXXXXXXXXXXXXXX9892004821\n", encoding="ascii")
    log = tmp_path / "program.log"
    log.write_text("devices.cards: read")
    assert personal(tmp_path, card, "77-40") == []
    log.write_text("devices.cards: read, 77-40017")
    assert personal(tmp_path, card, "77-40") == ["program.log holds '77-40'"]
    log.write_text("")
    assert personal(tmp_path, card, "77-40") == ["the card path's log is not on"]
