"""What the intake holds, kept for ever: each transaction's exact bytes once, and the first decision on it.

Its tables are only ever added to. An id, a message number or a sequence number that comes again with other bytes is
refused by a constraint, because only a constraint stops parallel copies.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import (
    DDL,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from kiosk.wire import Entry, Words
from offline_queue.intake.agencies import Decision, Refusal
from offline_queue.intake.checks import Checked
from offline_queue.intake.database import reading

T = TypeVar("T", bound=msgspec.Struct)

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

links = Table(
    "links",
    tables,
    Column("transaction_id", ForeignKey(intake.c.transaction_id), primary_key=True),
    Column("relation", String, primary_key=True),
    Column("correction_id", ForeignKey(intake.c.transaction_id), nullable=False),
)

followed = Table(
    "followed",
    tables,
    Column("transaction_id", ForeignKey(intake.c.transaction_id), primary_key=True),
    Column("person", String, nullable=False, index=True),  # the national number of who agreed
    Column("phone", String, nullable=False),
    Column("receipt_number", String, nullable=False, index=True),
    Column("service", String, nullable=False),
    Column("agency", String, nullable=False, index=True),
    Column("amount_fils", Integer, nullable=False),
    Column("agreed_at", String, nullable=False),
    Column("is_request", Integer, nullable=False),
)

_KEEP = insert(intake).on_conflict_do_nothing()
_FOLLOW = insert(followed).on_conflict_do_nothing()
_DECIDE = insert(decisions).on_conflict_do_nothing().returning(decisions.c.transaction_id)


def only_added_to(table: Table) -> None:
    """Refuses every UPDATE and DELETE, from when the table is made."""
    for act in ("UPDATE", "DELETE"):
        trigger = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its constructor untyped
            f"CREATE TRIGGER {table.name}_keeps_{act.lower()} BEFORE {act} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} is only added to'); END"
        )
        event.listen(table, "after_create", trigger.execute_if(dialect="sqlite"))


for _table in (intake, decisions, links, followed):
    only_added_to(_table)


class Relation(enum.StrEnum):
    """What becomes of a refused transaction, at most once each."""

    REVERSED_BY = "reversed_by"
    CORRECTED_BY = "corrected_by"


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `followed`: a transaction of which its person may be told more. `is_request`: its agency may, too."""

    transaction: UUID
    person: str
    phone: str
    receipt_number: str
    service: str
    agency: str
    amount_fils: int
    agreed_at: datetime
    is_request: bool

    def __repr__(self) -> str:
        return f"Followed(transaction={self.transaction})"


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
        items = list(items)
        ids = [str(checked.item.transaction) for checked in items]
        query = select(intake.c.transaction_id, intake.c.fingerprint, intake.c.terminal)
        with self._engine.begin() as connection:
            rows = connection.execute(query.where(intake.c.transaction_id.in_(ids)))
            held = {row.transaction_id: (row.fingerprint, row.terminal) for row in rows}
            return [_keep_one(connection, held, item, terminal, now) for item in items]

    def decisions(self, transactions: Iterable[UUID]) -> dict[UUID, Decision]:
        """The decisions that stand, by transaction; nothing of those that are undecided."""
        wanted = [str(transaction) for transaction in transactions]
        query = select(decisions).where(decisions.c.transaction_id.in_(wanted))
        with reading(self._engine) as connection:
            return {UUID(row.transaction_id): _decision(row) for row in connection.execute(query)}

    def decide(self, decided: Mapping[UUID, Decision], now: datetime, follow: Iterable[Followed] = ()) -> set[UUID]:
        """Keeps the first decision on each, all in one COMMIT, and says on which nothing stood before. What is to be
        followed of them is kept with them, so that no power cut parts the two."""
        rows = [_row(transaction, decision, now) for transaction, decision in decided.items()]
        followed_rows = [_followed_row(one) for one in follow]
        with self._engine.begin() as connection:
            first = {UUID(transaction) for transaction in connection.execute(_DECIDE, rows).scalars()}
            if followed_rows:
                connection.execute(_FOLLOW, followed_rows)
            return first

    def entry(self, transaction: UUID) -> Entry | None:
        """The proven entry of a transaction that is held."""
        with reading(self._engine) as connection:
            query = select(intake.c.entry).where(intake.c.transaction_id == str(transaction))
            held = connection.execute(query).scalar_one_or_none()
        return None if held is None else msgspec.json.decode(held, type=Entry)

    def body(self, transaction: UUID, kind: type[T]) -> T:
        """The content of what is held."""
        with reading(self._engine) as connection:
            query = select(intake.c.body).where(intake.c.transaction_id == str(transaction))
            held: bytes = connection.execute(query).scalar_one()
        return msgspec.json.decode(held, type=kind)

    def link(self, transaction: UUID, relation: Relation, to: UUID) -> UUID:
        """Keeps the first; answers with the one that stands."""
        row = insert(links).values(transaction_id=str(transaction), relation=relation, correction_id=str(to))
        with self._engine.begin() as connection:
            connection.execute(row.on_conflict_do_nothing())
        standing = self.linked(transaction, relation)
        assert standing is not None
        return standing

    def linked(self, transaction: UUID, relation: Relation) -> UUID | None:
        query = select(links.c.correction_id).where(
            links.c.transaction_id == str(transaction), links.c.relation == relation
        )
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar_one_or_none()
        return None if found is None else UUID(found)

    def held(self, terminal: str, first: int, last: int) -> tuple[tuple[int, UUID], ...]:
        """The message numbers of this terminal from `first` to `last`, each with its transaction, in order."""
        query = (
            select(intake.c.message, intake.c.transaction_id)
            .where(intake.c.terminal == terminal, intake.c.message.between(first, last))
            .order_by(intake.c.message)
        )
        with reading(self._engine) as connection:
            return tuple((row.message, UUID(row.transaction_id)) for row in connection.execute(query))


