"""Lets content leave the ledger once its transaction is settled and its time is over, and writes down what left.

Settled means that the centre has signed for it, with its answer on record; of what was taken back, that it has signed
for the reversal; or that it was called off before anything was delivered. What waits or needs attention never leaves.
The work is cut into steps, so that nobody who wants to write waits for it.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from kiosk.ports import Clock
from kiosk.wire import ANSWER_CONTEXT, CENTRE_KEY, Signed, encode_canonical
from offline_queue import upkeep
from offline_queue.entries import (
    OF_NO_TRANSACTION,
    EntryKind,
    Fact,
    LedgerMistake,
    Scribe,
    body_of,
    decision_in,
)
from offline_queue.ledger import SqlLedger
from offline_queue.removal import BodyKind, Removal, RemovedBody
from offline_queue.retention_due import AT_ONCE, START, Due, Place, load_due, oldest_here, settled_at
from offline_queue.retention_schedule import Schedule
from offline_queue.signing import WrongSignature, open_signed

CAUSE: Final = "retention"
_LOG = logging.getLogger(__name__)
_LONGEST_SECONDS: Final = 0.01
"""Then a step takes nothing more; its entry and its sync come after, and all of it stays below 50 ms."""

_SLOW_SECONDS: Final = 0.035
"""What a whole step takes where the disk is slow or the bodies are large: what it costs to write down what left is
known only afterwards. The next step takes half as much, and later ones a little more again."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Pass:
    """Where a look at one kind stands. `held_at` is the place before the first whose time is not over after all: the
    next pass begins there."""

    at: Place
    held_at: Place | None = None
    done: bool = False
    removed: int = 0
    kept_back: int = 0


class Retention:
    """One terminal's removals; used by one thread. A pass looks at all that has fallen due since the pass before it,
    the first one at everything. So what a clock that was set back by weeks hid is found after the next start."""

    def __init__(
        self,
        ledger: SqlLedger,
        schedule: Schedule,
        centre_key: Ed25519PublicKey,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger = ledger
        self._schedule = schedule
        self._centre_key = centre_key
        self._clock = clock
        self._monotonic = monotonic
        self._passes = {kind: _Pass(START) for kind in BodyKind}
        self._kept_back = 0
        self._seconds = _LONGEST_SECONDS

    def step(self) -> bool:
        """One transaction on disk. False where the pass is over: nothing more is due for now."""
        for kind, now in self._passes.items():
            if not now.done:
                began = self._monotonic()
                self._passes[kind] = self._ledger.upkeep(
                    lambda connection, scribe, kind=kind, now=now: self._look_on(connection, scribe, kind, now)  # type: ignore[misc]
                )
                self._take(0.5 if self._monotonic() - began > _SLOW_SECONDS else 1.25)
                return True
        self._end_pass()
        return False

    def _take(self, part: float) -> None:
        """How much the next step may take, beside this one; one body at least is always taken."""
        self._seconds = min(max(self._seconds * part, _LONGEST_SECONDS / 16), _LONGEST_SECONDS)

    def _end_pass(self) -> None:
        self._kept_back += sum(ended.kept_back for ended in self._passes.values())
        outcome = upkeep.RetentionRun(
            ended_at=self._clock.now(),
            removed=sum(ended.removed for ended in self._passes.values()),
            kept_back=self._kept_back,
            oldest_at=None,
        )
        self._passes = {kind: _Pass(ended.held_at or ended.at) for kind, ended in self._passes.items()}
        behind, behind_reversed = (
            self._passes[kind].at for kind in (BodyKind.ACCEPTED_AGREEMENT, BodyKind.REVERSED_AGREEMENT)
        )

        def work(connection: Database, _: Scribe) -> None:
            oldest = oldest_here(connection, behind, behind_reversed)
            upkeep.keep(connection, upkeep.RETENTION, msgspec.structs.replace(outcome, oldest_at=oldest))

        self._ledger.upkeep(work)

    # -- on the ledger's thread

    def _look_on(self, connection: Database, scribe: Scribe, kind: BodyKind, now: _Pass) -> _Pass:
        days, began = self._schedule.days(kind), self._monotonic()
        before = self._clock.now() - timedelta(days=days)
        due = load_due(connection, kind, before, now.at)
        leaving: list[RemovedBody] = []
        last, held_at, kept_back, up_to = now.at, now.held_at, 0, 0
        for one in due:
            if last != now.at and self._monotonic() - began > self._seconds:
                break
            if one.body_hash and body_of(connection, one.body_hash) is not None:
                settled = settled_at(connection, one, kind, before)
                if settled is None:
                    held_at = held_at or last
                elif not self._is_signed_for(connection, one, kind):
                    kept_back += 1
                else:
                    leaving.append(_remove(connection, one))
                    up_to = max(up_to, settled)
            last = one.place
        if leaving:
            _write_down(
                connection,
                scribe,
                Removal(kind=kind, days=days, count=len(leaving), up_to=up_to, bodies=tuple(leaving)),
            )
        done = len(due) < AT_ONCE and (not due or last == due[-1].place)
        return _Pass(last, held_at, done, now.removed + len(leaving), now.kept_back + kept_back)

    def _is_signed_for(self, connection: Database, one: Due, kind: BodyKind) -> bool:
        """Of what was voided nothing was ever sent. Of all else the centre's own signature has to be on record."""
        if kind is BodyKind.VOIDED_AGREEMENT:
            return True
        row = connection.execute(
            "SELECT content FROM entries JOIN bodies ON bodies.hash = body_hash "
            "WHERE transaction_id = ? AND kind = 'accepted'",
            (one.answered,),
        ).fetchone()
        try:
            if row is None:
                raise LedgerMistake("its answer is gone")
            open_signed(msgspec.json.decode(row[0], type=Signed), ANSWER_CONTEXT, self._centre_key, CENTRE_KEY)
            if decision_in(bytes(row[0]), UUID(one.answered)).result in {"accepted", "duplicate"}:
                return True
            raise LedgerMistake("the centre did not accept it")
        except (WrongSignature, LedgerMistake, msgspec.DecodeError) as why:
            _LOG.error("content stays, as no signature of the centre covers it: %s: %s", one.transaction, why)
            return False


def _remove(connection: Database, one: Due) -> RemovedBody:
    """One body may be that of several entries: PREPARED and COMMITTED share it, and it leaves for both. Its sealed copy
    leaves with it."""
    connection.execute("DELETE FROM bodies WHERE hash = ?", (one.body_hash,))
    connection.execute("DELETE FROM sealed_bodies WHERE body_hash = ?", (one.body_hash,))
    return RemovedBody(hash=one.body_hash, transaction=UUID(one.transaction), code_hash=one.code_hash)


def _write_down(connection: Database, scribe: Scribe, removal: Removal) -> None:
    fact = Fact(EntryKind.BODIES_REMOVED, OF_NO_TRANSACTION, "sync", CAUSE, body=encode_canonical(removal))
    link = scribe.append(connection, fact)
    for body in removal.bodies:
        connection.execute(
            "INSERT INTO removed_bodies (hash, sequence) VALUES (?, ?)", (body.hash, link.entry.sequence)
        )
