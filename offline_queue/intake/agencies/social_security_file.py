"""What the invented Social Security has on file: its rules and persons, and each person's subscription as it is now."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import Final

import msgspec

from kiosk.texts import LEGAL_TIME
from offline_queue.intake.agencies.book import Book
from offline_queue.intake.agencies.social_security_rules import (
    Rule,
    Sex,
    Span,
    Subscription,
    following,
    in_force,
    month_of,
)

SUBSCRIPTION: Final = "subscription"
"""The kind of record, by the person's number."""


class Subscribed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`months_due` counts back from the month of whichever day it is: a demonstration never grows arrears by itself."""

    since: date
    wage_fils: int
    months_due: int = 0


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An invented person. `born_on` is told where a card does not tell it, `employed` are the months for which an
    employer paid contributions."""

    national_number_ending: str
    sex: Sex
    born_on: date | None = None
    insured: bool = False
    pension: bool = False
    employed: tuple[Span, ...] = ()
    subscribed: Subscribed | None = None


class OnFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...]
    others: Person
    persons: tuple[Person, ...]
    statement_minutes: int

    def person(self, national_number: str) -> Person:
        known = (one for one in self.persons if national_number.endswith(one.national_number_ending))
        return next(known, self.others)

    def rule(self, day: date) -> Rule | None:
        return in_force(self.rules, day)

    def subscription(self, book: Book, national_number: str, day: date) -> Subscription | None:
        """As it was written last; else as it ships, on that day."""
        written = book.read(SUBSCRIPTION, national_number, Subscription)
        first = self.person(national_number).subscribed
        if written is not None or first is None:
            return written
        paid_until = following(month_of(day), -1 - first.months_due)
        return Subscription(since=first.since, paid_until=paid_until, wage_fils=first.wage_fils)


def today(book: Book) -> date:
    """The day in Jordan."""
    return book.now.astimezone(LEGAL_TIME).date()


def on_file() -> OnFile:
    """The invented data of `social_security.toml`."""
    file = resources.files("offline_queue.intake.agencies") / "social_security.toml"
    return msgspec.toml.decode(file.read_bytes(), type=OnFile)
