"""How the services were used at this terminal, on the encrypted file: kept until the centre has it, and for a while.

Statistics must never fill a disk that money needs: what is older than KEPT_DAYS leaves, and above KEPT_ROWS first the
oldest of what was delivered, then the oldest of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.uptake import UPTAKE_SCHEMA, Uptake
from kiosk.wire import encode_canonical
from offline_queue.database import LedgerDatabase

KEPT_DAYS: Final = 400
KEPT_ROWS: Final = 20_000

_TABLE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'uptake'"
_TOO_MANY: Final = """
DELETE FROM uptake WHERE record IN (
    SELECT record FROM uptake ORDER BY delivered DESC, day LIMIT max(0, (SELECT count(*) FROM uptake) - ?)
)
"""


class SqlUptake:
    """May be called from any thread."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def keep(self, record: Uptake) -> None:
        """Once; and what is over the bounds leaves. Raises NOT_SAVED."""
        row, content = (str(record.record), record.day.isoformat()), encode_canonical(record)
        oldest = (record.day - timedelta(days=KEPT_DAYS)).isoformat()

        def work(connection: Database) -> None:
            connection.execute("INSERT OR IGNORE INTO uptake (record, day, content) VALUES (?, ?, ?)", (*row, content))
            connection.execute("DELETE FROM uptake WHERE day < ?", (oldest,))
            connection.execute(_TOO_MANY, (KEPT_ROWS,))

        self._database.write(work)

    def waiting(self, limit: int) -> tuple[Uptake, ...]:
        """What the centre has not yet answered for, at most so many, in no order that means anything."""

        def work(connection: Database) -> tuple[Uptake, ...]:
            rows = connection.execute("SELECT content FROM uptake WHERE delivered = 0 LIMIT ?", (limit,)).fetchall()
            return _decoded(content for (content,) in rows)

        return self._database.read(work)

    def settle(self, records: Iterable[UUID]) -> None:
        """The centre has these, or will never take them."""
        rows = [(str(record),) for record in records]

        def work(connection: Database) -> None:
            for row in rows:
                connection.execute("UPDATE uptake SET delivered = 1 WHERE record = ?", row)

        if rows:
            self._database.write(work)


def load_uptake(connection: Database) -> tuple[Uptake, ...]:
    """Everything that is kept; nothing in a file of the release before."""
    if connection.execute(_TABLE).fetchone() is None:
        return ()
    return _decoded(content for (content,) in connection.execute("SELECT content FROM uptake"))


def _decoded(contents: Iterable[bytes]) -> tuple[Uptake, ...]:
    """Those that this release can read: a later one may know outcomes that it does not."""
    found = []
    for content in contents:
        try:
            record = msgspec.json.decode(content, type=Uptake)
        except msgspec.ValidationError:
            continue
        if record.schema <= UPTAKE_SCHEMA:
            found.append(record)
    return tuple(found)
