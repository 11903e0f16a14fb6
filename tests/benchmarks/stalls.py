"""The longest that the screen does not answer while whole visits are lived on it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.figures import Figure, NotMeasured

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 240.0
LOOK_SECONDS = 0.004


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        machine = _tour(Path(folder))
        told: dict[str, Any] = json.loads((Path(folder) / "tour.json").read_text(encoding="utf-8"))
    worst = max(told["stalls"], key=lambda stall: float(stall["ms"]), default=None)
    yield Figure(
        name="ui_stall_max_ms",
        value=told["longest_stall_ms"],
        unit="ms",
        goal=50,
        how=f"a whole tour without pictures, {len(told['steps'])} steps: the longest that the event loop did not "
        f"answer a thread which asks every 4 ms; {len(told['stalls'])} of 50 ms or more"
        + (f", the worst after {worst['after']}" if worst else "")
        + f"; a thread that only slept beside it was up to {machine:.0f} ms late: that much is the machine's",
    )


def _tour(folder: Path) -> float:
    """Lives the tour; how late this process ever woke meanwhile, in milliseconds. It does nothing else."""
    command = [sys.executable, "main.py", "tour", "--without-pictures", "--out", str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    latest, began = 0.0, time.monotonic()
    with (
        (folder / "tour.log").open("w") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as tour,
    ):
        while tour.poll() is None:
            slept = time.monotonic()
            time.sleep(LOOK_SECONDS)  # what is measured: how late a sleeper wakes on this machine
            latest = max(latest, time.monotonic() - slept - LOOK_SECONDS)
            if slept - began > LONGEST_SECONDS:
                tour.terminate()
                raise NotMeasured("the tour did not end")
    if tour.returncode != 0:
        said = (folder / "tour.log").read_text(encoding="utf-8").strip().splitlines()
        raise NotMeasured(f"the tour did not pass: {said[-1] if said else 'it said nothing'}")
    return latest * 1000