def _keep_one(
    connection: Connection, held: dict[str, tuple[str, str]], checked: Checked, terminal: str, now: datetime
) -> Kept:
    """`held`: the fingerprint and the terminal of what is there already, by transaction; what is kept joins it."""
    item, transaction = checked.item, str(checked.item.transaction)
    if transaction in held:
        return Kept.SAME if held[transaction] == (checked.fingerprint, terminal) else Kept.OTHER
    if isinstance(checked.found, Refusal):
        return Kept.REFUSED
    row = {
        "transaction_id": transaction,
        "terminal": terminal,
        "message": item.message,
        "sequence": checked.found.sequence,
        "fingerprint": checked.fingerprint,
        "entry": item.entry.payload,
        "signature": item.entry.signature,
        "body": item.body,
        "received_at": now.isoformat(),
    }
    if connection.execute(_KEEP, row).rowcount != 1:
        return Kept.OTHER
    held[transaction] = (checked.fingerprint, terminal)
    return Kept.NEW


def _row(transaction: UUID, decision: Decision, now: datetime) -> dict[str, str]:
    words = decision.refusal.words if decision.refusal else Words(ar="", en="")
    return {
        "transaction_id": str(transaction),
        "reference": decision.reference,
        "code": decision.refusal.code if decision.refusal else "",
        "words_ar": words.ar,
        "words_en": words.en,
        "decided_at": now.isoformat(),
    }


def _followed_row(one: Followed) -> dict[str, Any]:
    return {
        "transaction_id": str(one.transaction),
        "person": one.person,
        "phone": one.phone,
        "receipt_number": one.receipt_number,
        "service": one.service,
        "agency": one.agency,
        "amount_fils": one.amount_fils,
        "agreed_at": one.agreed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "is_request": int(one.is_request),
    }


def _decision(row: Row[Any]) -> Decision:
    words = Words(ar=row.words_ar, en=row.words_en)
    return Decision(reference=row.reference, refusal=Refusal(code=row.code, words=words) if row.code else None)
