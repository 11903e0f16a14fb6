"""Gives the ledger's file a new key: a copy is encrypted anew, checked, synced and put in the file's place in one step.

Never in place. SQLCipher's `PRAGMA rekey` writes every page of the file, and a power cut between the first and the last
would leave it to the log to put together what two keys have encrypted. With a copy there is one whole file at every
moment, and one of the two keys opens it.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from offline_queue.database import DatabaseUnusable, alone_with, connect_alone, named_errors
from offline_queue.durable import give_to_owner_of, sync_file, sync_folder
from offline_queue.entries import last_place


def encrypt_anew(file: Path, old: bytes, new: bytes, tell: Callable[[str], None]) -> None:
    """Needs room for the file once more. Raises DatabaseUnusable; until the last step the ledger is as it was."""
    copy = file.with_name(f"{file.name}.renewing")
    with alone_with(file):
        place = _settle(file, old)
        try:
            copy.unlink(missing_ok=True)
            shutil.copyfile(file, copy)
            copy.chmod(0o600)
            give_to_owner_of(file.parent, copy)
            _rekey(copy, old, new)
            _check(copy, new, place)
            sync_file(copy)
            tell("the copy is encrypted and checked")
            copy.replace(file)
            sync_folder(file.parent)
        except OSError as error:
            raise DatabaseUnusable(f"{copy}: cannot be written: {error.strerror}") from error
    tell("the ledger has the new key")


def _settle(file: Path, key: bytes) -> tuple[int, str]:
    """Brings the log into the file, and answers with the last entry's place."""
    with named_errors(file), contextlib.closing(connect_alone(file, key)) as ledger:
        busy = ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        place = last_place(ledger)
    if busy:
        raise DatabaseUnusable(f"{file}: another program reads this ledger; close it, and run this again")
    for left in ("-wal", "-shm"):
        # Of a reader beside us, which keeps its own; empty, since the checkpoint is done. By these names the file that
        # follows would take them for its own.
        file.with_name(f"{file.name}{left}").unlink(missing_ok=True)
    return place


def _rekey(copy: Path, old: bytes, new: bytes) -> None:
    with named_errors(copy), contextlib.closing(connect_alone(copy, old)) as made:
        made.execute("PRAGMA journal_mode = DELETE").fetchone()
        raw: Any = made.conn
        raw.reset_key(f"x'{new.hex()}'")  # PRAGMA rekey without a statement that a trace could show


def _check(copy: Path, new: bytes, place: tuple[int, str]) -> None:
    """Every page by its MAC, the structure, and that it ends where the ledger does."""
    with named_errors(copy), contextlib.closing(connect_alone(copy, new)) as made:
        sound = (
            made.execute("PRAGMA cipher_integrity_check").fetchall() == []
            and made.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            and last_place(made) == place
        )
    if not sound:
        raise DatabaseUnusable(f"{copy}: the newly encrypted copy is not whole; the ledger is as it was")
