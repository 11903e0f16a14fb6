"""Arrears at the sandbox Greater Amman Municipality: of which account, who may see what, and what was paid already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from kiosk.wire import QuoteLine, Words

Kind = Literal["property", "licence", "violation"]


class Owed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing owed; `reason` names the text that says why it is not paid here."""

    id: str
    title: Words
    due_on: date
    amount_fils: int
    reason: str = ""


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`holders` is how the numbers end of those whose it is."""

    kind: Kind
    number: str
    holders: tuple[str, ...]
    place: Words
    lines: tuple[Owed, ...]

    def is_of(self, number: str) -> bool:
        return number.endswith(self.holders)


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """That a line was paid: once, and by which transaction."""

    transaction: str
    agreed_at: datetime


def shown_lines(account: Account, unpaid: Iterable[Owed], asker: str, reasons: dict[str, Words]) -> list[QuoteLine]:
    """Whoever pays for another learns what is owed: not where, and not since when."""
    own = account.is_of(asker)
    return [
        QuoteLine(
            id=line.id,
            title=line.title,
            place=account.place if own else None,
            occurred_on=line.due_on if own else None,
            amount_fils=line.amount_fils,
            payable=not line.reason,
            reason=reasons[line.reason] if line.reason else None,
        )
        for line in unpaid
    ]
