"""The terminal's own secrets and the public keys that it believes, read from two folders and checked once.

The terminal's folder holds `ledger.key` (Ed25519, PEM PKCS #8), `receipt.key` (P-256, PEM PKCS #8), `database.key` and
`holder.key` (32 bytes each). A key that was renewed says so in a line above its PEM, `Generation: 2`, which RFC 7468,
section 2, leaves to whoever writes the file: key and generation are replaced in one step. While a renewal is under way
the new secret lies beside the old one as `NAME.next`.

The trust folder holds `centre.pem`, `agency-NAME.pem` and `ledger-TERMINAL.pem` (Ed25519) and `recovery.pem` (X25519):
public keys, PEM. What is wrong is said by file name; the content of a file never appears in a text.
"""

from __future__ import annotations

import dataclasses
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from kiosk.set_up import SetUpMistake
from kiosk.wire import CENTRE_KEY, RECOVERY_KEY, agency_key_id, ledger_key_id
from offline_queue.sealing import RecoveryKey, recovery_key

SECRET_BYTES = 32
LEDGER, RECEIPT, DATABASE, HOLDER = "ledger.key", "receipt.key", "database.key", "holder.key"
NEXT = ".next"
_GENERATION = re.compile(rb"^Generation: ([1-9][0-9]{0,5})\r?$", re.MULTILINE)
_LARGEST_FILE = 16 * 1024
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyMistake(SetUpMistake):
    """A key is missing or cannot be used; the text names the file and says what belongs there."""


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class TerminalKeys:
    """What only this terminal knows. `warnings` is for staff: files that other users of the machine may read. A
    generation counts the keys of its kind that the terminal has had."""

    ledger: Ed25519PrivateKey
    receipt: ec.EllipticCurvePrivateKey
    database: bytes
    holder: bytes
    warnings: tuple[str, ...]
    ledger_generation: int = 1
    receipt_generation: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Trust:
    """Whom this terminal believes. `agencies` is keyed by the agency's id; `ledgers` by the terminal's, each one's
    first key: later ones are proven by the ledger itself. `recovery` is None where the centre has given none yet."""

    centre: Ed25519PublicKey
    agencies: Mapping[str, Ed25519PublicKey]
    ledgers: Mapping[str, Ed25519PublicKey]
    recovery: RecoveryKey | None = None


def load_terminal(folder: Path, renewed: Collection[str] = ()) -> TerminalKeys:
    """Reads the terminal's secrets, those named in `renewed` from the file beside their own. Raises KeyMistake."""
    names = (LEDGER, RECEIPT, DATABASE, HOLDER)
    files = {name: folder / (name + NEXT if name in renewed else name) for name in names}
    missing = [file.name for file in files.values() if not file.is_file()]
    if missing:
        raise KeyMistake(f"{folder}: missing {', '.join(missing)}")
    ledger, ledger_generation = load_ledger_key(files[LEDGER])
    receipt, receipt_generation = load_receipt_key(files[RECEIPT])
    return TerminalKeys(
        ledger=ledger,
        receipt=receipt,
        database=load_secret(files[DATABASE]),
        holder=load_secret(files[HOLDER]),
        warnings=tuple(filter(None, (_too_open(file) for file in files.values()))),
        ledger_generation=ledger_generation,
        receipt_generation=receipt_generation,
    )


def load_ledger_key(file: Path) -> tuple[Ed25519PrivateKey, int]:
    """With its generation. Raises KeyMistake."""
    key, generation = _private(file)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMistake(f"{file}: an Ed25519 private key belongs here")
    return key, generation


def load_receipt_key(file: Path) -> tuple[ec.EllipticCurvePrivateKey, int]:
    """With its generation. Raises KeyMistake."""
    key, generation = _private(file)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeyMistake(f"{file}: a P-256 private key belongs here")
    return key, generation


def private_file(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, generation: int) -> bytes:
    """The content of `ledger.key` or `receipt.key`."""
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return f"Generation: {generation}\n".encode() + pem


def load_trust(folder: Path) -> Trust:
    """Reads the public keys of the centre, the agencies and the terminals. Raises KeyMistake."""
    centre = folder / f"{CENTRE_KEY}.pem"
    if not centre.is_file():
        raise KeyMistake(f"{folder}: missing {centre.name}, without which no answer can be believed")
    recovery = folder / f"{RECOVERY_KEY}.pem"
    return Trust(
        centre=_public(centre),
        agencies=_named(folder, agency_key_id("")),
        ledgers=_named(folder, ledger_key_id("")),
        recovery=_recovery(recovery) if recovery.is_file() else None,
    )


def _named(folder: Path, prefix: str) -> dict[str, Ed25519PublicKey]:
    return {file.stem.removeprefix(prefix): _public(file) for file in sorted(folder.glob(f"{prefix}*.pem"))}


def _private(file: Path) -> tuple[object, int]:
    content = _content(file)
    generation = _GENERATION.search(content)
    try:
        return load_pem_private_key(content, password=None), int(generation[1]) if generation else 1
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyMistake(f"{file}: no private key in PEM PKCS #8 without a passphrase") from None


def _public(file: Path) -> Ed25519PublicKey:
    key = _any_public(file)
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMistake(f"{file}: an Ed25519 public key belongs here")
    return key


def _recovery(file: Path) -> RecoveryKey:
    key = _any_public(file)
    if not isinstance(key, X25519PublicKey):
        raise KeyMistake(f"{file}: an X25519 public key belongs here")
    return recovery_key(key)


def _any_public(file: Path) -> object:
    try:
        return load_pem_public_key(_content(file))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyMistake(f"{file}: no public key in PEM") from None


def load_secret(file: Path) -> bytes:
    """Raises KeyMistake."""
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
