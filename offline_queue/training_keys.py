"""Training's own keys and folders: made at first use below the state folder, and never those of the service.

Other keys are the whole separation: the service's ledger cannot be opened with training's database key, nor training's
with the service's, and nothing that training signs is believed by the centre or by whoever checks a receipt.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.settings import Folders, Secrets, Settings
from kiosk.training import TRAINING_ID
from kiosk.wire import CENTRE_KEY, agency_key_id, ledger_key_id
from offline_queue.keys import SECRET_BYTES, KeyMistake

FOLDER: Final = "training"

PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class CentreKeys:
    """Those of the invented centre and agency, which sit in the same program."""

    centre: Ed25519PrivateKey
    agency: Ed25519PrivateKey


def for_training(settings: Settings) -> Settings:
    """The same terminal, its ledger and keys below `state/training`, under a name that no terminal in service has."""
    own = settings.folders.state / FOLDER
    return msgspec.structs.replace(
        settings,
        terminal=msgspec.structs.replace(settings.terminal, id=TRAINING_ID, training=True),
        folders=Folders(state=own, keys=own / "keys", trust=own / "trust"),
        secrets=Secrets(source="folder"),  # they are made here, and are worth nothing
    )


def make_keys(folders: Folders) -> None:
    """Makes what is missing, never replaces what exists; `folders` are those of `for_training`. Raises KeyMistake."""
    try:
        for folder in (folders.state, folders.keys, folders.trust):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("database.key", "holder.key"):
            _keep(folders.keys / name, secrets.token_bytes(SECRET_BYTES))
        _make_pair(folders, "receipt.key", f"receipt-{TRAINING_ID}", ec.generate_private_key(ec.SECP256R1()))
        _make_pair(folders, "ledger.key", ledger_key_id(TRAINING_ID), Ed25519PrivateKey.generate())
        _make_pair(folders, "centre.key", CENTRE_KEY, Ed25519PrivateKey.generate())
        _make_pair(folders, "agency.key", agency_key_id(FOLDER), Ed25519PrivateKey.generate())
    except OSError as error:
        raise KeyMistake(f"{folders.state}: training's keys cannot be made: {error.strerror}") from error


def load_centre(folder: Path) -> CentreKeys:
    """Raises KeyMistake."""
    return CentreKeys(centre=_load(folder / "centre.key"), agency=_load(folder / "agency.key"))


def _make_pair(folders: Folders, secret: str, public: str, made: PrivateKey) -> None:
    """The public half follows the private one, also where a power cut came between the two."""
    encoding, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    _keep(folders.keys / secret, made.private_bytes(encoding, kind, serialization.NoEncryption()))
    kept = serialization.load_pem_private_key((folders.keys / secret).read_bytes(), password=None)
    published = kept.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    _keep(folders.trust / f"{public}.pem", published)


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all: written beside it, and given its name in one step, unless it is there already."""
    if file.exists():
        return
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:  # noqa: PTH123 - a mode
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)


def _load(file: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyMistake(f"{file}: training's key cannot be read") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMistake(f"{file}: an Ed25519 private key belongs here")
    return key
