"""Services as they were decoded before, kept in one file beside the ledger: TOML takes ten times as long to read.

A service is kept by the SHA-256 of its file's content, never by name, size or time, so that no edit is missed. What a
program with other types has written, or a disk has damaged, does not open, and is made anew. Only decoding is spared:
every check of `kiosk.catalogue.checks` is gone through at each start.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from kiosk.catalogue import Service

NAME: Final = "services.kept"
"""Of the file, in a terminal's state folder. It holds what ships, and nothing of anybody."""

_DIGEST_BYTES: Final = hashlib.sha256().digest_size

Kept = Mapping[bytes, Service]
"""By the digest of a file's content."""


def digest_of(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def read(file: Path) -> Kept:
    """What was kept there; nothing, where there is no such file or none that this program wrote."""
    try:
        seal, body = _parted(file.read_bytes())
        if seal != _seal(body):
            return {}
        return msgspec.msgpack.decode(body, type=dict[bytes, Service])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def write(file: Path, kept: Kept) -> None:
    """Whole or not at all. Where it cannot be written (no folder, no room, no right), the next start is slower."""
    body = msgspec.msgpack.encode(kept)
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except OSError:
        return
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(_seal(body) + body)
        new.replace(file)
    except OSError:
        new.unlink(missing_ok=True)


def _parted(content: bytes) -> tuple[bytes, bytes]:
    return content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]


def _seal(body: bytes) -> bytes:
    """Over the content and the types that it is made of, their defaults with them: against damage and other releases.
    Whoever may write here may write the ledger; it is no signature."""
    types = msgspec.json.encode(msgspec.json.schema(Service))
    return hashlib.sha256(msgspec.__version__.encode() + types + body).digest()
