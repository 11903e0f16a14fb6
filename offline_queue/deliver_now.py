"""`queue sync`: delivers what waits while the terminal's program is stopped, until nothing more is taken."""

from __future__ import annotations

import msgspec

from offline_queue.drain import Drain
from offline_queue.ledger import SqlLedger


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """`answered` were answered for, whatever the answer; `waiting` still wait. `trouble` is a `Silence`, or ""."""

    answered: int
    waiting: int
    line_is_up: bool
    trouble: str


def deliver_now(ledger: SqlLedger, drain: Drain) -> Delivered:
    """Ends at the first step that brings nothing: no line, or the centre wants the rest later."""
    before = waiting = ledger.waiting()
    while waiting:
        drain.step(hurry=True)
        left = ledger.waiting()
        if left == waiting:
            break
        waiting = left
    return Delivered(
        answered=before - waiting,
        waiting=waiting,
        line_is_up=drain.line_is_up,
        trouble=drain.trouble.value if drain.trouble is not None else "",
    )
