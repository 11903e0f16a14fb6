"""What is wrong with a service's file beyond its types: every mistake at once, each with its key and its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from kiosk.catalogue import FROM_CARD, MOST_CHARACTERS, Service, Step
from kiosk.catalogue.conditions import mistakes_of_condition
from kiosk.catalogue.tariffs import mistakes_of_tariffs
from kiosk.catalogue.texts import mistakes_of_texts
from kiosk.catalogue.types import Told
from kiosk.documents import MOST_PAGES
from kiosk.fees import applies

_PERSONAL = frozenset({"phone", "national_number"})
_BOUNDED = frozenset({"text", "number", "amount", "date", "document"})


def mistakes_of(service: Service, identifier: str) -> Iterator[Told]:
    """`identifier` is what the file's place makes it: `agency.service`."""
    if service.id != identifier:
        yield "id", f"is {service.id!r}, and the file's place says {identifier!r}", "Rename the one or the other"
    if service.agency != identifier.partition(".")[0]:
        yield "agency", f"is {service.agency!r}", "Name the agency as its folder is named"
    steps = {step.id: step for step in service.steps}
    if len(steps) != len(service.steps):
        yield "steps", "two steps share one id", "Give each step an id of its own"
    for step in service.steps:
        for key, what, remedy in _of_step(step, steps, service):
            yield f"steps.{step.id}.{key}", what, remedy
    yield from _of_segments(service)
    yield from _of_pages(service, steps)
    yield from _of_enquiry(service, steps)
    yield from _of_others(service, steps)
    yield from _of_lookups(service, steps)
    yield from mistakes_of_tariffs(service, steps)
    yield from _of_cards(service)
    yield from mistakes_of_texts(service)


def _of_segments(service: Service) -> Iterator[Told]:
    if not service.segments:
        yield "segments", "names nobody, so that nobody finds it", "Name at least one of: citizen, business, ..."


def _of_pages(service: Service, steps: Mapping[str, Step]) -> Iterator[Told]:
    """Of all documents that one person may be asked for: more could not be delivered in one request."""
    documents = [step for step in service.steps if step.kind == "document"]
    asked = {other for step in documents for other in (*step.when, *step.unless) if other in steps}
    choices = [[(other, option.id) for option in steps[other].options] or [(other, "")] for other in sorted(asked)]
    pages = max(sum(_pages(step, dict(chosen)) for step in documents) for chosen in product(*choices))
    if len(documents) > 1 and pages > MOST_PAGES:
        remedy = f"Give each document a `most`, so that together they are {MOST_PAGES} at most"
        yield "steps", f"the documents may have {pages} pages together", remedy


def _pages(step: Step, chosen: Mapping[str, str]) -> int:
    excluded = any(applies({other: answer}, chosen) for other, answer in step.unless.items())
    return 0 if excluded or not applies(step.when, chosen) else step.most or MOST_PAGES


def _of_step(step: Step, steps: Mapping[str, Step], service: Service) -> Iterator[Told]:
    if step.kind == "choice" and len(step.options) < 2:
        yield "options", "a choice has at least two", "Add options, or ask another way"
    if step.kind != "choice" and step.options:
        yield "options", f"a step of kind {step.kind} has none", 'Write kind = "choice", or leave the options out'
    if step.kind != "choice" and step.options_by:
        yield "options_by", f"a step of kind {step.kind} has no options", "Leave it out"
    if step.kind == "declaration" and step.statement is None:
        yield "statement", "is missing", "Write what the person declares, in both languages"
    if (step.least is not None or step.most is not None) and step.kind not in _BOUNDED:
        yield "least", f"a step of kind {step.kind} has no bounds", "Leave least and most out"
    if step.least is not None and step.most is not None and step.least > step.most:
        yield "least", "is greater than most", "Exchange them"
    longest = {"text": MOST_CHARACTERS, "document": MOST_PAGES}.get(step.kind)
    if longest is not None and step.most is not None and step.most > longest:
        yield "most", f"is more than {longest}", f"Ask for {longest} at most"
    if step.on_receipt and step.kind in _PERSONAL:
        yield "on_receipt", "prints what is personal", "Leave it out"
    yield from mistakes_of_condition("when", step.when, steps)
    yield from mistakes_of_condition("unless", step.unless, steps)
    yield from _of_facts(step, service)


def _of_facts(step: Step, service: Service) -> Iterator[Told]:
    known = {lookup.id: lookup.facts for lookup in service.lookups}
    if step.lookup and step.lookup not in known:
        yield "lookup", f"{step.lookup!r} is no lookup of this service", "Add [[lookups]] with that id"
    facts = {fact for facts in known.values() for fact in facts}
    for key in ("prefill", "least_by", "most_by", "options_by"):
        if (named := getattr(step, key)) and named not in facts:
            yield key, f"{named!r} is a fact of no lookup", "Name one of the facts of a lookup"
    for fact in step.shows:
        if fact not in facts:
            yield "shows", f"{fact!r} is a fact of no lookup", "Name facts of a lookup"


def _of_enquiry(service: Service, steps: Mapping[str, Step]) -> Iterator[Told]:
    rule = service.enquiry
    if (rule is None) == (not service.tariffs):
        yield "enquiry", "either the agency states what is due, or a tariff does", "Write [enquiry] or [[tariffs]]"
    if rule is None:
        return
    if rule.fields:
        chooser = steps.get(rule.by)
        if chooser is None or {option.id for option in chooser.options} != set(rule.fields):
            remedy = "Name exactly the options of the step that enquiry.by names"
            yield "enquiry.fields", f"do not fit the step {rule.by!r}", remedy
    for field in (*rule.always, *(field for fields in rule.fields.values() for field in fields)):
        if field not in FROM_CARD and field not in steps:
            yield "enquiry", f"sends {field!r}, which no step asks", f"Name a step, or one of {', '.join(FROM_CARD)}"


def _of_others(service: Service, steps: Mapping[str, Step]) -> Iterator[Told]:
    rule = service.for_others
    if rule is None:
        return
    if rule.by not in steps or rule.answer not in {option.id for option in steps[rule.by].options}:
        yield "for_others.by", f"waits for {rule.by} = {rule.answer!r}, which no step offers", "Name a choice's option"
    if rule.number not in steps or steps[rule.number].kind != "national_number":
        yield "for_others.number", f"is {rule.number!r}", "Name a step of kind national_number"


def _of_lookups(service: Service, steps: Mapping[str, Step]) -> Iterator[Told]:
    used = {step.lookup for step in service.steps}
    for lookup in service.lookups:
        key = f"lookups.{lookup.id}"
        if lookup.id not in used:
            yield key, "no step has it asked", "Write lookup = on the step before which it is asked, or leave it out"
        for field in lookup.fields:
            if field not in FROM_CARD and field not in steps:
                yield f"{key}.fields", f"sends {field!r}, which no step asks", "Name a step before it, or the card's"


def _of_cards(service: Service) -> Iterator[Told]:
    """A foreigner has no national number, and a passport signs nothing."""
    if "passport" not in service.cards:
        return
    if service.signature == "card":
        yield (
            "cards",
            "a passport cannot sign, and the request is to be signed",
            "Leave the passport or the signature out",
        )
    asked = {f"lookups.{lookup.id}.fields": lookup.fields for lookup in service.lookups}
    if (rule := service.enquiry) is not None:
        asked["enquiry"] = rule.always + tuple(field for fields in rule.fields.values() for field in fields)
    for key, fields in asked.items():
        if "national_number" in fields and "passport" not in fields:
            yield key, "sends nothing of whom only a passport is known", 'Send "passport" too'
