"""The journal of what staff did: append-only (triggers refuse the rest), each line carrying the hash of the one before.

Nothing of a citizen is in it. Its lines are chained, not signed: what shows a change is the ledger's file, which only
this terminal can write.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
from sqlite_utils import Database

from kiosk.staff import StaffAct, StaffNote
from kiosk.wire import encode_canonical
from offline_queue.chain import Problem, problem
from offline_queue.entries import FIRST_PREVIOUS_HASH, digest

_COLUMNS: Final = "sequence, at, staff, act, detail"
COUNTER_TABLES: Final = 2
"""The version of the tables that first had the counter's; a file of the release before has none of them."""


class _Link(msgspec.Struct, frozen=True, kw_only=True):
    """What a line's hash covers."""

    note: StaffNote
    previous_hash: str


def append(connection: Database, at: datetime, staff: str, act: StaffAct, detail: str = "") -> None:
    """Adds a line within the caller's transaction."""
    last = connection.execute("SELECT sequence, hash FROM staff_journal ORDER BY sequence DESC LIMIT 1").fetchone()
    sequence, previous = (0, FIRST_PREVIOUS_HASH) if last is None else last
    note = StaffNote(sequence=sequence + 1, at=at, staff=staff, act=act, detail=detail)
    connection.execute(
        f"INSERT INTO staff_journal ({_COLUMNS}, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*msgspec.to_builtins(msgspec.structs.astuple(note)), previous, _hash(note, previous)),
    )


def load_acts(connection: Database, limit: int) -> tuple[StaffNote, ...]:
    """The newest first."""
    if not has_counter_tables(connection):
        return ()
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM staff_journal ORDER BY sequence DESC LIMIT ?",  # noqa: S608 -- this module's words
        (limit,),
    )
    return tuple(_note(row) for row in rows)


def walk_journal(connection: Database) -> Iterator[Problem]:
    """Every line that does not follow the one before, or is not what its hash covers."""
    if not has_counter_tables(connection):
        return
    expected, previous = 1, FIRST_PREVIOUS_HASH
    rows = connection.execute(f"SELECT {_COLUMNS}, previous_hash, hash FROM staff_journal ORDER BY sequence")  # noqa: S608
    for *values, stated_previous, stated in rows:
        sequence = int(values[0])
        place = f"staff act {sequence}"
        if sequence != expected:
            yield problem(place, f"staff acts {expected} to {sequence - 1} are missing")
        elif stated_previous != previous:
            yield problem(place, f"does not follow staff act {sequence - 1}")
        try:
            if _hash(_note(tuple(values)), stated_previous) != stated:
                yield problem(place, "its hash does not fit its content")
        except msgspec.ValidationError:
            yield problem(place, "its content cannot be read")
        expected, previous = sequence + 1, stated


def has_counter_tables(connection: Database) -> bool:
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) >= COUNTER_TABLES


def _hash(note: StaffNote, previous: str) -> str:
    return digest(encode_canonical(_Link(note=note, previous_hash=previous)))


def _note(row: tuple[object, ...]) -> StaffNote:
    return msgspec.convert(dict(zip(StaffNote.__struct_fields__, row, strict=True)), StaffNote)
