"""What a service costs where a published tariff says so: dated, with its legal source; pure functions of what is known.

A tariff holds from the first to the last moment of its days in Jordan: prices change at midnight there, wherever the
terminal's clock stands. Every line says what it is, which answers it depends on, and what a discount took off it, so
that a person, an auditor and the agency come to the same sum.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kiosk.texts import LEGAL_TIME
from kiosk.wire import Words

Channel = Literal["kiosk", "counter"]
"""A person alone at the terminal, or a clerk who serves."""

Condition = dict[str, str | tuple[str, ...]]
"""By a step's id: the answer, or the answers, that it waits for. All of them must hold."""

_Fils = Annotated[int, Meta(ge=0, le=100_000_000, description="whole fils from 0")]
_Percent = Annotated[int, Meta(ge=1, le=100, description="a whole number from 1 to 100")]
_WHOLE = 100


class TariffLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fee. `times` names a step of kind number by whose answer it is multiplied, as years or copies. `share_of`
    names a step of kind amount instead: the fee is so many `per_mille` of that, and no less than `amount_fils`."""

    id: str
    title: Words
    amount_fils: _Fils = 0
    when: Condition = {}
    times: str = ""
    share_of: str = ""
    per_mille: Annotated[int, Meta(ge=0, le=1000)] = 0


class Discount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is taken off `lines` (all of them where none is named) on these channels; 100 percent waives them."""

    id: str
    title: Words
    percent: _Percent
    channels: tuple[Channel, ...] = ("kiosk", "counter")
    lines: tuple[str, ...] = ()
    when: Condition = {}


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is charged from the first day to the last, both included; None is for ever. `source` is its legal basis as a
    person may read it. A `provisional` tariff rests on no public document: it is charged only in the sandbox."""

    id: str
    first_day: date
    last_day: date | None = None
    source: Words
    provisional: bool
    approved_by: str = ""
    lines: tuple[TariffLine, ...]
    discounts: tuple[Discount, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Fee:
    """One line of a price. `reductions` are the discounts that made `amount_fils` out of `full_fils`."""

    id: str
    title: Words
    full_fils: int
    amount_fils: int
    reductions: tuple[Words, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Price:
    """What is due, by which tariff, and from when on another may hold."""

    tariff: Tariff
    fees: tuple[Fee, ...]
    holds_until: datetime

    @property
    def total_fils(self) -> int:
        return sum(fee.amount_fils for fee in self.fees)


def in_force(tariffs: Iterable[Tariff], moment: datetime) -> Tariff | None:
    """The tariff of that day in Jordan; None where there is none."""
    day = moment.astimezone(LEGAL_TIME).date()
    return next((tariff for tariff in tariffs if _holds(tariff, day)), None)


def _holds(tariff: Tariff, day: date) -> bool:
    return tariff.first_day <= day and (tariff.last_day is None or day <= tariff.last_day)


def price(tariff: Tariff, answers: Mapping[str, str], moment: datetime, channel: Channel) -> Price:
    """The lines that apply to these answers on that channel, each after its discounts, in the tariff's order.

    A line that was taken off whole stays, at nothing: what is waived is told.
    """
    fees = tuple(_fee(tariff, line, answers, channel) for line in tariff.lines if applies(line.when, answers))
    midnight = datetime.combine(moment.astimezone(LEGAL_TIME).date() + timedelta(days=1), time(), LEGAL_TIME)
    return Price(tariff, fees, midnight)


def applies(condition: Condition, answers: Mapping[str, str]) -> bool:
    return all(answers.get(step) in _wanted(wanted) for step, wanted in condition.items())


def _wanted(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    return (wanted,) if isinstance(wanted, str) else wanted


def _fee(tariff: Tariff, line: TariffLine, answers: Mapping[str, str], channel: Channel) -> Fee:
    full = _full_fils(line, answers)
    amount, reductions = full, list[Words]()
    for discount in tariff.discounts:
        if channel in discount.channels and _concerns(discount, line) and applies(discount.when, answers):
            amount -= share(amount, discount.percent, _WHOLE)
            reductions.append(discount.title)
    return Fee(line.id, line.title, full, amount, tuple(reductions))


def _concerns(discount: Discount, line: TariffLine) -> bool:
    return not discount.lines or line.id in discount.lines


def _full_fils(line: TariffLine, answers: Mapping[str, str]) -> int:
    if line.share_of:
        return max(line.amount_fils, share(int(answers[line.share_of]), line.per_mille, 1000))
    return line.amount_fils * (int(answers[line.times]) if line.times else 1)


def share(fils: int, parts: int, whole: int) -> int:
    """`parts` of `whole` of an amount that is not negative, in whole fils; half a fils is a fils."""
    return (2 * fils * parts + whole) // (2 * whole)
