"""Opens the intake's SQLite database so that what was committed survives a power cut.

SQLCipher's driver is used for the SQLite in it: the standard one of many systems is older than 3.51.3 and may corrupt
a database that several connections write (the WAL-reset bug, https://sqlite.org/wal.html#walresetbug). The file is
not encrypted: a centre keeps its database on its own encrypted disks.
"""

from __future__ import annotations

import os
from pathlib import Path

import sqlcipher3.dbapi2
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

BUSY_MILLISECONDS = 5000


def open_database(file: Path) -> Engine:
    """An engine whose `begin()` takes the write lock at once and whose COMMIT is on the disk when it returns.

    The file is made readable by its owner only. Reading alone goes through `reading(engine)`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    url = URL.create("sqlite", database=str(file))
    engine = create_engine(url, module=sqlcipher3.dbapi2, poolclass=QueuePool, pool_size=8, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def reading(engine: Engine) -> Connection:
    """A connection that reads one consistent state and never waits for a writer."""
    return engine.connect().execution_options(begins="BEGIN")


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begins", "BEGIN IMMEDIATE"))
