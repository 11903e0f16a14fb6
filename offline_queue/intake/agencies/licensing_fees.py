"""What a year's licence of a vehicle costs: by engine or by value, as the day of its first registration says.

Tables and reductions are data (`licensing.toml`); a vehicle that no table speaks of has no fee here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

import msgspec

from kiosk.fees import share
from kiosk.wire import Words

Energy = Literal["petrol", "diesel", "hybrid", "electric"]
Measure = Literal["engine", "value"]

_CAPPED = Words(ar="مع سقف مركبات البنزين", en="capped for petrol vehicles")


class Band(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`to` and below, above the band before it: cubic centimetres of an engine, or fils of a value before customs."""

    to: int
    fils: int
    title: Words


class Reduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Taken off for vehicles of this energy that measure more than `above`."""

    energy: Energy
    percent: int
    title: Words
    above: int = 0


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of vehicles first registered from `first_day` on, until the next table's. What measures more than the last band
    costs `above_fils`; where that is None no fee is known."""

    first_day: date
    measure: Measure
    source: Words
    bands: tuple[Band, ...]
    above_fils: int | None = None
    above_title: Words | None = None
    caps: dict[Energy, int] = {}
    reductions: tuple[Reduction, ...] = ()


class Measured(Protocol):
    """What of a vehicle its fee depends on; 0 is not known, or not there."""

    @property
    def energy(self) -> Energy: ...
    @property
    def first_registered(self) -> date: ...
    @property
    def engine_cc(self) -> int: ...
    @property
    def value_fils(self) -> int: ...


@dataclasses.dataclass(frozen=True, slots=True)
class Fee:
    """`grade` is the vehicle's place in the table, `reason` how it came to that amount."""

    fils: int
    grade: Words
    reason: Words


def fee_of(tables: Iterable[Table], vehicle: Measured) -> Fee | None:
    """None where no table says what is due."""
    table = _table_of(tables, vehicle.first_registered)
    if table is None:
        return None
    size = vehicle.engine_cc if table.measure == "engine" else vehicle.value_fils
    found = _full(table, size)
    if found is None:
        return None
    full, grade = found
    amount, reasons = full, [table.source]
    for reduction in table.reductions:
        if reduction.energy == vehicle.energy and size > reduction.above:
            amount -= share(amount, reduction.percent, 100)
            reasons.append(reduction.title)
    cap = table.caps.get(vehicle.energy)
    if cap is not None and amount > cap:
        amount = cap
        reasons.append(_CAPPED)
    return Fee(amount, grade, _joined(grade, *reasons))


def _table_of(tables: Iterable[Table], day: date) -> Table | None:
    begun = [table for table in tables if table.first_day <= day]
    return max(begun, key=lambda table: table.first_day, default=None)


def _full(table: Table, size: int) -> tuple[int, Words] | None:
    """The fee before reductions, and the band's name."""
    if size <= 0:
        return None
    for band in table.bands:
        if size <= band.to:
            return band.fils, band.title
    if table.above_fils is None or table.above_title is None:
        return None
    return table.above_fils, table.above_title


def _joined(*parts: Words) -> Words:
    return Words(ar="، ".join(part.ar for part in parts), en=", ".join(part.en for part in parts))
