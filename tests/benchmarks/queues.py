"""Our commit beside the queues of other libraries: what a put costs, how often it syncs, whether it survives a cut.

Every put is measured against the floor, one append and its sync, as in `commit`: one process, one folder, as many
bytes, in each round all in random order, the medians; twice, and the worse counts. Ours does more in its time (an entry
with hash and signature, a receipt number, an outbox row, an encrypted file), theirs only keep the item.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from kiosk.wire import encode_canonical
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.benchmarks.figures import Figure, NotMeasured
from tests.faults.judging import LedgerJudge
from tests.faults.ledger_life import Acknowledged
from tests.faults.operations import Recording, Returned, Sync
from tests.faults.other_queues import LIBRARIES, record_queue, survives, syncs_for_each_put
from tests.faults.power_cuts import KEYS, Account, cut_power, memory_folder, record_ledger
from tests.faults.recording import ROOT
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, SetClock, agreement, pay

ROUNDS: Final = 400
CUTS: Final = 1000
SEED: Final = 20261127
LEAST_FLOOR_MS: Final = 0.05
"""A disk that syncs faster does not sync: memory, or one that lies."""

FLOOR, OURS = "floor", "ours"


def measure() -> Iterator[Figure]:
    """Each kind of figure for all of them in a row."""
    runs = [_run(SEED + number) for number in range(2)]
    for name in (OURS, *LIBRARIES):
        worse = max(runs, key=lambda run: run[name] / run[FLOOR])
        yield Figure(
            name=f"queue_ratio_{name}",
            value=worse[name] / worse[FLOOR],
            unit="x",
            goal=None,
            how=f"p50 of {ROUNDS} puts over p50 of as many appends of the same bytes with fdatasync, all interleaved "
            f"in random order in one folder: {worse[name]:.2f} ms over {worse[FLOOR]:.2f} ms; the worse of two runs",
        )
    with memory_folder() as folder:
        ledger = record_ledger(folder / "life")
        ours = cut_power(ledger, LedgerJudge(KEYS, folder / "life"), range(CUTS), SEED, folder)
        recorded = {name: record_queue(name, folder / name) for name in LIBRARIES}
    yield _syncs(OURS, _syncs_of_commits(ledger))
    for name, recording in recorded.items():
        yield _syncs(name, syncs_for_each_put(recording))
    yield _survived(OURS, ours)
    for name in LIBRARIES:
        yield _survived(name, survives(name, CUTS, SEED))


def _run(seed: int) -> dict[str, float]:
    """The medians of the floor, of our commit and of each library's put, in milliseconds."""
    item = encode_canonical(agreement()).decode()
    order = random.Random(seed)  # the same order each time, so that two runs can be compared
    with contextlib.ExitStack() as parts:
        folder = Path(parts.enter_context(tempfile.TemporaryDirectory(dir=ROOT / "build")))
        put = {name: parts.enter_context(library.open(_made(folder / name))) for name, library in LIBRARIES.items()}
        ledger = SqlLedger(
            folder / "ledger.db",
            terminal=TERMINAL,
            keys=load_terminal(KEYS / "terminal"),
            clock=SetClock(),
            verify_url=VERIFY_URL,
        )
        parts.callback(ledger.close)
        floor = parts.enter_context((folder / "floor").open("ab", buffering=0))
        took: dict[str, list[float]] = {name: [] for name in (FLOOR, OURS, *put)}
        for _ in range(ROUNDS):
            paid = pay(ledger, agreement())
            acts = {
                FLOOR: lambda: _append(floor.fileno(), item),
                OURS: lambda: ledger.commit(paid.transaction, "visit"),  # noqa: B023 -- called within the round
                **{name: _of(call, item) for name, call in put.items()},
            }
            for name in order.sample(list(acts), len(acts)):
                began = time.perf_counter()
                acts[name]()
                took[name].append((time.perf_counter() - began) * 1000)
    medians = {name: statistics.median(times) for name, times in took.items()}
    if medians[FLOOR] < LEAST_FLOOR_MS:
        raise NotMeasured(
            f"an append with fdatasync takes {medians[FLOOR] * 1000:.0f} us here: this disk does not sync"
        )
    return medians


def _append(file: int, item: str) -> object:
    os.write(file, item.encode())
    os.fdatasync(file)
    return None


def _of(call: Callable[[str], object], item: str) -> Callable[[], object]:
    return lambda: call(item)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _syncs(name: str, syncs: float) -> Figure:
    return Figure(
        name=f"queue_syncs_{name}",
        value=syncs,
        unit="syncs",
        goal=None,
        how="fsync and fdatasync of its files for each put, by strace, with the checkpoints that fell among them",
    )


def _syncs_of_commits(recording: Recording) -> float:
    """Between a commit's return and the return of the call before."""
    counts, since = list[int](), 0
    for operation in recording.operations:
        since += isinstance(operation, Sync)
        if isinstance(operation, Returned):
            if msgspec.json.decode(operation.said, type=Acknowledged).call == "commit":
                counts.append(since)
            since = 0
    return statistics.mean(counts)


def _survived(name: str, account: Account) -> Figure:
    ours = name == OURS
    cuts = account.cuts.total()
    return Figure(
        name=f"queue_survived_{name}" + ("_ratio_min" if ours else ""),
        value=1 - account.lost / cuts,
        unit="",
        goal=1.0 if ours else None,
        how=f"{cuts - account.lost} of {cuts} power cuts lost nothing that was acknowledged "
        "(tests/faults/power_cuts.py)",
    )
