"""How long the services' files take to load, and to be searched with every key that a person presses."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.catalogue import cache as catalogue_cache
from kiosk.catalogue import files as catalogue_files
from kiosk.search import ServiceSearch
from tests.benchmarks.figures import Figure, NotMeasured
from tests.many_services import many_services, write_services

ROUNDS, FEW_ROUNDS = 50, 5
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
    for count, name, goal in ((PROGRAMME, "catalogue_load_ms", 50), (SLOPE, "catalogue_load_10000_ms", None)):
        rounds = ROUNDS if goal else FEW_ROUNDS
        first, warm = _loads(count, rounds)
        yield Figure(
            name=name,
            value=warm,
            unit="ms",
            goal=goal,
            how=f"median of {rounds} loads of {count} services made from the real ones: every file read and checked, "
            f"what was decoded before kept beside them, all in the page cache; the first load {first:.0f}",
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


def _loads(count: int, rounds: int) -> tuple[float, float]:
    """Milliseconds of the first load, which keeps what it decoded, and the median of those after it."""
    with tempfile.TemporaryDirectory() as folder:
        services, kept = Path(folder) / "services", Path(folder) / catalogue_cache.NAME
        write_services(services, count)
        first, *warm = (_load(services, kept, count) for _ in range(1 + rounds))
    return first, statistics.median(warm)


def _load(services: Path, kept: Path, count: int) -> float:
    began = time.perf_counter()
    loaded = catalogue_files.load(services, kept)
    took = (time.perf_counter() - began) * 1000
    if len(loaded.services) != count:
        raise NotMeasured(f"{len(loaded.mistakes)} mistakes in the services that were made")
    return took


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
