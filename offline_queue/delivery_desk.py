"""`kiosk.technician.DeliveryDesk`: how delivery stands, from the running sync and from the ledger beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from kiosk.offline import OfflinePolicy
from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.technician import QueueEntry, QueueHealth
from kiosk.transaction import TransactionState
from offline_queue.desk import QueueDesk
from offline_queue.status import QueueItem, QueueStatus
from offline_queue.sync import Standing

_MOST_ENTRIES = 200
_WAITING = frozenset({TransactionState.COMMITTED, TransactionState.SENT, TransactionState.HELD_BY_HUB})


class Running(Protocol):
    """The running delivery: the sync, or a training that never delivers."""

    def standing(self) -> Standing: ...

    def wake(self) -> None: ...


class SyncDesk:
    """May be called from any thread. Reads on a connection of its own, so that it never holds up a sale."""

    def __init__(self, settings: Settings, sync: Running, policy: OfflinePolicy, clock: Clock) -> None:
        self._settings = settings
        self._sync = sync
        self._policy = policy
        self._clock = clock

    def health(self) -> QueueHealth:
        """Raises KeyMistake, DatabaseUnusable."""
        desk, standing = QueueDesk(self._settings), self._sync.standing()
        status, items = desk.status(), desk.items(undecided_only=True)
        return QueueHealth(
            line_is_up=standing.line_is_up,
            waiting=status.waiting,
            oldest_waiting_at=status.oldest_waiting_at,
            sent_unknown=status.sent_unknown,
            needs_attention=status.needs_attention,
            prepared=status.prepared,
            prints_unconfirmed=status.prints_unconfirmed,
            trouble=standing.trouble,
            last_answer_at=standing.last_answer_at,
            next_try_at=standing.next_try_at,
            offline=self._policy.uses(desk.backlog(), self._clock.now()),
            entries=tuple(_entries(status, items))[:_MOST_ENTRIES],
        )

    def deliver_now(self) -> None:
        self._sync.wake()


def _entries(status: QueueStatus, items: tuple[QueueItem, ...]) -> Iterator[QueueEntry]:
    """What needs somebody first, then what is unresolved, then what waits by itself; the oldest of each first."""
    yield from (_of_item(item) for item in items if item.state is TransactionState.NEEDS_ATTENTION)
    for open_one in status.unresolved:
        yield QueueEntry(
            reference=open_one.receipt_number or open_one.reference,
            state="unprinted" if open_one.receipt_number else "prepared",
            since=open_one.since,
            attempts=0,
            why=open_one.next_step,
        )
    yield from (_of_item(item) for item in items if item.state in _WAITING)


def _of_item(item: QueueItem) -> QueueEntry:
    return QueueEntry(
        reference=item.receipt_number,
        state=item.state.value,
        since=item.committed_at,
        attempts=item.attempts,
        why=item.problem,
    )
