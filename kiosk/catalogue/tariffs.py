"""What is wrong with a service's tariffs: what they charge for and by, and how one follows another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from kiosk.catalogue import Service, Step
from kiosk.catalogue.combinations import charged, combinations, reckoned_with, told
from kiosk.catalogue.conditions import mistakes_of_condition
from kiosk.catalogue.types import Told
from kiosk.fees import Tariff
from kiosk.forms import applicable

_A_DAY = timedelta(days=1)


def mistakes_of_tariffs(service: Service, steps: Mapping[str, Step]) -> Iterator[Told]:
    for tariff in service.tariffs:
        for key, what, remedy in _of_tariff(tariff, steps):
            yield f"tariffs.{tariff.id}.{key}", what, remedy
        for key, what, remedy in _of_what_is_not_asked(service, tariff, steps):
            yield f"tariffs.{tariff.id}.{key}", what, remedy
        if tariff.provisional and not service.provisional:
            remedy = "Write provisional = true for the service too: it may not be charged in service"
            yield f"tariffs.{tariff.id}.provisional", "a provisional fee in a service that is not", remedy
    if len({tariff.id for tariff in service.tariffs}) != len(service.tariffs):
        yield "tariffs", "two tariffs share one id", "Give each tariff an id of its own"
    for earlier, later in pairwise(sorted(service.tariffs, key=lambda tariff: tariff.first_day)):
        yield from _of_what_follows(earlier, later)


def _of_what_follows(earlier: Tariff, later: Tariff) -> Iterator[Told]:
    """Each begins on the day after the one before has ended: no day without a price, and none with two."""
    begins = f"{later.id} begins on {later.first_day}"
    ends_well = later.first_day - _A_DAY if later.first_day > date.min else date.min
    if later.first_day == earlier.first_day:
        yield f"tariffs.{later.id}.first_day", f"{earlier.id} begins on the same day", "Let it begin on another"
    elif earlier.last_day is None:
        what = f"{earlier.id} has no last_day, and {begins}"
        yield f"tariffs.{earlier.id}.last_day", what, f"Write last_day = {ends_well}"
    elif earlier.last_day != ends_well:
        what = f"is {earlier.last_day}, and {begins}"
        yield f"tariffs.{earlier.id}.last_day", what, f"Write last_day = {ends_well}, or mend the other day"


def _of_tariff(tariff: Tariff, steps: Mapping[str, Step]) -> Iterator[Told]:
    lines = {line.id for line in tariff.lines}
    if len(lines) != len(tariff.lines):
        yield "lines", "two lines share one id", "Give each line an id of its own"
    for line in tariff.lines:
        yield from mistakes_of_condition(f"lines.{line.id}.when", line.when, steps)
        for key, kind in (("times", "number"), ("share_of", "amount")):
            named = getattr(line, key)
            if named and (named not in steps or steps[named].kind != kind):
                yield f"lines.{line.id}.{key}", f"is {named!r}", f"Name a step of kind {kind}"
    for discount in tariff.discounts:
        yield from mistakes_of_condition(f"discounts.{discount.id}.when", discount.when, steps)
        for named in discount.lines:
            if named not in lines:
                yield f"discounts.{discount.id}.lines", f"{named!r} is no line", "Name lines of the same tariff"


def _of_what_is_not_asked(service: Service, tariff: Tariff, steps: Mapping[str, Step]) -> Iterator[Told]:
    """A line is reckoned with an answer: it may not be charged where the person was not asked, or left it empty."""
    for line in tariff.lines:
        for name in (one for one in reckoned_with(line) if one in steps):
            key = f"lines.{line.id}.{'times' if name == line.times else 'share_of'}"
            step = steps[name]
            if step.optional:
                yield key, f"{name} may be left empty", f"Take `optional` from {name}"
            elif step.when or step.unless:
                for answers in combinations(service, (name, *line.when)):
                    if line in charged(tariff, answers) and step not in applicable(service.steps, answers):
                        what = f"{name} is not asked after {told(answers)}, and the line is charged"
                        yield key, what, f"Give the line the same `when` as {name}"
                        break
