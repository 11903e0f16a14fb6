"""The e-services as data: the types of a file `assets/services/<agency>/<service>.toml`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.counter import Capacity
from kiosk.fees import Condition, Tariff
from kiosk.mode import Mode
from kiosk.offline import Limits, OfflinePolicy, OfflineRule
from kiosk.transaction import PaymentMethod
from kiosk.wire import Words

StepKind = Literal[
    "choice",
    "plate",
    "national_number",
    "text",
    "number",
    "date",
    "phone",
    "amount",
    "document",
    "declaration",
]
Segment = Literal["citizen", "business", "government", "resident"]

MOST_CHARACTERS = 120
"""Of a text that a person types: a receipt and a signed page have room for no more."""

FROM_CARD = ("national_number", "passport", "document_number", "birth_date", "expiry_date")
"""What an enquiry may send that nobody types. `passport` is state and number, as `UTO-P4471203`, of whom no national
number is known; `expiry_date` is the document's."""

_Count = Annotated[int, Meta(ge=0, description="a whole number from 0")]


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer of a `choice` step."""

    id: str
    title: Words
    hint: Words | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question, one page. `when` names earlier choices that make this step apply, `unless` such that do not; one
    that is `optional` may be left empty.

    `least` and `most` bound a number, an amount (in fils), the characters of a text, the pages of a document, and a
    date by its days from today (-1 is yesterday). `script` is the letters of a text; one of "code" is a number with
    English letters in it, as of a parcel, and is kept in capitals without what stands between. `statement` is what a
    declaration says. `unit` follows a number, as "years".

    Before the step the agency is asked by the lookup `lookup`, if any. Of the facts that it answers, `shows` are told
    on the page, `prefill` is the answer to begin with, `least_by` and `most_by` are bounds of this person's own, and
    `options_by` names those options of a choice, with spaces between, that are open to this person.
    """

    id: str
    kind: StepKind
    title: Words
    label: Words
    hint: Words | None = None
    help_title: Words | None = None
    help_text: Words | None = None
    options: tuple[Option, ...] = ()
    when: Condition = {}
    unless: Condition = {}
    optional: bool = False
    least: int | None = None
    most: int | None = None
    script: Literal["any", "arabic", "latin", "code"] = "any"
    statement: Words | None = None
    unit: Words | None = None
    lookup: str = ""
    shows: tuple[str, ...] = ()
    prefill: str = ""
    least_by: str = ""
    most_by: str = ""
    options_by: str = ""
    on_receipt: bool = False


class EnquiryRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which answers the agency is asked with: `always` those, and beside them `fields`, by the answer of step `by`.
    What was not asked or left empty is not sent. The names of FROM_CARD stand for what the card says."""

    always: tuple[str, ...] = ()
    by: str = ""
    fields: dict[str, tuple[str, ...]] = {}


class Lookup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question to the agency in the middle of the service: what it knows need not be typed. `facts` are the ids of
    what it may answer. One that is `optional` may go unanswered: without a line the person types what it would say."""

    id: str
    fields: tuple[str, ...]
    facts: tuple[str, ...]
    optional: bool = False


class ForOthers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service's rule for paying what another person owes. The answer `answer` of step `by` says that it is so, and
    step `number` asks for the other's national number. `assisted` are the capacities in which a clerk may serve
    somebody for a person who is not there."""

    by: str
    answer: str
    number: str
    assisted: tuple[Capacity, ...] = ()


class OldWay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The procedure that this service replaces: what a person did, and how long it took; by which source."""

    steps: _Count
    minutes: _Count
    source: str
    provisional: bool = True


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One e-service: what it is, who it is for, what is asked, and what it costs.

    What is due is stated by the agency, in answer to `enquiry`; or it follows from published `tariffs`, and then no
    line is needed to know it. With a `signature` by "card" the person signs the request with the card's key before
    anything is paid. `offline` is what may be taken without a line; a service that does not say so needs one.

    `line_word` says what the lines are: each a "fine" or something "due" that may be paid by itself, or together one
    "fee". What is `answered` "later" is a request: what was asked for does not come with the receipt. `cards` are the
    documents that a person may be known by: whoever has another is not offered it. `card_only`: the proven card stands
    for the person, and no document that a clerk saw does. `level` is what the agency promises, `only_electronic` that
    no other way is left.
    """

    id: str
    agency: str
    agency_name: Words
    title: Words
    summary: Words
    icon: str
    minutes: int
    segments: tuple[Segment, ...]
    needs: tuple[Words, ...]
    cost: Words
    result: Words
    line_word: Literal["fine", "due", "fee"]
    steps: tuple[Step, ...]
    payment_methods: tuple[PaymentMethod, ...]
    provisional: bool
    enquiry: EnquiryRule | None = None
    tariffs: tuple[Tariff, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    for_others: ForOthers | None = None
    signature: Literal["none", "card"] = "none"
    offline: OfflineRule = OfflineRule()
    answered: Literal["at_once", "later"] = "at_once"
    cards: tuple[Literal["national", "passport"], ...] = ("national",)
    card_only: bool = False
    eligibility: tuple[Words, ...] = ()
    level: Words | None = None
    only_electronic: bool = False
    old_way: OldWay | None = None
    words: tuple[str, ...] = ()  # by which people look for it, beside its title: in either language
    uses: int = 0  # how often people used it, by a source named in its file: only the order follows from it
    taps_reason: str = ""  # why it takes more touches than the programme's measure allows, if it does

    @property
    def is_request(self) -> bool:
        """What is asked for does not come with the receipt: the agency answers later, and perhaps elsewhere."""
        return self.answered == "later"

    @property
    def pays_whole(self) -> bool:
        """The lines are one fee: there is nothing to choose among them."""
        return self.line_word == "fee"

    @property
    def has_tariff(self) -> bool:
        return bool(self.tariffs)

    def lookup(self, identifier: str) -> Lookup:
        return next(lookup for lookup in self.lookups if lookup.id == identifier)


class Agency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency's name and the public key that its quotes are checked with, by file name."""

    id: str
    name: Words


@dataclasses.dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a service's file, at which key, and what to do: for `catalogue check` and the technician."""

    file: str
    key: str
    what: str
    remedy: str

    @property
    def message(self) -> str:
        return f"{self.key}: {self.what}. {self.remedy}" if self.key else f"{self.what}. {self.remedy}"


@dataclasses.dataclass(frozen=True, slots=True)
class Catalogue:
    """The services that could be loaded, most used first, and what was wrong with the others. `kept_out` are sound,
    but not for this terminal. Of the files `partly_checked` more may be wrong than is told yet."""

    services: tuple[Service, ...]
    mistakes: tuple[Mistake, ...]
    kept_out: tuple[Service, ...] = ()
    partly_checked: tuple[str, ...] = ()

    def for_mode(self, mode: Mode) -> Catalogue:
        """In service nobody is charged by a fee or a rule that no authority has confirmed."""
        if mode is not Mode.SERVICE:
            return self
        confirmed = tuple(service for service in self.services if not service.provisional)
        provisional = tuple(service for service in self.services if service.provisional)
        return Catalogue(confirmed, self.mistakes, provisional, self.partly_checked)

    def service(self, identifier: str) -> Service:
        return next(service for service in self.services if service.id == identifier)


def offline_policy(services: Iterable[Service], terminal: Limits) -> OfflinePolicy:
    return OfflinePolicy(terminal, {service.id: service.offline for service in services})
