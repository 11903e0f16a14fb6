"""`python -m tests.benchmarks`: runs every benchmark, writes build/bench.json and prints the table."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tests.benchmarks import cards, catalogue, commit, drain, pages, receipt, stalls, start
from tests.benchmarks.figures import Figure, NotMeasured

RESULTS = Path(__file__).resolve().parents[2] / "build" / "bench.json"

BENCHMARKS: tuple[Callable[[], Iterator[Figure]], ...] = (
    start.measure,
    pages.measure,
    stalls.measure,
    cards.measure,
    commit.measure,
    drain.measure,
    receipt.measure,
    catalogue.measure,
)
"""Each measures one subject; the figures' names never change, so that releases can be compared."""


def main() -> int:
    """Status 1 when a goal was missed or something could not be measured."""
    figures: list[Figure] = []
    unmeasured: list[str] = []
    for measure in BENCHMARKS:
        try:
            for figure in measure():
                figures.append(figure)
                say(row(figure))
        except NotMeasured as why:
            unmeasured.append(f"{measure.__module__.rpartition('.')[2]}: {why}")
            say(f"NOT MEASURED  {unmeasured[-1]}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")
    missed = [figure.name for figure in figures if not figure.is_reached]
    say("")
    for figure in figures:
        say(textwrap.fill(f"{figure.name}: {figure.how}", 120, subsequent_indent="    "))
    say(f"\n{len(figures)} figures in {RESULTS}")
    if missed:
        say(f"GOALS MISSED: {', '.join(missed)}")
    return 1 if missed or unmeasured else 0


def row(figure: Figure) -> str:
    verdict = "reached" if figure.is_reached else "MISSED"
    bound = "at least" if figure.name.endswith("_ratio_min") else "at most"
    return f"{figure.name:26} {figure.value:10.3f} {figure.unit:6} goal {bound} {figure.goal:g}  {verdict}"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
