"""The store's own record: what was imported, from whom, when, and by which two people.

It is also what decides: a certificate or revocation list in the folder that the manifest does not name is not read, and
one whose SHA-256 is another than it says stops the start. So replacing this one file is the whole of an import.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from devices.cards.trust import certificates
from kiosk.set_up import SetUpMistake

IMPORTED: Final = "imported"
"""The folder, below the store's, of what the manifest names."""
_FILE = "manifest.json"
_LARGEST = 4 << 20

Fingerprint = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
CountryCode = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Moment = Annotated[datetime, Meta(tz=True)]


class ListRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One master list in force. `source` signed it, by the certificate `signer`; `countries` has the fingerprints of
    the certificates that it brought. A list has no number of its own: its signing time is what orders lists."""

    source: CountryCode
    signer: Fingerprint
    fingerprint: Fingerprint
    signed_at: Moment
    imported_at: Moment
    imported_by: tuple[str, str]
    countries: dict[CountryCode, tuple[Fingerprint, ...]]


class RevocationRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One revocation list in force. `issuer` is the SHA-256 of its issuer's name in the form in which RFC 5280 compares
    names; `number` is in decimal, and "" where the list states none."""

    country: CountryCode
    issuer: Fingerprint
    fingerprint: Fingerprint
    number: Annotated[str, Meta(pattern="^[0-9]{0,50}$")]
    this_update: Moment
    next_update: Moment
    imported_at: Moment


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1] = 1
    lists: tuple[ListRecord, ...] = ()
    revocations: tuple[RevocationRecord, ...] = ()


class StoreDamaged(SetUpMistake):
    """The store's files are not what its manifest says; the text names the file."""


def read_manifest(folder: Path) -> Manifest:
    """Empty where nothing was imported yet. Raises StoreDamaged."""
    file = folder / _FILE
    try:
        data = _read_limited(file, _LARGEST)
        return msgspec.json.decode(data, type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreDamaged(f"{file.name}: not a manifest of trust data: {type(error).__name__}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all. What is no longer named is then removed. Raises OSError."""
    _write(folder / _FILE, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    named = {_name(fingerprint) for fingerprint in _named(manifest)}
    for file in (folder / IMPORTED).iterdir():
        if file.name not in named:
            file.unlink()


def read_imported(folder: Path, fingerprint: str, largest: int) -> bytes:
    """One certificate or revocation list that the manifest names. Raises StoreDamaged."""

    file = folder / IMPORTED / _name(fingerprint)
    try:
        data = _read_limited(file, largest)
    except OSError as error:
        raise StoreDamaged(f"{IMPORTED}/{file.name}: {error.strerror}") from error
    if certificates.fingerprint(data) != fingerprint:
        raise StoreDamaged(f"{IMPORTED}/{file.name}: not what was imported")
    return data


def write_imported(folder: Path, fingerprint: str, data: bytes) -> None:
    """Believed only once a manifest names it. Raises OSError."""
    (folder / IMPORTED).mkdir(exist_ok=True)
    _write(folder / IMPORTED / _name(fingerprint), data)


@contextlib.contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Two imports at once would each write a manifest without the other's; the second waits. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _named(manifest: Manifest) -> Iterator[str]:
    for record in manifest.lists:
        for fingerprints in record.countries.values():
            yield from fingerprints
    for revocation in manifest.revocations:
        yield revocation.fingerprint


def _name(fingerprint: str) -> str:
    return f"{fingerprint}.der"


def _read_limited(file: Path, largest: int) -> bytes:
    with file.open("rb") as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise StoreDamaged(f"{file.name}: too large")
    return data


def _write(file: Path, data: bytes) -> None:
    begun = file.with_suffix(".part")
    with begun.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    begun.replace(file)
    descriptor = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)  # the new name too
    finally:
        os.close(descriptor)
