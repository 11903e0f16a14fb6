"""What a commit of the ledger costs beside the floor that no honest ledger can go under: an append and its sync.

Only the ratio travels from disk to disk. One process, the same folder, as many bytes, and in each round both in random
order; the median of each. Twice, and the worse counts.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from kiosk.wire import encode_canonical
from offline_queue.keys import load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.benchmarks.figures import Figure, NotMeasured
from tests.benchmarks.syncs import syncs_for_each
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, SetClock, agreement, pay

ROOT = Path(__file__).resolve().parents[2]
KEYS = ROOT / "build" / "demo" / "keys" / "terminal"
TRUST = KEYS.parent / "trust"
ROUNDS = 400
COUNTED = 40
LEAST_FLOOR_MS = 0.05
"""A disk that syncs faster does not sync: memory, or one that lies."""

SEED = 20261126
MARK = "commit-mark"
STRACE = ("strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,openat", "-o")


def measure() -> Iterator[Figure]:
    runs = [_run(SEED + number) for number in range(2)]
    floor, commit = max(runs, key=lambda run: run[1] / run[0])
    yield Figure(
        name="commit_to_sync_ratio",
        value=commit / floor,
        unit="x",
        goal=2.5,
        how=f"p50 of {ROUNDS} commits (entry, receipt number, outbox row, hash chain, signature; encrypted file) over "
        f"p50 of as many appends of the same bytes with fdatasync, interleaved in random order in one folder: "
        f"{commit:.2f} ms over {floor:.2f} ms; the worse of two runs",
    )
    yield _syncs()


def _run(seed: int) -> tuple[float, float]:
    """The medians of the floor and of a commit, in milliseconds."""
    with _ledger() as (ledger, folder), (folder / "floor").open("ab", buffering=0) as floor:
        payload = encode_canonical(agreement())
        order = random.Random(seed)  # the same order each time, so that two runs can be compared
        took: dict[str, list[float]] = {"floor": [], "commit": []}

        def append() -> None:
            floor.write(payload)
            os.fdatasync(floor)

        for _ in range(ROUNDS):
            ids = pay(ledger, agreement())
            acts: list[tuple[str, Callable[[], object]]] = [
                ("floor", append),
                ("commit", lambda ids=ids: ledger.commit(ids.transaction, "visit")),  # type: ignore[misc]
            ]
            order.shuffle(acts)
            for name, act in acts:
                began = time.perf_counter()
                act()
                took[name].append((time.perf_counter() - began) * 1000)
    floor_ms, commit_ms = (statistics.median(took[name]) for name in ("floor", "commit"))
    if floor_ms < LEAST_FLOOR_MS:
        raise NotMeasured(f"an append with fdatasync takes {floor_ms * 1000:.0f} us here: this disk does not sync")
    return floor_ms, commit_ms


def _syncs() -> Figure:
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        trace = Path(folder) / "trace"
        subprocess.run(
            [*STRACE, str(trace), sys.executable, "-m", "tests.benchmarks.commit", folder],
            cwd=ROOT,
            check=True,
            timeout=120,
        )
        counts = syncs_for_each(trace.read_text(encoding="utf-8"), MARK)
    return Figure(
        name="commit_syncs",
        value=statistics.median(counts),
        unit="syncs",
        goal=1,
        how=f"fsync and fdatasync of one commit, by strace: median of {len(counts)}; {sum(counts)} in all with the "
        "checkpoints that fell among them",
    )


@contextlib.contextmanager
def _ledger(folder: Path | None = None) -> Iterator[tuple[SqlLedger, Path]]:
    """A fresh ledger on the disk that this checkout is on."""
    with contextlib.ExitStack() as parts:
        own = folder or Path(parts.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "build")))
        ledger = SqlLedger(
            own / "ledger.db",
            terminal=TERMINAL,
            keys=load_terminal(KEYS),
            clock=SetClock(),
            verify_url=VERIFY_URL,
            recovery=load_trust(TRUST).recovery,
        )
        parts.callback(ledger.close)
        yield ledger, own


def commit_between_marks(folder: Path) -> None:
    """The traced process: opens a file of a known name before each commit and after the last."""
    with _ledger(folder) as (ledger, _):
        paid = [pay(ledger, agreement()) for _ in range(COUNTED)]
        mark = folder / MARK
        for ids in paid:
            mark.open("w").close()
            ledger.commit(ids.transaction, "visit")
        mark.open("w").close()


if __name__ == "__main__":
    commit_between_marks(Path(sys.argv[1]))
