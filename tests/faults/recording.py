"""Records what a process does to the files of one folder, as the kernel sees it: every write with its bytes and its
place, every sync, every change of a name, and the moments at which the process says that a call has returned.

By strace, because it sees what the engine really asks of the system, whichever library made the call and however it
was built: nothing of SQLite, SQLCipher or Python is replaced, and the process runs as on a terminal. A VFS of our own
under SQLite would be part of what is tested.

A call on the folder that is not understood here is refused, never passed over. SQLite's `-shm` is left out: it is
memory between processes, and is built anew after a power cut (sqlite.org/walformat.html#the_wal_index_file_format).
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.faults.operations import (
    Blind,
    MakeFolder,
    Name,
    Operation,
    Recording,
    Resize,
    Returned,
    Sync,
    SyncFolder,
    Write,
)

ROOT: Final = Path(__file__).resolve().parents[2]

_OPENS: Final = frozenset({"open", "openat", "creat"})
_NAMES: Final = frozenset({"unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat"})
_ON_DESCRIPTORS: Final = frozenset({"close", "read", "write", "pwrite64", "lseek", "fsync", "fdatasync", "ftruncate"})
_LINKS: Final = frozenset({"link", "linkat", "symlink", "symlinkat", "rmdir", "dup", "dup2", "dup3"})
_OTHER_WRITES: Final = frozenset(
    {"writev", "pwritev", "pwritev2", "fallocate", "truncate", "sync_file_range", "splice"}
)
_COPIES: Final = frozenset({"sendfile", "copy_file_range"})
_REFUSED: Final = _LINKS | _OTHER_WRITES | _COPIES
"""Traced to be refused where they touch the folder."""

_TRACED: Final = sorted(_OPENS | _NAMES | _ON_DESCRIPTORS | _REFUSED | {"mmap", "fcntl"})
_TRACE: Final = ",".join(f"?{call}" for call in _TRACED)  # ? for those that this processor does not have
_CALL: Final = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_UNFINISHED: Final = re.compile(r"^(\d+)\s+(.*) <unfinished \.\.\.>$")
_RESUMED: Final = re.compile(r"^(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_FIRST_NUMBER: Final = re.compile(r"\d+")
_LONGEST: Final = 64 * 1024 * 1024
_PATIENCE_SECONDS: Final = 120


def record(folder: Path, mark: Path, processes: Sequence[Sequence[str]], start: Mapping[str, bytes]) -> Recording:
    """Runs Python with these arguments, one process after the other; each adds to `mark` when a call has returned.

    `folder` must be there, and hold `start` and nothing else.
    """
    reader = _Reader(folder.resolve(), mark.resolve(), start)
    for arguments in processes:
        trace = mark.with_name("trace")
        command = ["strace", "-f", "-qq", "-xx", "-s", str(_LONGEST), "-e", f"trace={_TRACE}", "-o", str(trace)]
        ended = subprocess.run(
            [*command, sys.executable, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        if ended.returncode != 0:
            raise RuntimeError(f"{arguments}: status {ended.returncode}: {ended.stderr[-2000:]}")
        with trace.open(encoding="ascii") as lines:
            reader.read(lines)
        trace.unlink()
    return Recording(dict(start), tuple(reader.operations))


@dataclasses.dataclass(slots=True)
class _Opened:
    """An open descriptor: of a file (its number), a folder (its path), or the mark."""

    file: int | None = None
    folder: str | None = None
    is_mark: bool = False
    position: int = 0
    appends: bool = False


class _Reader:
    """Reads traces, one process after the other, into operations."""

    def __init__(self, folder: Path, mark: Path, start: Mapping[str, bytes]) -> None:
        self.operations: list[Operation] = []
        self._root, self._mark = str(folder), str(mark)
        self._files = {name: number for number, name in enumerate(start)}
        self._sizes = {number: len(content) for number, content in enumerate(start.values())}
        self._opened: dict[int, _Opened] = {}

    def read(self, lines: Iterator[str]) -> None:
        self._opened.clear()
        begun: dict[str, str] = {}
        for line in lines:
            if unfinished := _UNFINISHED.match(line):
                begun[unfinished[1]] = unfinished[2]
                continue
            if resumed := _RESUMED.match(line):  # it counts from where it returned
                line = f"{resumed[1]} {begun.pop(resumed[1])}{resumed[2]}"  # noqa: PLW2901
            if call := _CALL.match(line):
                self._call(call[2], call[3].split(", "), int(call[4]))

    def _call(self, name: str, arguments: list[str], answer: int) -> None:
        if answer < 0:
            return
        if name in _OPENS:
            self._open(arguments[0] if name != "openat" else arguments[1], " ".join(arguments), answer)
        elif name in _NAMES:
            self._name(name, [argument for argument in arguments if argument.startswith('"')])
        elif name == "mmap":
            self._map(arguments)
        elif name in _REFUSED or (name == "fcntl" and "F_DUPFD" in arguments[1]):
            self._refuse(name, arguments)
        elif name != "fcntl" and (opened := self._opened.get(int(arguments[0]))) is not None:
            self._descriptor(name, arguments, answer, opened)

    # -- by path

    def _open(self, argument: str, flags: str, descriptor: int) -> None:
        path = _text(argument)
        if path == self._mark:
            self._opened[descriptor] = _Opened(is_mark=True)
            return
        place = self._place(path)
        if place is None:
            self._opened.pop(descriptor, None)
            return
        if "O_TMPFILE" in flags:
            raise Blind("a file without a name is not understood")
        file = self._files.get(place)
        if file is None and "O_CREAT" not in flags:
            self._opened[descriptor] = _Opened(folder=place)
            return
        if file is None:
            file = len(self._sizes)
            self._files[place], self._sizes[file] = file, 0
            self._add(Name(*_split(place), file))
        if "O_TRUNC" in flags and self._sizes[file]:
            self._sizes[file] = 0
            self._add(Resize(file, 0))
        self._opened[descriptor] = _Opened(file=file, appends="O_APPEND" in flags)

    def _name(self, call: str, paths: list[str]) -> None:
        places = [self._place(_text(path)) for path in paths]
        if places == [None] * len(places):
            return
        old, new = places[0], places[-1]
        if old is None or new is None:
            raise Blind(f"{call} across the folder's border is not understood")
        if call.startswith("mkdir"):
            self._add(MakeFolder(*_split(old)))
        elif call.startswith("unlink"):
            self._files.pop(old)
            self._add(Name(*_split(old), None))
        elif _split(old)[0] != _split(new)[0]:
            raise Blind("a rename from folder to folder is not understood")
        else:
            self._files[new] = self._files.pop(old)
            self._add(Name(*_split(new), self._files[new], instead_of=_split(old)[1]))

    # -- by descriptor

    def _descriptor(self, call: str, arguments: list[str], answer: int, opened: _Opened) -> None:
        if call == "close":
            del self._opened[int(arguments[0])]
        elif opened.is_mark:
            if call == "write":
                self._add(Returned(_bytes(arguments[1])))
        elif opened.folder is not None:
            if call in {"fsync", "fdatasync"}:
                self._add(SyncFolder(opened.folder))
        elif opened.file is not None:
            self._file(call, arguments, answer, opened, opened.file)

    def _file(self, call: str, arguments: list[str], answer: int, opened: _Opened, file: int) -> None:
        if call == "lseek":
            opened.position = answer
        elif call == "read":
            opened.position += answer
        elif call == "pwrite64":
            self._write(file, int(arguments[3]), _bytes(arguments[1])[:answer])
        elif call == "write":
            place = self._sizes[file] if opened.appends else opened.position
            self._write(file, place, _bytes(arguments[1])[:answer])
            opened.position = place + answer
        elif call == "ftruncate":
            self._sizes[file] = int(arguments[1])
            self._add(Resize(file, int(arguments[1])))
        else:
            self._add(Sync(file))

    def _write(self, file: int, offset: int, data: bytes) -> None:
        self._sizes[file] = max(self._sizes[file], offset + len(data))
        self._add(Write(file, offset, data))

    # -- what is not understood

    def _map(self, arguments: list[str]) -> None:
        """A file that is written through memory shows no write here."""
        opened = self._opened.get(int(arguments[4]))
        if opened and opened.file is not None and "PROT_WRITE" in arguments[2] and "MAP_SHARED" in arguments[3]:
            raise Blind("a file that is written through memory is not understood")

    def _refuse(self, call: str, arguments: list[str]) -> None:
        named = any(argument.startswith('"') and self._place(_text(argument)) for argument in arguments)
        first = _FIRST_NUMBER.match(arguments[0])
        opened = self._opened.get(int(first[0])) if first else None
        if named or (opened is not None and (opened.file is not None or opened.is_mark)):
            raise Blind(f"{call} is not understood")

    # -- names

    def _place(self, path: str) -> str | None:
        """The path within the folder ("" is the folder itself); None outside, and for SQLite's shared memory."""
        if path.endswith("-shm"):
            return None
        if path == self._root:
            return ""
        within = path.removeprefix(self._root + os.sep)
        return None if within == path else within

    def _add(self, operation: Operation) -> None:
        self.operations.append(operation)


def _split(place: str) -> tuple[str, str]:
    """The folder's path and the name in it."""
    folder, _, name = place.rpartition("/")
    return folder, name


def _bytes(argument: str) -> bytes:
    if not argument.endswith('"'):
        raise Blind("strace has cut what was written short")
    return bytes.fromhex(argument.strip('"').replace("\\x", ""))


def _text(argument: str) -> str:
    return os.fsdecode(_bytes(argument))
