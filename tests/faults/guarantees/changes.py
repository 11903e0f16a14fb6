"""The changes that break a guarantee, each made to the production code in this process and taken back at the end."""

from __future__ import annotations

import contextlib
import functools
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final
from unittest.mock import patch
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import UniqueConstraint
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk import recovery
from kiosk.offline import OfflinePolicy
from kiosk.ports import Ledger, PaymentTerminal
from kiosk.recovery import Resolution
from kiosk.transaction import Agreement, Movement, PaymentState, TransactionState
from kiosk.wire import ENTRY_CONTEXT, Entry, Item, ItemAnswer, encode_canonical, ledger_key_id
from offline_queue import answers, database, drain, entries, gateway, issuing, ledger, outbox, projection
from offline_queue.corrections import SqlCorrections
from offline_queue.drain import Drain
from offline_queue.entries import Decisions, EntryKind, Fact, digest
from offline_queue.intake import checks, store
from offline_queue.intake.store import Store
from offline_queue.ledger import SqlLedger
from offline_queue.outbox import Outbox
from offline_queue.projection import TransactionRow
from offline_queue.retention import Retention
from offline_queue.schema import MIGRATIONS
from offline_queue.signing import sign
from tests.faults import power_cuts
from tests.faults.guarantees.bench import Bench
from tests.offline_queue.parts import TERMINAL

Change = Callable[[Bench], AbstractContextManager[object]]


def setting(place: Any, name: str, value: object) -> Change:
    """`value` in the place of what stands there."""
    return lambda _bench: patch.object(place, name, value)


def without(*beginnings: str) -> Change:
    """New files lack the statements of the schema that begin so."""
    kept = tuple(
        tuple(statement for statement in tables if not statement.strip().startswith(beginnings))
        for tables in MIGRATIONS
    )
    assert sum(map(len, kept)) == sum(map(len, MIGRATIONS)) - len(beginnings), "the schema has no such statement"
    return setting(database, "MIGRATIONS", kept)


# -- the file

proof_not_asked: Final[Change] = setting(Retention, "_is_signed_for", lambda *_arguments: True)

less_synced: Final[Change] = setting(
    power_cuts, "record_ledger", functools.partial(power_cuts.record_ledger, synchronous="NORMAL")
)


def number_from_a_counter(_bench: Bench) -> AbstractContextManager[object]:
    """Outside of the transaction, it is not taken back with it."""
    ask, given = ledger._last_numbers, [0]

    def take(connection: Database) -> tuple[int, int]:
        message, _ = ask(connection)
        given[0] += 1
        return message, given[0] - 1

    return patch.object(ledger, "_last_numbers", take)


def commit_written_again(_bench: Bench) -> AbstractContextManager[object]:
    known = ledger._known

    def forgetful(connection: Database, transaction: UUID) -> TransactionRow:
        row = known(connection, transaction)
        return msgspec.structs.replace(row, state=TransactionState.PREPARED, committed_sequence=None)

    return patch.object(ledger, "_known", forgetful)


def money_not_looked_at(_bench: Bench) -> AbstractContextManager[object]:
    rule = projection._committed

    def lenient(row: TransactionRow, entry: Entry) -> TransactionRow:
        return rule(msgspec.structs.replace(row, payment_state=PaymentState.CAPTURED), entry)

    return patch.object(projection, "_committed", lenient)


@contextlib.contextmanager
def chain_not_linked(bench: Bench) -> Iterator[None]:
    place = entries.last_place

    def unlinked(connection: Database) -> tuple[int, str]:
        return place(connection)[0], entries.FIRST_PREVIOUS_HASH

    with patch.object(entries, "last_place", unlinked), without("CREATE TRIGGER entries_follow_one_another")(bench):
        yield


def later_decision_wins(_bench: Bench) -> AbstractContextManager[object]:
    def decide(self: SqlLedger, connection: Database, answer: ItemAnswer, proof: bytes, _decisions: Decisions) -> None:
        row = msgspec.structs.replace(ledger._known(connection, answer.transaction), state=TransactionState.COMMITTED)
        kind = EntryKind.ACCEPTED if answer.result == "accepted" else EntryKind.NEEDS_ATTENTION
        self._write(connection, row, Fact(kind, row.ids(), "sync", "", row.amount_fils, body=proof))

    return patch.object(SqlLedger, "_decide", decide)


class _Unkeyed(dbapi2.Connection):  # type: ignore[misc]  # the library has no types
    def set_key(self, key: str) -> None:
        """Leaves the file as plain SQLite."""


