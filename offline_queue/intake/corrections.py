"""What keeps a correction from being taken: it must be of a transaction that is held here as refused, and the first.

The terminal writes a correction only after the centre's signed refusal, so nothing here depends on which of several
messages of one batch comes first. What did not prove itself was refused and never kept: a correction of it is answered
with "later", the terminal sends what it names beside it, and where that is refused once more there is nothing to take
back here. The correction then stands as the office's word.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import msgspec

from kiosk.corrections import NOT_HELD, Dispute, Reversal
from kiosk.transaction import Agreement, Ids
from kiosk.unresolved import slip_reference
from kiosk.wire import Entry, Item
from offline_queue.entries import EntryKind, ids_of
from offline_queue.intake.agencies import AgencySilent, Decision, Refusal
from offline_queue.intake.asking import Desks
from offline_queue.intake.checks import refusal
from offline_queue.intake.store import Relation, Store


class NotHeld(Exception):
    """What a correction names has not come, or not yet."""


def decide(
    store: Store, desks: Desks, item: Item, kind: str, terminal: str, *, never_kept: Collection[UUID] = ()
) -> Decision | None:
    """On a reversal, of which the agency is told, or on a dispute, which is only kept. None where it is too early.
    `never_kept` came with it and were refused for good. Raises NotHeld."""
    named = msgspec.json.decode(item.body, type=_Naming)
    if store.entry(named.of.transaction) is None:
        if named.of.transaction in never_kept:
            return Decision(reference=slip_reference(named.ids))
        raise NotHeld
    if kind == EntryKind.DISPUTED:
        dispute = msgspec.json.decode(item.body, type=Dispute)
        found = objection_to_dispute(store, dispute, terminal)
        return Decision(refusal=found, reference="" if found else slip_reference(dispute.ids))
    reversal = msgspec.json.decode(item.body, type=Reversal)
    try:
        found = objection_to_reversal(store, reversal, terminal)
    except AgencySilent:
        return None
    return desks.tell(reversal) if found is None else Decision(refusal=found)


class _Naming(msgspec.Struct):
    """The part that every correction has: its own ids, and those of what it is about."""

    ids: Ids
    of: Ids


def objection_to_reversal(store: Store, reversal: Reversal, terminal: str) -> Refusal | None:
    """None where it is taken; it then stands as the one that took the transaction back. Raises AgencySilent where
    nothing has been decided on that yet."""
    of, new = reversal.of.transaction, reversal.corrected_by
    held = _refused(store, of, terminal)
    if isinstance(held, Refusal):
        return held
    said = (reversal.of, reversal.amount_fils, reversal.receipt_number)
    if said != (ids_of(held), held.amount_fils, held.receipt_number):
        return refusal("CORRECTS_ANOTHER")
    own = reversal.ids.transaction
    first = store.link(of, Relation.REVERSED_BY, own) == own
    corrected = store.linked(of, Relation.CORRECTED_BY)  # looked at afterwards: of two at once, one sees the other
    return None if first and corrected in {None, new} else refusal("CORRECTED_BEFORE")


def objection_to_corrected(store: Store, agreement: Agreement, terminal: str) -> Refusal | None:
    """The same of a new transaction that has a refused one's money."""
    if agreement.corrects is None:
        return None
    held = _refused(store, agreement.corrects, terminal)
    if isinstance(held, Refusal):
        return held
    if held.amount_fils != agreement.total_fils:
        return refusal("CORRECTS_ANOTHER")
    new = agreement.ids.transaction
    first = store.link(agreement.corrects, Relation.CORRECTED_BY, new) == new
    by = store.linked(agreement.corrects, Relation.REVERSED_BY)
    fits = by is None or store.body(by, Reversal).corrected_by == new
    return None if first and fits else refusal("CORRECTED_BEFORE")


def objection_to_dispute(store: Store, dispute: Dispute, terminal: str) -> Refusal | None:
    """A dispute is against what is held here; whether it is right is for people to say."""
    held = store.entry(dispute.of.transaction)
    if held is None or held.terminal != terminal:
        return refusal(NOT_HELD)
    return None if ids_of(held) == dispute.of else refusal("CORRECTS_ANOTHER")


def _refused(store: Store, transaction: UUID, terminal: str) -> Entry | Refusal:
    held = store.entry(transaction)
    if held is None or held.terminal != terminal:
        return refusal(NOT_HELD)
    decided = store.decisions([transaction]).get(transaction)
    if decided is None:
        raise AgencySilent
    return held if decided.refusal is not None else refusal("CORRECTS_ACCEPTED")
