"""What staff must see after a restart: each transaction that is not settled, in one of three words, and what follows.

The three words answer a person at the window (Post Office Horizon IT Inquiry, FUJ00002273: after a recovery nobody was
told what had become of the money). A payment terminal's silence is never called a refusal.
"""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from kiosk.texts import message
from kiosk.transaction import Ids, PaymentMethod, PaymentState


class Word(enum.StrEnum):
    """Of the whole transaction; the value is what `queue status` prints."""

    DONE = "DONE"
    NOT_DONE = "NOT DONE"
    UNKNOWN = "UNKNOWN - WILL BE RESOLVED"


class Unresolved(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of money, with all that it would pay, that waits for recovery; or a transaction whose receipt has
    not come out. Nothing personal. `ids` are those of the first that is paid.

    `reference` is what the slip says, `next_step` a message id of the catalogue; `since` is when it was prepared.
    """

    reference: str
    ids: Ids
    word: Word
    next_step: str
    amount_fils: int
    since: datetime
    payment: PaymentState | None
    method: PaymentMethod | None
    receipt_number: str | None


WORD_TEXTS = {
    Word.DONE: message("Done and recorded"),
    Word.NOT_DONE: message("Not done"),
    Word.UNKNOWN: message("Unknown, will be resolved"),
}

_GIVEN_BACK = frozenset({PaymentState.VOIDED, PaymentState.REFUNDED})


def slip_reference(ids: Ids) -> str:
    """What a slip and the clerk's list call a transaction: short enough to be read out."""
    return str(ids.transaction)[-8:].upper()


def of_prepared(payment: PaymentState | None, method: PaymentMethod | None) -> tuple[Word, str]:
    """The word and the next step of a transaction that is neither committed nor voided."""
    if payment in _GIVEN_BACK:
        return Word.NOT_DONE, message("No money is held. It will be recorded as not done")
    if method is PaymentMethod.NONE:
        return Word.NOT_DONE, message("Nothing was due. It will be recorded as not done")
    if method is PaymentMethod.CASH:
        if payment is PaymentState.CAPTURED:
            return Word.UNKNOWN, message("The clerk says whether the cash was kept or given back")
        return Word.NOT_DONE, message("No cash is on record. Cash that was handed over goes back")
    if payment is PaymentState.CAPTURED:
        return Word.UNKNOWN, message("The money is taken. The transaction will be recorded by itself")
    return Word.UNKNOWN, message("The payment terminal is asked. Money taken is recorded, money held is let go")


def of_unprinted() -> tuple[Word, str]:
    """The word and the next step of a committed transaction of which no paper is on record."""
    return Word.DONE, message("The receipt is not printed yet. Print it at the window")


def of_unprintable() -> tuple[Word, str]:
    """The same once the content has left by the retention rule: nobody is sent to a printer in vain."""
    return Word.DONE, message("The receipt was never printed. Its content is no longer kept here: the centre has it")
