"""`python -m tests.benchmarks [SUBJECT ...]`: runs every benchmark, writes build/bench.json and prints the table.

With subjects, as `cards`, those alone are measured, and the file is left as it is.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tests.benchmarks import cards, catalogue, commit, drain, million, pages, queues, receipt, sealing, stalls, start
from tests.benchmarks.figures import Figure, NotMeasured

RESULTS = Path(__file__).resolve().parents[2] / "build" / "bench.json"

BENCHMARKS: tuple[Callable[[], Iterator[Figure]], ...] = (
    start.measure,
    pages.measure,
    stalls.measure,
    cards.measure,
    commit.measure,
    sealing.measure,
    queues.measure,
    drain.measure,
    million.measure,
    receipt.measure,
    catalogue.measure,
)
"""Each measures one subject; the figures' names never change, so that releases can be compared."""


def main() -> int:
    """Status 1 when a goal was missed or something could not be measured."""
    subjects = {subject(measure): measure for measure in BENCHMARKS}
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description="Measures the program.")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(subjects)}")
    wanted = parser.parse_args().subjects
    if unknown := set(wanted) - subjects.keys():
        parser.error(f"not known: {', '.join(sorted(unknown))}")
    figures: list[Figure] = []
    unmeasured: list[str] = []
    for measure in [subjects[name] for name in wanted] or BENCHMARKS:
        try:
            for figure in measure():
                figures.append(figure)
                say(row(figure))
        except NotMeasured as why:
            unmeasured.append(f"{subject(measure)}: {why}")
            say(f"NOT MEASURED  {unmeasured[-1]}")
    if not wanted:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=2) + b"\n")
    missed = [figure.name for figure in figures if not figure.is_reached]
    say("")
    for figure in figures:
        say(textwrap.fill(f"{figure.name}: {figure.how}", 120, subsequent_indent="    "))
    say(f"\n{len(figures)} figures" + ("" if wanted else f" in {RESULTS}"))
    if missed:
        say(f"GOALS MISSED: {', '.join(missed)}")
    return 1 if missed or unmeasured else 0


def subject(measure: Callable[[], Iterator[Figure]]) -> str:
    """What it measures: its module's name."""
    return measure.__module__.rpartition(".")[2]


def row(figure: Figure) -> str:
    measured = f"{figure.name:35} {figure.value:10.3f} {figure.unit:6}"
    if figure.goal is None:
        return measured.rstrip()
    verdict = "reached" if figure.is_reached else "MISSED"
    bound = "at least" if figure.name.endswith("_ratio_min") else "at most"
    return f"{measured} goal {bound} {figure.goal:g}  {verdict}"


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
