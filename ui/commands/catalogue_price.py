"""`catalogue price`: what a service costs by its tariff of one day, after every combination of answers."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Final

from kiosk.catalogue import Catalogue, Service, Step
from kiosk.catalogue.combinations import MOST, combinations, priced_by, told
from kiosk.fees import Channel, Price, Tariff, in_force, price
from kiosk.forms import Known, Wrong, applicable, check
from kiosk.money import dinars
from kiosk.texts import LEGAL_TIME
from ui.commands import FOUND_NOTHING_WRONG
from ui.commands.output import print_columns, print_json

CHANNELS: Final[tuple[Channel, ...]] = ("kiosk", "counter")
_TEN_DINARS: Final = "10000"
_NOON: Final = time(12)

Answers = Mapping[str, str]
Prices = Mapping[Channel, Price]


class NoPrice(Exception):
    """Nothing can be reckoned; the text says why."""


def run(arguments: argparse.Namespace, catalogue: Catalogue, now: datetime) -> int:
    """Raises NoPrice. Without a day it is today in Jordan, without a channel both."""
    service = _service(catalogue, arguments.service)
    day: date = arguments.day or now.astimezone(LEGAL_TIME).date()
    moment = datetime.combine(day, _NOON, LEGAL_TIME)
    tariff = in_force(service.tariffs, moment)
    if tariff is None:
        raise NoPrice(_no_tariff(service, day))
    given = _checked(service, dict(arguments.answers), day)
    channels: tuple[Channel, ...] = (arguments.channel,) if arguments.channel else CHANNELS
    asked = [_with_samples(service, tariff, one, given) for one in combinations(service, priced_by(tariff), given)]
    reckoned = [(one, {channel: price(tariff, one, moment, channel) for channel in channels}) for one in asked]
    if arguments.json:
        print_json([_as_json(one, prices) for one, prices in reckoned])
        return FOUND_NOTHING_WRONG
    state = ", provisional" if tariff.provisional else ""
    print(f"{service.id} on {day}, by {tariff.id}{state}; in dinars")
    print_columns([row for one, prices in reckoned for row in _block(one, prices)])
    _print_notes(service, asked, given)
    return FOUND_NOTHING_WRONG


def _service(catalogue: Catalogue, identifier: str) -> Service:
    found = next((one for one in catalogue.services if one.id == identifier), None)
    if found is None:
        if any(mistake.file == f"{identifier.replace('.', '/')}.toml" for mistake in catalogue.mistakes):
            raise NoPrice(f"{identifier} has mistakes: mend what `catalogue check` tells first")
        like = get_close_matches(identifier, [one.id for one in catalogue.services], 3)
        hint = f"Perhaps {', '.join(like)} is meant" if like else "`catalogue list` shows those there are"
        raise NoPrice(f"{identifier}: there is no such service. {hint}")
    if not found.has_tariff:
        raise NoPrice(f"{identifier} has no tariff: the agency states what is due")
    return found


def _no_tariff(service: Service, day: date) -> str:
    known = "; ".join(f"{one.id} from {one.first_day} to {one.last_day or 'further notice'}" for one in service.tariffs)
    return f"{service.id} has no tariff on {day}. It has: {known}"


def _checked(service: Service, given: Answers, day: date) -> Answers:
    """In the form in which answers are stored; an amount is given in dinars, as a person types it."""
    steps = {step.id: step for step in service.steps}
    found: dict[str, str] = {}
    for name, answer in given.items():
        if name not in steps:
            raise NoPrice(f"{service.id} has no step {name!r}. It has: {', '.join(steps)}")
        offered = [option.id for option in steps[name].options]
        if offered and answer not in offered:
            raise NoPrice(f"{name} has no option {answer!r}. It has: {', '.join(offered)}")
        checked = check(steps[name], answer, Known(day))
        if isinstance(checked, Wrong):
            raise NoPrice(f"{name} = {answer}: {checked.message}")
        found[name] = checked.value
    return found


def _with_samples(service: Service, tariff: Tariff, answers: Answers, given: Answers) -> Answers:
    """With a number or an amount for every step that is asked and reckoned with: what is given, or the least."""
    reckoned = [step for step in applicable(service.steps, answers) if step.id in priced_by(tariff)]
    return {**answers, **{step.id: given.get(step.id, _sample(step)) for step in reckoned if step.kind != "choice"}}


def _sample(step: Step) -> str:
    if step.kind == "amount":
        return str(step.least) if step.least else _TEN_DINARS
    return str(step.least or 1)


def _as_json(answers: Answers, prices: Prices) -> dict[str, object]:
    return {
        "answers": answers,
        "fils": {
            channel: {
                "total": priced.total_fils,
                "lines": {fee.id: fee.amount_fils for fee in priced.fees},
            }
            for channel, priced in prices.items()
        },
    }


def _block(answers: Answers, prices: Prices) -> Iterator[list[str]]:
    """Answers, each line, and what it comes to; a column for each channel. What was taken off says why."""
    yield [""] * (len(prices) + 2)
    yield [told(answers), *(f"{channel:>10}" for channel in prices), ""]
    for fees in zip(*(priced.fees for priced in prices.values()), strict=True):
        reasons = {reason.en: None for fee in fees for reason in fee.reductions}
        of = f"of {dinars(fees[0].full_fils)}: {', '.join(reasons)}" if reasons else ""
        yield [f"  {fees[0].title.en}", *(f"{dinars(fee.amount_fils):>10}" for fee in fees), of]
    yield ["  in all", *(f"{dinars(priced.total_fils):>10}" for priced in prices.values()), ""]


def _print_notes(service: Service, asked: Iterable[Answers], given: Answers) -> None:
    kinds = {step.id: step.kind for step in service.steps}
    every = list(asked)
    samples = {
        name: answer
        for answers in every
        for name, answer in answers.items()
        if kinds[name] != "choice" and name not in given
    }
    if samples:
        shown = ", ".join(
            f"{name} = {dinars(int(answer)) if kinds[name] == 'amount' else answer}" for name, answer in samples.items()
        )
        print(f"\nReckoned with {shown}. For others: --answers {next(iter(samples))}=...")
    if len(every) == MOST:
        print(f"\nThe first {MOST} combinations; name some answers by --answers")
