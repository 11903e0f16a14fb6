"""The program does not start on a ledger whose newest entries do not hold, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from offline_queue import tail
from offline_queue.database import DatabaseUnusable
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import sell
from tests.offline_queue.test_verify import COPY, filled, tamper

__all__ = ["filled"]


def broken(file: Path, keys: TerminalKeys, open_ledger: OpenLedger, *statements: str) -> str:
    """What the start says."""
    tamper(file, keys, *statements)
    with pytest.raises(DatabaseUnusable) as refused:
        open_ledger()
    return str(refused.value)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (
            ("UPDATE entries SET canonical = CAST(replace(canonical, '42500', '12500') AS BLOB) WHERE sequence = 4",),
            "entry 4: its hash does not fit its bytes",
        ),
        (("UPDATE entries SET signature = zeroblob(64) WHERE sequence = 3",), "entry 3: the signature does not"),
        (("UPDATE entries SET hash = 'x' WHERE sequence = 2",), "entry 2: its hash"),
        (
            ("PRAGMA foreign_keys = OFF", "DELETE FROM entries WHERE sequence = 3"),
            "entry 4: entries 3 to 3 are missing",
        ),
        (
            ("PRAGMA foreign_keys = OFF", "DELETE FROM entries WHERE sequence = 1"),
            "entry 2: entries 1 to 1 are missing",
        ),
        (("UPDATE entries SET key_id = 'ledger-X' WHERE sequence = 19",), "its last entry was not written by this"),
        ((f"{COPY} SELECT 20, canonical, 'x', key_id, signature FROM entries WHERE sequence = 1",), "entry 20"),
    ],
)
def test_a_changed_tail_refuses_the_start(
    filled: SqlLedger,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    open_ledger: OpenLedger,
    statements: tuple[str, ...],
    said: str,
) -> None:
    filled.close()
    text = broken(ledger_file, terminal_keys, open_ledger, *statements)
    assert said in text
    assert "the newest entries do not hold" in text or "was not written by this terminal" in text


def test_bytes_that_were_changed_with_their_hash_and_link_are_seen(
    filled: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, open_ledger: OpenLedger
) -> None:
    """The last entry: nothing follows that would not fit. Its signature does not."""
    filled.close()
    text = broken(
        ledger_file,
        terminal_keys,
        open_ledger,
        "UPDATE entries SET canonical = CAST(replace(canonical, '42500', '12500') AS BLOB) WHERE sequence = 19",
    )
    assert "entry 19" in text or "last entry" in text


def test_only_the_newest_are_looked_at_and_the_rest_at_night(
    filled: SqlLedger,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    open_ledger: OpenLedger,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tail, "LENGTH", 5)
    filled.close()
    tamper(ledger_file, terminal_keys, "UPDATE entries SET signature = zeroblob(64) WHERE sequence = 14")
    sell(open_ledger())
    assert "entry 20" in broken(
        ledger_file, terminal_keys, open_ledger, "UPDATE entries SET signature = zeroblob(64) WHERE sequence = 20"
    )


def test_lost_content_refuses_nothing_and_is_said(
    filled: SqlLedger,
    ledger_file: Path,
    terminal_keys: TerminalKeys,
    open_ledger: OpenLedger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    filled.close()
    lost = "DELETE FROM bodies WHERE hash = (SELECT body_hash FROM transactions WHERE message = 3)"
    tamper(ledger_file, terminal_keys, lost)
    ledger = open_ledger()
    assert "1 messages wait for delivery without their content, the first is 3" in caplog.text
    assert ledger._database.read(tail.lost_messages) == (3,)
    sell(ledger)
