"""The file under the ledger: encrypted, owned by one program, and honest when it cannot be written."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk.failures import Failure, ServiceFailure
from kiosk.staff import Role, StaffMember
from kiosk.transaction import TransactionState
from kiosk.wire import Words
from offline_queue import database
from offline_queue.database import DatabaseUnusable, LedgerDatabase, open_reader
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from offline_queue.schema import MIGRATIONS
from offline_queue.verify import verify
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import TERMINAL, agreement, pay, sell

KEY = bytes(range(32))
RANA = StaffMember(id="rana", name=Words(ar="رنا", en="Rana"), role=Role.CLERK)
_PAGE_BYTES = 4096
CRASH = """
import os, sys
from pathlib import Path
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import SetClock, agreement, pay
folder, file, moment = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
ledger = SqlLedger(file, terminal="KRK3", keys=load_terminal(folder), clock=SetClock(), verify_url="https://v.test/r")
ids = pay(ledger, agreement())
class Crashing:
    def __init__(self, connection): self.real, self.conn = connection, connection.conn
    def execute(self, sql, *rest):
        if sql == "COMMIT" and moment == "before": os._exit(9)
        answer = self.real.execute(sql, *rest)
        if sql == "COMMIT": os._exit(9)
        return answer
ledger._database._connection = Crashing(ledger._database._connection)
ledger.commit(ids.transaction, "visit")
"""
FULL = """
import resource, sys
from pathlib import Path
from kiosk.failures import Failure, ServiceFailure
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import SetClock, agreement, pay, sell
folder, file = Path(sys.argv[1]), Path(sys.argv[2])
ledger = SqlLedger(file, terminal="KRK3", keys=load_terminal(folder), clock=SetClock(), verify_url="https://v.test/r")
log = file.with_name(file.name + "-wal")
empty, sold = log.stat().st_size, 0
while log.stat().st_size == empty:  # what making the tables has left of room in the log is used up first
    sell(ledger)
    sold += 1
size = log.stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, resource.RLIM_INFINITY))
for _ in range(3):
    try:
        sell(ledger)
    except ServiceFailure as failure:
        assert failure.failure is Failure.NOT_SAVED
    else:
        raise SystemExit("a sale went through on a full disk")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert ledger.commit(pay(ledger, agreement()).transaction, "visit").receipt_number == f"KRK3-{sold + 1:06d}"
ledger.close()
"""


def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def assert_sound(file: Path, keys: TerminalKeys) -> None:
    reader = open_reader(file, keys.database)
    found = verify(reader, TERMINAL, keys.ledger.public_key())
    reader.close()
    assert found.problems == ()


def test_the_writer_is_durable_and_strict(tmp_path: Path) -> None:
    writer = LedgerDatabase(tmp_path / "ledger.db", KEY)

    def ask(connection: Database) -> list[object]:
        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "recursive_triggers",
            "temp_store",
            "secure_delete",
            "user_version",
        )
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert writer.read(ask) == ["wal", 2, 1, 1, 2, 1, len(MIGRATIONS)]
    writer.close()
    writer.close()
    with pytest.raises(RuntimeError):
        writer.read(ask)


def test_the_file_is_encrypted_and_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    LedgerDatabase(file, KEY).close()
    assert not file.read_bytes().startswith(b"SQLite format 3")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(DatabaseUnusable, match="the key does not open this ledger"):
        LedgerDatabase(file, bytes(32))
    with pytest.raises(DatabaseUnusable, match="the key does not open this ledger"):
        open_reader(file, bytes(32))


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    LedgerDatabase(file, KEY).close()
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(DatabaseUnusable, match="or the file is damaged"):
        LedgerDatabase(file, KEY)


def test_a_ledger_that_is_damaged_anywhere_opens_or_says_so(
    open_ledger: OpenLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    """Start-up shows one page for what DatabaseUnusable says; anything else would end the program without one."""
    ledger = open_ledger()
    sell(ledger)
    ledger.close()
    whole = ledger_file.read_bytes()
    said = 0
    for page in range(len(whole) // _PAGE_BYTES):
        content = bytearray(whole)
        content[page * _PAGE_BYTES + 100] ^= 1
        ledger_file.write_bytes(content)
        try:
            open_ledger().close()
        except DatabaseUnusable as unusable:
            assert str(ledger_file) in str(unusable)  # noqa: PT017
            said += 1
    assert said > 1


def test_a_checkpoint_that_garbled_the_first_sector_is_made_good_from_the_log(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, tmp_path: Path
) -> None:
    """SQLCipher's salt is in that sector; without it no page can be read, neither here nor in the log."""
    ledger.prepare(agreement(signed_application=bytes(20_000)))  # the file grows, so its first page is in the log
    left = tmp_path / "left" / "ledger.db"
    left.parent.mkdir()
    shutil.copy(f"{ledger_file}-wal", f"{left}-wal")
    left.write_bytes(bytes(range(256)) * 2 + ledger_file.read_bytes()[512:])
    again = LedgerDatabase(left, terminal_keys.database)
    assert again.read(partial(_number, "SELECT count(*) FROM entries")) == 1
    again.close()
    assert_sound(left, terminal_keys)


