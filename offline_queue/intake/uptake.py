"""How the services are used in all offices: each terminal's records once, and what a report reads of them.

A record is checked as everything that comes from outside, although a known terminal sent it: what is written here is
shown to others, and must not carry anything about a person. Only the day of its arrival is kept, not the time.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import sqlcipher3.dbapi2
from sqlalchemy import Column, Engine, LargeBinary, MetaData, String, Table, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.scene import State
from kiosk.texts import LEGAL_TIME
from kiosk.uptake import Uptake
from kiosk.wire import UptakeAnswer, UptakeBatch, encode_canonical

tables = MetaData()

uptake = Table(
    "uptake",
    tables,
    Column("record", String(36), primary_key=True),
    Column("terminal", String, nullable=False),
    Column("day", String, nullable=False, index=True),
    Column("received_on", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""One part of a service's id, or a question's: no plate and no number looks like that."""
_STATES: Final = frozenset(state.value for state in State)
_LONGEST_OFFICE: Final = 64
_MOST: Final = 100_000  # of seconds, touches, characters or pages in one visit
_PAST, _AHEAD = timedelta(days=800), timedelta(days=2)


class NoIntake(Exception):
    """The file is no intake's database, or one of a release that counted nothing."""


class UptakeRecords:
    """Each call that writes is one transaction on disk when it returns. Safe to call from several threads."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        tables.create_all(engine)

    def keep(self, batch: UptakeBatch) -> UptakeAnswer:
        """One that is held already is not looked at again: the first stands."""
        now = self._now()
        today = now.astimezone(LEGAL_TIME).date()
        good = [record for record in batch.records if _is_plausible(record, batch.terminal, today)]
        rows = [_row(record, today) for record in good]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(uptake).on_conflict_do_nothing(), rows)
        held = {record.record for record in good}
        refused = {record.record for record in batch.records} - held
        return UptakeAnswer(terminal=batch.terminal, answered_at=now, held=tuple(held), refused=tuple(refused))


def read_uptake(database: Path, first: date, last: date) -> tuple[Uptake, ...]:
    """The records of these days, both included, beside a running intake and without changing anything. Raises
    NoIntake."""
    question = select(uptake.c.content).where(uptake.c.day.between(first.isoformat(), last.isoformat()))
    text = str(question.compile(compile_kwargs={"literal_binds": True}))  # two dates, which cannot hold a quote
    try:
        connection = sqlcipher3.dbapi2.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
        with contextlib.closing(connection):
            return tuple(msgspec.json.decode(content, type=Uptake) for (content,) in connection.execute(text))
    except sqlcipher3.dbapi2.DatabaseError:
        raise NoIntake(f"{database}: this is no database of an intake that counts") from None


def _row(record: Uptake, today: date) -> dict[str, str | bytes]:
    return {
        "record": str(record.record),
        "terminal": record.terminal,
        "day": record.day.isoformat(),
        "received_on": today.isoformat(),
        "content": encode_canonical(record),
    }


def _is_plausible(record: Uptake, terminal: str, today: date) -> bool:
    counted = (record.seconds, record.taps, record.characters, record.pages)
    return (
        record.terminal == terminal
        and today - _PAST <= record.day <= today + _AHEAD
        and 0 <= record.hour < 24
        and record.language in {"ar", "en", ""}
        and (not record.service or all(_NAME.fullmatch(part) for part in record.service.split(".")))
        and _is_page(record.page)
        and all(name.isprintable() and len(name) <= _LONGEST_OFFICE for name in (record.office_ar, record.office_en))
        and all(0 <= number <= _MOST for number in counted)
    )


def _is_page(page: str) -> bool:
    state, slash, step = page.partition("/")
    return state in _STATES and (not slash or _NAME.fullmatch(step) is not None)
