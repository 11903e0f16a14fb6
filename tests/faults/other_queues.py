"""The queues of other libraries under the same power cuts: what was put, and acknowledged, is there again or is lost.

    python -m tests.faults.other_queues

prints how many cuts each one survived. Each is used as its documentation begins, on a folder that is there already; a
file that it makes is its own to sync. The disk model promises what POSIX does: ext4 also writes a file out when it is
renamed over another, which helps persist-queue's file queue there.
"""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import huey
import litequeue
import persistqueue
import sqlite_utils
from persistqueue.serializers import json as as_json

from tests.faults.operations import Recording, Returned, Sync
from tests.faults.power_cuts import Account, cut_power, memory_folder
from tests.faults.recording import record

PUTS: Final = 60
ITEM: Final = "{number:06d} " + "x" * 480
"""As long as a small transaction."""

Put = Callable[[str], object]


@dataclasses.dataclass(frozen=True, slots=True)
class Library:
    """`open` gives the call that puts an item and returns when the library says that it is kept; `read` gives what is
    there."""

    name: str
    open: Callable[[Path], contextlib.AbstractContextManager[Put]]
    read: Callable[[Path], list[str]]


@contextlib.contextmanager
def _sqlite_utils(folder: Path) -> Iterator[Put]:
    database = sqlite_utils.Database(folder / "queue.db")
    database.enable_wal()
    with contextlib.closing(database):
        yield lambda item: database.table("queue").insert({"item": item})


def _read_sqlite_utils(folder: Path) -> list[str]:
    with contextlib.closing(sqlite_utils.Database(folder / "queue.db")) as database:
        return [row["item"] for row in database.table("queue").rows]


@contextlib.contextmanager
def _persist_queue_sqlite(folder: Path) -> Iterator[Put]:
    with contextlib.closing(persistqueue.SQLiteQueue(str(folder), serializer=as_json)) as queue:
        yield queue.put


def _read_persist_queue_sqlite(folder: Path) -> list[str]:
    with contextlib.closing(persistqueue.SQLiteQueue(str(folder), serializer=as_json)) as queue:
        return [row["data"] for row in queue.queue()]


@contextlib.contextmanager
def _persist_queue_file(folder: Path) -> Iterator[Put]:
    yield _file_queue(folder).put


def _read_persist_queue_file(folder: Path) -> list[str]:
    queue = _file_queue(folder)
    return [queue.get(block=False) for _ in range(queue.qsize())]


class _FileQueue(persistqueue.Queue):
    def __del__(self) -> None:
        if hasattr(self, "tailf"):  # its ending asks for its files also where its opening failed
            super().__del__()


def _file_queue(folder: Path) -> _FileQueue:
    """JSON, not the default: unpickling what a cut has garbled could run anything."""
    return _FileQueue(str(folder), tempdir=str(folder), serializer=as_json)


@contextlib.contextmanager
def _litequeue(folder: Path) -> Iterator[Put]:
    with contextlib.closing(litequeue.LiteQueue(folder / "queue.db")) as queue:
        yield queue.put


def _read_litequeue(folder: Path) -> list[str]:
    with contextlib.closing(litequeue.LiteQueue(folder / "queue.db")) as queue:
        return [str(row["data"]) for row in queue.conn.execute("SELECT data FROM Queue ORDER BY message_id")]


@contextlib.contextmanager
def _huey(folder: Path) -> Iterator[Put]:
    with contextlib.closing(huey.SqliteHuey(filename=str(folder / "queue.db")).storage) as storage:
        yield lambda item: storage.enqueue(item.encode())


def _read_huey(folder: Path) -> list[str]:
    with contextlib.closing(huey.SqliteHuey(filename=str(folder / "queue.db")).storage) as storage:
        return [bytes(item).decode() for item in storage.enqueued_items()]


LIBRARIES: Final = {
    library.name: library
    for library in (
        Library("sqlite_utils", _sqlite_utils, _read_sqlite_utils),
        Library("persist_queue_sqlite", _persist_queue_sqlite, _read_persist_queue_sqlite),
        Library("persist_queue_file", _persist_queue_file, _read_persist_queue_file),
        Library("litequeue", _litequeue, _read_litequeue),
        Library("huey", _huey, _read_huey),
    )
}


def survives(name: str, cuts: int, seed: int) -> Account:
    """Cuts the power in a recording of its own; `lost` of the account counts the cuts that lost what was put."""
    with memory_folder() as folder:
        return cut_power(record_queue(name, folder / "queue"), _judge(LIBRARIES[name]), range(cuts), seed, folder)


def record_queue(name: str, folder: Path) -> Recording:
    folder.mkdir()
    mark = folder.with_name(f"{folder.name}-mark")
    return record(folder, mark, [["-m", "tests.faults.other_queues", name, str(folder), str(mark)]], {})


def syncs_for_each_put(recording: Recording) -> float:
    """Of its files, from when the first put has returned: what the opening did is not counted."""
    first = next(place for place, operation in enumerate(recording.operations) if isinstance(operation, Returned))
    return sum(isinstance(operation, Sync) for operation in recording.operations[first:]) / (PUTS - 1)


def _judge(library: Library) -> Callable[[Path, Sequence[bytes]], list[str]]:
    def judge(image: Path, said: Sequence[bytes]) -> list[str]:
        try:
            there = set(library.read(image)) if said else set()
        except Exception as error:  # whatever a broken image makes of the library is its verdict
            return [f"LOST: {type(error).__name__}"]
        lost = sum(line.decode() not in there for line in said)
        return [f"LOST: {lost} of {len(said)}"] if lost else []

    return judge


def live(name: str, folder: Path, mark: Path) -> None:
    """The recorded process: puts, and tells the mark each time."""
    with LIBRARIES[name].open(folder) as put, mark.open("ab", buffering=0) as told:
        for number in range(PUTS):
            item = ITEM.format(number=number)
            put(item)
            told.write(item.encode())


def main() -> None:
    for name in LIBRARIES:
        account = survives(name, 1000, 1)
        print(f"{name:24} {account.cuts.total() - account.lost:5} of {account.cuts.total()} cuts")  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:]:
        live(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
