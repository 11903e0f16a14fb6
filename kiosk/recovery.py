"""What to do with transactions that a power cut or a silent payment terminal left half done: one rule per state."""

from __future__ import annotations

import dataclasses
import enum
import logging
from collections.abc import Sequence
from uuid import UUID

from kiosk.failures import ServiceFailure
from kiosk.ports import Ledger, PaymentTerminal
from kiosk.transaction import Movement, PaymentMethod, PaymentState, Unfinished

CAUSE = "recovery"

log = logging.getLogger(__name__)


class Resolution(enum.StrEnum):
    VOIDED = "voided"
    COMMITTED = "committed"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True)
class Resolved:
    """What became of one unfinished transaction; UNKNOWN is asked again later."""

    unfinished: Unfinished
    resolution: Resolution


def resolve(ledger: Ledger, payments: PaymentTerminal) -> tuple[Resolved, ...]:
    """Asks the payment terminal about every unfinished movement of money, and voids or commits all that it pays. Never
    guesses.

    Call it only while no visit is under way: a transaction that is just being paid is unfinished too.
    """
    resolved: list[Resolved] = []
    for items in by_movement(ledger.unfinished()):
        resolution = _resolve(items, ledger, payments)
        resolved += [Resolved(item, resolution) for item in items]
    return tuple(resolved)


def by_movement(unfinished: Sequence[Unfinished]) -> tuple[tuple[Unfinished, ...], ...]:
    """What one movement of money pays stands together, each in its order."""
    together: dict[UUID, list[Unfinished]] = {}
    for item in unfinished:
        together.setdefault(item.movement, []).append(item)
    return tuple(tuple(items) for items in together.values())


_HELD_OR_TAKEN = frozenset({PaymentState.AUTHORISED, PaymentState.CAPTURED})
"""A payment terminal that does not know such a payment was exchanged or lost its journal: its word decides nothing."""

_NOT_TAKEN = frozenset({PaymentState.UNKNOWN, PaymentState.AUTHORISED})
"""Still waiting for a person who has left, or held. As one never heard of, it is asked to be void, so that neither a
question that lies in a buffer nor a card that is presented now can take money for what is void here."""


def settle_cash(items: Sequence[Unfinished], ledger: Ledger, *, kept: bool, cause: str) -> Resolution:
    """What a clerk says of cash that was on record when the program stopped: it lies in the drawer, or it went back.
    `items` are all that it paid.

    `cause` names who said so; the ledger keeps it. Raises NOT_SAVED.
    """
    movement = _movement(items)
    assert _method(items) is PaymentMethod.CASH
    if kept:
        ledger.commit_together(movement.transactions, cause)
        return Resolution.COMMITTED
    ledger.record_movement(movement, PaymentState.REFUNDED, cause)
    ledger.void_together(movement.transactions, cause)
    return Resolution.VOIDED


def _movement(items: Sequence[Unfinished]) -> Movement:
    return Movement(
        id=items[0].movement,
        parts=tuple(item.ids for item in items),
        amount_fils=sum(item.amount_fils for item in items),
    )


def _method(items: Sequence[Unfinished]) -> PaymentMethod:
    """Of what is free in a basket nothing is asked: the others say how it was to be paid."""
    paying = (item.method for item in items if item.method is not PaymentMethod.NONE)
    return next(paying, PaymentMethod.NONE)


def _payment(items: Sequence[Unfinished]) -> PaymentState | None:
    """What is on record of the movement: the same of each that something is due for."""
    return next((item.payment for item in items if item.amount_fils), None)


def _resolve(items: Sequence[Unfinished], ledger: Ledger, payments: PaymentTerminal) -> Resolution:
    movement = _movement(items)
    try:
        if _method(items) is not PaymentMethod.BANK_CARD:
            return _resolve_without_terminal(movement, _payment(items), ledger)
        return _ask_the_terminal(movement, _payment(items), ledger, payments)
    except ServiceFailure:
        return Resolution.UNKNOWN
    except Exception as mistake:  # the ledger forbids it, or a bug: one odd transaction never holds the others
        log.error("payment %s could not be resolved: %s", movement.id, type(mistake).__name__)
        return Resolution.UNKNOWN


def _resolve_without_terminal(movement: Movement, payment: PaymentState | None, ledger: Ledger) -> Resolution:
    """Cash, or nothing due: where no money is on record none was taken, and the person was told so."""
    if payment is PaymentState.CAPTURED:
        return Resolution.UNKNOWN  # no machine knows in whose hand it is: `settle_cash`
    ledger.void_together(movement.transactions, CAUSE)
    return Resolution.VOIDED


def _ask_the_terminal(
    movement: Movement, payment: PaymentState | None, ledger: Ledger, payments: PaymentTerminal
) -> Resolution:
    state = payments.query(movement.id)
    if state is None and payment in _HELD_OR_TAKEN:
        return Resolution.UNKNOWN
    if state is None or state in _NOT_TAKEN:
        state = payments.void(movement.id)
    if state is not payment:
        ledger.record_movement(movement, state, CAUSE)
    if state is PaymentState.CAPTURED:
        ledger.commit_together(movement.transactions, CAUSE)
        return Resolution.COMMITTED
    ledger.void_together(movement.transactions, CAUSE)
    return Resolution.VOIDED
