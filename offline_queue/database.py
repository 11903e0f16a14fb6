"""Opens the encrypted ledger file: one writer on its own thread, readers that cannot write, errors that have names.

SQLCipher with a raw 256-bit key, write-ahead log, `synchronous=FULL`: when a COMMIT has returned, a power cut cannot
undo it (sqlite.org/pragma.html#pragma_synchronous). Only the writer's connection writes or checkpoints: SQLite up to
3.51.2 could corrupt a file where two did (the WAL-reset bug), and one writer also means that nobody waits for a lock.

Of sqlite-utils only `Database.execute` is used: its other calls look for the standard library's sqlite3 errors, which
SQLCipher's are not.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, TypeVar

import msgspec
import sqlite_utils
from sqlcipher3 import dbapi2

from kiosk.failures import Failure, InDoubt, ServiceFailure
from kiosk.lane import Lane
from kiosk.set_up import SetUpMistake
from offline_queue.schema import MIGRATIONS

T = TypeVar("T")
LEDGER_FILE: Final = "ledger.db"
"""Its name in the state folder."""

_LOG = logging.getLogger(__name__)
_BUSY_SECONDS: Final = 5.0
_BEFORE_THE_COMMIT: Final = frozenset({"SQLITE_FULL", "SQLITE_BUSY"})
"""A COMMIT refused so has not written its last frame, without which no restart believes the others. A refused fsync
comes after that frame."""


class DatabaseUnusable(SetUpMistake):
    """The ledger cannot be opened, so nothing may be sold; the text tells staff which file and why."""


class LedgerInUse(DatabaseUnusable):
    """The terminal's program is running, and it alone writes."""


class LedgerDatabase:
    """The one writer. `write` and `read` run on its thread; either may be called from any thread."""

    def __init__(self, file: Path, key: bytes) -> None:
        """Opens or creates `file`. Raises DatabaseUnusable."""
        self._closed = False
        self._in_doubt = False
        """A refused COMMIT may lie in the log: SQLite takes it back in memory only, and a restart reads the file. True
        until a later transaction was written over it (sqlite.org/fileformat2.html#walformat: its frames' checksums
        then no longer follow one another)."""
        self._lock = _own(file)
        self._lane = Lane("ledger")
        try:
            self._connection = self._lane.call(lambda: _open_writer(file, key))
        except BaseException:
            self._let_go()
            raise

    def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """One transaction on disk, whole or not at all. Raises NOT_SAVED, InDoubt, and what `work` raises."""
        return self._on_lane("BEGIN IMMEDIATE", work)

    def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """One consistent view. Raises NOT_SAVED where the file can no longer be read."""
        return self._on_lane("BEGIN", work)

    def close(self) -> None:
        """Finishes what was asked before. Closing twice is closing once."""
        if not self._closed:
            self._closed = True
            self._lane.call(self._connection.close)
            self._let_go()

    def _on_lane(self, begin: str, work: Callable[[sqlite_utils.Database], T]) -> T:
        if self._closed:  # a closed lane would let its caller wait for ever
            raise RuntimeError("the ledger is closed: whoever still asks should have been joined before")
        return self._lane.call(lambda: self._transact(begin, work))

    def _let_go(self) -> None:
        self._lane.close()
        self._lock.close()

    def _transact(self, begin: str, work: Callable[[sqlite_utils.Database], T]) -> T:
        changes, ending = self._changes(), False
        try:
            self._connection.execute(begin)
            answer = work(self._connection)
            ending = True
            self._connection.execute("COMMIT")
        except dbapi2.Error as error:
            self._undo()
            _LOG.error("the ledger was refused by its file: %s", _name(error))  # never the text: it may hold data
            self._in_doubt |= ending and _name(error) not in _BEFORE_THE_COMMIT
            raise InDoubt if self._in_doubt else ServiceFailure(Failure.NOT_SAVED) from error
        except msgspec.DecodeError as unreadable:
            # A long value lies on several pages, and SQLCipher gives zeros for one that fails its MAC; only the COMMIT
            # would have said so.
            self._undo()
            _LOG.error("the ledger holds what cannot be read: %s", type(unreadable).__name__)
            raise ServiceFailure(Failure.NOT_SAVED) from unreadable
        except BaseException:
            self._undo()
            raise
        self._in_doubt &= self._changes() == changes  # a later transaction stands in the same place of the log
        return answer

    def _changes(self) -> int:
        changes: int = self._connection.conn.total_changes
        return changes

    def _undo(self) -> None:
        if self._connection.conn.in_transaction:
            with contextlib.suppress(dbapi2.Error):  # a failed statement may have undone everything by itself
                self._connection.execute("ROLLBACK")