key_not_set: Final[Change] = setting(dbapi2, "connect", functools.partial(dbapi2.connect, factory=_Unkeyed))
lock_not_taken: Final[Change] = setting(
    database, "fcntl", types.SimpleNamespace(flock=lambda *_: None, LOCK_EX=0, LOCK_NB=0)
)
person_named: Final[Change] = setting(ledger, "_actor", lambda *_: "citizen")
one_person_is_two: Final[Change] = setting(
    SqlCorrections, "_two_people", lambda _self, _connection, requested, approved: (requested.member, approved.member)
)
paper_not_compared: Final[Change] = setting(issuing, "_NEEDS", {})

# -- the way

lease_for_ever: Final[Change] = setting(
    outbox, "_DUE", "leased_until_ms IS NULL AND (not_before_ms IS NULL OR not_before_ms <= :now)"
)
clock_believed: Final[Change] = setting(
    outbox,
    "_DUE",
    "(leased_until_ms IS NULL OR leased_until_ms <= :now) AND (not_before_ms IS NULL OR not_before_ms <= :now)",
)
leases_outlive_start: Final[Change] = setting(Outbox, "end_leases", lambda _self: None)
batch_not_halved: Final[Change] = setting(drain, "_BATCH_MAY_BE_AT_FAULT", frozenset())
no_jitter: Final[Change] = setting(Drain, "_pause", lambda self, failures: min(self._pace.cap, 2.0 * 2.0**failures))
signature_not_checked: Final[Change] = setting(answers, "open_signed", lambda signed, *_: signed.payload)
question_not_compared: Final[Change] = setting(answers, "check_batch", lambda *_: None)
wish_not_read: Final[Change] = setting(gateway, "_retry_after", lambda _text: None)
limit_not_asked: Final[Change] = setting(OfflinePolicy, "require_room", lambda *_, **__: None)


def _on_retry(change: Callable[[Item], Item | None], attempts: int = 1) -> Change:
    """`change` is made to what is sent after so many attempts."""

    def made(_bench: Bench) -> AbstractContextManager[object]:
        read = outbox._item

        def changed(connection: Database, message: int, transaction: UUID, sequence: int) -> Item | None:
            item = read(connection, message, transaction, sequence)
            again = Outbox.attempts_of(connection, transaction) >= attempts
            return change(item) if item is not None and again else item

        return patch.object(outbox, "_item", changed)

    return made


def _encoded_again(item: Item) -> Item:
    body = msgspec.json.encode(msgspec.json.decode(item.body, type=Agreement))
    assert body != item.body
    return msgspec.structs.replace(item, body=body)


body_encoded_again: Final = _on_retry(_encoded_again)
given_up_after_five: Final = _on_retry(lambda _item: None, 5)


def new_id_on_retry(bench: Bench) -> AbstractContextManager[object]:
    """Made well: body and entry name the new id, and the terminal signs it."""

    def made_anew(item: Item) -> Item:
        agreement = msgspec.json.decode(item.body, type=Agreement)
        ids = msgspec.structs.replace(agreement.ids, transaction=uuid4())
        body = encode_canonical(msgspec.structs.replace(agreement, ids=ids))
        entry = msgspec.json.decode(item.entry.payload, type=Entry)
        entry = msgspec.structs.replace(entry, ids_transaction=ids.transaction, body_hash=digest(body))
        signed = sign(encode_canonical(entry), ENTRY_CONTEXT, bench.keys.ledger, ledger_key_id(TERMINAL))
        return Item(transaction=ids.transaction, message=item.message, entry=signed, body=body)

    return _on_retry(made_anew)(bench)


def _guess(movement: Movement, _payment: PaymentState | None, books: Ledger, _payments: PaymentTerminal) -> Resolution:
    books.void_together(movement.transactions, recovery.CAUSE)
    return Resolution.VOIDED


bank_not_asked: Final[Change] = setting(recovery, "_ask_the_terminal", _guess)

# -- the centre

entry_not_proven: Final[Change] = setting(checks, "open_signed", lambda signed, *_: signed.payload)
bytes_not_compared: Final[Change] = setting(checks, "fingerprint", lambda _item: "0" * 64)
decision_forgotten: Final[Change] = setting(Store, "decisions", lambda *_: {})


@contextlib.contextmanager
def numbers_not_unique(_bench: Bench) -> Iterator[None]:
    unique = {constraint for constraint in store.intake.constraints if isinstance(constraint, UniqueConstraint)}
    store.intake.constraints -= unique
    try:
        yield
    finally:
        store.intake.constraints |= unique
