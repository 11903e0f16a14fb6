"""What a clerk does that self-service has not: a person without a card, a whole form at once, consent, and cash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk import forms
from kiosk.acts.answers import check, choose, enquire, look_up, take_facts
from kiosk.acts.card import identify_next_person
from kiosk.acts.failing import fail
from kiosk.acts.keeping import resume
from kiosk.acts.signing import sign_or_confirm
from kiosk.counter import IDENTIFYING_DOCUMENTS, MYSELF, Capacity, Consent, DocumentSeen, IdentifiedBy
from kiosk.events import (
    BehalfStated,
    CashTaken,
    ConsentGiven,
    Event,
    FactsReceived,
    FormFilled,
    LinesPicked,
    MethodChosen,
    PartFailed,
    PersonTyped,
    ReadingWanted,
    ResumeWanted,
    ServiceChosen,
)
from kiosk.failures import Failure, ServiceFailure
from kiosk.identity import Identity, is_passport_number
from kiosk.scene import State
from kiosk.texts import message
from kiosk.transaction import PaymentMethod

if TYPE_CHECKING:
    from kiosk.catalogue import Service
    from kiosk.visit import Visit
    from kiosk.wire import Enquiry

BEHALF = "behalf"
"""The place, among the form's mistakes, of what is missing about the person for whom it is."""

STATE_BEHALF = message("Enter the other person's number and the paper that you saw")
SEE_DOCUMENT = message("Choose the document that you saw")


def type_person(visit: Visit, event: PersonTyped) -> State:
    """The clerk has seen a document: the person is known by it, and offers of parked cases come as with a card."""
    case = visit.case
    checked = forms.person_number(event.national_number)
    if not visit.parts.assisted or isinstance(checked, forms.Wrong):
        case.mistakes = {"national_number": forms.ENTER_PERSON_NUMBER}
        return State.IDLE
    by_passport = is_passport_number(checked.value)
    if event.document not in IDENTIFYING_DOCUMENTS or (by_passport and event.document is not DocumentSeen.PASSPORT):
        case.mistakes = {"document": SEE_DOCUMENT}
        return State.IDLE
    visit.forget()
    case, name = visit.case, " ".join(event.name.split())
    case.identity = Identity.known_by(checked.value, name_arabic=name)
    case.identified_by, case.document_seen = IdentifiedBy.DOCUMENT, event.document
    return State.CHOOSING_SERVICE


def read_card(visit: Visit, event: ReadingWanted) -> State:
    """Whoever was served before is forgotten: the card in the reader may be the next person's."""
    if not visit.parts.assisted:
        return visit.state
    if visit.card_present:
        return identify_next_person(visit, event)
    visit.forget()
    return fail(visit, PartFailed(ServiceFailure(Failure.NO_CARD)))


def state_behalf(visit: Visit, event: BehalfStated) -> State:
    """For whom it is, as far as the service allows. Another person is another question to the agency: its quote is
    dropped."""
    case = visit.case
    if not visit.parts.assisted or event.behalf == case.behalf:
        return visit.state
    if case.service is not None and event.behalf.capacity not in _allowed(case.service):
        return visit.state
    case.behalf = event.behalf
    case.mistakes.pop(BEHALF, None)
    case.drop_quote()
    return State.STEPS if case.service else visit.state


def _allowed(service: Service) -> tuple[Capacity, ...]:
    """A service that says nothing of other persons is only for the person who is there."""
    return (Capacity.SELF, *(service.for_others.assisted if service.for_others else ()))


def choose_service(visit: Visit, event: ServiceChosen) -> State:
    """Somebody who stands in for another does so only where the service allows it."""
    case = visit.case
    service = next((service for service in visit.services if service.id == event.service), None)
    if service is not None and case.behalf.capacity not in _allowed(service):
        case.behalf = MYSELF
    return choose(visit, event)


def choose_another(visit: Visit, event: ServiceChosen) -> State:
    """Another service for the same person, without ending anything: nothing has been paid yet."""
    return choose_service(visit, event) if visit.parts.assisted else visit.state


def resume_at_counter(visit: Visit, event: ResumeWanted) -> State:
    return resume(visit, event) if visit.parts.assisted else State.IDLE


def fail_at_counter(visit: Visit, event: PartFailed) -> State:
    """Without a visit only a clerk has asked for something."""
    return fail(visit, event) if visit.parts.assisted else State.IDLE