def open_reader(file: Path, key: bytes) -> sqlite_utils.Database:
    """A connection that can neither write nor checkpoint, for commands beside a running terminal.

    Belongs to the thread that opens it. Raises DatabaseUnusable.
    """
    if not file.is_file():
        raise DatabaseUnusable(f"{file}: there is no ledger here")
    with named_errors(file):
        connection = _connect(f"{file.resolve().as_uri()}?mode=ro", key)
        connection.execute("PRAGMA query_only = ON")
        return connection


@contextlib.contextmanager
def alone_with(file: Path) -> Iterator[None]:
    """Keeps every other program from opening this ledger as its writer. Raises DatabaseUnusable."""
    with _own(file):
        yield


def _own(file: Path) -> IO[bytes]:
    """Two programs with one ledger would each send and number for themselves; the second one does not start."""
    try:
        _make_folder(file.parent)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        lock = file.with_name(f"{file.name}.lock").open("wb")
    except OSError as error:
        raise DatabaseUnusable(f"{file}: cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise LedgerInUse(f"{file}: another program already works with this ledger") from error
    return lock


def _make_folder(folder: Path) -> None:
    """SQLite syncs the names in its folder; the folder's own name is ours to sync, or a power cut may take it back with
    all that was sold since (fsync(2))."""
    made = [missing for missing in (folder, *folder.parents) if not missing.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for new in made:
        parent = os.open(new.parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)


def _open_writer(file: Path, key: bytes) -> sqlite_utils.Database:
    with named_errors(file):
        connection = _connect_to_write(file.resolve().as_uri(), key)
        if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise DatabaseUnusable(f"{file}: this file system cannot hold a write-ahead log")
        # secure_delete: a parked request that is over leaves nothing in a free page.
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        _migrate(connection)
        # What a crash or a refused fsync left in the log is in the file itself before anything is built on it.
        with contextlib.suppress(dbapi2.Error):  # a full disk: the log stays, and every write will say so
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return connection


def _connect_to_write(uri: str, key: bytes) -> sqlite_utils.Database:
    """A power cut in a checkpoint may leave anything in the file's first sector, where SQLCipher keeps the salt without
    which it reads no page of the log either. The log still has that page, and closing a writer copies it back as it
    is, without a key; so the second time the file opens."""
    try:
        return _connect(uri, key)
    except dbapi2.DatabaseError as error:
        if _name(error) != "SQLITE_NOTADB":
            raise
        return _connect(uri, key)


def connect_alone(file: Path, key: bytes) -> sqlite_utils.Database:
    """A plain connection that writes, for whoever holds the lock (`alone_with`) or works on a copy."""
    return _connect_to_write(file.resolve().as_uri(), key)


def _connect(uri: str, key: bytes) -> sqlite_utils.Database:
    raw: Any = dbapi2.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    raw.set_key(f"x'{key.hex()}'")  # PRAGMA key without a statement that a trace could show
    # recursive_triggers (set by the constructor) makes INSERT OR REPLACE meet the triggers against deletion.
    connection = sqlite_utils.Database(raw, execute_plugins=False)
    try:
        connection.execute("PRAGMA temp_store = MEMORY")  # a temporary file would not be encrypted
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except dbapi2.Error:
        raw.close()
        raise
    return connection


def _migrate(connection: sqlite_utils.Database) -> None:
    """Applies what this release adds. A newer file is left as it is: migrations only add."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
        _LOG.info("the ledger's tables were brought to version %d", number)


@contextlib.contextmanager
def savepoint(connection: sqlite_utils.Database) -> Iterator[None]:
    """Within a transaction: what an error in the block leaves half done is undone, and the rest of it stands."""
    connection.execute("SAVEPOINT one")
    try:
        yield
    except BaseException:
        if connection.conn.in_transaction:  # a full disk has undone the whole transaction by itself
            connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
        raise
    connection.execute("RELEASE one")


@contextlib.contextmanager
def named_errors(file: Path) -> Iterator[None]:
    """What SQLite says of `file`, as DatabaseUnusable."""
    try:
        yield
    except dbapi2.Error as error:
        if _name(error) in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
            raise DatabaseUnusable(f"{file}: the key does not open this ledger, or the file is damaged") from error
        raise DatabaseUnusable(f"{file}: cannot be opened: {_name(error)}") from error


def _name(error: Exception) -> str:
    """SQLite's own name of the error, e.g. SQLITE_FULL."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
