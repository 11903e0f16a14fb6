"""The database's key, sealed to the centre, in a file beside the ledger: without it a lost key would be a lost ledger.

While the key is being renewed the envelope holds both the old one and the new one: whichever of the two the file has
after a power cut, the centre can open it.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.set_up import SetUpMistake
from offline_queue.durable import write_durably
from offline_queue.sealing import DATABASE_KEY, CannotOpen, Sealer, open_sealed

SUFFIX: Final = ".key-for-centre"
_LARGEST: Final = 64 * 1024
_NAME_CONTEXT: Final = b"kiosk/database-key-name"


class EnvelopeMistake(SetUpMistake):
    """The envelope cannot be written or read; the text names the file."""


class SealedKey(msgspec.Struct, frozen=True, kw_only=True):
    """`name` tells one database key from another; `to` is the id of the recovery key."""

    name: str
    to: str
    sealed: bytes

    def __repr__(self) -> str:
        return f"SealedKey(name={self.name!r}, to={self.to!r})"


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    schema: int = 1
    terminal: str
    keys: tuple[SealedKey, ...]


def envelope_file(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}{SUFFIX}")


def name_of(key: bytes) -> str:
    """Says nothing of the key to whoever has not got it (HMAC-SHA-256 under 256 random bits)."""
    return f"database-{hmac.digest(key, _NAME_CONTEXT, hashlib.sha256).hex()[:16]}"


def keep_envelope(ledger: Path, sealer: Sealer, key: bytes) -> None:
    """Writes the envelope where it does not hold this key for this centre. Only for a key that opens the ledger: what
    the envelope held before is gone. Raises EnvelopeMistake."""
    try:
        held = read_envelope(ledger)
    except EnvelopeMistake:
        held = None  # missing, or damaged: made anew, while the key is there to do it
    wanted = (name_of(key), sealer.to.id)
    if held is None or held.terminal != sealer.terminal or wanted not in ((one.name, one.to) for one in held.keys):
        write_envelope(ledger, sealer, (key,))


def write_envelope(ledger: Path, sealer: Sealer, keys: tuple[bytes, ...]) -> None:
    """Replaces it, and is on the disk when this returns. Raises EnvelopeMistake."""
    sealed = tuple(
        SealedKey(name=name_of(key), to=sealer.to.id, sealed=sealer.seal(key, DATABASE_KEY, name_of(key)))
        for key in keys
    )
    file = envelope_file(ledger)
    try:
        write_durably(file, msgspec.json.encode(Envelope(terminal=sealer.terminal, keys=sealed)), 0o600)
    except OSError as error:
        raise EnvelopeMistake(f"{file}: cannot be written: {error.strerror}") from error


def read_envelope(ledger: Path) -> Envelope:
    """Raises EnvelopeMistake."""
    file = envelope_file(ledger)
    try:
        with file.open("rb") as stream:
            return msgspec.json.decode(stream.read(_LARGEST), type=Envelope)
    except OSError as error:
        raise EnvelopeMistake(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise EnvelopeMistake(f"{file}: no envelope of a database key") from None


def open_envelope(envelope: Envelope, key: X25519PrivateKey) -> tuple[bytes, ...]:
    """At the centre: every database key in it that was sealed to this recovery key. Raises CannotOpen where none is."""
    opened: list[bytes] = []
    for one in envelope.keys:
        try:
            opened.append(open_sealed(one.sealed, key, DATABASE_KEY, envelope.terminal, one.name))
        except CannotOpen:
            continue
    if not opened:
        raise CannotOpen(f"no database key of {envelope.terminal} was sealed to this recovery key")
    return tuple(opened)
