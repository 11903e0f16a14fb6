"""What the centre goes on knowing after a decision: whose request it is, what the agency told of it since, and papers.

A transaction is followed where more can come of it: its agency keeps requests, it was refused, or its person wants to
be told. States and documents are only ever added; the latest state is the one that stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from kiosk.my_requests import SETTLED, IssuedDocument, Request, RequestState
from kiosk.wire import Words
from offline_queue.intake.agencies import Progress
from offline_queue.intake.database import reading
from offline_queue.intake.store import Relation, decisions, links, only_added_to
from offline_queue.intake.store import followed as followed_table

MOST_SHOWN = 50
"""Requests of one person that are told at once, the newest."""

tables = MetaData()

states = Table(
    "request_states",
    tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("state", String, primary_key=True),
    Column("place", Integer, nullable=False),  # of the state among all
    Column("since", String, nullable=False),
    Column("words_ar", String, nullable=False),
    Column("words_en", String, nullable=False),
)

documents = Table(
    "request_documents",
    tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("document", LargeBinary, nullable=False),  # JSON of kiosk.my_requests.IssuedDocument
)

for _table in (states, documents):
    only_added_to(_table)
Index("request_states_settled", states.c.transaction_id, sqlite_where=states.c.state.in_(sorted(SETTLED)))

_PLACES = {state: place for place, state in enumerate(RequestState)}
_ADD = insert(states).on_conflict_do_nothing()


class Register:
    """Each call that writes is one transaction on disk when it returns. Safe to call from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        tables.create_all(engine)

    def open_requests(self, agency: str, limit: int, after: str = "") -> Sequence[UUID]:
        """Accepted transactions of which the agency may have more to tell, in the order of their ids, from after one
        on: so that nothing waits behind others for ever."""
        settled = exists().where(
            states.c.transaction_id == followed_table.c.transaction_id, states.c.state.in_(sorted(SETTLED))
        )
        query = (
            select(followed_table.c.transaction_id)
            .join(decisions, decisions.c.transaction_id == followed_table.c.transaction_id)
            .where(followed_table.c.agency == agency, followed_table.c.transaction_id > after)
            .where(decisions.c.code == "", ~settled)
            .order_by(followed_table.c.transaction_id)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            return [UUID(one) for one in connection.execute(query).scalars()]

    def learn(self, told: Mapping[UUID, Sequence[Progress]], issued: Mapping[UUID, IssuedDocument]) -> None:
        """Keeps what is new, all in one COMMIT: a document is there before anybody is told that it was issued."""
        papers = [
            {"transaction_id": str(transaction), "document": msgspec.json.encode(document)}
            for transaction, document in issued.items()
        ]
        rows = [_state_row(transaction, step) for transaction, steps in told.items() for step in steps]
        with self._engine.begin() as connection:
            if papers:
                connection.execute(insert(documents).on_conflict_do_nothing(), papers)
            if rows:
                connection.execute(_ADD, rows)

    def of_person(self, national_number: str) -> tuple[Request, ...]:
        """The newest first; what a correction replaced is told by what replaced it."""
        return self._requests(followed_table.c.person == national_number)

    def of_paper(self, national_number: str, paper: str) -> tuple[Request, ...]:
        """The one request that this person has this paper of: by the receipt's number, or by the agency's."""
        said = or_(followed_table.c.receipt_number == paper, decisions.c.reference == paper)
        return self._requests(and_(followed_table.c.person == national_number, said))

    def document_of(self, transaction: UUID) -> IssuedDocument | None:
        with reading(self._engine) as connection:
            held = _document_of(connection, transaction)
        return None if held is None else msgspec.json.decode(held, type=IssuedDocument)

    def _requests(self, wanted: ColumnElement[bool]) -> tuple[Request, ...]:
        query = (
            select(
                followed_table,
                decisions.c.reference,
                decisions.c.code,
                decisions.c.words_ar,
                decisions.c.words_en,
                decisions.c.decided_at,
            )
            .join(decisions, decisions.c.transaction_id == followed_table.c.transaction_id)
            .where(wanted, or_(followed_table.c.is_request == 1, decisions.c.code != ""))
            .order_by(followed_table.c.agreed_at.desc())
            .limit(MOST_SHOWN)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            found = [_request(connection, row) for row in rows]
        return tuple(request for request in found if request is not None)


def _document_of(connection: Connection, transaction: UUID) -> bytes | None:
    query = select(documents.c.document).where(documents.c.transaction_id == str(transaction))
    held: bytes | None = connection.execute(query).scalar_one_or_none()
    return held


def _state_row(transaction: UUID, step: Progress) -> dict[str, Any]:
    words = step.words or Words(ar="", en="")
    return {
        "transaction_id": str(transaction),
        "state": step.state.value,
        "place": _PLACES[step.state],
        "since": step.since.astimezone(UTC).isoformat(timespec="microseconds"),
        "words_ar": words.ar,
        "words_en": words.en,
    }


def _request(connection: Connection, row: Row[Any]) -> Request | None:
    """None where a corrected transaction stands for it now."""
    known = _known(row)
    if row.code:
        return _refused(connection, row, known)
    query = select(states).where(states.c.transaction_id == row.transaction_id).order_by(states.c.place.desc())
    last = connection.execute(query.limit(1)).one_or_none()
    if last is None:
        return known
    state = RequestState(last.state)
    return msgspec.structs.replace(
        known,
        state=state,
        changed_at=datetime.fromisoformat(last.since),
        words=_words(last),
        document=_document_of(connection, known.transaction) is not None,
        refund="agency" if state is RequestState.REFUND_DUE else "",
    )


def _refused(connection: Connection, row: Row[Any], known: Request) -> Request | None:
    """The money of what the agency refused at once is the office's to give back, until the centre has accepted the
    reversal that says so."""
    query = (
        select(links.c.relation, decisions.c.code)
        .outerjoin(decisions, decisions.c.transaction_id == links.c.correction_id)
        .where(links.c.transaction_id == row.transaction_id)
    )
    decided = {found.relation: found.code for found in connection.execute(query)}
    if Relation.CORRECTED_BY in decided:
        return None
    refunded = decided.get(Relation.REVERSED_BY) == ""
    return msgspec.structs.replace(
        known,
        state=RequestState.REFUNDED if refunded else RequestState.REFUND_DUE,
        words=_words(row),
        refund="" if refunded else "office",
    )


def _known(row: Row[Any]) -> Request:
    return Request(
        transaction=UUID(row.transaction_id),
        service=row.service,
        agency=row.agency,
        reference=row.reference,
        receipt_number=row.receipt_number,
        amount_fils=row.amount_fils,
        requested_at=datetime.fromisoformat(row.agreed_at),
        state=RequestState.REQUESTED,
        changed_at=datetime.fromisoformat(row.decided_at),
    )


def _words(row: Row[Any]) -> Words | None:
    return Words(ar=row.words_ar, en=row.words_en) if row.words_ar or row.words_en else None
