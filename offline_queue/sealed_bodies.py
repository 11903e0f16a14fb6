"""Each request's body, sealed to the centre, beside its hash. Sealed before a transaction begins, never within it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import partial
from typing import Final

from sqlite_utils import Database

from offline_queue.database import LedgerDatabase
from offline_queue.sealing import BODY, Sealer

_AT_A_TIME: Final = 100

_OPEN_STATES: Final = ("prepared", "committed", "needs_attention")
_UNSEALED: Final = (
    "SELECT body_hash, content FROM transactions JOIN bodies ON bodies.hash = body_hash "
    "WHERE {state} AND NOT EXISTS "
    "(SELECT 1 FROM sealed_bodies WHERE sealed_bodies.body_hash = bodies.hash AND key_id = ?) LIMIT ?"
)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class SealedBody:
    body_hash: str
    key_id: str
    sealed: bytes


def seal_body(sealer: Sealer, body: bytes, body_hash: str) -> SealedBody:
    return SealedBody(body_hash, sealer.to.id, sealer.seal(body, BODY, body_hash))


def keep(connection: Database, sealed: SealedBody) -> None:
    """Within the caller's transaction. What was sealed before to the same key stays."""
    connection.execute(
        "INSERT OR IGNORE INTO sealed_bodies (body_hash, key_id, sealed) VALUES (?, ?, ?)",
        (sealed.body_hash, sealed.key_id, sealed.sealed),
    )


def seal_what_is_open(database: LedgerDatabase, sealer: Sealer) -> None:
    """What a release before has left unsealed, or sealed to an earlier key, and the centre has not accepted yet."""
    for state in _OPEN_STATES:
        question = _UNSEALED.format(state=f"state = '{state}'")  # each state has an index of its own
        while rows := database.read(partial(_rows, question, sealer.to.id)):
            database.write(partial(_keep_all, [seal_body(sealer, body, body_hash) for body_hash, body in rows]))


def _rows(question: str, key_id: str, connection: Database) -> list[tuple[str, bytes]]:
    return [(str(row[0]), bytes(row[1])) for row in connection.execute(question, (key_id, _AT_A_TIME))]


def _keep_all(made: Iterable[SealedBody], connection: Database) -> None:
    for sealed in made:
        keep(connection, sealed)


def sealed_body_of(connection: Database, body_hash: str, key_id: str) -> bytes | None:
    row = connection.execute(
        "SELECT sealed FROM sealed_bodies WHERE body_hash = ? AND key_id = ?", (body_hash, key_id)
    ).fetchone()
    return None if row is None else bytes(row[0])
