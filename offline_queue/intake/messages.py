"""Telling a person by SMS what became of a transaction, once for each thing there is to tell.

What is to be told follows from what stands in the database, not from the moment in which it came there: after a crash
the same question gives the same messages. A row is written first and sent afterwards; a message carries an id by which
the carrier, asked twice, sends once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Column, Engine, Index, MetaData, Row, String, Table, and_, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from uuid6 import uuid7

from kiosk.my_requests import RequestState
from kiosk.wire import Words
from offline_queue.intake.database import reading
from offline_queue.intake.followed import states
from offline_queue.intake.store import decisions, followed

REFUSED = "refused"
"""About a decision, where the others are about a state (kiosk.my_requests.RequestState)."""

_TOLD = (RequestState.ISSUED, RequestState.REJECTED, RequestState.REFUND_DUE, RequestState.REFUNDED)
_MOST_AT_ONCE = 100

log = logging.getLogger("intake")


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One SMS in both languages. Its repr shows neither the number nor the words."""

    id: UUID
    phone: str
    words: Words

    def __repr__(self) -> str:
        return f"Message(id={self.id})"


class NotSent(Exception):
    """The carrier takes nothing now; the same message is offered again."""


class Messages(Protocol):
    """The carrier of SMS."""

    def send(self, message: Message) -> None:
        """Returns once it is taken; one with the same id is taken once. May block. Raises NotSent."""


tables = MetaData()

