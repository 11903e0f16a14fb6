"""What a process can do to the files of a folder, as far as a power cut can tell."""

from __future__ import annotations

import msgspec


class Write(msgspec.Struct, frozen=True, tag=True):
    file: int
    offset: int
    data: bytes


class Resize(msgspec.Struct, frozen=True, tag=True):
    file: int
    size: int


class Sync(msgspec.Struct, frozen=True, tag=True):
    """fsync or fdatasync has returned: the file's content and size are on disk, its name perhaps not."""

    file: int


class Name(msgspec.Struct, frozen=True, tag=True):
    """`file` has this name in `folder` from now on, or, where None, nothing has; `instead_of` loses its name with it,
    in one step (rename)."""

    folder: str
    name: str
    file: int | None
    instead_of: str | None = None


class MakeFolder(msgspec.Struct, frozen=True, tag=True):
    folder: str
    name: str


class SyncFolder(msgspec.Struct, frozen=True, tag=True):
    """fsync of a folder has returned: the names in it are on disk."""

    folder: str


class Returned(msgspec.Struct, frozen=True, tag=True):
    """The process has said that a call returned: from here on what `said` names must never be lost."""

    said: bytes


Operation = Write | Resize | Sync | Name | MakeFolder | SyncFolder | Returned


class Recording(msgspec.Struct, frozen=True):
    """`start` is what lay on disk before, by path within the folder; files are numbered, `start`'s in its order."""

    start: dict[str, bytes]
    operations: tuple[Operation, ...]

    def calls_without_sync(self) -> int:
        """How many of the calls returned though nothing was synced since the one before."""
        count, synced = 0, False
        for operation in self.operations:
            if isinstance(operation, Returned):
                count, synced = count + (not synced), False
            synced |= isinstance(operation, Sync)
        return count


class Blind(Exception):
    """The recording cannot be right; a test on it would prove nothing."""
