"""Everything that can happen during a visit: what people do, what parts report, what time does."""

from __future__ import annotations

import dataclasses

from kiosk.failures import Money, ServiceFailure
from kiosk.identity import CardReading
from kiosk.receipt import PrintState, Receipt
from kiosk.transaction import Commitment, DeliveryOutcome
from kiosk.wire import Quote, Signed


class Event:
    """The root of all events; the table of `kiosk.visit` is keyed by these classes."""

    __slots__ = ()


@dataclasses.dataclass(frozen=True, slots=True)
class CardInserted(Event):
    """A card is in the reader."""


@dataclasses.dataclass(frozen=True, slots=True)
class CardRemoved(Event):
    """The card left the reader; or a reader that was lost is back, without a card."""


@dataclasses.dataclass(frozen=True, slots=True)
class ReaderLost(Event):
    """The reader, or the card service behind it, is gone; `failure` tells which."""

    failure: ServiceFailure


@dataclasses.dataclass(frozen=True, slots=True)
class IdentityRead(Event):
    reading: CardReading


@dataclasses.dataclass(frozen=True, slots=True)
class ServiceChosen(Event):
    service: str


@dataclasses.dataclass(frozen=True, slots=True)
class Started(Event):
    """The person pressed the start card's button."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answered(Event):
    """The raw text of one step's answer, as typed or chosen."""

    step: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class QuoteReceived(Event):
    quote: Quote
    signed: Signed


@dataclasses.dataclass(frozen=True, slots=True)
class LinesPicked(Event):
    """The ids of the quote's lines that will be paid now."""

    lines: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ChangeWanted(Event):
    """*Change* on the check page: a step's id, or "" for the choice of lines."""

    step: str


@dataclasses.dataclass(frozen=True, slots=True)
class Confirmed(Event):
    """The main button of the check page, which names the act and the amount."""


@dataclasses.dataclass(frozen=True, slots=True)
class Prepared(Event):
    """The transaction is on disk; no money has moved."""


@dataclasses.dataclass(frozen=True, slots=True)
class Authorised(Event):
    """The bank holds the amount."""


@dataclasses.dataclass(frozen=True, slots=True)
class Captured(Event):
    """The amount is paid."""


@dataclasses.dataclass(frozen=True, slots=True)
class Committed(Event):
    commitment: Commitment
    line_is_up: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryBegan(Event):
    """There is a line: the answer is waited for."""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryDecided(Event):
    """The centre's answer, or that none came in the time a person is kept waiting."""

    outcome: DeliveryOutcome


@dataclasses.dataclass(frozen=True, slots=True)
class ReceiptPrinted(Event):
    """`state` is None where nothing came out; `failure` then says why."""

    receipt: Receipt
    state: PrintState | None
    failure: ServiceFailure | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Back(Event):
    """The person wants the page before."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """End visit."""


@dataclasses.dataclass(frozen=True, slots=True)
class TimedOut(Event):
    """Nobody touched the screen for as long as the state allows."""


@dataclasses.dataclass(frozen=True, slots=True)
class MoreTime(Event):
    """I need more time."""


@dataclasses.dataclass(frozen=True, slots=True)
class TryAgain(Event):
    """The failure page's way back to the step that failed."""


@dataclasses.dataclass(frozen=True, slots=True)
class AnotherService(Event):
    """Another service for the same person."""


@dataclasses.dataclass(frozen=True, slots=True)
class CopyWanted(Event):
    """Print a copy of the receipt."""


@dataclasses.dataclass(frozen=True, slots=True)
class PartFailed(Event):
    """A part could not go on. `money` is what is then true of the payment."""

    failure: ServiceFailure
    money: Money = Money.NOTHING
