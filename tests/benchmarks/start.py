"""From the start of the process to the idle page on the screen, and the memory that the waiting terminal holds."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from devices.virtual.stage import Stage
from tests.benchmarks.figures import Figure, NotMeasured

ROOT = Path(__file__).resolve().parents[2]
KEYS, CARDS = ROOT / "build" / "demo" / "keys", ROOT / "build" / "demo" / "cards"
STARTS = 9
SETTLED_SECONDS = 2.0
"""After the parts are open: the line has been asked for by then."""

_LINE = re.compile(r"ui\.opening: .*(painted|open) at (\d+\.\d+) s of the machine's clock")
_SCREEN = {"screens": [{"name": "panel", "x": 0, "y": 0, "width": 1920, "height": 1080}]}


@dataclasses.dataclass(frozen=True, slots=True)
class Start:
    """Seconds from before the process existed until the first page was painted, and until a card could be read;
    resident memory in MB at the end of each, and settled."""

    painted: float
    open: float
    painted_mb: float
    settled_mb: float


def measure() -> Iterator[Figure]:
    intake = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    with tempfile.TemporaryDirectory() as folder, Stage(Path(folder), intake, keys=KEYS, cards=CARDS) as stage:
        screen = Path(folder) / "screen.json"
        screen.write_text(json.dumps(_SCREEN), encoding="ascii")
        environment = {
            **os.environ,
            **stage.environment,
            "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
            "KIOSK_LOG": "everything",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a terminal keeps what it has compiled
        starts = [_start(stage.settings_file, environment) for _ in range(STARTS + 1)][1:]  # the first is not warm
    painted = [start.painted for start in starts]
    yield Figure(
        name="start_to_idle_seconds",
        value=statistics.median(painted),
        unit="s",
        goal=0.6,
        how=f"median of {STARTS} warm starts of `-m main run` at 1920x1080 offscreen: from before the fork until the "
        f"idle page is painted and handed over, by the program's own log and one monotonic clock; fastest "
        f"{min(painted):.2f}, slowest {max(painted):.2f}; a card can be read after "
        f"{statistics.median(start.open for start in starts):.2f}",
    )
    yield Figure(
        name="start_rss_mb",
        value=statistics.median(start.settled_mb for start in starts),
        unit="MB",
        goal=120,
        how=f"VmRSS {SETTLED_SECONDS:.0f} s after everything is open, the centre having been asked; when the page was "
        f"painted {statistics.median(start.painted_mb for start in starts):.0f}",
    )


def _start(settings: Path, environment: Mapping[str, str]) -> Start:
    command = [sys.executable, "-m", "main", "run", "--settings", str(settings)]
    began = time.monotonic()
    at: dict[str, float] = {}
    memory: dict[str, float] = {}
    with subprocess.Popen(command, cwd=ROOT, env=dict(environment), stderr=subprocess.PIPE, text=True) as kiosk:
        assert kiosk.stderr is not None
        for line in kiosk.stderr:
            if told := _LINE.search(line):
                at[told[1]] = float(told[2]) - began
                memory[told[1]] = _resident_mb(kiosk.pid)
            if len(at) == 2:
                break
        time.sleep(SETTLED_SECONDS)  # the moment of the figure, which its text names
        settled = _resident_mb(kiosk.pid) if kiosk.poll() is None else 0.0
        kiosk.terminate()
        kiosk.stderr.read()
    if len(at) != 2 or kiosk.returncode != 0:
        raise NotMeasured(f"the kiosk did not start, or ended with status {kiosk.returncode}")
    return Start(at["painted"], at["open"], memory["painted"], settled)


def _resident_mb(process: int) -> float:
    """proc(5), VmRSS: the libraries' shared pages count too."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024
