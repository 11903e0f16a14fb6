"""What a power cut leaves of recorded files: all that was synced, and of the rest whatever the disk pleased.

The disk of this model keeps no order among unsynced work. A write that was not synced is on disk, or is not, or is
there in some of its 512-byte sectors, or has left a sector of anything; a file is as long as what was kept of it. A new
name, a new folder, a removal or a rename is lost where the folder was not synced since, whatever was synced of the file
itself (POSIX promises no more; fsync(2)).
"""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Final

from tests.faults.operations import MakeFolder, Name, Operation, Recording, Resize, Returned, Sync, SyncFolder, Write

SECTOR: Final = 512
_HARSHNESS: Final = (1.0, 0.8, 0.5, 0.5, 0.2)
"""How likely unsynced work suffers; drawn for each cut, so that some keep nearly all and some nothing."""

_DROPPED, _TORN = 0.6, 0.9
"""Of what suffers: up to here lost whole, up to here torn; the rest is garbled."""


@dataclasses.dataclass(slots=True)
class _File:
    synced: bytes
    since: list[Write | Resize] = dataclasses.field(default_factory=list)

    def sync(self) -> None:
        content = bytearray(self.synced)
        for change in self.since:
            _apply(content, change)
        self.synced = bytes(content)
        self.since.clear()


@dataclasses.dataclass(slots=True)
class _Folder:
    synced: dict[str, int | str]
    """A file's number, or a folder's path, by name."""

    since: list[Name | MakeFolder] = dataclasses.field(default_factory=list)

    def sync(self) -> None:
        for change in self.since:
            _rename(self.synced, change)
        self.since.clear()


class Disk:
    """The recorded files up to one operation: what is synced, and what was done since."""

    def __init__(self, recording: Recording) -> None:
        self._files = {number: _File(content) for number, content in enumerate(recording.start.values())}
        self._folders: dict[str, _Folder] = {"": _Folder({})}
        for number, place in enumerate(recording.start):
            folder, _, name = place.rpartition("/")
            if folder not in self._folders:
                self._folders[folder] = _Folder({})
                self._folders[""].synced[folder] = folder
            self._folders[folder].synced[name] = number

    def do(self, operation: Operation) -> None:
        match operation:
            case Write() | Resize():
                self._files[operation.file].since.append(operation)
            case Sync():
                self._files[operation.file].sync()
            case Name():
                if operation.file is not None and operation.file not in self._files:
                    self._files[operation.file] = _File(b"")
                self._folders[operation.folder].since.append(operation)
            case MakeFolder():
                self._folders[_path(operation)] = _Folder({})
                self._folders[operation.folder].since.append(operation)
            case SyncFolder():
                self._folders[operation.folder].sync()
            case Returned():
                pass

    def unsynced(self) -> frozenset[str]:
        """The ends of the names of the files that were written to since their last sync, and `names` where some of
        those are not on disk: what there is to lose here."""
        found = {"names"} if any(folder.since for folder in self._folders.values()) else set()
        for folder in self._folders.values():
            now = dict(folder.synced)
            for change in folder.since:
                _rename(now, change)
            found |= {name for name, node in now.items() if isinstance(node, int) and self._files[node].since}
        return frozenset(found)

    def cut(self, chance: random.Random, place: Path) -> None:
        """Writes to `place` what a power cut now could leave."""
        harshness = chance.choice(_HARSHNESS)
        self._leave("", chance, harshness, place)

    def _leave(self, path: str, chance: random.Random, harshness: float, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        folder = self._folders[path]
        names = dict(folder.synced)
        for change in folder.since:
            if chance.random() >= harshness:
                _rename(names, change)
        for name, node in names.items():
            if isinstance(node, str):
                self._leave(node, chance, harshness, place / name)
            else:
                (place / name).write_bytes(_left(self._files[node], chance, harshness))


def _left(file: _File, chance: random.Random, harshness: float) -> bytes:
    if not file.since:
        return file.synced
    content = bytearray(file.synced)
    for change in file.since:
        if chance.random() >= harshness:
            _apply(content, change)
        elif isinstance(change, Write):
            _damage(content, change, chance)
    return bytes(content)


def _damage(content: bytearray, write: Write, chance: random.Random) -> None:
    """Nothing of it, some sectors of it, or one sector of anything among the others."""
    fate = chance.random()
    if fate < _DROPPED:
        return
    sectors = list(_sectors(write))
    garbled = chance.randrange(len(sectors)) if fate >= _TORN else None
    for number, part in enumerate(sectors):
        if number == garbled:
            _apply(content, Write(part.file, part.offset, chance.randbytes(len(part.data))))
        elif garbled is not None or chance.random() < 0.5:
            _apply(content, part)


def _sectors(write: Write) -> list[Write]:
    """Its parts, each within one sector of the file."""
    first = SECTOR - write.offset % SECTOR
    starts = [0, *range(first, len(write.data), SECTOR)]
    ends = [*starts[1:], len(write.data)]
    return [
        Write(write.file, write.offset + start, write.data[start:end]) for start, end in zip(starts, ends, strict=True)
    ]


def _apply(content: bytearray, change: Write | Resize) -> None:
    if isinstance(change, Resize):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data


def _rename(names: dict[str, int | str], change: Name | MakeFolder) -> None:
    if isinstance(change, MakeFolder):
        names[change.name] = _path(change)
        return
    if change.instead_of is not None:
        names.pop(change.instead_of, None)
    if change.file is None:
        names.pop(change.name, None)
    else:
        names[change.name] = change.file


def _path(made: MakeFolder) -> str:
    return f"{made.folder}/{made.name}".lstrip("/")
