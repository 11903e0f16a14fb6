"""Calls for help between the terminals of one office: kept in the database, so that a restart loses none.

Nothing here proves anything or is worth keeping: a call is over after `kiosk.help.LIFETIME`, and its row is deleted a
while later. One terminal has one open call at most; a constraint says so, because only a constraint stops parallel
copies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    MetaData,
    Row,
    String,
    Table,
    and_,
    delete,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from kiosk.help import LIFETIME, PRESENCE, OfficeCall
from kiosk.wire import (
    HelpAnswer,
    HelpAnswered,
    HelpCall,
    HelpClosed,
    HelpQuestion,
    OpenCallsAnswer,
    OpenCallsQuestion,
)
from offline_queue.intake.callers import TOLERANCE
from offline_queue.intake.database import reading
from offline_queue.intake.offices import Offices

KEPT = LIFETIME + 2 * TOLERANCE
"""As long as a request can be heard again after a restart, which forgets nonces: until then a call that is over is
remembered as over."""

tables = MetaData()

calls = Table(
    "help_calls",
    tables,
    Column("call", String(36), primary_key=True),
    Column("terminal", String, nullable=False),
    Column("place", String, nullable=False),
    Column("called_at", String, nullable=False),
    Column("answered_by", String, nullable=False),
    Column("closed_at", String),
)
_not_closed = calls.c.closed_at.is_(None)
Index("help_calls_one_open", calls.c.terminal, unique=True, sqlite_where=_not_closed, postgresql_where=_not_closed)

looks = Table(
    "help_looks",
    tables,
    Column("terminal", String, primary_key=True),
    Column("looked_at", String, nullable=False),
)

log = logging.getLogger("intake")


class HelpCalls:
    """Each call that writes is one transaction on disk when it returns. Every method raises NoOffice; a call of another
    office is answered as one that never was. Safe to call from several threads."""

    def __init__(self, engine: Engine, offices: Offices, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._offices = offices
        self._now = now
        tables.create_all(engine)

    def call(self, asked: HelpCall) -> HelpAnswer:
        """Keeps the call once. A newer call of a terminal ends its older one: its program was started again."""
        office = self._offices.colleagues(asked.terminal)
        now = self._now()
        with self._engine.begin() as connection:
            connection.execute(delete(calls).where(calls.c.called_at < _text(now - KEPT)))
            if not _known(connection, asked.call):
                older = update(calls).where(calls.c.terminal == asked.terminal, _not_closed)
                connection.execute(older.values(closed_at=_text(now)))
                connection.execute(insert(calls).values(**_row(asked.call, asked.terminal, asked.place, now)))
                log.info("%s: help called at %s", asked.terminal, asked.place)
            return self._answer(connection, asked.terminal, asked.call, office, now)

    def state(self, asked: HelpQuestion) -> HelpAnswer:
        office = self._offices.colleagues(asked.terminal)
        with reading(self._engine) as connection:
            return self._answer(connection, asked.terminal, asked.call, office, self._now())

    def open_calls(self, asked: OpenCallsQuestion) -> OpenCallsAnswer:
        """Also notes that a clerk is looking."""
        office = self._offices.colleagues(asked.terminal)
        now = self._now()
        look = insert(looks).values(terminal=asked.terminal, looked_at=_text(now))
        with self._engine.begin() as connection:
            connection.execute(look.on_conflict_do_update(["terminal"], set_={"looked_at": look.excluded.looked_at}))
            query = select(calls).where(_open(office, now)).order_by(calls.c.called_at, calls.c.call)
            found = tuple(_office_call(row) for row in connection.execute(query))
        return OpenCallsAnswer(terminal=asked.terminal, answered_at=now, calls=found)

    def answer(self, asked: HelpAnswered) -> HelpAnswer:
        """The first answer stands."""
        office = self._offices.colleagues(asked.terminal)
        now = self._now()
        first = update(calls).where(calls.c.call == str(asked.call), _open(office, now), calls.c.answered_by == "")
        with self._engine.begin() as connection:
            if connection.execute(first.values(answered_by=asked.clerk)).rowcount == 1:
                log.info("%s: help answered", asked.terminal)
            return self._answer(connection, asked.terminal, asked.call, office, now)

    def close(self, asked: HelpClosed) -> HelpAnswer:
        """One that has not arrived is kept as closed: the call itself may still be under way on a slow line."""
        office = self._offices.colleagues(asked.terminal)
        now = self._now()
        closed = insert(calls).values(**_row(asked.call, asked.terminal, "", now), closed_at=_text(now))
        closed = closed.on_conflict_do_update(
            ["call"], set_={"closed_at": _text(now)}, where=and_(_not_closed, calls.c.terminal.in_(office))
        )
        with self._engine.begin() as connection:
            connection.execute(closed)
            return self._answer(connection, asked.terminal, asked.call, office, now)

    def _answer(
        self, connection: Connection, terminal: str, call: UUID, office: Iterable[str], now: datetime
    ) -> HelpAnswer:
        row = connection.execute(select(calls).where(calls.c.call == str(call), _open(office, now))).one_or_none()
        looking = select(looks).where(looks.c.terminal.in_(office), looks.c.looked_at > _text(now - PRESENCE)).limit(1)
        return HelpAnswer(
            terminal=terminal,
            answered_at=now,
            call=call,
            standing=_office_call(row) if row else None,
            clerk_looks=connection.execute(looking).first() is not None,
        )


def _open(office: Iterable[str], now: datetime) -> ColumnElement[bool]:
    return and_(calls.c.terminal.in_(office), _not_closed, calls.c.called_at > _text(now - LIFETIME))


def _known(connection: Connection, call: UUID) -> bool:
    return connection.execute(select(calls.c.call).where(calls.c.call == str(call))).first() is not None


def _row(call: UUID, terminal: str, place: str, now: datetime) -> dict[str, str]:
    return {"call": str(call), "terminal": terminal, "place": place, "called_at": _text(now), "answered_by": ""}


def _office_call(row: Row[tuple[str, ...]]) -> OfficeCall:
    return OfficeCall(
        call=UUID(row.call),
        terminal=row.terminal,
        place=row.place,
        called_at=datetime.fromisoformat(row.called_at),
        answered_by=row.answered_by,
    )


def _text(moment: datetime) -> str:
    """Of one length, in UTC, so that the database compares them as the moments compare."""
    return moment.isoformat(timespec="microseconds")
