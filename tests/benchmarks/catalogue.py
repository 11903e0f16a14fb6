"""How long the services' files take to load: all of them are read and checked before the first page stands."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk import catalogue_files
from tests.benchmarks.figures import Figure

SERVICES = Path(__file__).resolve().parents[2] / "assets" / "services"
ROUNDS = 50


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
