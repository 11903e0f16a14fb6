"""Who is at the terminal: the identity that a card states, and how far it is proven."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from typing import Final, Self

from kiosk.failures import Failure, ServiceFailure


class Verdict(enum.StrEnum):
    """How far the card's data are proven (ICAO Doc 9303-11, section 5 and 6)."""

    GENUINE = "genuine"
    NOT_CHECKABLE = "not_checkable"
    FORGED = "forged"
    CLONED = "cloned"
    EXPIRED = "expired"


_OF_STATE: Final = "-"
"""Between a passport's state and its number; no national number has it."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """The person named by a card whose data are proven. Its repr shows nothing personal.

    Names hold the given names first, as a person is addressed. `name_arabic` is empty where the card has none. A person
    without a card is known by what a clerk read from a document: a number, and a name if there was one. A foreigner
    has no `national_number`: such a person is known by the passport.
    """

    national_number: str
    document_number: str = ""
    name_arabic: str = ""
    name_latin: str = ""
    birth_date: datetime.date | None = None
    expiry_date: datetime.date | None = None
    issuing_state: str = ""
    is_passport: bool = False

    def __repr__(self) -> str:
        return "Identity(hidden)"

    @property
    def number(self) -> str:
        """What the person is known by wherever one number stands for a person: the national number, else the passport;
        "" where the document has neither."""
        return self.national_number or self.passport

    @property
    def passport(self) -> str:
        """The issuing state and the number, as `UTO-P4471203`: two states may give the same number. "" of whoever has
        a national number, whatever the document."""
        if self.national_number or not (self.is_passport and self.issuing_state and self.document_number):
            return ""
        return f"{self.issuing_state}{_OF_STATE}{self.document_number}"

    @classmethod
    def known_by(cls, number: str, *, name_arabic: str = "", name_latin: str = "") -> Self:
        """Somebody of whom `number` was kept, and a name."""
        if not is_passport_number(number):
            return cls(national_number=number, name_arabic=name_arabic, name_latin=name_latin)
        state, _, document = number.partition(_OF_STATE)
        return cls(
            national_number="",
            document_number=document,
            name_arabic=name_arabic,
            name_latin=name_latin,
            issuing_state=state,
            is_passport=True,
        )

    def first_name(self, language: str) -> str:
        """The name a person is greeted by, in that language where the card has it."""
        return self.full_name(language).split(" ", 1)[0]

    def full_name(self, language: str) -> str:
        """In that language where it is known, else in the other."""
        return (self.name_arabic or self.name_latin) if language == "ar" else (self.name_latin or self.name_arabic)


def is_passport_number(number: str) -> bool:
    """Whether what a person is known by is a passport's state and number, and no national number."""
    return _OF_STATE in number


class AccessNumberWanted(Exception):
    """The card opens only with the number printed on it (CAN, Doc 9303-11, 4.4), and nobody has given it yet."""


class CardDenied(ServiceFailure):
    """What the card states may not be used: the verdict, and its reasons in words for the technician."""

    def __init__(self, failure: Failure, verdict: Verdict, reasons: tuple[str, ...], **values: str) -> None:
        super().__init__(failure, **values)
        self.verdict = verdict
        self.reasons = reasons


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Portrait:
    """The face from the card, proven and decoded: rows of RGB, 8 bits each, without gaps."""

    width: int
    height: int
    pixels: bytes

    def __repr__(self) -> str:
        return f"Portrait({self.width} x {self.height})"


@dataclasses.dataclass(frozen=True, slots=True)
class Phase:
    """One part of a reading, as "access" or "identity", and what it cost."""

    name: str
    commands: int
    milliseconds: float


@dataclasses.dataclass(frozen=True, slots=True)
class ReadingCost:
    """What one reading cost: for the technician and the benchmarks."""

    commands: int
    bytes_sent: int
    bytes_received: int
    milliseconds: int
    phases: tuple[Phase, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class CardReading:
    """The outcome of reading one card up to the name: who it names, how far that is proven and why, and what it cost.

    `access` is how it was opened: "PACE-CAN" or "PACE-MRZ", either with "-CAM", "BAC" or "plain".
    """

    identity: Identity
    verdict: Verdict
    reasons: tuple[str, ...]
    profile: str
    access: str
    cost: ReadingCost


@dataclasses.dataclass(frozen=True, slots=True)
class CompletedReading:
    """The rest of the same card, read while the person is served already: whether its chip is the one that was issued
    (or why that cannot be known), and the face, where there is one that can be decoded. `cost` is of the whole."""

    verdict: Verdict
    reasons: tuple[str, ...]
    portrait: Portrait | None
    cost: ReadingCost