def fill(visit: Visit, event: FormFilled) -> State:
    """Every answer at once: all mistakes are told together, and nothing that was typed is lost."""
    case = visit.case
    if not visit.parts.assisted or case.service is None:
        return visit.state
    case.form = dict(event.texts)
    answers, case.mistakes = _checked(visit)
    if (due := _lookup_due(visit, answers)) is not None:
        return look_up(visit, due)
    if not case.behalf.is_complete():
        case.mistakes[BEHALF] = STATE_BEHALF
    if case.mistakes:
        case.drop_quote()
        return State.STEPS
    if answers != case.answers:
        case.drop_quote()
    case.answers = answers
    case.go_to_step(len(case.steps()) - 1)
    return enquire(visit, event)


def _lookup_due(visit: Visit, answers: dict[str, str]) -> Enquiry | None:
    """What the agency is to be asked before the form can be judged: of the first question that stands behind a lookup,
    once all before it are answered."""
    case = visit.case
    before, case.answers = case.answers, answers
    for position, step in enumerate(case.steps()):
        if step.lookup:
            case.position = position
            if (due := case.lookup_due(visit.parts.terminal)) is not None:
                case.drop_quote()
                case.mistakes = {}
                return due
        if step.id not in answers:
            break
    case.answers = before
    return None


def take_facts_for_form(visit: Visit, event: FactsReceived) -> State:
    """Where the agency's word fills a field that was empty, the clerk sees it first; else the form goes on."""
    case = visit.case
    state = take_facts(visit, event)
    if not visit.parts.assisted:
        return state
    assert case.service is not None
    filled = {
        step.id: typed
        for step in case.service.steps  # those too that only a choice on the form will make apply
        if not case.form.get(step.id) and (typed := case.to_begin_with(step))
    }
    case.form |= filled
    wanting = any(not case.form.get(step.id) and not step.optional for step in case.steps())
    return state if filled or wanting else fill(visit, FormFilled(tuple(case.form.items())))


def _checked(visit: Visit) -> tuple[dict[str, str], dict[str, str]]:
    """The accepted answers, and what is to be put right, of the steps that apply."""
    case, known = visit.case, visit.case.known(visit.parts.settlement.clock.now())
    answers: dict[str, str] = {}
    mistakes: dict[str, str] = {}
    assert case.service is not None
    for step in case.service.steps:
        if step not in forms.applicable(case.service.steps, answers):
            continue
        checked = forms.check(step, case.said(step, case.form.get(step.id, "")), known)
        if isinstance(checked, forms.Wrong):
            mistakes[step.id] = checked.message
        else:
            answers[step.id] = checked.value
    return answers, mistakes


def pick_again(visit: Visit, event: LinesPicked) -> State:
    """On the page that shows lines and amount together."""
    case = visit.case
    if not visit.parts.assisted or not case.payable(event.lines):
        return visit.state
    case.pick(event.lines)
    return check(visit)


def choose_method(visit: Visit, event: MethodChosen) -> State:
    if visit.case.correcting is not None:
        return visit.state  # its money is there
    if visit.parts.assisted and visit.case.takes(event.method):
        visit.case.method, visit.case.tendered_fils = event.method, 0
    return visit.state


def give_consent(visit: Visit, event: ConsentGiven) -> State:
    """To what is on the person's screen now."""
    if visit.parts.assisted:
        visit.case.consent = event.consent
    return visit.state


def confirm_with_consent(visit: Visit, event: Event) -> State:
    """At the counter the person has agreed first; cash goes by `take_cash`, with the money in hand."""
    case = visit.case
    if not visit.parts.assisted:
        return sign_or_confirm(visit, event)
    if case.consent is Consent.NONE or case.paid_by() is PaymentMethod.CASH or case.correcting is not None:
        return visit.state
    return sign_or_confirm(visit, event)


def take_cash(visit: Visit, event: CashTaken) -> State:
    """Only at the counter, only with consent, and only when what was handed over covers the total."""
    case = visit.case
    allowed = visit.parts.assisted and case.takes(PaymentMethod.CASH)
    if not allowed or case.consent is Consent.NONE or event.tendered_fils < case.total_fils():
        return visit.state
    if case.correcting is not None or case.nothing_due():
        return visit.state
    case.method, case.tendered_fils = PaymentMethod.CASH, event.tendered_fils
    return sign_or_confirm(visit, event)
