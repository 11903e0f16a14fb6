"""What the intake holds, kept for ever: each transaction's exact bytes once, and the first decision on it.

Both tables are only ever added to. An id, a message number or a sequence number that comes again with other bytes is
refused by a constraint, because only a constraint stops parallel copies.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    DDL,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from kiosk.wire import Words
from offline_queue.intake.agencies import Decision, Refusal
from offline_queue.intake.checks import Checked
from offline_queue.intake.database import reading

tables = MetaData()

intake = Table(
    "intake",
    tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("terminal", String, nullable=False),
    Column("message", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", String, nullable=False),
    UniqueConstraint("terminal", "message"),
    UniqueConstraint("terminal", "sequence"),
)

decisions = Table(
    "decisions",
    tables,
    Column("transaction_id", ForeignKey(intake.c.transaction_id), primary_key=True),
    Column("reference", String, nullable=False),
    Column("code", String, nullable=False),
    Column("words_ar", String, nullable=False),
    Column("words_en", String, nullable=False),
    Column("decided_at", String, nullable=False),
)

for _table in (intake, decisions):
    for _act in ("UPDATE", "DELETE"):
        _trigger = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its constructor untyped
            f"CREATE TRIGGER {_table.name}_keeps_{_act.lower()} BEFORE {_act} ON {_table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{_table.name} is only added to'); END"
        )
        event.listen(_table, "after_create", _trigger.execute_if(dialect="sqlite"))


class Kept(enum.Enum):
    """What became of a transaction's bytes."""

    NEW = enum.auto()
    SAME = enum.auto()
    OTHER = enum.auto()  # the id or a number is taken by other bytes
    REFUSED = enum.auto()  # they did not prove themselves; nothing of them is kept


class Store:
    """Each call that writes is one transaction on disk when it returns. Safe to call from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        tables.create_all(engine)

    def keep(self, items: Iterable[Checked], terminal: str, now: datetime) -> list[Kept]:
        """Inserts what is proven and new, all in one COMMIT, and says for each item what became of it."""
        with self._engine.begin() as connection:
            return [_keep_one(connection, item, terminal, now) for item in items]

    def decision(self, transaction: UUID) -> Decision | None:
        """The decision that stands."""
        with reading(self._engine) as connection:
            query = select(decisions).where(decisions.c.transaction_id == str(transaction))
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        words = Words(ar=row.words_ar, en=row.words_en)
        return Decision(reference=row.reference, refusal=Refusal(code=row.code, words=words) if row.code else None)

    def decide(self, transaction: UUID, decision: Decision, now: datetime) -> bool:
        """Keeps the first decision; False where one stood already."""
        words = decision.refusal.words if decision.refusal else Words(ar="", en="")
        row = insert(decisions).values(
            transaction_id=str(transaction),
            reference=decision.reference,
            code=decision.refusal.code if decision.refusal else "",
            words_ar=words.ar,
            words_en=words.en,
            decided_at=now.isoformat(),
        )
        with self._engine.begin() as connection:
            return connection.execute(row.on_conflict_do_nothing()).rowcount == 1

    def held(self, terminal: str, first: int, last: int) -> tuple[tuple[int, UUID], ...]:
        """The message numbers of this terminal from `first` to `last`, each with its transaction, in order."""
        query = (
            select(intake.c.message, intake.c.transaction_id)
            .where(intake.c.terminal == terminal, intake.c.message.between(first, last))
            .order_by(intake.c.message)
        )
        with reading(self._engine) as connection:
            return tuple((row.message, UUID(row.transaction_id)) for row in connection.execute(query))


def _keep_one(connection: Connection, checked: Checked, terminal: str, now: datetime) -> Kept:
    item = checked.item
    held = select(intake.c.fingerprint, intake.c.terminal).where(intake.c.transaction_id == str(item.transaction))
    row = connection.execute(held).one_or_none()
    if row is not None:
        return Kept.SAME if (row.fingerprint, row.terminal) == (checked.fingerprint, terminal) else Kept.OTHER
    if isinstance(checked.found, Refusal):
        return Kept.REFUSED
    new = insert(intake).values(
        transaction_id=str(item.transaction),
        terminal=terminal,
        message=item.message,
        sequence=checked.found.sequence,
        fingerprint=checked.fingerprint,
        entry=item.entry.payload,
        signature=item.entry.signature,
        body=item.body,
        received_at=now.isoformat(),
    )
    return Kept.NEW if connection.execute(new.on_conflict_do_nothing()).rowcount == 1 else Kept.OTHER
