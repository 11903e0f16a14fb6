"""Guarantees of the file: what was acknowledged stays, numbers follow one another, nothing written is changed."""

from __future__ import annotations

import contextlib
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.corrections import Reason
from kiosk.failures import Failure, ServiceFailure
from kiosk.receipt import ContentLeft, ReceiptOutcome
from kiosk.staff import StaffMistake
from kiosk.transaction import PaymentState, TransactionState
from offline_queue import pins
from offline_queue.database import LedgerInUse, open_reader
from offline_queue.entries import EntryKind, Fact, LedgerMistake
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import Outbox
from offline_queue.retention import Retention
from offline_queue.retention_schedule import load_schedule
from offline_queue.verify import verify
from tests.faults import power_cuts
from tests.faults.guarantees.bench import Bench, Caught, require
from tests.faults.judging import LedgerJudge
from tests.offline_queue.correcting import HUDA, CorrectingOffice
from tests.offline_queue.parts import (
    FACTS,
    PLANTED_NAME,
    TERMINAL,
    agreement,
    centre_signs,
    pay,
    read_key,
    sell,
)

CUTS = 40
SCHEDULE = Path(__file__).resolve().parents[3] / "assets" / "retention.toml"


def what_was_acknowledged_survives_a_power_cut(bench: Bench) -> None:
    with power_cuts.memory_folder() as memory:
        recording = power_cuts.record_ledger(memory / "life", keys=bench.key_folder, chapters=["first_day"])
        judge = LedgerJudge(bench.key_folder, memory / "life")
        account = power_cuts.cut_power(recording, judge, range(CUTS), 1, memory)
    require(account.lost == 0, "acknowledged work is gone after a power cut")


def a_number_is_never_given_twice(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        other = agreement()
        again = Fact(EntryKind.COMMITTED, other.ids, "citizen", "visit", 1, f"{TERMINAL}-000001", 2, b"{}")
        with contextlib.suppress(ServiceFailure):
            ledger._database.write(lambda connection: ledger._scribe.append(connection, again))
            raise Caught("a second entry took a receipt number that was given")


def a_commit_that_fails_uses_up_no_number(bench: Bench) -> None:
    with bench.ledger() as ledger:
        ids = pay(ledger, agreement())
        full = ServiceFailure(Failure.NOT_SAVED)
        with patch.object(Outbox, "add", side_effect=full), contextlib.suppress(ServiceFailure):
            ledger.commit(ids.transaction, "visit")
        number = ledger.commit(ids.transaction, "visit").receipt_number
    require(number == f"{TERMINAL}-000001", f"the first receipt has the number {number}")


def committing_twice_is_committing_once(bench: Bench) -> None:
    with bench.ledger() as ledger:
        ids = pay(ledger, agreement())
        first = ledger.commit(ids.transaction, "visit")
        try:
            second = ledger.commit(ids.transaction, "visit")
        except (LedgerMistake, ServiceFailure):
            raise Caught("the second press was not answered as the first") from None
        require(second == first and ledger.waiting() == 1, "the second press made another transaction")


def nothing_is_committed_without_its_money(bench: Bench) -> None:
    with bench.ledger() as ledger:
        agreed = agreement()
        ledger.prepare(agreed)
        ledger.record_payment(agreed.ids.payment, agreed.ids.transaction, PaymentState.AUTHORISED, "visit")
        with contextlib.suppress(LedgerMistake):
            ledger.commit(agreed.ids.transaction, "visit")
            raise Caught("committed while the money was only held")


def no_content_leaves_without_the_centres_signature(bench: Bench) -> None:
    """Long after every time is over."""
    with bench.ledger() as ledger:
        ids = sell(ledger)
        (told,) = ledger.recent(1)
        answer, forged = centre_signs(Ed25519PrivateKey.generate(), ids.transaction)
        ledger.record_decision(answer, msgspec.json.encode(forged))
        bench.clock.move(100 * 365 * 86_400.0)
        retention = Retention(ledger, load_schedule(SCHEDULE), bench.trust.centre, bench.clock)
        while retention.step():
            pass
        with contextlib.suppress(ContentLeft):
            ledger.agreement_of(told.receipt_number)
            return
        raise Caught("the content left, and no signature of the centre covers it")


def what_was_written_is_never_changed(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        for statement in ("UPDATE entries SET signature = x'00'", "DELETE FROM entries WHERE sequence = 3"):
            with contextlib.suppress(ServiceFailure):
                _write(ledger, statement)
                raise Caught(f"the file took: {statement}")


def every_entry_names_the_one_before(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
    with contextlib.closing(open_reader(bench.file, bench.keys.database)) as reader:
        found = verify(reader, TERMINAL, bench.trust.ledgers[TERMINAL], bench.trust.centre)
    for problem in found.problems:
        raise Caught(f"{problem.place}: {problem.what}")


def the_first_decision_stands(bench: Bench) -> None:
    key = read_key(bench.key_folder / "centre" / "centre.key")
    with bench.ledger() as ledger:
        ids = sell(ledger)
        for result in ("rejected", "accepted"):
            answer, proof = centre_signs(key, ids.transaction, result)
            ledger.record_decision(answer, msgspec.json.encode(proof))
        state = ledger.outcome_of(ids.transaction).state
    require(state is TransactionState.NEEDS_ATTENTION, f"a refusal was overwritten by {state}")


def paper_says_only_what_the_ledger_says(bench: Bench) -> None:
    with bench.ledger() as ledger:
        ids = sell(ledger)
        with contextlib.suppress(LedgerMistake):
            ledger.issue_receipt(ids.transaction, ReceiptOutcome.ACCEPTED, FACTS)
            raise Caught("a receipt says accepted, and nobody has accepted it")


def what_the_program_settles_carries_no_persons_mark(bench: Bench) -> None:
    with bench.ledger() as ledger:
        ids = pay(ledger, agreement())
        ledger.commit(ids.transaction, "recovery")
        actors = ledger._database.read(
            lambda connection: connection.execute("SELECT actor FROM entries ORDER BY sequence").fetchall()
        )
    require(actors[-1][0] == "recovery", f"what recovery committed is under the name of the {actors[-1][0]}")


def nothing_personal_lies_open_in_the_file(bench: Bench) -> None:
    with bench.ledger() as ledger:
        sell(ledger)
        content = b"".join(file.read_bytes() for file in bench.folder.glob("ledger.db*"))
    require(PLANTED_NAME.encode() not in content, "a person's name can be read in the file")


def one_program_writes(bench: Bench) -> None:
    with bench.ledger(), contextlib.suppress(LedgerInUse), bench.ledger():
        raise Caught("a second program opened the same ledger to write")


def a_correction_is_made_by_two_people(bench: Bench) -> None:
    with patch.object(pins, "_MEMORY_KIB", 64), bench.ledger() as ledger:  # what a PIN costs is tested elsewhere
        office = CorrectingOffice(ledger, bench.centre, bench.file, bench.keys, bench.trust)
        office.engage()
        refused = office.refused()
        requested, approved = office.prove(HUDA), office.prove(HUDA)
        with contextlib.suppress(StaffMistake):
            ledger.corrections.agree_refund(
                refused.ids.transaction,
                uuid4(),
                Reason.WITHDRAWN,
                requested=requested,
                approved=approved,
            )
            raise Caught("one person asked for a refund and approved it")


def _write(ledger: SqlLedger, statement: str) -> None:
    ledger._database.write(lambda connection: connection.execute(statement))
