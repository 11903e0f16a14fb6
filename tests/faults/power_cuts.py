"""Cuts the power at random moments of a recorded life of the ledger, and has the program open what is left.

    python -m tests.faults.power_cuts [--cuts 10000] [--seed N] [--synchronous NORMAL] [--recording FILE [--only CUT]]

prints a table; status 1 if anything was lost. The seed decides where each cut falls and what it leaves. Every life has
new ids and keys of its pages, so where a cut fails, the recording is kept, and the command that repeats just that cut
is printed.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import dataclasses
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tests.faults.images import Disk
from tests.faults.judging import LEDGER, LOST, LedgerJudge
from tests.faults.ledger_life import WHOLE_LIFE
from tests.faults.operations import Blind, Recording, Returned
from tests.faults.recording import ROOT, record

KEYS: Final = ROOT / "build" / "demo" / "keys"
KEPT: Final = ROOT / "build" / "power-cuts"

Judge = Callable[[Path, Sequence[bytes]], list[str]]
"""Told the folder that a cut has left and all that was acknowledged before it, says what is wrong."""


@dataclasses.dataclass(frozen=True, slots=True)
class Failed:
    """A cut whose image was judged; `number` is the one that repeats it."""

    number: int
    unsynced: str
    problems: tuple[str, ...]


@dataclasses.dataclass(slots=True)
class Account:
    """What a campaign cut, by what was not on disk at the moment, and what failed."""

    seed: int
    cuts: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)
    failed: list[Failed] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    @property
    def lost(self) -> int:
        """The cuts after which acknowledged work was gone."""
        return sum(any(problem.startswith(LOST) for problem in cut.problems) for cut in self.failed)

    def table(self) -> str:
        """A line for each kind of moment, and the sum."""
        failed = collections.Counter(cut.unsynced for cut in self.failed)
        rows = [f"{'not yet on disk at the cut':52} {'cuts':>7} {'failed':>7}"]
        rows += [f"{what:52} {count:7} {failed[what]:7}" for what, count in sorted(self.cuts.items())]
        rows.append(f"{'all':52} {self.cuts.total():7} {len(self.failed):7}")
        rows.append(f"{self.lost} lost acknowledged work; seed {self.seed}, {self.seconds:.1f} s")
        return "\n".join(rows)


def cut_power(recording: Recording, judge: Judge, cuts: Sequence[int], seed: int, folder: Path) -> Account:
    """Makes the cuts of these numbers in the order of the recording, each in an image of its own under `folder`."""
    began, account = time.monotonic(), Account(seed)
    chances = {number: random.Random(f"{seed}/{number}") for number in cuts}
    last = len(recording.operations)
    moments = sorted((chance.randint(1, last), number) for number, chance in chances.items())
    disk, done, said = Disk(recording), 0, list[bytes]()
    for moment, number in moments:
        for operation in recording.operations[done:moment]:
            disk.do(operation)
            if isinstance(operation, Returned):
                said.append(operation.said)
        done = moment
        image = folder / f"cut-{number}"
        disk.cut(chances[number], image)
        problems = judge(image, said)
        shutil.rmtree(image)
        unsynced = ", ".join(sorted(disk.unsynced())) or "nothing"
        account.cuts[unsynced] += 1
        if problems:
            account.failed.append(Failed(number, unsynced, tuple(problems)))
    account.seconds = time.monotonic() - began
    return account


@contextlib.contextmanager
def memory_folder() -> Iterator[Path]:
    """A folder in memory where there is such a place: what is judged was cut before, and needs no disk any more."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="power-cut-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder).resolve()


def record_ledger(
    folder: Path, *, keys: Path = KEYS, chapters: Sequence[str] = WHOLE_LIFE, synchronous: str = ""
) -> Recording:
    """Lives these chapters in `folder`; what lies in it is the start. Raises Blind where syncs were not seen."""
    folder.mkdir(parents=True, exist_ok=True)
    start = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }
    mark = folder.with_name(f"{folder.name}-mark")
    module = ["-m", "tests.faults.ledger_life", str(keys), str(folder / LEDGER), str(mark)]
    extra = [synchronous] if synchronous else []
    recording = record(folder, mark, [[*module, chapter, *extra] for chapter in chapters], start)
    if not synchronous:
        check_sight(recording)
    return recording


def check_sight(recording: Recording) -> None:
    """Every acknowledged call has had a sync of its own. Raises Blind otherwise: such a recording loses nothing."""
    if unsynced := recording.calls_without_sync():
        raise Blind(f"{unsynced} calls returned, and no sync was seen of them")


def main() -> int:
    arguments = argparse.ArgumentParser(description="Cuts the power and has the ledger opened.")
    arguments.add_argument("--cuts", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments.add_argument("--synchronous", default="", help="NORMAL or OFF, to see what that loses")
    arguments.add_argument("--recording", type=Path, help="a folder that an earlier failure has kept")
    arguments.add_argument("--only", type=int, help="this cut alone")
    chosen = arguments.parse_args()
    numbers = range(chosen.cuts) if chosen.only is None else [chosen.only]
    with memory_folder() as folder:
        whole = chosen.recording or folder
        if chosen.recording:
            recording = msgspec.msgpack.decode((whole / "recording").read_bytes(), type=Recording)
        else:
            recording = record_ledger(whole / "life", synchronous=chosen.synchronous)
        account = cut_power(recording, LedgerJudge(KEYS, whole / "life"), numbers, chosen.seed, folder)
        print(account.table())  # noqa: T201
        for cut in account.failed[:20]:
            print(f"cut {cut.number} ({cut.unsynced}): {'; '.join(cut.problems)}")  # noqa: T201
        if account.failed and not chosen.recording:
            print(keep(recording, whole / "life", account))  # noqa: T201
    return 1 if account.failed else 0


def keep(recording: Recording, life: Path, account: Account) -> str:
    """Keeps what is needed to make the first failed cut again; the command that does so."""
    kept = KEPT / str(account.seed)
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(life, kept / "life")
    (kept / "recording").write_bytes(msgspec.msgpack.encode(recording))
    first = account.failed[0].number
    return f"python -m tests.faults.power_cuts --recording {kept} --seed {account.seed} --only {first}"


if __name__ == "__main__":
    sys.exit(main())
