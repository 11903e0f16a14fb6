"""What a person signs with the card, and how the card's PIN stands: what the visit and the signing page share."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date

from kiosk.wire import Words


class PinCondition(enum.StrEnum):
    READY = "ready"
    BLOCKED = "blocked"
    NEVER_SET = "never_set"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True)
class PinState:
    """`tries` is how many are left, None where the card does not tell."""

    condition: PinCondition
    tries: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Application:
    """The request that is signed, as it stands on the paper: `rows` are labels and answers in both languages."""

    title: Words
    agency: Words
    rows: tuple[tuple[Words, Words], ...]
    reference: str
    stated_on: date
    holder_ar: str
    holder_en: str
    national_number: str


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class SigningScene:
    """One moment of signing. `pin` is None until the card has answered; `at_reader`: the reader has keys of its own for
    the PIN; `mistake` is the message id of what to put right; `working`: the card is asked, or signs."""

    application: Application
    pin: PinState | None = None
    at_reader: bool = False
    mistake: str = ""
    last_try_agreed: bool = False
    working: bool = False
