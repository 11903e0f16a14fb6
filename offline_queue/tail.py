"""Does the end of the chain hold? Asked at every start, in a time that does not grow with the ledger.

The links do most of it: each entry's hash stands in the next one, so the newest signature stands for all before it. An
entry that an earlier key of this terminal has signed is held by the link that the present key signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlite_utils import Database

from kiosk.wire import ENTRY_CONTEXT, Entry, Signed
from offline_queue.chain import Problem, problem
from offline_queue.entries import FIRST_PREVIOUS_HASH, digest
from offline_queue.signing import WrongSignature, open_signed

LENGTH: Final = 200
_NEWEST: Final = (
    "SELECT sequence, canonical, hash, key_id, signature FROM "
    "(SELECT * FROM entries ORDER BY sequence DESC LIMIT ?) ORDER BY sequence"
)
_LOST: Final = """
SELECT transactions.message FROM transactions
JOIN entries ON entries.sequence = committed_sequence LEFT JOIN bodies ON bodies.hash = entries.body_hash
WHERE state = 'committed' AND bodies.hash IS NULL ORDER BY transactions.message
"""


def check_tail(connection: Database, terminal: str, key: Ed25519PublicKey, key_id: str) -> Problem | None:
    """The first thing that is wrong with the newest entries. `key` is the terminal's in force, `key_id` its name."""
    return next(_problems(connection, terminal, key, key_id), None)


def lost_messages(connection: Database) -> tuple[int, ...]:
    """Messages that wait for delivery, and whose content is gone."""
    return tuple(int(row[0]) for row in connection.execute(_LOST))


def _problems(connection: Database, terminal: str, key: Ed25519PublicKey, key_id: str) -> Iterator[Problem]:
    rows = connection.execute(_NEWEST, (LENGTH,)).fetchall()
    expected, previous, own = 1, FIRST_PREVIOUS_HASH, False
    if len(rows) == LENGTH:  # what lies before is looked at by night
        expected, previous = int(rows[0][0]), ""
    for sequence, canonical, stated_hash, signed_by, signature in rows:
        place = f"entry {sequence}"
        if sequence != expected:
            yield problem(place, f"entries {expected} to {sequence - 1} are missing")
        if digest(canonical) != stated_hash:
            yield problem(place, "its hash does not fit its bytes")
        try:
            entry = msgspec.json.decode(canonical, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            yield problem(place, "cannot be read")
            return
        if (entry.sequence, entry.terminal) != (sequence, terminal):
            yield problem(place, f"says that it is entry {entry.sequence} of {entry.terminal}")
        if previous not in {"", entry.previous_hash}:
            yield problem(place, f"does not follow entry {sequence - 1}")
        own = own or signed_by == key_id
        if own:  # no earlier key signs once the present one has
            try:
                open_signed(
                    Signed(payload=canonical, key_id=signed_by, signature=signature), ENTRY_CONTEXT, key, key_id
                )
            except WrongSignature as wrong:
                yield problem(place, str(wrong))
        expected, previous = sequence + 1, digest(canonical)
