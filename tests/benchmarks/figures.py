"""One figure of the benchmark, and the arithmetic that makes one of many measurements."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `goal` is an upper bound, unless the name ends in `_ratio_min`, and None where the figure explains
    another; `how` says how it was measured."""

    name: str
    value: float
    unit: str
    goal: float | None
    how: str

    @property
    def is_reached(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.name.endswith("_ratio_min") else self.value <= self.goal


def percentile(measured: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` of all do not exceed. No value is made
    up between two that were measured. Raises ValueError where nothing was measured."""
    if not measured or not 0 < percent <= 100:
        raise ValueError("a percentile needs measurements, and lies above 0 and up to 100")
    ranked = sorted(measured)
    return ranked[math.ceil(percent / 100 * len(ranked)) - 1]


class NotMeasured(Exception):
    """This machine cannot tell; the text says why. No figure is better than a wrong one."""
