"""The e-services as data: typed, read from `assets/services/<agency>/<service>.toml`, checked when loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.counter import Capacity
from kiosk.offline import Limits, OfflinePolicy, OfflineRule
from kiosk.transaction import PaymentMethod
from kiosk.wire import Words


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer of a `choice` step."""

    id: str
    title: Words
    hint: Words | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question, one page. `when` names earlier choices that make this step apply, `unless` such that do not."""

    id: str
    kind: Literal["choice", "plate", "national_number"]
    title: Words
    label: Words
    hint: Words | None = None
    help_title: Words | None = None
    help_text: Words | None = None
    options: tuple[Option, ...] = ()
    when: dict[str, str] = {}
    unless: dict[str, str] = {}


class EnquiryRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which answers the agency is asked with. `national_number` stands for the card's."""

    fields: dict[str, tuple[str, ...]]  # by the answer of `by`: the fields that are sent
    by: str


class ForOthers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The service's rule for paying what another person owes. The answer `answer` of step `by` says that it is so, and
    step `number` asks for the other's national number. `assisted` are the capacities in which a clerk may serve
    somebody for a person who is not there."""

    by: str
    answer: str
    number: str
    assisted: tuple[Capacity, ...] = ()


class Service(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One e-service: what it is, what is asked, and what it costs where that is not the agency's to say. With a
    `signature` by "card" the person signs the request with the card's key before anything is paid. `offline` is what
    may be taken without a line; a service that does not say so needs one.

    `line_word` says what a quote's lines are: each a "fine" that may be paid by itself, or together the "fee" of a
    request, which the agency answers later and elsewhere."""

    id: str
    agency: str
    agency_name: Words
    title: Words
    summary: Words
    icon: str
    minutes: int
    segments: tuple[Literal["citizen", "business", "government", "resident"], ...]
    needs: tuple[Words, ...]
    cost: Words
    result: Words
    line_word: Literal["fine", "fee"]
    steps: tuple[Step, ...]
    enquiry: EnquiryRule
    payment_methods: tuple[PaymentMethod, ...]
    provisional: bool
    for_others: ForOthers | None = None
    signature: Literal["none", "card"] = "none"
    offline: OfflineRule = OfflineRule()
    words: tuple[str, ...] = ()  # by which people look for it, beside its title: in either language
    uses: int = 0  # how often people used it, by a source named in its file: only the order follows from it

    @property
    def is_request(self) -> bool:
        """What is paid is its fee, which is paid whole; what is asked for does not come with the receipt."""
        return self.line_word == "fee"


class Agency(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agency's name and the public key that its quotes are checked with, by file name."""

    id: str
    name: Words


@dataclasses.dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a service's file, and where: for `catalogue check` and the technician."""

    file: str
    message: str


@dataclasses.dataclass(frozen=True, slots=True)
class Catalogue:
    """The services that could be loaded, most used first, and what was wrong with the others."""

    services: tuple[Service, ...]
    mistakes: tuple[Mistake, ...]

    def service(self, identifier: str) -> Service:
        return next(service for service in self.services if service.id == identifier)


def offline_policy(services: Iterable[Service], terminal: Limits) -> OfflinePolicy:
    return OfflinePolicy(terminal, {service.id: service.offline for service in services})


def load(folder: Path) -> Catalogue:
    """Reads every service below `folder`; one bad file never hides the others."""
    services: list[Service] = []
    mistakes: list[Mistake] = []
    for file in sorted(folder.glob("*/*.toml")):
        name = file.relative_to(folder).as_posix()
        try:
            service = msgspec.toml.decode(file.read_bytes(), type=Service)
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
            mistakes.append(Mistake(name, str(error)))
            continue
        found = [Mistake(name, message) for message in _mistakes(service, file)]
        mistakes.extend(found)
        if not found:
            services.append(service)
    services.sort(key=lambda service: -service.uses)
    return Catalogue(tuple(services), tuple(mistakes))


def _mistakes(service: Service, file: Path) -> Iterator[str]:
    if service.id != f"{file.parent.name}.{file.stem}":
        yield f"id is {service.id!r}; this file's is {file.parent.name}.{file.stem}"
    steps = {step.id: step for step in service.steps}
    if len(steps) != len(service.steps):
        yield "two steps share one id"
    for step in service.steps:
        if step.kind == "choice" and len(step.options) < 2:
            yield f"step {step.id!r} is a choice and needs at least two options"
        for other, answer in (*step.when.items(), *step.unless.items()):
            if other not in steps or answer not in {option.id for option in steps[other].options}:
                yield f"step {step.id!r} waits for {other} = {answer!r}, which no step offers"
    chooser = steps.get(service.enquiry.by)
    if chooser is None or {option.id for option in chooser.options} != set(service.enquiry.fields):
        yield "enquiry.fields must name exactly the options of the step that enquiry.by names"
    yield from _mistakes_for_others(service, steps)
    for fields in service.enquiry.fields.values():
        for field in fields:
            if field != "national_number" and field not in steps:
                yield f"enquiry sends {field!r}, which no step asks"


def _mistakes_for_others(service: Service, steps: dict[str, Step]) -> Iterator[str]:
    rule = service.for_others
    if rule is None:
        return
    if rule.by not in steps or rule.answer not in {option.id for option in steps[rule.by].options}:
        yield f"for_others waits for {rule.by} = {rule.answer!r}, which no step offers"
    if rule.number not in steps or steps[rule.number].kind != "national_number":
        yield f"for_others.number is {rule.number!r}; it must name a step of kind national_number"
