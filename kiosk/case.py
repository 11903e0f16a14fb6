"""What one visit knows: everything personal in one place, so that ending the visit forgets it in one step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Final
from uuid import UUID

import msgspec

from kiosk import forms
from kiosk.catalogue import Segment, Service, Step
from kiosk.corrections import Correcting
from kiosk.counter import MYSELF, Behalf, Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.documents import NO_PAPERS, Papers
from kiosk.failures import Money, ServiceFailure
from kiosk.feedback import Satisfaction, WhyUnhappy
from kiosk.front import may_be_had
from kiosk.identity import Identity, Portrait
from kiosk.my_requests import DocumentPaper, Request
from kiosk.parked import Parked
from kiosk.receipt import PrintState, Receipt
from kiosk.scene import State
from kiosk.shown_answers import as_typed
from kiosk.signing import SigningScene
from kiosk.texts import LEGAL_TIME
from kiosk.transaction import (
    Commitment,
    DeliveryOutcome,
    Ids,
    PaymentMethod,
)
from kiosk.wire import Enquiry, Fact, Quote, QuoteLine, Signed, Words

_SAID_ONCE: Final = frozenset({"plate", "phone", "national_number", "date", "number", "text"})
"""Kinds of questions whose answer is offered where another service of the visit asks the same (a step of the same
name): facts. A choice, a declaration and an amount belong to their service."""

_IN_BASKET: Final = Words(ar="في السلة", en="In your basket already")


@dataclasses.dataclass(slots=True, repr=False)
class Case:
    """One customer's visit so far: the service that is open, and the basket of those that are ready. Made new for every
    visit and dropped whole at its end.

    `card_stayed`: the card that `identity` was read from has been in the reader ever since. Without that nobody can say
    whose card is in it now. `card_proven`: its chip too is the one that was issued.
    """

    identity: Identity | None = None
    identified_by: IdentifiedBy = IdentifiedBy.CARD
    document_seen: DocumentSeen = DocumentSeen.NONE
    access_number: str = ""
    portrait: Portrait | None = None
    offers: tuple[Parked, ...] = ()
    behalf: Behalf = MYSELF
    card_stayed: bool = False
    card_proven: bool = False
    segment: Segment | None = None  # None: what the person's document says
    bundle: str = ""
    bundle_done: tuple[str, ...] = ()
    clerk_sees_who: bool = False  # it was taken up at the counter, where the person stands
    service: Service | None = None
    ids: Ids | None = None
    position: int = 0
    changing: bool = False
    answers: dict[str, str] = dataclasses.field(default_factory=dict)
    typed: str = ""
    mistake: str = ""
    form: dict[str, str] = dataclasses.field(default_factory=dict)
    mistakes: dict[str, str] = dataclasses.field(default_factory=dict)
    facts: dict[str, Fact] = dataclasses.field(default_factory=dict)  # what lookups told
    looked_up: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)  # by lookup: what it was asked with
    looking_up: bool = False
    papers: Papers = NO_PAPERS  # in memory alone: a request that is kept for later begins its documents anew
    quote: Quote | None = None
    signed_quote: Signed | None = None
    picked: tuple[str, ...] = ()
    method: PaymentMethod = PaymentMethod.BANK_CARD
    consent: Consent = Consent.NONE
    tendered_fils: int = 0
    line_was_up: bool = True
    cancel_wanted: bool = False
    left_alone: bool = False  # the wish to cancel came from the clock
    stopped_at: State | None = None
    failure: ServiceFailure | None = None
    money: Money = Money.NOTHING
    times_asked: int = 0  # for a payment that nobody knows of
    commitment: Commitment | None = None
    outcome: DeliveryOutcome | None = None
    receipt: Receipt | None = None
    print_state: PrintState | None = None
    print_failure: ServiceFailure | None = None
    copies: int = 0
    satisfaction: Satisfaction | None = None
    reason: WhyUnhappy | None = None
    parked: Parked | None = None
    slip_printed: bool = False
    correcting: Correcting | None = None
    signing: SigningScene | None = None
    signed_application: bytes = b""  # a PDF; of these answers, this quote and this amount
    notify_phone: str = ""
    requests: tuple[Request, ...] = ()
    request: UUID | None = None  # the one that is open
    printing: bool = False  # its document
    paper: DocumentPaper | None = None
    once_signed: State = State.PAYING  # where the visit goes on then
    basket: tuple[Case, ...] = ()  # each with its answers, its quote and its choice
    settling: tuple[Case, ...] = ()  # what is paid at once: this case, or its basket
    paper_of: int = 0  # which of these has its receipt printed
    remembered: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)  # of this visit: by step and kind

    def is_still_there(self) -> bool:
        """Whether the person of `identity` must be the one who is here now: the card has stayed in, or a clerk sees
        who it is."""
        by_document = self.identity is not None and self.identified_by is IdentifiedBy.DOCUMENT
        return self.card_stayed or self.clerk_sees_who or by_document

    # -- the questions

    def steps(self) -> tuple[Step, ...]:
        return forms.applicable(self.service.steps, self.answers) if self.service else ()

    def step(self) -> Step | None:
        steps = self.steps()
        return steps[self.position] if self.position < len(steps) else None

    def unanswered(self) -> int | None:
        """The position of the first applicable step without an answer."""
        return next((at for at, step in enumerate(self.steps()) if step.id not in self.answers), None)

    def go_to_step(self, position: int) -> None:
        self.position = position
        step = self.step()
        self.typed = self.to_begin_with(step) if step else ""
        self.mistake = ""

    def to_begin_with(self, step: Step) -> str:
        """As it would have been typed: the answer so far, else what the agency has on file, else what was said for
        another service of this visit."""
        if step.id in self.answers:
            return as_typed(step, self.answers[step.id])
        fact = self.facts.get(step.prefill)
        known = fact.value if fact else self.remembered.get((step.id, step.kind), "")
        return as_typed(step, known) if known else ""

    def said(self, step: Step, text: str) -> str:
        """What counts as the answer: of a document the pages that were scanned, whatever was typed."""
        if step.kind != "document":
            return text
        count = len(self.papers.of(step.id))
        return str(count) if count else ""

    def drop_what_was_known_by(self, changed: Step) -> None:
        """Answers that began with what the agency told of this one's old answer: they are of something else now."""
        assert self.service is not None
        for step in self.service.steps:
            if step.prefill and step.lookup and changed.id in self.service.lookup(step.lookup).fields:
                self.answers.pop(step.id, None)

    def keep_papers(self, step: Step, papers: Papers) -> None:
        """Other pages than those that were agreed to; with too few of them the question is open again."""
        self.papers = papers
        self._drop_agreement()
        if self.answers.pop(step.id, "") and len(papers.of(step.id)) >= (step.least or 1):
            self.answers[step.id] = self.said(step, "")
        elif not step.optional:
            self.drop_quote()

    def known(self, now: datetime) -> forms.Known:
        return forms.Known(now.astimezone(LEGAL_TIME).date(), {fact.id: fact.value for fact in self.facts.values()})

    # -- what the agency knows

    def lookup_due(self, terminal: str) -> Enquiry | None:
        """What is to be asked before the present step: nothing where it was asked with the same answers already."""
        step = self.step()
        if self.service is None or step is None or not step.lookup:
            return None
        fields = self._sent(self.service.lookup(step.lookup).fields)
        if self.looked_up.get(step.lookup) == fields:
            return None
        return Enquiry(terminal=terminal, service=self.service.id, fields=fields, lookup=step.lookup)

    def take_facts(self, asked: Enquiry, answer: Quote | None) -> None:
        """Only what the service says that it may tell; what was told before is not true of other answers."""
        assert self.service is not None
        allowed = self.service.lookup(asked.lookup).facts
        self.looked_up[asked.lookup] = asked.fields
        self.facts = {name: fact for name, fact in self.facts.items() if name not in allowed}
        if answer is not None:
            self.facts |= {fact.id: fact for fact in answer.facts if fact.id in allowed}

    def _sent(self, names: tuple[str, ...]) -> dict[str, str]:
        """What is known of these names; what was not asked, or left empty, is not sent."""
        assert self.identity is not None
        other, born, expires = self.for_whom().number, self.identity.birth_date, self.identity.expiry_date
        from_card = {
            "national_number": other or self.identity.national_number,
            "passport": "" if other else self.identity.passport,
            "document_number": self.identity.document_number,
            "birth_date": born.isoformat() if born else "",
            "expiry_date": expires.isoformat() if expires else "",
        }
        known = {**self.agreed_answers(), **from_card}
        return {name: known[name] for name in names if known.get(name)}

    def open_ids(self, new_id: Callable[[], UUID], basket: UUID | None = None) -> None:
        """Made once, and carried by every later retry. The basket's are those of what is in it already."""
        known = next((entry.ids.basket for entry in self.basket if entry.ids is not None), None)
        self.ids = Ids(basket=basket or known or new_id(), transaction=new_id(), payment=new_id())

    def open_service(self, service: Service, new_id: Callable[[], UUID]) -> None:
        """For the same person, beside what is in the basket: what an earlier service left behind is forgotten, but for
        answers that may be asked for again."""
        fresh = self.same_person()
        fresh.service, fresh.basket = service, self.basket
        self.become(fresh)
        self.form = {step.id: said for step in service.steps if (said := self.to_begin_with(step))}
        self.open_ids(new_id)

    def become(self, other: Case) -> None:
        """All that the other knows, and nothing else."""
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(other, field.name))

    def same_person(self) -> Case:
        """A case in which nothing is known but who is there, and what was said."""
        said = {
            (step.id, step.kind): self.answers[step.id]
            for step in self.steps()
            if step.kind in _SAID_ONCE and self.answers.get(step.id)
        }
        return Case(
            remembered=self.remembered | said,
            identity=self.identity,
            identified_by=self.identified_by,
            document_seen=self.document_seen,
            access_number=self.access_number,
            portrait=self.portrait,
            offers=self.offers,
            behalf=self.behalf,
            card_stayed=self.card_stayed,
            card_proven=self.card_proven,
            clerk_sees_who=self.clerk_sees_who,
            segment=self.segment,
            bundle=self.bundle,
            bundle_done=self._done_of_bundle(),
            notify_phone=self.notify_phone,
        )

    def _done_of_bundle(self) -> tuple[str, ...]:
        settled = self.ready() if self.commitment is not None or self.service is None else ()
        return (*self.bundle_done, *(one.service.id for one in settled if one.service and one.commitment))

    # -- for whom

    def may_have(self, service: Service) -> bool:
        return may_be_had(service, self.identity, self.identified_by)

    def payer_for(self) -> str:
        """The national number of the person for whom this one only pays, by the service's rule; else ""."""
        rule = self.service.for_others if self.service else None
        if rule is None or self.answers.get(rule.by) != rule.answer:
            return ""
        return self.answers.get(rule.number, "")

    def for_whom(self) -> Behalf:
        """Whose case it is: the answers may say so, or the clerk."""
        if number := self.payer_for():
            return Behalf(Capacity.PAYER, number)
        return self.behalf

    # -- the quote

    def enquiry(self, terminal: str) -> Enquiry:
        assert self.service is not None
        rule = self.service.enquiry
        assert rule is not None
        names = rule.always + (rule.fields[self.answers[rule.by]] if rule.fields else ())
        return Enquiry(terminal=terminal, service=self.service.id, fields=self._sent(names))

    def take_quote(self, quote: Quote, signed: Signed | None) -> None:
        """A new quote keeps the person's choice where its lines are still payable; a first one offers all, and of a fee
        there is nothing to choose. Whoever consented or signed has not seen these amounts."""
        quote = self._without_what_is_in_the_basket(quote)
        payable = tuple(line.id for line in quote.lines if line.payable)
        kept = () if self.pays_whole() else tuple(line for line in self.picked if line in payable)
        self.quote, self.signed_quote, self.picked = quote, signed, kept or payable
        self._drop_agreement()

    def _without_what_is_in_the_basket(self, quote: Quote) -> Quote:
        """Nobody owes a thing twice: a line that is in the basket is shown, and not paid a second time."""
        same = (entry for entry in self.basket if entry.service == self.service and not entry.pays_whole())
        taken = {line for entry in same for line in entry.picked}
        lines = tuple(
            msgspec.structs.replace(line, payable=False, reason=_IN_BASKET) if line.id in taken else line
            for line in quote.lines
        )
        return msgspec.structs.replace(quote, lines=lines)

    def pick(self, lines: tuple[str, ...]) -> None:
        """Another choice is another amount: what was agreed to the old one is gone."""
        if lines != self.picked:
            self.picked = lines
            self._drop_agreement()

    def drop_quote(self) -> None:
        self.quote, self.signed_quote, self.picked = None, None, ()
        self._drop_agreement()

    def _drop_agreement(self) -> None:
        """Consent and signature were given to something else."""
        self.consent, self.signed_application = Consent.NONE, b""

    def pays_whole(self) -> bool:
        """Whether the quote's lines are one fee."""
        return self.service is not None and self.service.pays_whole

    def payable(self, lines: tuple[str, ...]) -> bool:
        """Whether these are lines of the quote that may be paid here: at least one, none twice, of a fee all."""
        allowed = {line.id for line in self.quote.lines if line.payable} if self.quote else set()
        several = bool(lines) and len(set(lines)) == len(lines) and set(lines) <= allowed
        return several and (set(lines) == allowed or not self.pays_whole())

    def picked_lines(self) -> tuple[QuoteLine, ...]:
        return tuple(line for line in self.quote.lines if line.id in self.picked) if self.quote else ()

    def total_fils(self) -> int:
        """Of the service that is open; where none is, of the basket."""
        if self.service is None:
            return sum(entry.total_fils() for entry in self.basket)
        return sum(line.amount_fils for line in self.picked_lines())

    def nothing_due(self) -> bool:
        """Whether it is quoted, and free."""
        if self.service is None:
            return bool(self.basket) and self.total_fils() == 0
        return self.quote is not None and self.total_fils() == 0

    def is_free_request(self) -> bool:
        """A quote without a line that may be asked for all the same: nothing is owed for it, and something comes of
        it. Of debts such a quote says that there are none."""
        return self.pays_whole() and self.quote is not None and not self.quote.lines

    def paid_by(self) -> PaymentMethod:
        return PaymentMethod.NONE if self.nothing_due() else self.method

    def signature_is_due(self) -> bool:
        """Whether the service wants one that is not there yet."""
        return self.service is not None and self.service.signature == "card" and not self.signed_application

    # -- what is agreed

    def agreed_answers(self) -> dict[str, str]:
        """What was left empty was not answered."""
        return {step.id: self.answers[step.id] for step in self.steps() if self.answers.get(step.id)}

    # -- what is told later

    def may_be_told(self) -> bool:
        """Only where something follows that the person does not see here: an answer later, or a delivery."""
        is_request = self.service is not None and self.service.is_request
        return self.correcting is None and (is_request or not self.line_was_up)

    def phone_said(self) -> str:
        """A number that was given for something else in this visit: proposed, and used only where that is agreed to."""
        answered = (
            self.answers[step.id] for step in self.steps() if step.kind == "phone" and self.answers.get(step.id)
        )
        said = (value for (_, kind), value in self.remembered.items() if kind == "phone")
        return next(chain(answered, said), "")

    def opened_request(self) -> Request | None:
        return next((one for one in self.requests if one.transaction == self.request), None)

    # -- the basket

    def ready(self) -> tuple[Case, ...]:
        """What would be paid now: the service that is open, or where none is, the whole basket."""
        return self.basket if self.service is None else (self,)

    def takes(self, method: PaymentMethod) -> bool:
        ready = self.ready()
        return bool(ready) and all(entry.service and method in entry.service.payment_methods for entry in ready)

    # -- what is kept for later

    def is_worth_keeping(self) -> bool:
        """Something was answered, and no money has moved that did not come back. What corrects a paid transaction is
        never taken up as a new one, which would be paid again."""
        begun = bool(self.identity and self.service and self.answers)
        unpaid = self.commitment is None and self.money in {Money.NOTHING, Money.RETURNED}
        return begun and unpaid and not self.parked and self.correcting is None
