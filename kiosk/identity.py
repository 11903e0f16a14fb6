"""Who is at the terminal: the identity that a card states, and how far it is proven."""

from __future__ import annotations

import dataclasses
import datetime
import enum


class Verdict(enum.StrEnum):
    """How far the card's data are proven (ICAO Doc 9303-11, passive authentication)."""

    GENUINE = "genuine"
    NOT_CHECKABLE = "not_checkable"
    FORGED = "forged"
    EXPIRED = "expired"


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """The person named by a card whose data are proven. Its repr shows nothing personal.

    Names hold the given names first, as a person is addressed. `name_arabic` is empty where the card has none.
    """

    national_number: str
    document_number: str
    name_arabic: str
    name_latin: str
    birth_date: datetime.date
    expiry_date: datetime.date
    issuing_state: str

    def __repr__(self) -> str:
        return "Identity(hidden)"

    def first_name(self, language: str) -> str:
        """The name a person is greeted by, in that language where the card has it."""
        whole = self.name_arabic if language == "ar" and self.name_arabic else self.name_latin
        return whole.split(" ", 1)[0]

    def full_name(self, language: str) -> str:
        return self.name_arabic if language == "ar" and self.name_arabic else self.name_latin


@dataclasses.dataclass(frozen=True, slots=True)
class ReadingCost:
    """What one reading cost: for the technician and the benchmarks."""

    commands: int
    bytes_sent: int
    bytes_received: int
    milliseconds: int


@dataclasses.dataclass(frozen=True, slots=True)
class CardReading:
    """The outcome of reading one card: who it names, how far that is proven and why, and what it cost."""

    identity: Identity
    verdict: Verdict
    reasons: tuple[str, ...]
    profile: str
    access: str
    cost: ReadingCost
