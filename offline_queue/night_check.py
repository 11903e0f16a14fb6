"""Reads the whole chain again at night and compares the projections with it, in small parts, while nobody is served.

Each part is one short view of the file on a connection of its own, which neither holds the ledger's thread nor keeps
the write-ahead log from being emptied. What was read is remembered by sequence, so a night that is too short, a person
at the terminal or a power cut costs nothing: it goes on from there.

A problem found here lies behind entries that still hold, so selling goes on: what is sold now is chained to a sound
end, and closing the office would bring nothing back. It is said to staff until somebody has seen to it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from kiosk.ports import Clock
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Entry
from offline_queue import upkeep
from offline_queue.chain import Problem, Sum, problem, walk
from offline_queue.database import open_reader
from offline_queue.entries import EntryKind, body_of, digest
from offline_queue.ledger import SqlLedger
from offline_queue.night_comparison import BEFORE_ALL, compare_these, next_transactions
from offline_queue.removal import SETTLED_BY, Settled, departed
from offline_queue.upkeep import NIGHT, NIGHT_UNDER_WAY, NightCheck

FROM_HOUR, TO_HOUR = 2, 4
"""By legal time: no office is open."""

_AT_ONCE: Final = 200
_COMPARED_AT_ONCE: Final = 40
"""Transactions, each of some seven entries."""

_KEEP_EVERY: Final = 25
_PAUSE_SECONDS: Final = 0.05
_LOOK_EVERY_SECONDS: Final = 60.0
_LOWEST_PRIORITY: Final = 19
_LOG = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Chain:
    """Where a terminal's chain lies, and whose signatures it must carry; `first_key` is its first ledger key."""

    file: Path
    database_key: bytes
    terminal: str
    first_key: Ed25519PublicKey


class NightWatch:
    """A thread of its own, at the lowest priority. `is_quiet` says whether nobody is being served.

    `start` once, `close` once.
    """

    def __init__(self, chain: Chain, ledger: SqlLedger, clock: Clock, is_quiet: Callable[[], bool]) -> None:
        self._chain = chain
        self._ledger = ledger
        self._clock = clock
        self._is_quiet = is_quiet
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="night check", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST_PRIORITY)
        while True:
            try:
                self.look()
            except Exception as error:  # the thread's one boundary; the missing result says it to the technician
                _LOG.error("the night check stumbled: %s", type(error).__name__)
            if self._closing.wait(_LOOK_EVERY_SECONDS):
                return

    def look(self) -> None:
        """Reads on if it is time to; until the end, the end of the night, or somebody comes."""
        if not self._may_go_on():
            return
        with contextlib.closing(open_reader(self._chain.file, self._chain.database_key)) as reader:
            last = upkeep.load(reader, NIGHT, NightCheck)
            if last is not None and last.ended_at is not None and _night_of(last.ended_at) == self._tonight():
                return
            self._read_on(reader, upkeep.load(reader, NIGHT_UNDER_WAY, NightCheck) or self._begun())

    def _read_on(self, reader: Database, now: NightCheck) -> None:
        if now.ended_at is not None:
            now = self._begun()
        steps = 0
        while self._may_go_on() and now.ended_at is None:
            now = read_part(reader, self._chain, now, self._clock.now())
            steps += 1
            if steps % _KEEP_EVERY == 0:
                self._keep(now)
            self._closing.wait(_PAUSE_SECONDS)
        self._keep(now)
        if now.problems and now.ended_at is not None:
            _LOG.error("the ledger does not hold in %d places, the first at %s", now.problems, now.first)

    def _keep(self, now: NightCheck) -> None:
        def work(connection: Database, _: object) -> None:
            upkeep.keep(connection, NIGHT_UNDER_WAY, now)
            if now.ended_at is not None:
                upkeep.keep(connection, NIGHT, now)

        self._ledger.upkeep(work)

    def _begun(self) -> NightCheck:
        return NightCheck(began_at=self._clock.now(), reached=0, problems=0, first="", ended_at=None)

    def _may_go_on(self) -> bool:
        hour = self._clock.now().astimezone(LEGAL_TIME).hour
        return FROM_HOUR <= hour < TO_HOUR and self._is_quiet() and not self._closing.is_set()

    def _tonight(self) -> date:
        return _night_of(self._clock.now())


def read_part(reader: Database, chain: Chain, now: NightCheck, at: datetime) -> NightCheck:
    """The next entries behind `now.reached`, then the next transactions behind `now.compared`; each part in one
    consistent view."""
    reader.execute("BEGIN")
    try:
        return _compare_on(reader, now, at) if now.compared else _read_chain_on(reader, chain, now)
    finally:
        reader.execute("COMMIT")


def _read_chain_on(reader: Database, chain: Chain, now: NightCheck) -> NightCheck:
    found = Sum()
    problems = list(
        walk(reader, found, chain.terminal, chain.first_key, None, behind=now.reached, limit=_AT_ONCE, look=_look)
    )
    return msgspec.structs.replace(
        _with(now, problems),
        reached=max(now.reached, found.last),
        compared=BEFORE_ALL if found.entries < _AT_ONCE else "",
    )


def _compare_on(reader: Database, now: NightCheck, at: datetime) -> NightCheck:
    transactions = next_transactions(reader, now.compared, _COMPARED_AT_ONCE)
    problems = list(compare_these(reader, transactions))
    return msgspec.structs.replace(
        _with(now, problems),
        compared=transactions[-1] if transactions else now.compared,
        ended_at=at if len(transactions) < _COMPARED_AT_ONCE else None,
    )


def _with(now: NightCheck, problems: list[Problem]) -> NightCheck:
    first = now.first or (f"{problems[0].place}: {problems[0].what}" if problems else "")
    return msgspec.structs.replace(now, problems=now.problems + len(problems), first=first)


def _look(
    connection: Database, _found: Sum, entry: Entry, place: str, _centre_key: Ed25519PublicKey | None
) -> Iterator[Problem]:
    """Beside the chain itself: each body fits its hash, or an entry says why it is gone."""
    if not entry.body_hash:
        return
    body = body_of(connection, entry.body_hash)
    if body is None and not _is_explained(connection, entry):
        yield problem(place, "its body is gone, and no entry gives a reason that holds")
    elif body is not None and digest(body) != entry.body_hash:
        yield problem(place, "its body was changed")


def _is_explained(connection: Database, entry: Entry) -> bool:
    row = connection.execute(
        "SELECT canonical, content FROM removed_bodies JOIN entries USING (sequence) "
        "JOIN bodies ON bodies.hash = entries.body_hash WHERE removed_bodies.hash = ?",
        (entry.body_hash,),
    ).fetchone()
    if row is None:
        return False
    try:
        removal = msgspec.json.decode(row[0], type=Entry)
        gone = dict(departed(removal, row[1])).get(entry.body_hash)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    if gone is None or removal.kind != EntryKind.BODIES_REMOVED:
        return False
    return gone.explains(entry, _settled(connection, entry, SETTLED_BY[gone.kind]))


def _settled(connection: Database, entry: Entry, kind: EntryKind) -> Settled | None:
    row = connection.execute(
        "SELECT sequence, written_at FROM entries WHERE transaction_id = ? AND kind = ?",
        (str(entry.ids_transaction), kind),
    ).fetchone()
    return None if row is None else Settled(kind, int(row[0]), msgspec.convert(row[1], datetime))


def _night_of(moment: datetime) -> date:
    return moment.astimezone(LEGAL_TIME).date()
