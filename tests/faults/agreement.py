"""What must hold between the ledger, the payment terminal, the intake and the paper after every restart."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from devices.virtual.stage import Stage
from kiosk.transaction import PaymentState, TransactionState
from kiosk.unresolved import Unresolved
from offline_queue.desk import QueueDesk
from offline_queue.intake.inspect import Stored, stored
from offline_queue.projection import TransactionRow, load_rows
from offline_queue.status import unresolved

TERMINAL = "KRK3"


@dataclasses.dataclass(frozen=True, slots=True)
class Facts:
    """Everything that four witnesses say at one moment. `issued` and `printed` are receipt numbers, as the ledger has
    them; `papers` counts what came out of the printer, slips and copies too."""

    rows: tuple[TransactionRow, ...]
    unresolved: tuple[Unresolved, ...]
    issued: frozenset[str]
    printed: frozenset[str]
    payments: tuple[dict[str, Any], ...]
    held: tuple[Stored, ...]
    papers: int

    def row(self, transaction: UUID) -> TransactionRow | None:
        return next((row for row in self.rows if row.transaction_id == transaction), None)


def read_facts(desk: QueueDesk, stage: Stage) -> Facts:
    """The payment terminal, the intake and the printer are asked after the ledger: what it knows must be there."""

    def ask(reader: Database) -> Facts:
        return Facts(
            rows=tuple(load_rows(reader, "ORDER BY prepared_at")),
            unresolved=unresolved(reader),
            issued=_numbers(reader, "SELECT number FROM receipts"),
            printed=_numbers(reader, "SELECT receipt_number FROM print_jobs WHERE state <> 'failed'"),
            payments=(),
            held=(),
            papers=0,
        )

    return dataclasses.replace(
        desk._read(ask),
        payments=tuple(stage.payments()),
        held=tuple(stored(stage.intake_database)),
        papers=len(stage.printed()),
    )


def _numbers(reader: Database, question: str) -> frozenset[str]:
    return frozenset(row[0] for row in reader.execute(question))


def disagreements(facts: Facts, *, settled: bool, drained: bool) -> list[str]:
    """One line for each. `settled`: the payment terminal could answer, so nothing may be left half done. `drained`: the
    line could carry everything, so nothing may wait."""
    return [
        *_of_payments(facts),
        *(_of_held_money(facts) if settled else ()),
        *_of_the_ledger(facts, settled=settled),
        *_of_numbers(facts),
        *_of_the_intake(facts, drained=drained),
    ]


def _of_payments(facts: Facts) -> Iterator[str]:
    rows = {str(row.payment): row for row in facts.rows}
    listed = {item.ids.transaction for item in facts.unresolved if item.receipt_number is None}
    for payment in facts.payments:
        name, state, moves = payment["payment"], payment["state"], payment["moves"]
        row = rows.get(name)
        if row is None:
            yield f"payment {name} is {state} at the terminal and in no ledger entry"
            continue
        taken, committed = state == "captured", row.receipt_number is not None
        if moves != (1 if taken else 0):
            yield f"payment {name} is {state} and its money moved {moves} times"
        if committed and not taken:
            yield f"payment {name} is {state}, its transaction {row.state}"
        if taken and not committed and row.transaction_id not in listed:
            yield f"payment {name} is taken, its transaction {row.state} and on no list"
        if payment["amount_fils"] not in (None, row.amount_fils):
            yield f"payment {name} has another amount than its transaction"


def _of_held_money(facts: Facts) -> Iterator[str]:
    """Nobody's money stays held, and no question that is still on its way can be honoured later."""
    known = {payment["payment"]: payment["state"] for payment in facts.payments}
    for payment, state in known.items():
        if state in ("waiting", "authorised"):
            yield f"payment {payment} is still {state} at the terminal"
    for row in facts.rows:
        if row.state is TransactionState.VOIDED and str(row.payment) not in known:
            yield f"transaction {row.transaction_id} is voided and its payment could still be asked for"


def _of_the_ledger(facts: Facts, *, settled: bool) -> Iterator[str]:
    asked = {payment["payment"] for payment in facts.payments}
    listed = {item.ids.transaction for item in facts.unresolved}
    for row in facts.rows:
        name = row.transaction_id
        if row.receipt_number is not None and str(row.payment) not in asked:
            yield f"transaction {name} is {row.state} and the payment terminal never heard of it"
        if row.state is TransactionState.PREPARED and settled:
            yield f"transaction {name} is still prepared although the payment terminal answers"
        unprinted = row.receipt_number is not None and row.receipt_number not in facts.printed
        if (row.state is TransactionState.PREPARED or unprinted) != (name in listed):
            yield f"transaction {name} is {row.state}, its receipt {row.receipt_number}, and staff are shown otherwise"
    if len(facts.printed) > facts.papers:
        yield f"{len(facts.printed)} receipts are on record as printed and {facts.papers} papers came out"


def _of_numbers(facts: Facts) -> Iterator[str]:
    committed = sorted((row.message or 0, row.receipt_number) for row in facts.rows if row.receipt_number is not None)
    expected = [(count, f"{TERMINAL}-{count:06d}") for count in range(1, len(committed) + 1)]
    if committed != expected:
        yield f"messages and receipt numbers are not one unbroken sequence: {committed}"


def _of_the_intake(facts: Facts, *, drained: bool) -> Iterator[str]:
    held = {one.transaction: one for one in facts.held}
    if len(held) != len(facts.held):
        yield "the intake holds a transaction twice"
    for one in facts.held:
        row = facts.row(one.transaction)
        if row is None or row.message != one.message:
            yield f"the intake holds {one.transaction}, which the ledger has not committed"
    for row in facts.rows:
        at_centre = held.get(row.transaction_id)
        if row.state is TransactionState.ACCEPTED and (at_centre is None or at_centre.state != "accepted"):
            yield f"transaction {row.transaction_id} is accepted here and not at the intake"
        if row.state is TransactionState.NEEDS_ATTENTION:
            yield f"transaction {row.transaction_id} was refused by the agency"
        if drained and row.receipt_number is not None and row.state is not TransactionState.ACCEPTED:
            yield f"transaction {row.transaction_id} is {row.state} although the line is up"


def moment(facts: Facts, before: Facts) -> str:
    """What the kill met: the last thing that had become true of the round's transaction."""
    earlier = {row.transaction_id for row in before.rows}
    row = next((row for row in facts.rows if row.transaction_id not in earlier), None)
    if row is None:
        return "nothing written"
    if row.state is TransactionState.VOIDED:
        return "VOIDED"
    if row.receipt_number is None:
        bank = next((one["state"] for one in facts.payments if one["payment"] == str(row.payment)), "")
        return {
            "": "PREPARED, bank not asked",
            "waiting": "PREPARED, person at the payment terminal",
            "authorised": "AUTHORISED",
            "captured": f"CAPTURED{', recorded' if row.payment_state is PaymentState.CAPTURED else ''}, not committed",
        }.get(bank, "PREPARED, nothing taken")
    if row.receipt_number in facts.printed:
        return "receipt printed"
    if row.receipt_number in facts.issued:
        return "receipt not printed"
    if row.state is TransactionState.ACCEPTED:
        return "ACCEPTED, receipt not decided"
    known = any(one.transaction == row.transaction_id for one in facts.held)
    return "COMMITTED, answer not known" if known else "COMMITTED, not delivered"
