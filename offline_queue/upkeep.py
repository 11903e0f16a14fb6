"""When each of the ledger's own tasks last ran, and what it found: kept in the file for the technician."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

import msgspec
from sqlite_utils import Database

from kiosk.wire import encode_canonical

RETENTION: Final = "retention"
NIGHT: Final = "night check"
NIGHT_UNDER_WAY: Final = "night check under way"
_TABLE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'upkeep'"


class RetentionRun(msgspec.Struct, frozen=True, kw_only=True):
    """The last time that everything due was looked at. `removed` are the bodies of that pass; `kept_back`, since the
    program's start, those that were due and that no signature of the centre covers. `oldest_at` is when the oldest
    content that is still here was agreed."""

    ended_at: datetime
    removed: int
    kept_back: int
    oldest_at: datetime | None


class NightCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A reading of the whole chain, and of the projections beside it. `reached` is the last entry read, `compared` the
    last transaction compared, "" until the chain has been read; `ended_at` None while it is still to go on. `problems`
    counts them, `first` names the first one."""

    began_at: datetime
    reached: int
    problems: int
    first: str
    ended_at: datetime | None
    compared: str = ""


T = TypeVar("T", RetentionRun, NightCheck)


def keep(connection: Database, task: str, record: RetentionRun | NightCheck) -> None:
    """Within the caller's transaction."""
    connection.execute(
        "INSERT INTO upkeep (task, record) VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET record = excluded.record",
        (task, encode_canonical(record)),
    )


def load(connection: Database, task: str, kind: type[T]) -> T | None:
    """None where it never ran, in a file of the release before too, and where it cannot be read."""
    if connection.execute(_TABLE).fetchone() is None:
        return None
    row = connection.execute("SELECT record FROM upkeep WHERE task = ?", (task,)).fetchone()
    try:
        return None if row is None else msgspec.json.decode(row[0], type=kind)
    except msgspec.DecodeError:
        return None


def known_fault(connection: Database) -> str:
    """The first fault that the chain is known to have, from the reading under way or the last one; "" for none."""
    found = (load(connection, task, NightCheck) for task in (NIGHT_UNDER_WAY, NIGHT))
    return next((check.first for check in found if check is not None and check.first), "")
