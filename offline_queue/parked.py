"""`kiosk.parked.ParkedCases` on the encrypted file.

A person is found by a keyed hash (HMAC-SHA-256 with the terminal's holder key, in a context of its own, so that it is
not the hash on the receipts); the number itself is only inside the draft.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlite_utils import Database

from kiosk.parked import DRAFT_SCHEMA, Draft, Parked, draw_reference
from kiosk.ports import Clock
from kiosk.wire import encode_canonical
from offline_queue.database import LedgerDatabase
from offline_queue.staff_journal import has_counter_tables

_PERSON_CONTEXT: Final = b"kiosk/parked-person\x00"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SELECT: Final = "SELECT reference, service, parked_at_ms, until_ms, by_staff FROM parked WHERE until_ms > ?"
_NEWEST_FIRST: Final = "ORDER BY parked_at_ms DESC, reference"


class SqlParkedCases:
    """May be called from any thread."""

    def __init__(self, database: LedgerDatabase, clock: Clock, secret: bytes) -> None:
        """`secret` is the terminal's holder key."""
        self._database = database
        self._clock = clock
        self._secret = secret

    # -- kiosk.parked.ParkedCases

    def park(self, draft: Draft, until: datetime, by: str = "") -> Parked:
        person, body = self._person(draft.national_number), encode_canonical(draft)

        def work(connection: Database) -> Parked:
            kept = connection.execute(
                "DELETE FROM parked WHERE person = ? AND service = ? RETURNING reference", (person, draft.service)
            ).fetchone()
            row = (kept[0] if kept else _unused(connection), draft.service, self._now_ms(), _milliseconds(until), by)
            connection.execute(
                "INSERT INTO parked (reference, service, parked_at_ms, until_ms, by_staff, person, draft) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, person, body),
            )
            return _parked(row)

        return self._database.write(work)

    def of_person(self, national_number: str) -> tuple[Parked, ...]:
        return self._list(f"{_SELECT} AND person = ? {_NEWEST_FIRST}", self._person(national_number))

    def all(self) -> tuple[Parked, ...]:
        return self._list(f"{_SELECT} {_NEWEST_FIRST}")

    def take(self, reference: str, national_number: str | None) -> Draft | None:
        person = None if national_number is None else self._person(national_number)

        def work(connection: Database) -> Draft | None:
            draft = self._find(connection, reference, person)
            if draft is not None:
                connection.execute("DELETE FROM parked WHERE reference = ?", (reference,))
            return draft

        return self._database.write(work)

    def look(self, reference: str) -> Draft | None:
        return self._database.read(lambda connection: self._find(connection, reference, None))

    def expire(self, now: datetime) -> int:
        return self._database.write(
            lambda connection: int(
                connection.execute("DELETE FROM parked WHERE until_ms <= ?", (_milliseconds(now),)).rowcount
            )
        )

    # -- on the ledger's thread

    def _list(self, question: str, *parameters: str) -> tuple[Parked, ...]:
        rows = self._database.read(
            lambda connection: connection.execute(question, (self._now_ms(), *parameters)).fetchall()
        )
        return tuple(_parked(row) for row in rows)

    def _find(self, connection: Database, reference: str, person: str | None) -> Draft | None:
        """None too for a draft of a later release, which would lose here what only that one knows."""
        row = connection.execute(
            "SELECT person, draft FROM parked WHERE reference = ? AND until_ms > ?", (reference, self._now_ms())
        ).fetchone()
        if row is None or (person is not None and not hmac.compare_digest(row[0], person)):
            return None
        draft = msgspec.json.decode(row[1], type=Draft)
        return draft if draft.schema <= DRAFT_SCHEMA else None

    def _person(self, national_number: str) -> str:
        return hmac.digest(self._secret, _PERSON_CONTEXT + national_number.encode(), hashlib.sha256).hex()

    def _now_ms(self) -> int:
        return _milliseconds(self._clock.now())


def count_parked(connection: Database, now: datetime) -> int:
    """How many requests are kept and have not run out; none in a file of the release before."""
    if not has_counter_tables(connection):
        return 0
    return int(
        connection.execute("SELECT count(*) FROM parked WHERE until_ms > ?", (_milliseconds(now),)).fetchone()[0]
    )


def _unused(connection: Database) -> str:
    while True:
        reference = draw_reference()
        if connection.execute("SELECT 1 FROM parked WHERE reference = ?", (reference,)).fetchone() is None:
            return reference


def _parked(row: tuple[str, str, int, int, str]) -> Parked:
    reference, service, parked_at_ms, until_ms, by = row
    return Parked(reference=reference, service=service, parked_at=_moment(parked_at_ms), until=_moment(until_ms), by=by)


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
