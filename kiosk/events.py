"""Everything that can happen during a visit: what people do, what parts report, what time does."""

from __future__ import annotations

import dataclasses
from uuid import UUID

from kiosk.catalogue import Segment
from kiosk.corrections import Correcting, Proof, Reason
from kiosk.counter import Behalf, Consent, DocumentSeen
from kiosk.documents import ScannedPage
from kiosk.failures import Money, ServiceFailure
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.front import Front
from kiosk.identity import CardReading, Portrait
from kiosk.my_requests import DocumentPaper, Request
from kiosk.parked import Draft, Parked
from kiosk.receipt import PrintState, Receipt
from kiosk.signing import PinState
from kiosk.transaction import Commitment, DeliveryOutcome, PaymentMethod
from kiosk.wire import Enquiry, Quote, Signed


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
    """The card is proven; `parked` are the cases that this person may go on with."""

    reading: CardReading
    parked: tuple[Parked, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class AccessNumberNeeded(Event):
    """The chip opens only with the number printed on the card."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class AccessNumberTyped(Event):
    """The digits as typed; they are checked by the chip."""

    digits: str


@dataclasses.dataclass(frozen=True, slots=True)
class CardProven(Event):
    """The chip is the one that was issued, as far as it can tell; its face, if any, comes with that, after the name."""

    portrait: Portrait | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class CardRefused(Event):
    """What came to light after the name: the card may not be used."""

    failure: ServiceFailure


@dataclasses.dataclass(frozen=True, slots=True)
class ServiceChosen(Event):
    service: str


@dataclasses.dataclass(frozen=True, slots=True)
class SegmentChosen(Event):
    """As whom the person comes: the home of that segment is shown."""

    segment: Segment


@dataclasses.dataclass(frozen=True, slots=True)
class BundleOpened(Event):
    """A bundle's id; "" goes back to the home."""

    bundle: str


@dataclasses.dataclass(frozen=True, slots=True)
class FrontRead(Event):
    """What is put before people, read anew while nobody is served."""

    front: Front


@dataclasses.dataclass(frozen=True, slots=True)
class Started(Event):
    """The person pressed the start card's button."""


@dataclasses.dataclass(frozen=True, slots=True)
class Answered(Event):
    """The raw text of one step's answer, as typed or chosen."""

    step: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class ScanWanted(Event):
    """A page of the document that `step` asks for lies in the scanner; it stands at the end, or where page number
    `instead_of` (from 0) stands now."""

    step: str
    instead_of: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ScanStopped(Event):
    """The person does not wait for the page any more."""


@dataclasses.dataclass(frozen=True, slots=True)
class PageScanned(Event):
    step: str
    page: ScannedPage
    instead_of: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class PageDropped(Event):
    """Page `number` (from 0) is not wanted."""

    step: str
    number: int


@dataclasses.dataclass(frozen=True, slots=True)
class FactsReceived(Event):
    """What the agency knows that was looked up by `asked`: the answer has no lines. None where it could not be asked,
    and the service can do without."""

    asked: Enquiry
    answer: Quote | None


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
    """All that one movement of money pays, in its order."""

    commitments: tuple[Commitment, ...]
    line_is_up: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryBegan(Event):
    """There is a line: the answer is waited for."""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryDecided(Event):
    """The centre's answer, or that none came in the time a person is kept waiting."""

    outcomes: tuple[DeliveryOutcome, ...]


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
class Rated(Event):
    """How the service was; `reason` where an unhappy person has said one."""

    satisfaction: Satisfaction
    reason: WhyUnhappy | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class BasketWanted(Event):
    """To the services that are ready; the one that is just checked is put beside them."""


@dataclasses.dataclass(frozen=True, slots=True)
class BasketItemOpened(Event):
    """*Change* in the basket: that service is checked again."""

    transaction: UUID


@dataclasses.dataclass(frozen=True, slots=True)
class BasketItemRemoved(Event):
    transaction: UUID


@dataclasses.dataclass(frozen=True, slots=True)
class BasketItemPaid(Event):
    """That one is paid now, by itself; the others stay."""

    transaction: UUID


@dataclasses.dataclass(frozen=True, slots=True)
class CopyWanted(Event):
    """Print a copy of the receipt."""


@dataclasses.dataclass(frozen=True, slots=True)
class PartFailed(Event):
    """A part could not go on. `money` is what is then true of the payment."""

    failure: ServiceFailure
    money: Money = Money.NOTHING


# ---------------------------------------------------------------- signing with the card


@dataclasses.dataclass(frozen=True, slots=True)
class PinStateRead(Event):
    """How the card's PIN stands, and whether it is typed on the reader's own keys."""

    state: PinState
    at_reader: bool


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class PinTyped(Event):
    """The PIN as ASCII digits, for one try; whoever gets it wipes it. Empty where it is typed on the reader's keys."""

    pin: bytearray


@dataclasses.dataclass(frozen=True, slots=True)
class LastTryAgreed(Event):
    """The person knows that one try is left and what a block means."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class ApplicationSigned(Event):
    """The signed application."""

    pdf: bytes


# ---------------------------------------------------------------- what became of earlier requests


@dataclasses.dataclass(frozen=True, slots=True)
class RequestsWanted(Event):
    """My requests."""


@dataclasses.dataclass(frozen=True, slots=True)
class RequestsReceived(Event):
    """The centre's answer: the person's requests, the newest first."""

    requests: tuple[Request, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class RequestOpened(Event):
    transaction: UUID


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentWanted(Event):
    """Print what was issued on the request that is open."""


@dataclasses.dataclass(frozen=True, slots=True)
class DocumentPrinted(Event):
    paper: DocumentPaper


# ---------------------------------------------------------------- being told by SMS


@dataclasses.dataclass(frozen=True, slots=True)
class NotifyWanted(Event):
    """The person wants to give, change or take away the number for SMS."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class PhoneTyped(Event):
    """The mobile number as typed; "" takes it away."""

    digits: str


# ---------------------------------------------------------------- a case that is kept for later


@dataclasses.dataclass(frozen=True, slots=True)
class ParkWanted(Event):
    """Save the request, to be finished later."""


@dataclasses.dataclass(frozen=True, slots=True)
class CaseParked(Event):
    """It is kept; `slip_printed` tells whether a paper with the reference came out."""

    parked: Parked
    slip_printed: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ResumeWanted(Event):
    reference: str


@dataclasses.dataclass(frozen=True, slots=True)
class CaseResumed(Event):
    """Found, and still kept: whoever takes it up says so (`Parking.taken_up`)."""

    draft: Draft
    reference: str


# ---------------------------------------------------------------- what comes from outside in the middle of a visit


@dataclasses.dataclass(frozen=True, slots=True)
class LineLost(Event):
    """The line to the centre is gone."""


@dataclasses.dataclass(frozen=True, slots=True)
class PowerLost(Event):
    """The mains is out. `minutes` is about how long the battery lasts; None where it does not tell."""

    minutes: int | None = None


# ---------------------------------------------------------------- at the counter: what a clerk does


@dataclasses.dataclass(frozen=True, slots=True)
class ReadingWanted(Event):
    """Read the card that is in the reader, whether it has just come or was there before."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class PersonTyped(Event):
    """A person without a card: the clerk saw a document and typed its number, and the name if there is one."""

    national_number: str
    name: str
    document: DocumentSeen


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class BehalfStated(Event):
    behalf: Behalf


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class FormFilled(Event):
    """All answers of the clerk's form as typed: pairs of step and text."""

    texts: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class MethodChosen(Event):
    method: PaymentMethod


@dataclasses.dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """The person agreed to the lines and the amount; NONE takes it back."""

    consent: Consent


@dataclasses.dataclass(frozen=True, slots=True)
class CashTaken(Event):
    """The clerk has the money in hand: what was handed over, in fils."""

    tendered_fils: int


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CorrectionOpened(Event):
    """What the agency refused is to be sent again, with other answers and the same money."""

    of: Correcting


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CorrectedSent(Event):
    """Two people have shown their PINs for it. `correction` is made before the first of them does."""

    correction: UUID
    reason: Reason
    requested: Proof
    approved: Proof
