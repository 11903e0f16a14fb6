"""The basket of one visit: several services, each as it was checked, paid at once or one by one.

Each stays a transaction of its own with its own ids and receipt; the basket's id they share. The functions change the
case of the visit; who is there is always the case's own knowledge, never the basket's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from kiosk.agreed import agreement_of, receipt_facts_of
from kiosk.case import Case
from kiosk.counter import Consent
from kiosk.failures import Money
from kiosk.receipt import ReceiptFacts
from kiosk.receipt_facts import rows_of_basket
from kiosk.transaction import Agreement, Movement, PaymentMethod, Together
from kiosk.wire import Words

MOST_SERVICES: Final = 6
"""In one basket: as many as a person can look over."""


def put_aside(case: Case) -> None:
    """What was checked goes into the basket; the same asked for again takes the place of what it was."""
    entry = dataclasses.replace(case, basket=(), settling=())
    rest = case.same_person()
    others = tuple(other for other in case.basket if not _is_same_request(other, entry))
    rest.basket, rest.line_was_up = (*others, entry), case.line_was_up
    case.become(rest)


def _is_same_request(one: Case, other: Case) -> bool:
    if (one.service, one.agreed_answers(), one.behalf) != (other.service, other.agreed_answers(), other.behalf):
        return False
    return one.pays_whole() or one.picked == other.picked


def take_out(case: Case, transaction: UUID) -> bool:
    """Opens a service of the basket again; whether it was there."""
    found = entry_of(case, transaction)
    if found is None:
        return False
    opened = dataclasses.replace(
        found,
        identity=case.identity,
        portrait=case.portrait,
        offers=case.offers,
        consent=Consent.NONE,  # it was to the sum, if at all
        card_stayed=case.card_stayed,
        card_proven=case.card_proven,
        clerk_sees_who=case.clerk_sees_who,
        remembered=case.remembered,
        basket=_without(case, found),
    )
    case.become(opened)
    return True


def throw_out(case: Case, transaction: UUID) -> None:
    case.basket = _without(case, entry_of(case, transaction))


def _without(case: Case, gone: Case | None) -> tuple[Case, ...]:
    return tuple(entry for entry in case.basket if entry is not gone)


def entry_of(case: Case, transaction: UUID) -> Case | None:
    return next((one for one in case.basket if one.ids is not None and one.ids.transaction == transaction), None)


def unpaid(case: Case) -> tuple[Case, ...]:
    """What is in the basket and still to be paid; nothing of it while nobody knows whether it was."""
    if case.service is None and case.money is not Money.NOTHING:
        return ()
    return tuple(entry for entry in case.basket if entry.commitment is None)


def renew_ids(case: Case, new_id: Callable[[], UUID]) -> None:
    """What was to be paid is void: under other ids it is paid next, all of a basket under another basket's."""
    if case.service is not None:
        case.open_ids(new_id)
        return
    basket = new_id()
    for entry in case.basket:
        entry.open_ids(new_id, basket)


# ---------------------------------------------------------------- what is paid at once


def settle(case: Case, now: datetime, served_by: str) -> tuple[Agreement, ...]:
    """From here on `case.settling` is paid: of each its agreement. The way to pay, and the consent, are for all of
    it."""
    case.settling, case.paper_of = case.ready(), 0
    for entry in case.settling:
        entry.method, entry.consent, entry.card_stayed = case.method, case.consent, case.card_stayed
    together = _together(case)
    return tuple(agreement_of(entry, now, served_by, together) for entry in case.settling)


def movement_of(case: Case) -> Movement:
    """What is being paid. Of several, the payment terminal knows it by the basket's id."""
    ids = tuple(entry.ids for entry in case.settling if entry.ids is not None)
    return Movement(
        id=ids[0].payment if len(ids) == 1 else ids[0].basket,
        parts=ids,
        amount_fils=sum(entry.total_fils() for entry in case.settling),
    )


def _together(case: Case) -> Together | None:
    if len(case.settling) == 1:
        return None
    movement = movement_of(case)
    return Together(movement=movement.id, total_fils=movement.amount_fils, count=len(movement.parts))


def receipt_facts(case: Case, place: int, office: Words) -> ReceiptFacts:
    """What the receipt of one of `case.settling` says; of several, also with what it was paid."""
    facts, count = receipt_facts_of(case.settling[place], office), len(case.settling)
    if count == 1:
        return facts
    tendered = case.tendered_fils if case.paid_by() is PaymentMethod.CASH else None
    rows = rows_of_basket(place + 1, count, movement_of(case).amount_fils, tendered)
    return msgspec.structs.replace(facts, rows=(*facts.rows, *rows), tendered_fils=None)
