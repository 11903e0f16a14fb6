"""What waits to be delivered: which items may be sent now, and what is known of earlier attempts.

Sending is a lease. It is written before the first byte leaves, so a crash in the middle becomes "sent, answer
unknown", and the same bytes with the same id are sent again when the lease has run out. Whether an item still waits is
the ledger's to say (`transactions.state`), never the outbox's.

Times are milliseconds since 1970 by the wall clock. A clock that was set back must not hold an item for days, so a
moment that lies further ahead than any that this module writes counts as past.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

import msgspec
from sqlite_utils import Database

from kiosk.offline import Backlog
from kiosk.wire import Item, Signed
from offline_queue.database import LedgerDatabase
from offline_queue.entries import LedgerMistake, Link
from offline_queue.named_items import named_by

LEASE_MS: Final = 60_000
LONGEST_DELAY_MS: Final = 3_600_000
_SLACK_MS: Final = 60_000  # what a clock may be put right by without any effect here

_WAITING: Final = "outbox JOIN transactions USING (message) WHERE transactions.state = 'committed'"
_DUE: Final = (
    "(leased_until_ms IS NULL OR leased_until_ms <= :now OR leased_until_ms > :now + :lease) "
    "AND (not_before_ms IS NULL OR not_before_ms <= :now OR not_before_ms > :now + :delay)"
)
_LEASE: Final = (
    "UPDATE outbox SET attempts = attempts + 1, last_attempt_ms = ?, leased_until_ms = ?, not_before_ms = NULL "
    "WHERE message = ?"
)
_PUT_OFF: Final = (
    "UPDATE outbox SET leased_until_ms = NULL, not_before_ms = :until, put_off_until_ms = :until, problem = :problem "
)
_WAITS_SINCE: Final = (
    "CASE WHEN put_off_until_ms > strftime('%s', committed_at) * 1000 "
    "THEN strftime('%Y-%m-%dT%H:%M:%SZ', put_off_until_ms / 1000, 'unixepoch') ELSE committed_at END"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Postponed:
    """An item that is not to be sent before a moment; `problem` says why, for staff."""

    transaction: UUID
    not_before_ms: int
    problem: str


class Outbox:
    """One terminal's outbox, on the ledger's thread."""

    def __init__(self, database: LedgerDatabase) -> None:
        self._database = database

    def lease(self, now_ms: int, *, limit: int, limit_bytes: int) -> tuple[Item, ...]:
        """One batch, as `lease_batches` takes several; () where nothing is due."""
        return next(iter(self.lease_batches(now_ms, batches=1, limit=limit, limit_bytes=limit_bytes)), ())

    def lease_batches(
        self, now_ms: int, *, batches: int, limit: int, limit_bytes: int, only: Collection[UUID] = ()
    ) -> tuple[tuple[Item, ...], ...]:
        """Takes what may be sent now: fewest attempts first, then oldest, so that a bad item never holds the others.

        No item is in two batches; none is empty, and an item larger than `limit_bytes` has one to itself. `only`: of
        these transactions; without any, of all.
        """

        def work(connection: Database) -> tuple[tuple[Item, ...], ...]:
            packing = _Packing(batches, limit, limit_bytes)
            for message, transaction, sequence, size, problem in _due(connection, now_ms, batches * limit, only):
                if not packing.has_room(size):
                    break
                item = _item(connection, message, transaction, sequence)
                if item is None:  # said by `queue list` and `verify`; the others go on
                    held = {"until": now_ms + LONGEST_DELAY_MS, "problem": "content_missing", "message": message}
                    connection.execute(f"{_PUT_OFF} WHERE message = :message", held)
                    continue
                connection.execute(_LEASE, (now_ms, now_ms + LEASE_MS, message))
                named = named_by(connection, item, problem)
                first = _item(connection, *named) if named is not None else None
                if first is not None:  # in the same batch, whatever room there is: the centre looks at both at once
                    packing.add(first, _size(first))
                packing.add(item, size)
            return packing.batches()

        return self._database.write(work)

    def give_back(self, transactions: Iterable[UUID], problem: str) -> None:
        """The attempt is over without an answer; `problem` says why, for staff."""
        rows = [(problem, str(transaction)) for transaction in transactions]

        def work(connection: Database) -> None:
            for row in rows:
                connection.execute(
                    "UPDATE outbox SET leased_until_ms = NULL, problem = ? WHERE transaction_id = ?", row
                )

        self._database.write(work)

    def postpone(self, later: Collection[Postponed]) -> None:
        """The centre asks for these items later, or did not name them."""
        rows = [
            {"until": one.not_before_ms, "problem": one.problem, "transaction": str(one.transaction)} for one in later
        ]

        def work(connection: Database) -> None:
            for row in rows:
                connection.execute(f"{_PUT_OFF} WHERE transaction_id = :transaction", row)

        self._database.write(work)

    def attempts(self, transactions: Iterable[UUID]) -> dict[UUID, int]:
        """How often each was sent."""
        asked = tuple(transactions)
        return self._database.read(
            lambda connection: {transaction: Outbox.attempts_of(connection, transaction) for transaction in asked}
        )

    def next_due_ms(self, now_ms: int) -> int | None:
        """When something may be sent next: `now_ms` if something may be sent now, None if nothing waits."""

        def work(connection: Database) -> int | None:
            row = connection.execute(
                "SELECT min(CASE WHEN "  # noqa: S608 -- this module's own words
                f"{_DUE} THEN :now ELSE max(coalesce(leased_until_ms, 0), coalesce(not_before_ms, 0)) END) "
                f"FROM {_WAITING}",
                {"now": now_ms, "lease": LEASE_MS + _SLACK_MS, "delay": LONGEST_DELAY_MS + _SLACK_MS},
            ).fetchone()
            return None if row[0] is None else int(row[0])

        return self._database.read(work)

    def end_leases(self) -> None:
        """At start-up: whoever held a lease is gone. The items are sent, answer unknown: the same ids go again."""
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE outbox SET leased_until_ms = NULL WHERE leased_until_ms IS NOT NULL AND transaction_id IN "
                "(SELECT transaction_id FROM transactions WHERE state = 'committed')"
            )
        )

    # -- within the ledger's own transactions

    @staticmethod
    def add(connection: Database, link: Link, body: bytes, service: str) -> None:
        """The outbox row of a committed entry, in the transaction that commits it. `service` is the body's own, so that
        what waits can be counted without opening bodies."""
        if link.entry.message is None:
            raise LedgerMistake("only a numbered message is delivered")
        item = Item(transaction=link.entry.ids_transaction, message=link.entry.message, entry=link.signed, body=body)
        _insert(connection, (item.message, str(item.transaction), link.entry.sequence, _size(item), service))

    @staticmethod
    def restore(connection: Database, message: int, transaction: UUID, sequence: int) -> None:
        """A row that is missing, from its entry. What has left by the retention rule is delivered, and has no size."""
        item = _item(connection, message, transaction, sequence)
        service = msgspec.json.decode(item.body, type=_Bought).service if item is not None else ""
        _insert(connection, (message, str(transaction), sequence, 0 if item is None else _size(item), service))

    @staticmethod
    def attempts_of(connection: Database, transaction: UUID) -> int:
        row = connection.execute("SELECT attempts FROM outbox WHERE transaction_id = ?", (str(transaction),)).fetchone()
        return 0 if row is None else int(row[0])

    @staticmethod
    def count_waiting(connection: Database) -> int:
        row = connection.execute("SELECT count(*) FROM transactions WHERE state = 'committed'").fetchone()
        return int(row[0])

    @staticmethod
    def backlog(connection: Database) -> tuple[Backlog, ...]:
        """What was sold and waits, by service. A correction waits too, and is no money that might yet be refused. What
        the centre asked for later waits for the line only from that moment on."""
        rows = connection.execute(
            f"SELECT service, count(*), sum(amount_fils), min({_WAITS_SINCE}) "  # noqa: S608 -- this module's own words
            f"FROM {_WAITING} AND body_hash <> '' GROUP BY service"
        ).fetchall()
        return tuple(
            msgspec.convert(dict(zip(Backlog.__struct_fields__, row, strict=True)), Backlog, strict=False)
            for row in rows
        )


class _Bought(msgspec.Struct):
    """What of a body is counted by."""

    service: str


def size_of(items: Iterable[Item]) -> int:
    """In bytes, as batches are packed by."""
    return sum(_size(item) for item in items)


def _size(item: Item) -> int:
    return len(msgspec.json.encode(item))


def _insert(connection: Database, row: tuple[int, str, int, int, str]) -> None:
    """Message, transaction, sequence, size in bytes, service."""
    connection.execute(
        "INSERT INTO outbox (message, transaction_id, sequence, bytes, service) VALUES (?, ?, ?, ?, ?)", row
    )


class _Packing:
    """Fills a few batches one after the other, each up to so many items and bytes."""

    def __init__(self, batches: int, limit: int, limit_bytes: int) -> None:
        self._batches: list[list[Item]] = [[]]
        self._most, self._limit, self._limit_bytes = batches, limit, limit_bytes
        self._bytes = 0

    def has_room(self, size: int) -> bool:
        """Begins the next batch where the last one is full."""
        last = self._batches[-1]
        if last and (len(last) >= self._limit or self._bytes + size > self._limit_bytes):
            if len(self._batches) == self._most:
                return False
            self._batches.append([])
            self._bytes = 0
        return True

    def add(self, item: Item, size: int) -> None:
        self._batches[-1].append(item)
        self._bytes += size

    def batches(self) -> tuple[tuple[Item, ...], ...]:
        return tuple(tuple(batch) for batch in self._batches if batch)


def _due(
    connection: Database, now_ms: int, limit: int, only: Collection[UUID]
) -> list[tuple[int, UUID, int, int, str]]:
    """Message, transaction, sequence, size and last problem of what may be sent now, in the order of sending."""
    named = "AND outbox.transaction_id IN (SELECT value FROM json_each(:only))" if only else ""
    rows = connection.execute(
        f"SELECT message, outbox.transaction_id, sequence, bytes, problem FROM {_WAITING} AND {_DUE} {named} "  # noqa: S608
        "ORDER BY attempts, message LIMIT :limit",
        {
            "now": now_ms,
            "lease": LEASE_MS + _SLACK_MS,
            "delay": LONGEST_DELAY_MS + _SLACK_MS,
            "limit": limit,
            "only": msgspec.json.encode([str(transaction) for transaction in only]).decode(),
        },
    ).fetchall()
    return [
        (int(message), UUID(transaction), int(sequence), int(size), str(problem))
        for message, transaction, sequence, size, problem in rows
    ]


def _item(connection: Database, message: int, transaction: UUID, sequence: int) -> Item | None:
    """The bytes as they were signed; nothing is encoded again. None where the body is gone."""
    row = connection.execute(
        "SELECT canonical, key_id, signature, content FROM entries LEFT JOIN bodies ON bodies.hash = entries.body_hash "
        "WHERE sequence = ?",
        (sequence,),
    ).fetchone()
    if row is None or row[3] is None:
        return None
    entry = Signed(payload=row[0], key_id=row[1], signature=row[2])
    return Item(transaction=transaction, message=message, entry=entry, body=row[3])
