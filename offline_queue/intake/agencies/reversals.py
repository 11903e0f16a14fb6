"""What a sandbox agency notes of reversals: each transaction that it refused and the office took back, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, insert, select

from kiosk.corrections import Reversal


def reversals_of(agency: str, tables: MetaData) -> Table:
    """The agency's own table."""
    return Table(
        f"{agency}_reversals",
        tables,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("transaction_id", String(36), nullable=False, unique=True),
        Column("correction_id", String(36), nullable=False),
        Column("told_at", String, nullable=False),
        sqlite_autoincrement=True,
    )


def note(connection: Connection, reversals: Table, reversal: Reversal, now: datetime) -> int:
    """Its number; told again, the first one."""
    transaction = str(reversal.of.transaction)
    known = select(reversals.c.number).where(reversals.c.transaction_id == transaction)
    number: int | None = connection.execute(known).scalar_one_or_none()
    if number is None:
        row = insert(reversals).values(
            transaction_id=transaction, correction_id=str(reversal.ids.transaction), told_at=now.isoformat()
        )
        number = connection.execute(row.returning(reversals.c.number)).scalar_one()
    return number
