"""Content leaves when its transaction is settled and its time is over, on record; everything else stays."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from kiosk.receipt import ContentLeft, ReceiptOutcome
from kiosk.wire import Entry
from offline_queue import upkeep
from offline_queue.database import open_reader
from offline_queue.entries import OF_NO_TRANSACTION, EntryKind, Fact, digest
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.rebuild import rebuild
from offline_queue.removal import BodyKind, Departed, Removal, RemovedBody, Settled
from offline_queue.retention import Retention
from offline_queue.retention_schedule import RetentionMistake, Schedule, load_schedule
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import (
    FACTS,
    PLANTED_NAME,
    PLANTED_NUMBER,
    TERMINAL,
    ScriptedCentre,
    SetClock,
    agreement,
    centre_signs,
    sell,
)
from tests.offline_queue.test_verify import Check, check, decide, filled, tamper

__all__ = ["check", "filled"]
ROOT = Path(__file__).resolve().parents[2]
SCHEDULE = load_schedule(ROOT / "assets" / "retention.toml")
DAY = 86_400
Read = Callable[[str], list[tuple[Any, ...]]]
Run = Callable[[], int]


@pytest.fixture
def read(ledger_file: Path, terminal_keys: TerminalKeys) -> Read:
    def ask(question: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(open_reader(ledger_file, terminal_keys.database)) as reader:
            return reader.execute(question).fetchall()

    return ask


@pytest.fixture
def retention(filled: SqlLedger, trust: Trust, clock: SetClock) -> Retention:
    return Retention(filled, SCHEDULE, trust.centre, clock)


def run(retention: Retention) -> int:
    """A whole pass; how many steps it took."""
    return sum(1 for _ in iter(retention.step, False))


def removals(read: Read) -> list[Removal]:
    rows = read("SELECT content FROM entries JOIN bodies ON bodies.hash = body_hash WHERE kind = 'bodies_removed'")
    return [msgspec.json.decode(row[0], type=Removal) for row in rows]


def agreements(read: Read) -> set[str]:
    """The states of the transactions whose agreements are still here."""
    return {row[0] for row in read("SELECT state FROM transactions JOIN bodies ON hash = body_hash")}


def test_nothing_leaves_before_its_time(retention: Retention, clock: SetClock, read: Read, check: Check) -> None:
    clock.move(7 * DAY - 1)
    run(retention)
    assert (removals(read), check().entries) == ([], 19)


def test_each_kind_leaves_when_its_time_is_over(
    retention: Retention, clock: SetClock, read: Read, check: Check
) -> None:
    """Each entry of the ledger was written at the clock's first moment."""
    clock.move(7 * DAY + 1)
    run(retention)
    assert agreements(read) == {"accepted", "needs_attention", "committed", "prepared"}
    clock.move(23 * DAY)
    run(retention)
    assert agreements(read) == {"needs_attention", "committed", "prepared"}
    clock.move(60 * DAY)
    run(retention)
    assert [(removal.kind, removal.days, removal.count, removal.up_to) for removal in removals(read)] == [
        (BodyKind.VOIDED_AGREEMENT, 7, 1, 18),
        (BodyKind.ACCEPTED_AGREEMENT, 30, 1, 5),
        (BodyKind.RECEIPT, 90, 1, 5),
    ]
    found = check()
    assert (found.problems, found.entries) == ((), 22)


