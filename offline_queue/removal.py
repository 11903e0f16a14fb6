"""What the ledger says when bodies leave it: the content of a BODIES_REMOVED entry, and whether it may be believed.

A body may be missing exactly where such an entry names it, and only if its time was over then: by the days that the
entry itself states, counted from the entry that settled the transaction. Every hash stays where it was.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from kiosk.wire import Entry
from offline_queue.entries import EntryKind


class BodyKind(enum.StrEnum):
    """What may leave at all; everything else stays. The values are the keys of `assets/retention.toml`."""

    VOIDED_AGREEMENT = "voided_agreement"
    ACCEPTED_AGREEMENT = "accepted_agreement"
    RECEIPT = "receipt"
    REVERSED_AGREEMENT = "reversed_agreement"
    REVERSED_RECEIPT = "reversed_receipt"


OF_REVERSED: Final = frozenset({BodyKind.REVERSED_AGREEMENT, BodyKind.REVERSED_RECEIPT})
"""Of a transaction that was taken back. Its time begins when the centre has accepted the message that says so."""

SETTLED_BY: Final = {
    BodyKind.VOIDED_AGREEMENT: EntryKind.VOIDED,
    BodyKind.ACCEPTED_AGREEMENT: EntryKind.ACCEPTED,
    BodyKind.RECEIPT: EntryKind.ACCEPTED,
    BodyKind.REVERSED_AGREEMENT: EntryKind.REVERSED,
    BodyKind.REVERSED_RECEIPT: EntryKind.REVERSED,
}
"""Its own entry that has to stand before its content may leave."""

_AGREEMENT_LIES_IN: Final = frozenset({EntryKind.PREPARED, EntryKind.COMMITTED})  # one body, shared by both
_RECEIPT_LIES_IN: Final = frozenset({EntryKind.RECEIPT_ISSUED})
_LIES_IN: Final = {
    BodyKind.VOIDED_AGREEMENT: frozenset({EntryKind.PREPARED}),
    BodyKind.ACCEPTED_AGREEMENT: _AGREEMENT_LIES_IN,
    BodyKind.RECEIPT: _RECEIPT_LIES_IN,
    BodyKind.REVERSED_AGREEMENT: _AGREEMENT_LIES_IN,
    BodyKind.REVERSED_RECEIPT: _RECEIPT_LIES_IN,
}


class RemovedBody(msgspec.Struct, frozen=True, kw_only=True):
    """`code_hash` is of a receipt's code: with the receipt's content goes the only other place that has it."""

    hash: str
    transaction: UUID
    code_hash: str = ""


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """The body of BODIES_REMOVED. Each hash stands in it, not one hash over all: so each missing body can be explained
    by itself, also once its neighbours are gone. `days` is the schedule as it was then; `up_to` the last entry that
    had settled one of these transactions."""

    schema: int = 1
    kind: BodyKind
    days: int
    count: int
    up_to: int
    bodies: tuple[RemovedBody, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Settled:
    """The entry that accepted or voided a transaction; of one that was taken back (`kind` REVERSED) the entry that
    accepted the reversal, or, where only the transaction's own are looked at, its end."""

    kind: EntryKind
    sequence: int
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Departed:
    """One body that an entry says has left."""

    transaction: str
    code_hash: str
    kind: BodyKind
    days: int
    sequence: int
    at: datetime

    def explains(self, missing: Entry, settled: Settled | None) -> bool:
        """Whether the body of this entry was allowed to leave when it did."""
        return (
            settled is not None
            and self.transaction == str(missing.ids_transaction)
            and missing.kind in _LIES_IN[self.kind]
            and settled.kind is SETTLED_BY[self.kind]
            and settled.sequence < self.sequence
            and self.at - settled.at >= timedelta(days=self.days)
        )


def departed(entry: Entry, body: bytes) -> Iterator[tuple[str, Departed]]:
    """By hash, what a BODIES_REMOVED entry says. Raises msgspec.DecodeError."""
    removal = msgspec.json.decode(body, type=Removal)
    for gone in removal.bodies:
        yield (
            gone.hash,
            Departed(
                transaction=str(gone.transaction),
                code_hash=gone.code_hash,
                kind=removal.kind,
                days=removal.days,
                sequence=entry.sequence,
                at=entry.written_at,
            ),
        )


def unexplained(
    missing: Mapping[str, Entry], removed: Mapping[str, Departed], settled: Mapping[str, Settled]
) -> Iterator[tuple[int, str]]:
    """The entry, and what is wrong, of each body that is gone and should not be."""
    for body_hash, entry in missing.items():
        gone = removed.get(body_hash)
        if gone is None:
            yield entry.sequence, "its body is gone, and nothing says why"
        elif not gone.explains(entry, settled.get(str(entry.ids_transaction))):
            yield entry.sequence, f"its body left by entry {gone.sequence}, and its time was not over"