written = Table(
    "messages",
    tables,
    Column("transaction_id", String(36), primary_key=True),
    Column("about", String, primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("phone", String, nullable=False),
    Column("words_ar", String, nullable=False),
    Column("words_en", String, nullable=False),
    Column("written_at", String, nullable=False),
    Column("sent_at", String),
)
Index("messages_waiting", written.c.written_at, sqlite_where=written.c.sent_at.is_(None))


class Teller:
    """Writes what is to be told, and hands it to the carrier."""

    def __init__(self, engine: Engine, carrier: Messages, now: Callable[[], datetime]) -> None:
        self._engine, self._carrier, self._now = engine, carrier, now
        tables.create_all(engine)

    def tell(self) -> None:
        """What stands and was not told yet; what the carrier does not take now is offered the next time."""
        self._write(_refused_untold(), lambda row: (REFUSED, refused_words(row.receipt_number, _words(row))))
        self._write(_states_untold(), lambda row: (row.state, state_words(RequestState(row.state), row.receipt_number)))
        for message in self._waiting():
            try:
                self._carrier.send(message)
            except NotSent:
                log.warning("messages: not taken now")
                return
            self._note_sent(message.id)

    def _write(self, untold: Any, say: Callable[[Row[Any]], tuple[str, Words]]) -> None:
        with reading(self._engine) as connection:
            rows = connection.execute(untold.limit(_MOST_AT_ONCE)).all()
        if not rows:
            return
        now, new = self._now().isoformat(), []
        for row in rows:
            about, words = say(row)
            new.append(
                {
                    "transaction_id": row.transaction_id,
                    "about": about,
                    "id": str(uuid7()),
                    "phone": row.phone,
                    "words_ar": words.ar,
                    "words_en": words.en,
                    "written_at": now,
                }
            )
        with self._engine.begin() as connection:
            connection.execute(insert(written).on_conflict_do_nothing(), new)

    def _waiting(self) -> list[Message]:
        query = select(written).where(written.c.sent_at.is_(None)).order_by(written.c.written_at).limit(_MOST_AT_ONCE)
        with reading(self._engine) as connection:
            return [Message(id=UUID(row.id), phone=row.phone, words=_words(row)) for row in connection.execute(query)]

    def _note_sent(self, message: UUID) -> None:
        with self._engine.begin() as connection:
            sent = update(written).where(written.c.id == str(message))
            connection.execute(sent.values(sent_at=self._now().isoformat()))


def _refused_untold() -> Any:
    told = and_(written.c.transaction_id == followed.c.transaction_id, written.c.about == REFUSED)
    return (
        select(followed.c.transaction_id, followed.c.phone, followed.c.receipt_number, decisions)
        .join(decisions, decisions.c.transaction_id == followed.c.transaction_id)
        .outerjoin(written, told)
        .where(followed.c.phone != "", decisions.c.code != "", written.c.id.is_(None))
    )


def _states_untold() -> Any:
    told = and_(written.c.transaction_id == followed.c.transaction_id, written.c.about == states.c.state)
    return (
        select(followed.c.transaction_id, followed.c.phone, followed.c.receipt_number, states.c.state)
        .join(states, states.c.transaction_id == followed.c.transaction_id)
        .outerjoin(written, told)
        .where(followed.c.phone != "", or_(*(states.c.state == state for state in _TOLD)), written.c.id.is_(None))
    )


def _words(row: Row[Any]) -> Words:
    return Words(ar=row.words_ar, en=row.words_en)


# ---------------------------------------------------------------- the words
#
# An SMS is read by whoever holds the phone: the receipt's number says which request, and nothing says what it was for.

_REFUSED_WORDS = Words(
    ar="البريد: لم تقبل الجهة معاملتك بالإيصال {number}: {words}. مبلغك محفوظ ويُردّ إليك: أحضر الإيصال إلى الشباك، "
    "ويردّه الموظف بموافقة المشرف.",
    en="Post: the agency did not accept your transaction of receipt {number}: {words}. Your money is safe. Bring the "
    "receipt to the counter: the clerk gives it back with a supervisor.",
)
_STATE_WORDS = {
    RequestState.ISSUED: Words(
        ar="البريد: صدرت وثيقتك للإيصال {number}. تطبعها من أي مكتب بريد ببطاقتك.",
        en="Post: your document for receipt {number} is issued. Print it at any post office with your card.",
    ),
    RequestState.REJECTED: Words(
        ar="البريد: لم توافق الجهة على طلبك بالإيصال {number}. يظهر السبب في أي مكتب بريد ببطاقتك.",
        en="Post: the agency did not grant your request of receipt {number}. Any post office shows the reason with "
        "your card.",
    ),
    RequestState.REFUND_DUE: Words(
        ar="البريد: يُردّ إليك مبلغ الإيصال {number}. يظهر في أي مكتب بريد ببطاقتك من يردّه.",
        en="Post: the money of receipt {number} is given back. Any post office shows with your card who gives it.",
    ),
    RequestState.REFUNDED: Words(
        ar="البريد: رُدّ مبلغ الإيصال {number}.", en="Post: the money of receipt {number} was given back."
    ),
}


def refused_words(receipt_number: str, reason: Words) -> Words:
    """That something which was taken is not accepted, why, and the way back to the money."""
    return Words(
        ar=_REFUSED_WORDS.ar.format(number=receipt_number, words=reason.ar),
        en=_REFUSED_WORDS.en.format(number=receipt_number, words=reason.en),
    )


def state_words(state: RequestState, receipt_number: str) -> Words:
    words = _STATE_WORDS[state]
    return Words(ar=words.ar.format(number=receipt_number), en=words.en.format(number=receipt_number))


# ---------------------------------------------------------------- the sandbox's carrier

_sandbox_tables = MetaData()

carried = Table(
    "sandbox_messages",
    _sandbox_tables,
    Column("id", String(36), primary_key=True),
    Column("phone", String, nullable=False),
    Column("words_ar", String, nullable=False),
    Column("words_en", String, nullable=False),
    Column("taken_at", String, nullable=False),
)


class SandboxMessages:
    """A carrier that sends nothing: what it takes lies in a table, for the demonstration's panel and for tests."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine, self._now = engine, now
        _sandbox_tables.create_all(engine)

    def send(self, message: Message) -> None:
        row = {
            "id": str(message.id),
            "phone": message.phone,
            "words_ar": message.words.ar,
            "words_en": message.words.en,
            "taken_at": self._now().isoformat(),
        }
        with self._engine.begin() as connection:
            connection.execute(insert(carried).on_conflict_do_nothing(), row)
