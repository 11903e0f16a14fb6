"""What an intake's database holds, for tests, the tour and the comparison with a terminal's ledger: ids and states."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
import sqlcipher3.dbapi2

from kiosk.wire import Words

_STORED = """
SELECT intake.transaction_id, terminal, message, sequence, received_at, decided.reference, decided.code,
       taken_back.code
FROM intake
LEFT JOIN decisions AS decided USING (transaction_id)
LEFT JOIN links ON links.transaction_id = intake.transaction_id AND links.relation = 'reversed_by'
LEFT JOIN decisions AS taken_back ON taken_back.transaction_id = links.correction_id
ORDER BY terminal, message
"""


_MESSAGES = "SELECT phone, words_ar, words_en FROM sandbox_messages ORDER BY taken_at, id"


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction that the intake keeps; nothing personal. `received` means kept and not yet decided, `reversed`
    that it was rejected, and that the centre has accepted the correction that took it back."""

    transaction: UUID
    terminal: str
    message: int
    sequence: int
    received_at: datetime
    state: Literal["received", "accepted", "rejected", "reversed"]
    reference: str
    code: str


def stored(database: Path) -> list[Stored]:
    """Reads beside a running intake, without changing anything. An intake that never started holds nothing."""
    if not database.exists():
        return []
    connection = sqlcipher3.dbapi2.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        return [_stored(row) for row in connection.execute(_STORED)]
    finally:
        connection.close()


def messages(database: Path) -> list[tuple[str, Words]]:
    """What the sandbox's carrier has taken, the oldest first: the number and the words, for the demonstration."""
    if not database.exists():
        return []
    connection = sqlcipher3.dbapi2.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    try:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sandbox_messages'").fetchone() is None:
            return []
        return [(phone, Words(ar=ar, en=en)) for phone, ar, en in connection.execute(_MESSAGES)]
    finally:
        connection.close()


def _stored(row: tuple[str, str, int, int, str, str | None, str | None, str | None]) -> Stored:
    transaction, terminal, message, sequence, received_at, reference, code, taken_back = row
    return Stored(
        transaction=UUID(transaction),
        terminal=terminal,
        message=message,
        sequence=sequence,
        received_at=datetime.fromisoformat(received_at),
        state=_state(code, taken_back),
        reference=reference or "",
        code=code or "",
    )


def _state(code: str | None, taken_back: str | None) -> Literal["received", "accepted", "rejected", "reversed"]:
    """Each code is a decision's: None where there is none, "" where it accepts."""
    if code is None:
        return "received"
    if not code:
        return "accepted"
    return "reversed" if taken_back == "" else "rejected"
