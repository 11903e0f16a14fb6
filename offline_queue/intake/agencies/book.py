"""What a sandbox agency has written on its own file: one record for each thing, read and changed in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, MetaData, String, Table, delete, insert, select

from kiosk.wire import encode_canonical

T = TypeVar("T", bound=msgspec.Struct)

records = MetaData()

_records = Table(
    "agency_records",
    records,
    Column("agency", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("content", String, nullable=False),
)


class Book:
    """The records of one agency, at one moment. What was read in data that ship stands behind them: a record that was
    never written is what its rules say it is at first."""

    def __init__(self, connection: Connection, agency: str, now: datetime) -> None:
        self.now = now
        self.connection = connection  # for a rule that asks another agency's file, as agencies ask one another
        self._agency = agency

    def read(self, kind: str, key: str, type_: type[T]) -> T | None:
        found = select(_records.c.content).where(*self._of(kind), _records.c.key == key)
        content: str | None = self.connection.execute(found).scalar_one_or_none()
        return None if content is None else msgspec.json.decode(content, type=type_)

    def write(self, kind: str, key: str, record: msgspec.Struct) -> None:
        self.connection.execute(delete(_records).where(*self._of(kind), _records.c.key == key))
        content = encode_canonical(record).decode()
        row = insert(_records).values(agency=self._agency, kind=kind, key=key, content=content)
        self.connection.execute(row)

    def _of(self, kind: str) -> tuple[ColumnElement[bool], ...]:
        return (_records.c.agency == self._agency, _records.c.kind == kind)
