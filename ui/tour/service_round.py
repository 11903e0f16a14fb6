"""Every service of the catalogue lived once in one language, with a picture of each page from the card to the paper.

The questions are answered as the file of the service says what they are, so that one which came yesterday is lived too.
What the sandbox's agencies have on file is known of those services that need a particular number to find anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from kiosk.catalogue import Service, Step
from kiosk.forms import applicable
from kiosk.money import FILS_PER_DINAR
from ui.theme import TextSize
from ui.tour.errands import Answer, agree, choose, digits, go_on, keep, plate, scan, words
from ui.tour.requests import read_to_its_end
from ui.tour.visits import Visitor

_NATIONAL_NUMBER: Final = "9871234570"
_TEN_DINARS: Final = 10_000
_PHONE: Final = "0790123456"
_TEXTS: Final = {"arabic": "تجربة", "latin": "TEST", "code": "AB1", "any": "تجربة"}


@dataclasses.dataclass(frozen=True, slots=True)
class OnFile:
    """Whose card is put in, and what is answered where the first or the proposed answer would find nothing; by step."""

    card: str = "salma"
    answers: Mapping[str, Answer] = dataclasses.field(default_factory=dict)


ON_FILE: Final[Mapping[str, OnFile]] = {
    "post.box": OnFile(answers={"box": digits("1234")}),
    "residence.permit": OnFile(card="elena"),
    "social_security.voluntary": OnFile(answers={"wage": digits("290")}),
    "tax.clearance": OnFile(card="karim"),
    "treasury.voucher": OnFile(answers={"voucher": digits("260041207")}),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wishes:
    """How the services are lived: in Arabic ("ar") or in English ("en"), perhaps in the largest text
    from the start card on. `answers` are
    given where such a step is asked, by its id: an option's id, digits, or words."""

    language: str = "ar"
    largest_text: bool = False
    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)


class NoSuchAnswer(Exception):
    """An answer that no service asks for, or does not offer; the text says which there are."""


def check_answers(services: Iterable[Service], answers: Mapping[str, str]) -> None:
    """Raises NoSuchAnswer."""
    steps = [step for service in services for step in service.steps]
    for step, answer in answers.items():
        asked = [one for one in steps if one.id == step]
        if not asked:
            raise NoSuchAnswer(f"No step is named {step!r}. There are: {', '.join(sorted({one.id for one in steps}))}")
        offered = [option.id for one in asked for option in one.options]
        if offered and answer not in offered:
            raise NoSuchAnswer(f"{step} has no option {answer!r}. It has: {', '.join(offered)}")


def live(visitor: Visitor, service: Service, wishes: Wishes) -> None:
    """Asked, paid where something is due, printed, left and delivered; why it costs what it costs was looked at."""
    known = ON_FILE.get(service.id, OnFile())
    visitor.greet(known.card, english=wishes.language == "en")
    if "citizen" not in service.segments:
        visitor.hand.touch(f"segment:{service.segments[0]}")
    visitor.open_service(service.id)
    if wishes.largest_text:
        _enlarge(visitor)
    visitor.hand.touch("main")
    _answer_all(visitor, service, {**known.answers, **_given(service, wishes)})
    if visitor.hand.page() == "quote":
        visitor.note("quote")
        visitor.hand.touch("main")
    visitor.arrive("check_answers")
    if visitor.hand.see("why") is not None:
        visitor.hand.touch("why")
        visitor.note("why-this-amount")
        visitor.hand.touch("close")
    if service.signature == "card":
        visitor.hand.touch("main")
        _sign(visitor, visitor.world.card_pin(known.card))
    visitor.pay(press="main")
    visitor.leave()
    visitor.wait_for_delivery()


def _enlarge(visitor: Visitor) -> None:
    """On the start card, where the tile has been found; the pages after it stay so until the card is out."""
    for _ in range(TextSize.XL.place - TextSize.M.place):
        visitor.hand.touch("text_size")
    visitor.hand.let_pass(60)
    visitor.note("start-card-largest")


def _given(service: Service, wishes: Wishes) -> Mapping[str, Answer]:
    asked = {step.id: step for step in service.steps if step.id in wishes.answers}
    return {name: _as_wished(step, wishes.answers[name]) for name, step in asked.items()}


def _as_wished(step: Step, answer: str) -> Answer:
    match step.kind:
        case "choice":
            return choose(answer)
        case "text":
            return words(answer)
        case "plate":
            code, _, number = answer.partition("-")
            return plate(code, number)
    return digits(answer)


def _answer_all(visitor: Visitor, service: Service, given: Mapping[str, Answer]) -> None:
    answered: dict[str, str] = {}
    while visitor.hand.wait_for_page("steps", "quote", "check_answers", "failed") == "steps":
        step = next(step for step in applicable(service.steps, answered) if step.id not in answered)
        visitor.note(step.id)
        given.get(step.id, _answer_to(step, visitor))(visitor)
        answered[step.id] = _chosen(step, visitor)
        visitor.note(f"{step.id}-answered")
        go_on(visitor)
        wrong = visitor.hand.see("one_thing_left")
        visitor.expect(wrong is None, f"the answer to {step.id} of {service.id} is not taken")
    visitor.expect(visitor.hand.page() != "failed", f"{service.id} cannot be had with these answers")


def _chosen(step: Step, visitor: Visitor) -> str:
    """Only on a choice other questions depend; the answers to the rest are nothing that is needed here."""
    ticked = (option.id for option in step.options if visitor.hand.ticked(f"option:{option.id}"))
    return next(ticked, "") if step.kind == "choice" else "answered"


def _answer_to(step: Step, visitor: Visitor) -> Answer:
    """What the page proposes, where it proposes something; else the first option, the least number, a sample."""
    match step.kind:
        case "choice":
            return keep() if _chosen(step, visitor) else _first_option(visitor)
        case "declaration":
            return agree()
        case "document":
            return scan()
        case "plate":
            return keep() if visitor.hand.written("field:number") else plate("12", "34567")
        case "text":
            return keep() if visitor.hand.written("field:text") else words(_sample_text(step))
    return keep() if visitor.hand.written("field:digits") else digits(_sample_digits(step))


def _first_option(visitor: Visitor) -> Answer:
    return choose(visitor.hand.sees("option:")[0].removeprefix("option:"))


def _sample_text(step: Step) -> str:
    sample = _TEXTS[step.script]
    return (sample * (step.least or 1))[: max(step.least or 0, len(sample))][: step.most]


def _sample_digits(step: Step) -> str:
    match step.kind:
        case "national_number":
            return _NATIONAL_NUMBER
        case "phone":
            return _PHONE
        case "date":
            return datetime.now(UTC).strftime("%d%m%Y")
        case "amount":
            return str(-(-(step.least or _TEN_DINARS) // FILS_PER_DINAR))
    return str(step.least or 1)


def _sign(visitor: Visitor, pin: str) -> None:
    """Read to its end and signed with the PIN of the card; another round mistypes it first."""
    visitor.hand.wait_until(lambda: visitor.hand.see("main") is not None, "the request that is signed")
    visitor.note("what-is-signed")
    read_to_its_end(visitor)
    if visitor.hand.see("key:0") is None:  # at the largest text the PIN has a page of its own
        visitor.hand.touch("main")
        visitor.hand.wait_until(lambda: visitor.hand.see("key:0") is not None, "the keys for the PIN")
    visitor.hand.type_digits(pin)
    visitor.note("pin-typed")
