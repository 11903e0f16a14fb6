"""What a correction names and the centre does not hold goes to it again, before the correction: the bytes as they were.

The centre has answered for it once, with a refusal. It did not keep what did not prove itself, and may have been
restored from a copy since.
"""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.corrections import NOT_HELD
from kiosk.transaction import Ids
from kiosk.wire import Item


class _Naming(msgspec.Struct):
    """The part of a correction that says of what it is."""

    of: Ids


def named_by(connection: Database, item: Item, problem: str) -> tuple[int, UUID, int] | None:
    """Message, transaction and sequence of what has to go first; None where nothing has. `problem` is why the item was
    put off the last time."""
    if problem != NOT_HELD:
        return None
    try:
        named = msgspec.json.decode(item.body, type=_Naming).of.transaction
    except (msgspec.DecodeError, UnicodeDecodeError):  # a sale, of which no centre says this
        return None
    row = connection.execute("SELECT message, sequence FROM outbox WHERE transaction_id = ?", (str(named),)).fetchone()
    return None if row is None else (int(row[0]), named, int(row[1]))
