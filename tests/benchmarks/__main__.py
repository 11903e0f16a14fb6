"""`python -m tests.benchmarks`: runs every benchmark, writes build/bench.json and prints the table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

RESULTS = Path(__file__).resolve().parents[2] / "build" / "bench.json"


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `goal` is an upper bound, unless the name ends in `_ratio_min`; `how` says how it was measured."""

    name: str
    value: float
    unit: str
    goal: float
    how: str

    @property
    def is_reached(self) -> bool:
        return self.value >= self.goal if self.name.endswith("_ratio_min") else self.value <= self.goal


BENCHMARKS: tuple[Callable[[], Figure], ...] = ()
"""Each measures one thing; their names never change, so that releases can be compared."""


def main() -> int:
    """Status 1 when a goal was missed."""
    figures = [measure() for measure in BENCHMARKS]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")
    for figure in figures:
        verdict = "reached" if figure.is_reached else "MISSED"
        sys.stdout.write(f"{figure.name:40} {figure.value:12.3f} {figure.unit:8} goal {figure.goal:g}  {verdict}\n")
    if not figures:
        sys.stdout.write("No benchmark has been written yet.\n")
    sys.stdout.write(f"{RESULTS}\n")
    return 0 if all(figure.is_reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
