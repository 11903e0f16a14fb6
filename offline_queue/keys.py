"""The terminal's own secrets and the public keys that it believes, read from two folders and checked once.

The terminal's folder holds `ledger.key` (Ed25519, PEM PKCS #8), `receipt.key` (P-256, PEM PKCS #8), `database.key` and
`holder.key` (32 bytes each). The trust folder holds `centre.pem`, `agency-NAME.pem` and `ledger-TERMINAL.pem`: Ed25519
public keys, PEM. What is wrong is said by file name; the content of a file never appears in a text.
"""

from __future__ import annotations

import dataclasses
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from kiosk.set_up import SetUpMistake
from kiosk.wire import CENTRE_KEY, agency_key_id, ledger_key_id

SECRET_BYTES = 32
_LARGEST_FILE = 16 * 1024
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyMistake(SetUpMistake):
    """A key is missing or cannot be used; the text names the file and says what belongs there."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TerminalKeys:
    """What only this terminal knows. `warnings` is for staff: files that other users of the machine may read."""

    ledger: Ed25519PrivateKey
    receipt: ec.EllipticCurvePrivateKey
    database: bytes
    holder: bytes
    warnings: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Trust:
    """Whom this terminal believes. `agencies` is keyed by the agency's id; `ledger` by the terminal's."""

    centre: Ed25519PublicKey
    agencies: Mapping[str, Ed25519PublicKey]
    ledgers: Mapping[str, Ed25519PublicKey]


def load_terminal(folder: Path) -> TerminalKeys:
    """Reads the terminal's secrets. Raises KeyMistake."""
    files = {name: folder / name for name in ("ledger.key", "receipt.key", "database.key", "holder.key")}
    missing = [name for name, file in files.items() if not file.is_file()]
    if missing:
        raise KeyMistake(f"{folder}: missing {', '.join(missing)}")
    ledger = _private(files["ledger.key"])
    if not isinstance(ledger, Ed25519PrivateKey):
        raise KeyMistake(f"{files['ledger.key']}: an Ed25519 private key belongs here")
    receipt = _private(files["receipt.key"])
    if not isinstance(receipt, ec.EllipticCurvePrivateKey) or not isinstance(receipt.curve, ec.SECP256R1):
        raise KeyMistake(f"{files['receipt.key']}: a P-256 private key belongs here")
    return TerminalKeys(
        ledger=ledger,
        receipt=receipt,
        database=_secret(files["database.key"]),
        holder=_secret(files["holder.key"]),
        warnings=tuple(filter(None, (_too_open(file) for file in files.values()))),
    )


def load_trust(folder: Path) -> Trust:
    """Reads the public keys of the centre, the agencies and the terminals. Raises KeyMistake."""
    centre = folder / f"{CENTRE_KEY}.pem"
    if not centre.is_file():
        raise KeyMistake(f"{folder}: missing {centre.name}, without which no answer can be believed")
    return Trust(
        centre=_public(centre), agencies=_named(folder, agency_key_id("")), ledgers=_named(folder, ledger_key_id(""))
    )


def _named(folder: Path, prefix: str) -> dict[str, Ed25519PublicKey]:
    return {file.stem.removeprefix(prefix): _public(file) for file in sorted(folder.glob(f"{prefix}*.pem"))}


def _private(file: Path) -> object:
    try:
        return load_pem_private_key(_content(file), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyMistake(f"{file}: no private key in PEM PKCS #8 without a passphrase") from None


def _public(file: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(_content(file))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyMistake(f"{file}: no public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMistake(f"{file}: an Ed25519 public key belongs here")
    return key


def _secret(file: Path) -> bytes:
    content = _content(file)
    if len(content) != SECRET_BYTES:
        raise KeyMistake(f"{file}: holds {len(content)} bytes; {SECRET_BYTES} belong here")
    return content


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_LARGEST_FILE)
    except OSError as error:
        raise KeyMistake(f"{file}: cannot be read: {error.strerror}") from error


def _too_open(file: Path) -> str:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & _FOR_OTHERS == 0:
        return ""
    return f"{file}: OTHER USERS OF THIS MACHINE MAY USE THIS SECRET (mode {mode:04o}); make it 0600 and renew the key"
