"""What one visit knows: everything personal in one place, so that ending the visit forgets it in one step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from kiosk import forms
from kiosk.catalogue import Service, Step
from kiosk.failures import Money, ServiceFailure
from kiosk.identity import Identity
from kiosk.receipt import PrintState, Receipt, ReceiptFacts
from kiosk.scene import Scene, State
from kiosk.transaction import AgreedLine, Agreement, Commitment, DeliveryOutcome, Ids, PaymentMethod
from kiosk.wire import Enquiry, Quote, QuoteLine, Signed, Words, encode_canonical


@dataclasses.dataclass(slots=True, repr=False)
class Case:
    """One customer's visit so far. Made new for every visit and dropped whole at its end.

    `card_stayed`: the card that `identity` was read from has been in the reader ever since. Without that nobody can say
    whose card is in it now.
    """

    identity: Identity | None = None
    card_stayed: bool = False
    service: Service | None = None
    ids: Ids | None = None
    position: int = 0
    changing: bool = False
    answers: dict[str, str] = dataclasses.field(default_factory=dict)
    typed: str = ""
    mistake: str = ""
    quote: Quote | None = None
    signed_quote: Signed | None = None
    picked: tuple[str, ...] = ()
    line_was_up: bool = True
    cancel_wanted: bool = False
    stopped_at: State | None = None
    failure: ServiceFailure | None = None
    money: Money = Money.NOTHING
    commitment: Commitment | None = None
    outcome: DeliveryOutcome | None = None
    receipt: Receipt | None = None
    print_state: PrintState | None = None
    print_failure: ServiceFailure | None = None
    copies: int = 0

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
        self.typed = self.answers.get(step.id, "") if step else ""
        self.mistake = ""

    def open_basket(self, new_id: Callable[[], UUID]) -> None:
        """The ids of a basket of one; made once, carried by every later retry."""
        self.ids = Ids(basket=new_id(), transaction=new_id(), payment=new_id())

    def open_service(self, service: Service, new_id: Callable[[], UUID]) -> None:
        """A new basket for the same person: what an earlier service left behind is forgotten."""
        identity = self.identity
        fresh = Case(identity=identity, card_stayed=self.card_stayed, service=service)
        for field in dataclasses.fields(self):
            setattr(self, field.name, getattr(fresh, field.name))
        self.open_basket(new_id)

    # -- the quote

    def enquiry(self, terminal: str) -> Enquiry:
        assert self.service is not None
        assert self.identity is not None
        rule = self.service.enquiry
        known = {**self.answers, "national_number": self.identity.national_number}
        return Enquiry(
            terminal=terminal,
            service=self.service.id,
            fields={name: known[name] for name in rule.fields[self.answers[rule.by]]},
        )

    def take_quote(self, quote: Quote, signed: Signed) -> None:
        """A new quote keeps the person's choice where its lines are still payable; a first one offers all."""
        payable = tuple(line.id for line in quote.lines if line.payable)
        kept = tuple(line for line in self.picked if line in payable)
        self.quote, self.signed_quote, self.picked = quote, signed, kept or payable

    def drop_quote(self) -> None:
        self.quote, self.signed_quote, self.picked = None, None, ()

    def payable(self, lines: tuple[str, ...]) -> bool:
        """Whether these are lines of the quote that may be paid here: at least one, none twice."""
        allowed = {line.id for line in self.quote.lines if line.payable} if self.quote else set()
        return bool(lines) and len(set(lines)) == len(lines) and set(lines) <= allowed

    def picked_lines(self) -> tuple[QuoteLine, ...]:
        return tuple(line for line in self.quote.lines if line.id in self.picked) if self.quote else ()

    def total_fils(self) -> int:
        return sum(line.amount_fils for line in self.picked_lines())

    # -- what is agreed

    def agreement(self, now: datetime) -> Agreement:
        assert self.service is not None
        assert self.identity is not None
        assert self.ids is not None
        assert self.signed_quote is not None
        return Agreement(
            ids=self.ids,
            service=self.service.id,
            agency=self.service.agency,
            national_number=self.identity.national_number,
            person_name=self.identity.full_name("ar"),
            answers={step.id: self.answers[step.id] for step in self.steps()},
            lines=tuple(
                AgreedLine(id=line.id, title_ar=line.title.ar, title_en=line.title.en, amount_fils=line.amount_fils)
                for line in self.picked_lines()
            ),
            total_fils=self.total_fils(),
            method=PaymentMethod.BANK_CARD,
            quote=encode_canonical(self.signed_quote),
            agreed_at=now,
        )

    def receipt_facts(self, office: Words) -> ReceiptFacts:
        assert self.service is not None
        rows = tuple(
            (step.label.ar, step.label.en, self.answers[step.id]) for step in self.steps() if step.kind == "plate"
        )
        return ReceiptFacts(
            office_ar=office.ar,
            office_en=office.en,
            service_ar=self.service.title.ar,
            service_en=self.service.title.en,
            agency_ar=self.service.agency_name.ar,
            agency_en=self.service.agency_name.en,
            rows=rows,
            provisional=self.service.provisional or (self.quote is not None and self.quote.provisional),
        )

    # -- what is shown

    def scene(self, state: State, visit: int, services: tuple[Service, ...], seconds: int) -> Scene:
        steps = self.steps()
        certain = self.unanswered() is None or self.position > 0
        count = len(steps) + 1 if certain and steps else 0
        return Scene(
            state=state,
            visit=visit,
            identity=self.identity,
            services=services,
            service=self.service,
            step=self.step(),
            step_number=count if state is State.QUOTE else self.position + 1,
            step_count=count,
            typed=self.typed,
            mistake=self.mistake,
            answers=tuple((step, self.answers[step.id]) for step in steps if step.id in self.answers),
            quote=self.quote,
            picked=self.picked,
            total_fils=self.total_fils(),
            line_was_up=self.line_was_up,
            failure=self.failure,
            money=self.money,
            stopped_at=self.stopped_at,
            seconds=seconds,
            commitment=self.commitment,
            outcome=self.outcome,
            receipt=self.receipt,
            print_state=self.print_state,
            print_failure=self.print_failure,
            copies=self.copies,
        )
