"""What one signed answer of the centre means for each item of its batch: decided, put off, or not even named."""

from __future__ import annotations

import math
from collections.abc import Callable
from uuid import UUID

import msgspec

from kiosk.wire import BatchAnswer, Item, Signed
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import LONGEST_DELAY_MS, Postponed


def settle(
    ledger: SqlLedger,
    items: tuple[Item, ...],
    answer: BatchAnswer,
    signed: Signed,
    *,
    now_ms: int,
    pause: Callable[[int], float],
) -> None:
    """Stores it: all that was decided in one transaction on disk, and all that is put off in another.

    `pause(attempts)` is our own delay in seconds, where the centre asks for none or for "at once".
    """
    decided = [item for item in answer.answers if item.result != "retry_later"]
    odd = ledger.record_decisions(decided, msgspec.json.encode(signed)) if decided else ()
    later: dict[UUID, tuple[str, int]] = {item.transaction: ("not_named", 0) for item in items}
    for item in answer.answers:
        if item.result == "retry_later":
            later[item.transaction] = item.code or item.result, max(item.retry_after_seconds or 0, 0)
        elif item.transaction in odd:
            later[item.transaction] = "not_recorded", 0
        else:
            del later[item.transaction]
    if later:
        attempts = ledger.outbox.attempts(later)
        ledger.outbox.postpone(
            [
                Postponed(one, now_ms + _milliseconds(seconds or pause(attempts[one])), why)
                for one, (why, seconds) in later.items()
            ]
        )


def _milliseconds(seconds: float) -> int:
    return min(math.ceil(seconds * 1000), LONGEST_DELAY_MS)
