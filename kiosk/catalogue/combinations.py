"""The answers that a service's choices can have together, as far as a price depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kiosk.catalogue import Service, Step
from kiosk.fees import Tariff, TariffLine, applies
from kiosk.forms import applicable

MOST: Final = 2_000
"""Combinations that are gone through; a service with more is looked at in part."""

Answers = Mapping[str, str]


def combinations(service: Service, wanted: Iterable[str], given: Answers | None = None) -> tuple[Answers, ...]:
    """Every combination of the choices `wanted`, and of those that they wait for, that a person can come to; MOST at
    most. What is `given` is not varied. A choice that may be left empty is left out once too."""
    given = given or {}
    concerned = _with_what_they_wait_for(service, wanted)
    found: list[Answers] = [{}]
    for step in service.steps:
        if step.id in concerned and step.kind == "choice":
            found = [more for answers in found for more in _answered(service, step, answers, given)][:MOST]
    return tuple(found)


def _answered(service: Service, step: Step, answers: Answers, given: Answers) -> Iterator[Answers]:
    if step not in applicable(service.steps, answers):
        yield answers
    elif step.id in given:
        yield {**answers, step.id: given[step.id]}
    else:
        if step.optional:
            yield answers
        yield from ({**answers, step.id: option.id} for option in step.options)


def _with_what_they_wait_for(service: Service, wanted: Iterable[str]) -> frozenset[str]:
    steps = {step.id: step for step in service.steps}
    concerned, left = set[str](), list(wanted)
    while left:
        name = left.pop()
        if name in steps and name not in concerned:
            concerned.add(name)
            left += (*steps[name].when, *steps[name].unless)
    return frozenset(concerned)


def priced_by(tariff: Tariff) -> frozenset[str]:
    """The steps whose answers its lines and discounts wait for or reckon with."""
    conditions = (*(line.when for line in tariff.lines), *(discount.when for discount in tariff.discounts))
    return frozenset(name for condition in conditions for name in condition) | {
        name for line in tariff.lines for name in reckoned_with(line)
    }


def reckoned_with(line: TariffLine) -> tuple[str, ...]:
    return tuple(name for name in (line.times, line.share_of) if name)


def charged(tariff: Tariff, answers: Answers) -> tuple[TariffLine, ...]:
    return tuple(line for line in tariff.lines if applies(line.when, answers))


def told(answers: Answers) -> str:
    """As the page writes them: `kind = lost, size = small`."""
    return ", ".join(f"{step} = {answer}" for step, answer in answers.items()) or "any answers"
