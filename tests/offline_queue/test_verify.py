"""Whatever is done to the file by somebody who has its key, the verifier names the place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlcipher3 import dbapi2

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.staff import COMMAND_LINE, Role, StaffAct, StaffMember
from kiosk.transaction import Ids, PaymentState
from kiosk.wire import Words
from offline_queue.database import open_reader
from offline_queue.entries import EntryKind, LedgerMistake
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.schema import guards
from offline_queue.status import list_items, status
from offline_queue.verify import Verification, verify
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import FACTS, TERMINAL, ScriptedCentre, agreement, centre_signs, sell

Tampering = tuple[str, ...]
Check = Callable[..., Verification]


@pytest.fixture
def filled(open_ledger: OpenLedger, centre: ScriptedCentre) -> SqlLedger:
    """Entries 1-4 sold, accepted (5), receipt (6), print (7); 8-11 sold, rejected (12); 13-16 sold, waiting; 17-18
    prepared and voided; 19 prepared."""
    ledger = open_ledger()
    first, second, third = sell(ledger), None, None
    send(ledger, centre)
    decide(ledger, centre, first.transaction, "accepted")
    receipt = ledger.issue_receipt(first.transaction, ReceiptOutcome.ACCEPTED, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    second = sell(ledger)
    send(ledger, centre)
    decide(ledger, centre, second.transaction, "rejected")
    third = sell(ledger)
    assert ledger.outcome_of(third.transaction).state == "committed"
    gone = agreement()
    ledger.prepare(gone)
    ledger.void(gone.ids.transaction, "visit")
    ledger.prepare(agreement())
    return ledger


def send(ledger: SqlLedger, centre: ScriptedCentre) -> None:
    for item in ledger.outbox.lease(0, limit=10, limit_bytes=10**6):
        centre.held_items[item.transaction] = item


def decide(ledger: SqlLedger, centre: ScriptedCentre, transaction: object, result: str) -> None:
    answer, proof = centre_signs(centre.key, transaction, result)  # type: ignore[arg-type]
    ledger.record_decision(answer, msgspec.json.encode(proof))


@pytest.fixture
def check(ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust) -> Check:
    def run(centre: ScriptedCentre | None = None) -> Verification:
        reader = open_reader(ledger_file, terminal_keys.database)
        try:
            return verify(reader, TERMINAL, trust.ledgers[TERMINAL], trust.centre, centre)
        finally:
            reader.close()

    return run


def tamper(file: Path, keys: TerminalKeys, *statements: str, hidden: bool = True) -> None:
    """As somebody with the database's key, and without the ledger's, would; `hidden` puts the triggers back."""
    raw = dbapi2.connect(str(file), isolation_level=None)
    raw.set_key(f"x'{keys.database.hex()}'")
    raw.execute("PRAGMA ignore_check_constraints = ON")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        assert raw.execute(statement).rowcount != 0, f"changed nothing: {statement}"
    if hidden:
        for statement in guards():
            raw.execute(statement)
    raw.close()


def test_an_untouched_ledger_is_sound(filled: SqlLedger, check: Check, centre: ScriptedCentre) -> None:
    found = check(centre)
    assert found.problems == ()
    assert found.sound
    assert (found.entries, found.messages, found.receipts) == (19, 3, 1)
    assert found.centre is not None
    assert (found.centre.messages, found.centre.held, found.centre.same) == (3, 2, False)
    send(filled, centre)
    after_all = check(centre).centre
    assert after_all is not None
    assert after_all.same


def test_an_empty_ledger_is_sound(ledger: SqlLedger, check: Check, centre: ScriptedCentre) -> None:
    found = check(centre)
    assert (found.sound, found.entries) == (True, 0)
    assert found.centre is not None
    assert found.centre.same


def test_an_administrative_entry_stands_in_the_chain_and_changes_nothing(filled: SqlLedger, check: Check) -> None:
    filled.note(EntryKind.PROJECTIONS_REBUILT, "support", "by hand", b"{}")
    found = check()
    assert (found.problems, found.entries, found.messages) == ((), 20, 3)
    with pytest.raises(LedgerMistake):
        filled.note(EntryKind.VOIDED, "support", "not the ledger's own affair")


def test_an_administrative_entry_that_names_a_transaction_is_a_problem(
    filled: SqlLedger, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "offline_queue.ledger.OF_NO_TRANSACTION", Ids(basket=uuid4(), transaction=uuid4(), payment=uuid4())
    )
    filled.note(EntryKind.PROJECTIONS_REBUILT, "support", "rebuilt")
    assert [(problem.place, "names a transaction" in problem.what) for problem in check().problems] == [
        ("entry 20", True)
    ]


COPY = "INSERT INTO entries (sequence, canonical, hash, key_id, signature) "


@pytest.mark.parametrize(
    ("statements", "place", "what"),
    [
        (
            ("UPDATE entries SET canonical = CAST(replace(canonical, '42500', '12500') AS BLOB) WHERE sequence = 4",),
            "entry 4",
            "hash",
        ),
        (("UPDATE entries SET signature = zeroblob(64) WHERE sequence = 3",), "entry 3", "signature"),
        (("UPDATE entries SET key_id = 'ledger-X' WHERE sequence = 2",), "entry 2", "another key"),
        (("UPDATE entries SET hash = 'x' WHERE sequence = 2",), "entry 2", "hash"),
        (
            ("PRAGMA foreign_keys = OFF", "DELETE FROM entries WHERE sequence = 3"),
            "entry 4",
            "entries 3 to 3 are missing",
        ),
        (("DELETE FROM entries WHERE sequence = 19",), "transaction", "its row does not say"),
        (
            (
                "UPDATE entries SET sequence = 99 WHERE sequence = 2",
                "UPDATE entries SET sequence = 2 WHERE sequence = 3",
                "UPDATE entries SET sequence = 3 WHERE sequence = 99",
            ),
            "entry 2",
            "says that it is entry 3",
        ),
        ((f"{COPY} SELECT 20, canonical, 'x', key_id, signature FROM entries WHERE sequence = 1",), "entry 20", "says"),
        (
            ("UPDATE bodies SET content = CAST(replace(content, 'Speed', 'Gift!') AS BLOB)",),
            "entry 1",
            "its body was changed",
        ),
        (("DELETE FROM bodies WHERE content LIKE '%captured%'",), "entry 3", "note is missing"),
        (("UPDATE transactions SET state = 'accepted' WHERE message = 3",), "transaction", "its row does not say"),
        (("UPDATE transactions SET amount_fils = 1 WHERE message = 3",), "transaction", "its row does not say"),
        (("UPDATE outbox SET sequence = 1 WHERE message = 2",), "message 2", "the outbox does not say"),
        (("DELETE FROM outbox WHERE message = 3",), "message 3", "the outbox does not say"),
        (("UPDATE receipts SET code_hash = 'x'",), "receipt KRK3-000001", "its row does not say"),
        (("DELETE FROM print_jobs",), "receipt KRK3-000001", "print of copy 0"),
        (("UPDATE print_jobs SET state = 'failed'",), "receipt KRK3-000001", "print of copy 0"),
    ],
)
def test_tampering_is_named(
    filled: SqlLedger,
    check: Check,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    statements: Tampering,
    place: str,
    what: str,
) -> None:
    tamper(ledger_file, terminal_keys, *statements)
    found = check()
    assert not found.sound
    assert any(problem.place.startswith(place) and what in problem.what for problem in found.problems), found.problems


def test_a_trigger_that_was_taken_away_is_named(
    filled: SqlLedger, check: Check, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    tamper(ledger_file, terminal_keys, hidden=False)
    told = [problem.what for problem in check().problems]
    assert "the trigger entries_no_update is missing" in told
    assert len(told) == len(guards())


def test_a_body_that_still_waits_must_be_there(
    filled: SqlLedger, check: Check, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    """A loss before the decision is more than a loss after it, and it never holds the other items."""
    decided, waiting = (
        f"DELETE FROM bodies WHERE hash = (SELECT body_hash FROM transactions WHERE message = {message})"
        for message in (1, 3)
    )
    tamper(ledger_file, terminal_keys, decided)
    unexplained = ("entry 1", "its body is gone, and nothing says why")
    assert [(problem.place, problem.what) for problem in check().problems] == [unexplained]
    tamper(ledger_file, terminal_keys, waiting)
    assert [(problem.place, problem.what) for problem in check().problems] == [
        unexplained,
        ("entry 13", "its body is gone, and nothing says why"),
        ("message 3", "waits for delivery, and its body is gone"),
    ]
    last = sell(filled)
    (item,) = filled.outbox.lease(0, limit=10, limit_bytes=10**6)
    assert item.transaction == last.transaction


def test_an_answer_that_the_centre_did_not_sign_is_found(
    ledger: SqlLedger, check: Check, terminal_keys: TerminalKeys
) -> None:
    ids = sell(ledger)
    answer, forged = centre_signs(terminal_keys.ledger, ids.transaction)
    ledger.record_decision(answer, msgspec.json.encode(forged))
    (problem,) = check().problems
    assert (problem.place, problem.what) == ("entry 5", "its answer was not signed by the centre")


def test_a_cut_tail_shows_at_the_centre(filled: SqlLedger, check: Check, centre: ScriptedCentre, clock: object) -> None:
    send(filled, centre)
    lost = next(item for item in centre.held_items.values() if item.message == 3)
    centre.held_items[lost.transaction] = msgspec.structs.replace(lost, message=6_001)
    problems = check(centre).problems
    assert [problem.place for problem in problems] == ["message 6001"]


def test_what_the_centre_lost_or_mixed_up_is_named(filled: SqlLedger, check: Check, centre: ScriptedCentre) -> None:
    first, second = centre.held_items.values()
    centre.held_items = {second.transaction: msgspec.structs.replace(second, message=1)}
    assert [problem.what for problem in check(centre).problems] == [
        "the centre holds another transaction under this number"
    ]
    centre.held_items = {}
    assert [problem.what for problem in check(centre).problems] == ["accepted, and the centre does not hold it"]
    assert first.message == 1


JOURNAL = "INSERT INTO staff_journal SELECT 9, at, staff, act, detail, previous_hash, 'other' FROM staff_journal "


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("UPDATE staff_journal SET staff = 'hani' WHERE sequence = 2", ["staff act 2"]),
        ("UPDATE staff_journal SET detail = 'x' WHERE sequence = 3", ["staff act 3"]),
        ("UPDATE staff_journal SET act = 'slept' WHERE sequence = 1", ["staff act 1"]),
        ("UPDATE staff_journal SET hash = 'x' WHERE sequence = 1", ["staff act 1", "staff act 2"]),
        ("DELETE FROM staff_journal WHERE sequence = 2", ["staff act 3"]),
        (f"{JOURNAL} WHERE sequence = 3", ["staff act 9", "staff act 9"]),
    ],
)
def test_a_journal_that_was_changed_is_named(
    ledger: SqlLedger, check: Check, ledger_file: Path, terminal_keys: TerminalKeys, statement: str, places: list[str]
) -> None:
    rana = StaffMember(id="rana", name=Words(ar="رنا", en="Rana"), role=Role.CLERK)
    ledger.staff.add(rana, bytearray(b"271828"), COMMAND_LINE)
    ledger.staff.note(rana, StaffAct.PRINTED_COPY, "KRK3-000001")
    ledger.staff.note(rana, StaffAct.SIGNED_OUT)
    assert check().sound
    ledger.close()
    tamper(ledger_file, terminal_keys, statement)
    assert [problem.place for problem in check().problems] == places


def test_money_given_back_behind_a_commit_is_named(ledger: SqlLedger, check: Check) -> None:
    ids = sell(ledger)
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.REFUNDED, "given back")
    assert [problem.what for problem in check().problems] == ["committed, and its payment is refunded"]


def test_a_damaged_page_is_named(filled: SqlLedger, check: Check, ledger_file: Path) -> None:
    filled.close()
    content = bytearray(ledger_file.read_bytes())
    content[5 * 4096 + 100] ^= 1
    ledger_file.write_bytes(content)
    found = check()
    assert not found.sound
    assert any(problem.place == "file" for problem in found.problems)


def test_staff_see_what_waits_and_why(filled: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys) -> None:
    (item,) = filled.outbox.lease(1000, limit=1, limit_bytes=1)
    filled.outbox.give_back([item.transaction], "no_line")
    reader = open_reader(ledger_file, terminal_keys.database)
    counts = status(reader, TERMINAL)
    items = list_items(reader)
    undecided = list_items(reader, undecided_only=True)
    reader.close()
    assert (counts.entries, counts.waiting, counts.sent_unknown, counts.accepted) == (19, 1, 1, 1)
    assert (counts.needs_attention, counts.prepared, counts.voided, counts.prints_unconfirmed) == (1, 1, 1, 0)
    assert [(item.message, item.state) for item in items] == [(1, "accepted"), (2, "needs_attention"), (3, "sent")]
    assert items[1].words_en == "The fine was paid before"
    assert items[2].problem == "no_line"
    assert [item.message for item in undecided] == [2, 3]
