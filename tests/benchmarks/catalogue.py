"""How long the services' files take to load, and to be searched with every key that a person presses."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk import catalogue_files
from kiosk.search import ServiceSearch
from tests.benchmarks.figures import Figure
from tests.many_services import many_services

SERVICES = Path(__file__).resolve().parents[2] / "assets" / "services"
ROUNDS = 50
SEARCHES = 5
PROGRAMME, SLOPE = 350, 10_000
TYPED = (
    "رخصه مركبه",
    "شهاده عدم محكوميه",
    "اشتراك اختيارى",
    "التجديد",
    "vehical licence",
    "residense permit",
    "customs decleration",
    "certificaet of birth",
    "zzzzzzzz",
)
"""Typed right, in other forms, and with errors: those that no service has as typed cost most."""


def measure() -> Iterator[Figure]:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        loaded = catalogue_files.load(SERVICES)
        took.append((time.perf_counter() - began) * 1000)
    yield Figure(
        name="catalogue_load_ms",
        value=statistics.median(took),
        unit="ms",
        goal=50,
        how=f"median of {ROUNDS} loads of the {len(loaded.services)} service(s) that ship, files in the page cache",
    )
    for count, name, goal in ((PROGRAMME, "catalogue_search_ms", 5), (SLOPE, "catalogue_search_10000_ms", None)):
        slowest, of = _slowest_key(count)
        yield Figure(
            name=name,
            value=slowest,
            unit="ms",
            goal=goal,
            how=f"the slowest of {of} keys pressed one after the other, median of {SEARCHES} each, {count} services",
        )


def _slowest_key(count: int) -> tuple[float, int]:
    search = ServiceSearch(many_services(count))
    keys = [typed[: at + 1] for typed in TYPED for at in range(len(typed))]
    return max(_median(search, typed) for typed in keys), len(keys)


def _median(search: ServiceSearch, typed: str) -> float:
    took = []
    for _ in range(SEARCHES):
        began = time.perf_counter()
        search.look_up(typed)
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
