"""What the visit shows at one moment: its state and, frozen, everything that a page may need."""

from __future__ import annotations

import dataclasses
import enum
from typing import Literal

from kiosk.catalogue import Segment, Service, Step
from kiosk.corrections import Correcting
from kiosk.counter import MYSELF, Behalf, Consent, DocumentSeen, IdentifiedBy
from kiosk.documents import NO_PAPERS, Papers
from kiosk.failures import Money, ServiceFailure
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.front import Promoted
from kiosk.identity import Identity, Portrait
from kiosk.my_requests import DocumentPaper, Request
from kiosk.offers import Bundle
from kiosk.parked import Parked
from kiosk.receipt import PrintState, Receipt
from kiosk.search import ServiceSearch
from kiosk.signing import SigningScene
from kiosk.transaction import Commitment, DeliveryOutcome, Ids, PaymentMethod
from kiosk.wire import Fact, Quote


class State(enum.StrEnum):
    """Where a visit is. Pages are named after these."""

    IDLE = "idle"
    IDENTIFYING = "identifying"
    ACCESS_NUMBER = "access_number"
    CHOOSING_SERVICE = "choosing_service"
    START_CARD = "start_card"
    BASKET = "basket"
    STEPS = "steps"
    ENQUIRING = "enquiring"
    QUOTE = "quote"
    CHECK_ANSWERS = "check_answers"
    SIGNING = "signing"
    PAYING = "paying"
    COMMITTED = "committed"
    DELIVERY_AWAITED = "delivery_awaited"
    RECEIPT = "receipt"
    DONE = "done"
    CARD_REMOVED = "card_removed"
    TIME_WARNING = "time_warning"
    FAILED = "failed"
    PARKED = "parked"
    TAKE_CARD = "take_card"
    ASKING_REQUESTS = "asking_requests"
    MY_REQUESTS = "my_requests"
    MY_REQUEST = "my_request"
    NOTIFY_PHONE = "notify_phone"


@dataclasses.dataclass(frozen=True, slots=True)
class Browsing:
    """Where among the services a person looks: the home, a search, all agencies, one agency (by its id), or the choice
    of a segment; which page of tiles; and whether the search's keyboard is there."""

    place: Literal["home", "search", "agencies", "agency", "segments"] = "home"
    agency: str = ""
    number: int = 1
    typing: bool = True


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Scene:
    """One moment of one visit. Pages are built from it and thrown away with it; its repr shows nothing personal.

    `typed` is the text of the current step as the person left it, `proposed` the one that it began with; `mistake` is
    the message id of what to put right.
    `facts` is what the agency told before a step, `papers` are the pages scanned so far. `step_count` is 0 where the
    total could still change. `stopped_at` is the state that a pause or failure came from; `seconds` how long this state
    waits for a touch before it times out (0: for ever). `reader_failure` is set while no card can be read here.
    `way_out` is the service by which what stands in the way of this one is settled.
    `passport_inside`: it is a passport that lies in the reader.

    `assisted` says that a clerk serves; then `form` holds every answer as typed and `mistakes` what is to be put right,
    both as pairs with the step's id. `offers` are cases that this person can go on with, `parked` one that was just
    kept. `tendered_fils` is the cash that was handed over. `signature_due`: nothing is paid before the card signs.
    `correcting` is the refused transaction whose money this one has.

    `services` are those that may be had with the person's document, `withheld` the others.

    `segment` is as whom the person comes; `bundle` the bundle that is open, `bundle_done` its services that are done.
    `promoted` is for the idle page; `search` finds among the services, where it is made already.

    `can_follow`: the person can ask here what became of requests; `requests` are theirs, `request` the one that is
    open, `paper` what became of its document on paper, `printing` that it is being fetched. `may_be_told`: an SMS may
    be asked for, at `notify_phone` where that was given.

    `ids` are those of the open service. `basket` are the services that are ready, or were paid together: each as the
    scene of its own page. Where no `service` is open, the amount is theirs.
    """

    state: State
    visit: int = 0
    identity: Identity | None = None
    services: tuple[Service, ...] = ()
    withheld: tuple[Service, ...] = ()
    service: Service | None = None
    step: Step | None = None
    step_number: int = 0
    step_count: int = 0
    typed: str = ""
    proposed: str = ""
    mistake: str = ""
    answers: tuple[tuple[Step, str], ...] = ()
    facts: tuple[Fact, ...] = ()
    papers: Papers = NO_PAPERS
    quote: Quote | None = None
    picked: tuple[str, ...] = ()
    total_fils: int = 0
    method: PaymentMethod = PaymentMethod.BANK_CARD
    line_was_up: bool = True
    failure: ServiceFailure | None = None
    way_out: Service | None = None
    money: Money = Money.NOTHING
    stopped_at: State | None = None
    seconds: int = 0
    commitment: Commitment | None = None
    outcome: DeliveryOutcome | None = None
    receipt: Receipt | None = None
    print_state: PrintState | None = None
    print_failure: ServiceFailure | None = None
    copies: int = 0
    satisfaction: Satisfaction | None = None
    reason: WhyUnhappy | None = None
    reader_failure: ServiceFailure | None = None
    passport_inside: bool = False
    portrait: Portrait | None = None
    offers: tuple[Parked, ...] = ()
    parked: Parked | None = None
    slip_printed: bool = False
    assisted: bool = False
    identified_by: IdentifiedBy = IdentifiedBy.CARD
    document_seen: DocumentSeen = DocumentSeen.NONE
    behalf: Behalf = MYSELF
    consent: Consent = Consent.NONE
    form: tuple[tuple[str, str], ...] = ()
    mistakes: tuple[tuple[str, str], ...] = ()
    tendered_fils: int = 0
    signing: SigningScene | None = None
    signature_due: bool = False
    correcting: Correcting | None = None
    segment: Segment = "citizen"
    bundles: tuple[Bundle, ...] = ()
    bundle: Bundle | None = None
    bundle_done: tuple[str, ...] = ()
    promoted: tuple[Promoted, ...] = ()
    browsing: Browsing = Browsing()
    search: ServiceSearch | None = None
    can_follow: bool = False
    requests: tuple[Request, ...] = ()
    request: Request | None = None
    printing: bool = False
    paper: DocumentPaper | None = None
    may_be_told: bool = False
    notify_phone: str = ""
    ids: Ids | None = None
    basket: tuple[Scene, ...] = ()

    def __repr__(self) -> str:
        return f"Scene({self.state.value}, visit {self.visit})"
