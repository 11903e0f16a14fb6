"""Files that are there whole or not at all, and stay when the power goes."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_durably(file: Path, content: bytes, mode: int) -> None:
    """Replaces `file` in one step. Its owner is its folder's: a renewal may run as root for a terminal's own user.

    Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        give_to_owner_of(file.parent, written)
        written.replace(file)
    finally:
        written.unlink(missing_ok=True)
    sync_folder(file.parent)


def remove_durably(file: Path) -> None:
    """Nothing where it is gone already. Raises OSError."""
    file.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_file(file: Path) -> None:
    """Raises OSError."""
    sync_folder(file)  # fsync(2) takes any descriptor


def sync_folder(folder: Path) -> None:
    """A new name is on the disk when its folder is (fsync(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def give_to_owner_of(folder: Path, file: Path) -> None:
    """Only root can, and only root needs to."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(file, owner.st_uid, owner.st_gid)
