"""Which keys each terminal has signed with, from which entry on: its first key is trusted, later ones prove themselves.

`kiosk.wire` has the rule. What is kept is the proof itself, for ever: each `key_changed` entry with its body, once. It
is read again at every question, because several processes may serve.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Column, Connection, Engine, Integer, LargeBinary, MetaData, String, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from kiosk.wire import ChangedKey, KeyNotice, Signed, ledger_key_id, receipt_key_id
from offline_queue.intake.database import reading
from offline_queue.intake.store import intake, only_added_to
from offline_queue.key_chain import KeyChain, KeyChangeWrong, LedgerKey

MOST_CHANGES = 100
"""Of one terminal, in all its years."""

log = logging.getLogger("intake")

tables = MetaData()

key_changes = Table(
    "key_changes",
    tables,
    Column("terminal", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("entry", LargeBinary, nullable=False),
    Column("key_id", String, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", String, nullable=False),
)
only_added_to(key_changes)

_KEY_ID = re.compile(rf"{ledger_key_id('')}([A-Z0-9]{{2,12}})(?:\.[0-9]{{1,6}})?")


class NoticeRefused(Exception):
    """A change that does not prove itself, or that another one stands against. The text names no key's content."""


class TerminalKeys:
    """`first` holds each known terminal's first ledger key. Safe to call from several threads."""

    def __init__(self, engine: Engine, first: Mapping[str, Ed25519PublicKey]) -> None:
        self._engine = engine
        self._first = dict(first)
        tables.create_all(engine)

    def of(self, terminal: str) -> tuple[LedgerKey, ...]:
        """Its ledger keys so far, the last one in force; none where the terminal is not known."""
        if terminal not in self._first:
            return ()
        with reading(self._engine) as connection:
            return tuple(self._chain(connection, terminal).keys)

    def caller(self, key_id: str) -> tuple[str, Ed25519PublicKey] | None:
        """Whose requests this key signs: only a terminal's key in force does."""
        match = _KEY_ID.fullmatch(key_id)
        keys = self.of(match[1]) if match else ()
        if match is None or not keys or keys[-1].id != key_id:
            return None
        return match[1], keys[-1].public

    def take(self, notice: KeyNotice, now: datetime) -> tuple[str, ...]:
        """Keeps what is new in one COMMIT; the ids of the keys in force. Raises NoticeRefused, and keeps nothing."""
        if notice.terminal not in self._first or len(notice.changes) > MOST_CHANGES:
            raise NoticeRefused("of no known terminal, or too long")
        with self._engine.begin() as connection:
            known = _known(connection, notice.terminal)
            both = min(len(known), len(notice.changes))  # a notice that was under way for long may know less
            if list(notice.changes[:both]) != known[:both]:
                log.error("%s: its notice of keys contradicts one that stands", notice.terminal)
                raise NoticeRefused("contradicts a change that stands")
            chain = self._chain(connection, notice.terminal)
            for changed in notice.changes[len(known) :]:
                _take_one(connection, chain, notice.terminal, changed, now)
        return chain.in_force.id, receipt_key_id(notice.terminal, chain.receipt_generation)

    def _chain(self, connection: Connection, terminal: str) -> KeyChain:
        chain = KeyChain(terminal, self._first[terminal])
        for changed in _known(connection, terminal):
            chain.take(changed)
        return chain


def _known(connection: Connection, terminal: str) -> list[ChangedKey]:
    query = select(key_changes).where(key_changes.c.terminal == terminal).order_by(key_changes.c.sequence)
    return [
        ChangedKey(entry=Signed(payload=row.entry, key_id=row.key_id, signature=row.signature), body=row.body)
        for row in connection.execute(query)
    ]


def _take_one(connection: Connection, chain: KeyChain, terminal: str, changed: ChangedKey, now: datetime) -> None:
    try:
        entry, change = chain.take(changed)
    except KeyChangeWrong as wrong:
        log.error("%s: its notice of keys is not taken: %s", terminal, wrong)
        raise NoticeRefused(str(wrong)) from None
    newest = connection.execute(select(func.max(intake.c.sequence)).where(intake.c.terminal == terminal)).scalar()
    if change.key == "ledger" and newest is not None and newest > entry.sequence:
        # The old key has signed what is held of the time after its end: one of the two was not this terminal's.
        log.error("%s: a change of its key at entry %d, and entry %d is held", terminal, entry.sequence, newest)
        raise NoticeRefused("stands before an entry that is held")
    connection.execute(
        insert(key_changes).values(
            terminal=terminal,
            sequence=entry.sequence,
            entry=changed.entry.payload,
            key_id=changed.entry.key_id,
            signature=changed.entry.signature,
            body=changed.body,
            received_at=now.isoformat(),
        )
    )
    log.info("%s: the key %s came into force", terminal, change.key_id)