def test_where_a_step_takes_long_the_next_takes_less(
    ledger: SqlLedger,
    centre: ScriptedCentre,
    trust: Trust,
    clock: SetClock,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each look at the time is a millisecond later; while the disk is slow, writing a step down takes 100 more. The
    first step finds nothing that was called off, and takes as long."""
    for _ in range(40):
        answer, proof = centre_signs(centre.key, sell(ledger).transaction)
        ledger.record_decision(answer, msgspec.json.encode(proof))
    clock.move(31 * DAY)
    upkeep_of, slow = ledger.upkeep, [True]

    def monotonic() -> float:
        clock.seconds += 0.001
        return clock.seconds

    def written(work: Any) -> Any:
        done = upkeep_of(work)
        clock.seconds += 0.1 if slow[0] else 0
        return done

    monkeypatch.setattr(ledger, "upkeep", written)
    retention = Retention(ledger, SCHEDULE, trust.centre, clock, monotonic)
    for _ in range(5):
        retention.step()
    slow[0] = False
    run(retention)
    counts = [removal.count for removal in removals(read)]
    assert (counts[:4], sum(counts)) == ([5, 3, 2, 1], 40)
    assert counts[4:] == sorted(counts[4:-1]) + counts[-1:], "little by little more again"
    assert max(counts[4:]) > 2


def test_what_is_open_or_refused_never_leaves(retention: Retention, clock: SetClock, read: Read) -> None:
    clock.move(3_000 * DAY)
    run(retention)
    assert agreements(read) == {"needs_attention", "committed", "prepared"}
    kept = {row[0] for row in read("SELECT kind FROM entries JOIN bodies ON bodies.hash = body_hash")}
    assert kept == {"prepared", "payment", "committed", "accepted", "needs_attention", "print", "bodies_removed"}


def test_what_has_left_is_nowhere_in_the_file(
    filled: SqlLedger, retention: Retention, clock: SetClock, read: Read
) -> None:
    before = read("SELECT body_hash FROM transactions WHERE state IN ('accepted', 'voided')")
    clock.move(100 * DAY)
    run(retention)
    for (body_hash,) in before:
        for table in ("bodies WHERE hash", "sealed_bodies WHERE body_hash"):
            assert read(f"SELECT 1 FROM {table} = '{body_hash}'") == []
    assert filled._database.read(lambda c: c.execute("PRAGMA secure_delete").fetchone()[0]) == 1
    told = b"".join(msgspec.json.encode(removal) for removal in removals(read)).decode()
    assert PLANTED_NAME not in told
    assert PLANTED_NUMBER not in told


def test_who_needs_it_later_is_told_that_it_has_left(filled: SqlLedger, retention: Retention, clock: SetClock) -> None:
    clock.move(31 * DAY)
    run(retention)
    with pytest.raises(ContentLeft):
        filled.agreement_of("KRK3-000001")
    assert filled.reprint_of("KRK3-000001") is not None, "a copy is still to be had"
    clock.move(60 * DAY)
    run(retention)
    with pytest.raises(ContentLeft):
        filled.reprint_of("KRK3-000001")
    ids = filled.recent(10)[-1].transaction
    with pytest.raises(ContentLeft):
        filled.issue_receipt(ids, ReceiptOutcome.ACCEPTED, FACTS)
    assert [item.service for item in filled.recent(10)] == ["traffic.fines", "traffic.fines", None]
    assert len(filled.unfinished()) == 1
    assert len(filled.outbox.lease(0, limit=10, limit_bytes=10**6)) == 1


def test_a_forged_answer_keeps_the_content_here(
    ledger: SqlLedger, trust: Trust, terminal_keys: TerminalKeys, clock: SetClock, read: Read
) -> None:
    ids = sell(ledger)
    answer, forged = centre_signs(terminal_keys.ledger, ids.transaction)
    ledger.record_decision(answer, msgspec.json.encode(forged))
    clock.move(100 * DAY)
    run(Retention(ledger, SCHEDULE, trust.centre, clock))
    assert agreements(read) == {"accepted"}
    assert outcome(ledger).kept_back == 1


def test_an_answer_that_is_gone_keeps_the_content_here(
    filled: SqlLedger, retention: Retention, ledger_file: Path, terminal_keys: TerminalKeys, clock: SetClock, read: Read
) -> None:
    tamper(
        ledger_file,
        terminal_keys,
        "DELETE FROM bodies WHERE hash = (SELECT body_hash FROM entries WHERE kind = 'accepted')",
    )
    clock.move(100 * DAY)
    run(retention)
    assert "accepted" in agreements(read)


def test_a_request_that_was_voided_late_stays_its_whole_time(
    ledger: SqlLedger, trust: Trust, clock: SetClock, read: Read
) -> None:
    """Prepared at the same time; the one that recovery voided weeks later holds no other."""
    retention = Retention(ledger, SCHEDULE, trust.centre, clock)
    late, soon = agreement(), agreement()
    ledger.prepare(late)
    ledger.prepare(soon)
    ledger.void(soon.ids.transaction, "visit")
    clock.move(20 * DAY)
    ledger.void(late.ids.transaction, "recovery")
    run(retention)
    left = [removed.transaction for removal in removals(read) for removed in removal.bodies]
    assert left == [soon.ids.transaction]
    clock.move(7 * DAY + 1)
    run(retention)
    assert [removed.transaction for removal in removals(read) for removed in removal.bodies] == [
        soon.ids.transaction,
        late.ids.transaction,
    ]


def test_a_step_stops_when_it_has_taken_long_enough(
    ledger: SqlLedger, trust: Trust, clock: SetClock, centre: ScriptedCentre, read: Read, check: Check
) -> None:
    for _ in range(7):
        decide(ledger, centre, sell(ledger).transaction, "accepted")
    clock.move(31 * DAY)
    seconds = iter(number * 0.008 for number in range(10_000))
    run(Retention(ledger, SCHEDULE, trust.centre, clock, lambda: next(seconds)))
    assert [removal.count for removal in removals(read)] == [2, 2, 2, 1]
    assert check().sound


def test_more_than_one_look_is_taken_at_many(
    ledger: SqlLedger, trust: Trust, clock: SetClock, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offline_queue.retention.AT_ONCE", 2)
    monkeypatch.setattr("offline_queue.retention_due.AT_ONCE", 2)
    for _ in range(4):
        gone = agreement()
        ledger.prepare(gone)
        ledger.void(gone.ids.transaction, "visit")
    clock.move(8 * DAY)
    run(Retention(ledger, SCHEDULE, trust.centre, clock))
    assert agreements(read) == set()


def test_a_pass_is_kept_for_the_technician(filled: SqlLedger, retention: Retention, clock: SetClock) -> None:
    began = clock.now()
    clock.move(8 * DAY)
    run(retention)
    assert outcome(filled) == upkeep.RetentionRun(ended_at=clock.now(), removed=1, kept_back=0, oldest_at=began)
    run(retention)
    assert outcome(filled).removed == 0


def outcome(ledger: SqlLedger) -> upkeep.RetentionRun:
    kept = ledger._database.read(lambda c: upkeep.load(c, upkeep.RETENTION, upkeep.RetentionRun))
    assert kept is not None
    return kept


def test_after_a_restart_nothing_is_removed_twice(
    open_ledger: OpenLedger, filled: SqlLedger, retention: Retention, trust: Trust, clock: SetClock, read: Read
) -> None:
    clock.move(100 * DAY)
    run(retention)
    before = removals(read)
    run(Retention(open_ledger(), SCHEDULE, trust.centre, clock))
    assert removals(read) == before


# ---------------------------------------------------------------- what may be missing, and what may not


def note(ledger: SqlLedger, removal: Removal) -> None:
    """As a defect of this program would write it: signed, and wrong."""
    fact = Fact(
        EntryKind.BODIES_REMOVED, OF_NO_TRANSACTION, "sync", "test", body=msgspec.json.encode(removal, order="sorted")
    )
    ledger.upkeep(lambda connection, scribe: _write(connection, scribe.append(connection, fact).entry, removal))


def _write(connection: Any, entry: Entry, removal: Removal) -> None:
    for body in removal.bodies:
        connection.execute("DELETE FROM bodies WHERE hash = ?", (body.hash,))
        connection.execute("INSERT INTO removed_bodies VALUES (?, ?)", (body.hash, entry.sequence))


@pytest.mark.parametrize("state", ["accepted", "needs_attention", "committed", "prepared"])
def test_a_body_that_left_too_early_is_named(filled: SqlLedger, read: Read, check: Check, state: str) -> None:
    (transaction, body_hash), *_ = read(
        f"SELECT transaction_id, body_hash FROM transactions WHERE state = '{state}' ORDER BY prepared_at"
    )
    (sequence,) = read(f"SELECT min(sequence) FROM entries WHERE body_hash = '{body_hash}'")[0]
    body = RemovedBody(hash=body_hash, transaction=UUID(transaction))
    note(filled, Removal(kind=BodyKind.ACCEPTED_AGREEMENT, days=30, count=1, up_to=5, bodies=(body,)))
    problems = [(problem.place, problem.what) for problem in check().problems]
    assert (f"entry {sequence}", "its body left by entry 20, and its time was not over") in problems


def test_a_body_that_should_be_gone_is_named(
    filled: SqlLedger, retention: Retention, clock: SetClock, read: Read, check: Check
) -> None:
    """As after an old copy of the bodies was laid over the file."""
    (body,) = read("SELECT content FROM transactions JOIN bodies ON hash = body_hash WHERE state = 'voided'")[0]
    clock.move(8 * DAY)
    run(retention)
    filled._database.write(lambda c: c.execute("INSERT INTO bodies VALUES (?, ?)", (digest(body), body)))
    assert [(problem.place, problem.what) for problem in check().problems] == [
        ("entry 20", "says that a body has left, and it is still here")
    ]


def test_the_entry_of_a_removal_has_to_say_what_left(
    filled: SqlLedger,
    retention: Retention,
    clock: SetClock,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    check: Check,
) -> None:
    clock.move(8 * DAY)
    run(retention)
    tamper(
        ledger_file,
        terminal_keys,
        "DELETE FROM bodies WHERE hash = (SELECT body_hash FROM entries WHERE kind = 'bodies_removed')",
    )
    assert {(problem.place, problem.what) for problem in check().problems} >= {
        ("entry 17", "its body is gone, and nothing says why"),
        ("entry 20", "its body is gone, and nothing says why"),
    }


def test_a_rebuild_after_a_removal_finds_every_hash_again(
    filled: SqlLedger,
    retention: Retention,
    clock: SetClock,
    read: Read,
    check: Check,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    trust: Trust,
) -> None:
    clock.move(100 * DAY)
    run(retention)
    questions = ("SELECT * FROM receipts", "SELECT * FROM removed_bodies ORDER BY 1", "SELECT * FROM transactions")
    before = [read(question) for question in questions]
    filled.close()
    tamper(ledger_file, terminal_keys, "DELETE FROM removed_bodies", "UPDATE receipts SET code_hash = 'x'")
    assert not check().sound
    rebuild(ledger_file, TERMINAL, terminal_keys, trust, clock)
    assert check().sound
    assert [read(question) for question in questions] == before


@pytest.mark.parametrize(
    ("change", "explained"),
    [
        ({}, True),
        ({"transaction": "another"}, False),
        ({"sequence": 5}, False),
        ({"kind": BodyKind.VOIDED_AGREEMENT}, False),
        ({"kind": BodyKind.RECEIPT}, False),
        ({"days": 31}, False),
    ],
)
def test_what_explains_a_missing_body(filled: SqlLedger, read: Read, change: dict[str, Any], explained: bool) -> None:
    entry = msgspec.json.decode(read("SELECT canonical FROM entries WHERE sequence = 4")[0][0], type=Entry)
    settled = Settled(EntryKind.ACCEPTED, 5, entry.written_at)
    values: dict[str, Any] = {
        "transaction": str(entry.ids_transaction),
        "code_hash": "",
        "kind": BodyKind.ACCEPTED_AGREEMENT,
        "days": 30,
        "sequence": 20,
        "at": entry.written_at + timedelta(days=30),
    }
    assert Departed(**{**values, **change}).explains(entry, settled) is explained
    assert not Departed(**values).explains(entry, None)


# ---------------------------------------------------------------- the schedule


RULE = '[{name}]\ndays = {days}\nbecause = "test"\n'
WHOLE = {
    "voided_agreement": 7,
    "accepted_agreement": 30,
    "receipt": 90,
    "reversed_agreement": 180,
    "reversed_receipt": 180,
}


def written(folder: Path, **days: object) -> Path:
    file = folder / "retention.toml"
    rules = [RULE.format(name=name, days=value) for name, value in days.items() if value is not None]
    file.write_text("".join(rules))
    return file


def test_the_schedule_that_ships_is_provisional_and_says_why() -> None:
    assert isinstance(SCHEDULE, Schedule)
    assert all(rule.provisional and rule.because for rule in msgspec.structs.astuple(SCHEDULE))


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ({"receipt": None}, "`receipt`"),
        ({"reversed_agreement": None}, "`reversed_agreement`"),
        ({"voided_agreement": 0}, "voided_agreement.days"),
        ({"accepted_agreement": '"30"'}, "accepted_agreement.days"),
        ({"receipt": 29}, "`receipt.days`"),
        ({"reversed_receipt": 179}, "`reversed_receipt.days`"),
        ({"payment": 1}, "payment"),
    ],
)
def test_a_schedule_that_cannot_be_used_is_refused(tmp_path: Path, days: dict[str, object], named: str) -> None:
    with pytest.raises(RetentionMistake, match=named):
        load_schedule(written(tmp_path, **{**WHOLE, **days}))


def test_a_schedule_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RetentionMistake, match="cannot be read"):
        load_schedule(tmp_path / "none.toml")