def test_one_program_owns_a_ledger(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    owner = LedgerDatabase(file, KEY)
    with pytest.raises(DatabaseUnusable, match="another program"):
        LedgerDatabase(file, KEY)
    owner.close()
    LedgerDatabase(file, KEY).close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    with pytest.raises(DatabaseUnusable, match="cannot be written"):
        LedgerDatabase(tmp_path / "state" / "ledger.db", KEY)


def test_a_reader_cannot_write_and_sees_what_is_committed(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys
) -> None:
    sell(ledger)
    reader = open_reader(ledger_file, terminal_keys.database)
    assert reader.execute("SELECT count(*) FROM entries").fetchone()[0] == 4
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        reader.execute("DELETE FROM bodies")
    reader.close()


def test_a_reader_never_carries_the_log_into_the_file(
    ledger: SqlLedger, ledger_file: Path, terminal_keys: TerminalKeys, tmp_path: Path
) -> None:
    """Nor when it is the last to close: only the writer checkpoints."""
    sell(ledger)
    left = tmp_path / "left" / "ledger.db"
    left.parent.mkdir()
    for end in ("", "-wal"):
        shutil.copy(f"{ledger_file}{end}", f"{left}{end}")
    before = left.read_bytes()
    reader = open_reader(left, terminal_keys.database)
    assert reader.execute("SELECT count(*) FROM entries").fetchone()[0] == 4
    reader.close()
    assert left.read_bytes() == before
    assert left.with_name("ledger.db-wal").stat().st_size > 0


def test_there_is_no_reader_without_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="no ledger here"):
        open_reader(tmp_path / "ledger.db", KEY)


def test_a_newer_releases_file_opens(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    newer = LedgerDatabase(file, KEY)
    newer.write(partial(_execute, "ALTER TABLE outbox ADD COLUMN hub TEXT NOT NULL DEFAULT ''"))
    newer.write(partial(_execute, f"PRAGMA user_version = {len(MIGRATIONS) + 1}"))
    newer.close()
    LedgerDatabase(file, KEY).close()


def test_a_refused_write_leaves_nothing_and_the_next_one_works(ledger: SqlLedger, ledger_file: Path) -> None:
    ids = pay(ledger, agreement())
    pages = ledger._database.read(partial(_number, "PRAGMA page_count"))
    ledger._database.read(partial(_number, f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(ServiceFailure) as refused:
        _sell_until_full(ledger)
    assert refused.value.failure is Failure.NOT_SAVED
    assert getattr(refused.value.__cause__, "sqlite_errorname", "") == "SQLITE_FULL"
    before = ledger.waiting()
    ledger._database.read(partial(_number, "PRAGMA max_page_count = 100000"))
    ledger.commit(ids.transaction, "visit")
    assert ledger.waiting() == before + 1


def test_a_busy_file_refuses_the_sale(
    ledger_file: Path, open_ledger: OpenLedger, terminal_keys: TerminalKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.0)
    ledger = open_ledger()
    ids = pay(ledger, agreement())
    other = dbapi2.connect(str(ledger_file), isolation_level=None)
    other.set_key(f"x'{terminal_keys.database.hex()}'")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ServiceFailure) as refused:
        ledger.commit(ids.transaction, "visit")
    assert refused.value.failure is Failure.NOT_SAVED
    other.execute("ROLLBACK")
    other.close()
    ledger.commit(ids.transaction, "visit")


def test_a_full_disk_refuses_sales_and_loses_none(
    ledger_file: Path, key_folder: Path, terminal_keys: TerminalKeys
) -> None:
    ended = run(FULL, key_folder / "terminal", ledger_file)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert_sound(ledger_file, terminal_keys)


@pytest.mark.parametrize(("moment", "waiting"), [("before", 0), ("after", 1)])
def test_a_crash_at_the_commit_is_all_or_nothing(
    open_ledger: OpenLedger, ledger_file: Path, key_folder: Path, terminal_keys: TerminalKeys, moment: str, waiting: int
) -> None:
    ended = run(CRASH, key_folder / "terminal", ledger_file, moment)
    assert ended.returncode == 9, ended.stderr[-2000:]
    ledger = open_ledger()
    assert ledger.waiting() == waiting
    assert len(ledger.unfinished()) == 1 - waiting
    if not waiting:
        (left,) = ledger.unfinished()
        assert ledger.commit(left.ids.transaction, "recovery").receipt_number == "KRK3-000001"
        assert ledger.outcome_of(left.ids.transaction).state is TransactionState.COMMITTED
    assert_sound(ledger_file, terminal_keys)


def _sell_until_full(ledger: SqlLedger) -> None:
    """The pages that are there have some room left."""
    for _ in range(50):
        sell(ledger)


def _execute(statement: str, connection: Database) -> None:
    connection.execute(statement)


def _number(question: str, connection: Database) -> int:
    return int(connection.execute(question).fetchone()[0])
