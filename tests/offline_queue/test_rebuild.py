"""Projections that somebody changed are made anew from the entries, on record; entries are never touched."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.transaction import TransactionState
from offline_queue.database import LedgerInUse, open_reader
from offline_queue.entries import EntryKind
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from offline_queue.rebuild import EntriesUnsound, RebuildNote, rebuild
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import TERMINAL, ScriptedCentre, SetClock, sell
from tests.offline_queue.test_verify import Check, check, filled, tamper

__all__ = ["check", "filled"]
LAST = """
SELECT kind, actor, content FROM entries JOIN bodies ON bodies.hash = body_hash ORDER BY sequence DESC LIMIT 1
"""
Rebuild = Callable[[], tuple[str, ...]]


@pytest.fixture
def rebuilt(ledger_file: Path, terminal_keys: TerminalKeys, trust: Trust) -> Rebuild:
    return lambda: tuple(problem.place for problem in rebuild(ledger_file, TERMINAL, terminal_keys, trust, SetClock()))


def read(file: Path, keys: TerminalKeys, question: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(open_reader(file, keys.database)) as reader:
        return reader.execute(question).fetchall()


def rows(file: Path, keys: TerminalKeys) -> list[list[tuple[Any, ...]]]:
    """Every projection, and what of the outbox comes from the entries."""
    outbox = "SELECT message, transaction_id, sequence, bytes, service FROM outbox ORDER BY message"
    tables = [f"SELECT * FROM {table} ORDER BY 1" for table in ("transactions", "receipts", "print_jobs")]
    return [read(file, keys, question) for question in (*tables, outbox)]


ROW_TOO_MANY = """
INSERT INTO transactions SELECT '01900000-0000-7000-8000-000000000000', basket, '01900000-0000-7000-8000-000000000001',
    state, payment_state, amount_fils, body_hash, prepared_at, NULL, NULL, NULL, NULL, NULL, '', '', ''
FROM transactions WHERE message = 1
"""

DAMAGE = {
    "transaction": ("UPDATE transactions SET state = 'accepted', reference = 'X' WHERE message = 3",),
    "row gone": ("PRAGMA foreign_keys = OFF", "DELETE FROM transactions WHERE message = 3"),
    "row too many": (ROW_TOO_MANY,),
    "outbox gone": ("DELETE FROM outbox",),
    "outbox wrong": ("UPDATE outbox SET sequence = 1 WHERE message = 2",),
    "receipt": ("UPDATE receipts SET outcome = 'x', code_hash = 'x'",),
    "receipt gone": ("DELETE FROM print_jobs", "DELETE FROM receipts"),
    "print": ("UPDATE print_jobs SET state = 'failed'",),
    "guards": (),  # `tamper` drops the triggers by itself
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_was_changed_is_made_anew_and_on_record(
    filled: SqlLedger,
    check: Check,
    rebuilt: Rebuild,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    open_ledger: OpenLedger,
    centre: ScriptedCentre,
    damage: str,
) -> None:
    before = rows(ledger_file, terminal_keys)
    filled.close()
    tamper(ledger_file, terminal_keys, *DAMAGE[damage], hidden=damage != "guards")
    assert not check().sound
    differed = rebuilt()
    assert differed
    assert check().problems == ()
    assert rows(ledger_file, terminal_keys) == before
    assert rebuilt() == (), "nothing differs any more"
    ledger = open_ledger()
    assert ledger.outcome_of(sell(ledger).transaction).state is TransactionState.COMMITTED
    assert [item.message for item in ledger.outbox.lease(0, limit=9, limit_bytes=10**6)] == [3, 4]
    assert check().sound


def test_what_differed_is_in_the_chain(
    filled: SqlLedger, check: Check, rebuilt: Rebuild, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    filled.close()
    tamper(ledger_file, terminal_keys, *DAMAGE["transaction"])
    differed = rebuilt()
    ((kind, actor, content),) = read(ledger_file, terminal_keys, LAST)
    assert (kind, actor) == (EntryKind.PROJECTIONS_REBUILT, "support")
    assert tuple(one.place for one in msgspec.json.decode(content, type=RebuildNote).problems) == differed
    assert check().entries == 20


def test_a_whole_ledger_is_left_as_it_is(filled: SqlLedger, check: Check, rebuilt: Rebuild) -> None:
    filled.close()
    assert rebuilt() == ()
    assert check().entries == 19


def test_entries_that_do_not_hold_are_left_as_found(
    filled: SqlLedger, check: Check, rebuilt: Rebuild, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    filled.close()
    tamper(ledger_file, terminal_keys, "UPDATE entries SET signature = zeroblob(64) WHERE sequence = 3")
    tamper(ledger_file, terminal_keys, *DAMAGE["transaction"])
    found = check().problems
    with pytest.raises(EntriesUnsound, match="entry 3"):
        rebuilt()
    assert check().problems == found


def test_a_tail_that_was_cut_off_is_not_made_to_look_whole(
    filled: SqlLedger, rebuilt: Rebuild, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    filled.close()
    tamper(ledger_file, terminal_keys, "PRAGMA foreign_keys = OFF", "DELETE FROM entries WHERE sequence >= 16")
    with pytest.raises(EntriesUnsound, match="entry 16"):
        rebuilt()


def test_beside_a_running_terminal_nothing_is_rebuilt(filled: SqlLedger, rebuilt: Rebuild) -> None:
    assert filled.waiting() == 1
    with pytest.raises(LedgerInUse):
        rebuilt()
