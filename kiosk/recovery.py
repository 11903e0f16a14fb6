"""What to do with transactions that a power cut or a silent payment terminal left half done: one rule per state."""

from __future__ import annotations

import dataclasses
import enum
import logging

from kiosk.failures import ServiceFailure
from kiosk.ports import Ledger, PaymentTerminal
from kiosk.transaction import PaymentMethod, PaymentState, Unfinished

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
    """Asks the payment terminal about every unfinished transaction, and voids or commits it. Never guesses.

    Call it only while no visit is under way: a transaction that is just being paid is unfinished too.
    """
    return tuple(Resolved(item, _resolve(item, ledger, payments)) for item in ledger.unfinished())


_HELD_OR_TAKEN = frozenset({PaymentState.AUTHORISED, PaymentState.CAPTURED})
"""A payment terminal that does not know such a payment was exchanged or lost its journal: its word decides nothing."""

_NOT_TAKEN = frozenset({PaymentState.UNKNOWN, PaymentState.AUTHORISED})
"""Still waiting for a person who has left, or held. As one never heard of, it is asked to be void, so that neither a
question that lies in a buffer nor a card that is presented now can take money for what is void here."""


def settle_cash(item: Unfinished, ledger: Ledger, *, kept: bool, cause: str) -> Resolution:
    """What a clerk says of cash that was on record when the program stopped: it lies in the drawer, or it went back.

    `cause` names who said so; the ledger keeps it. Raises NOT_SAVED.
    """
    assert item.method is PaymentMethod.CASH
    if kept:
        ledger.commit(item.ids.transaction, cause)
        return Resolution.COMMITTED
    ledger.record_payment(item.ids.payment, item.ids.transaction, PaymentState.REFUNDED, cause)
    ledger.void(item.ids.transaction, cause)
    return Resolution.VOIDED


def _resolve(item: Unfinished, ledger: Ledger, payments: PaymentTerminal) -> Resolution:
    try:
        if item.method is not PaymentMethod.BANK_CARD:
            return _resolve_without_terminal(item, ledger)
        return _ask_the_terminal(item, ledger, payments)
    except ServiceFailure:
        return Resolution.UNKNOWN
    except Exception as mistake:  # the ledger forbids it, or a bug: one odd transaction never holds the others
        log.error("transaction %s could not be resolved: %s", item.ids.transaction, type(mistake).__name__)
        return Resolution.UNKNOWN


def _resolve_without_terminal(item: Unfinished, ledger: Ledger) -> Resolution:
    """Cash, or nothing due: where no money is on record none was taken, and the person was told so."""
    if item.payment is PaymentState.CAPTURED:
        return Resolution.UNKNOWN  # no machine knows in whose hand it is: `settle_cash`
    ledger.void(item.ids.transaction, CAUSE)
    return Resolution.VOIDED


def _ask_the_terminal(item: Unfinished, ledger: Ledger, payments: PaymentTerminal) -> Resolution:
    ids = item.ids
    state = payments.query(ids.payment)
    if state is None and item.payment in _HELD_OR_TAKEN:
        return Resolution.UNKNOWN
    if state is None or state in _NOT_TAKEN:
        state = payments.void(ids.payment)
    if state is not item.payment:
        ledger.record_payment(ids.payment, ids.transaction, state, CAUSE)
    if state is PaymentState.CAPTURED:
        ledger.commit(ids.transaction, CAUSE)
        return Resolution.COMMITTED
    ledger.void(ids.transaction, CAUSE)
    return Resolution.VOIDED
