"""What a person signs with the card, and how the card's PIN stands: what the visit and the signing page share."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date

from kiosk.failures import Failure, ServiceFailure
from kiosk.wire import Words


class PinCondition(enum.StrEnum):
    READY = "ready"
    BLOCKED = "blocked"
    NEVER_SET = "never_set"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True)
class PinRules:
    """What a kind of card wants of its PIN: fewest and most digits, and the office that sets and unblocks it."""

    fewest_digits: int
    most_digits: int
    unblocked_at: Words

    def allow(self, pin: bytes | bytearray) -> bool:
        """Whether it can be one; what cannot is never shown to a card."""
        return pin.isdigit() and self.fewest_digits <= len(pin) <= self.most_digits


@dataclasses.dataclass(frozen=True, slots=True)
class PinState:
    """`tries` is how many are left, None where the card does not tell."""

    condition: PinCondition
    rules: PinRules
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


def no_pin_to_give(failure: Failure, rules: PinRules) -> ServiceFailure:
    """PIN_BLOCKED or PIN_NEVER_SET, with the office that a person can go to."""
    return ServiceFailure(failure, words_ar=rules.unblocked_at.ar, words_en=rules.unblocked_at.en)
