"""Seals to the centre: HPKE (RFC 9180), DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, single shot.

What is sealed is bound to its use, its terminal and its hash by the `info` of the key schedule, which RFC 9180, 8.1,
recommends for single-shot use in the place of an `aad`: sealed bytes that are carried to another terminal's place do
not open. Who sealed it is not proven by this; the ledger's signatures do that.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from kiosk.wire import RECOVERY_KEY

BODY: Final = b"kiosk/sealed-body"
DATABASE_KEY: Final = b"kiosk/sealed-database-key"

_SUITE: Final = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """Sealed to another key, for another terminal or hash, or damaged: the standard does not let them be told apart."""


@dataclasses.dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The centre's public key. `id` is made from the key itself, so that two keys never share one."""

    public: X25519PublicKey
    id: str


def recovery_key(public: X25519PublicKey) -> RecoveryKey:
    info = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return RecoveryKey(public, f"{RECOVERY_KEY}-{hashlib.sha256(info).hexdigest()[:16]}")


@dataclasses.dataclass(frozen=True, slots=True)
class Sealer:
    """Seals what belongs to one terminal."""

    terminal: str
    to: RecoveryKey

    def seal(self, content: bytes, use: bytes, name: str) -> bytes:
        """`use` is BODY or DATABASE_KEY; `name` the body's hash or the key's id."""
        return _SUITE.encrypt(content, self.to.public, _info(use, self.terminal, name))


def open_sealed(sealed: bytes, key: X25519PrivateKey, use: bytes, terminal: str, name: str) -> bytes:
    """At the centre. Raises CannotOpen."""
    try:
        return _SUITE.decrypt(sealed, key, _info(use, terminal, name))
    except (InvalidTag, ValueError):
        raise CannotOpen(f"{name}: not sealed to this key for {terminal}, or damaged") from None


def _info(use: bytes, terminal: str, name: str) -> bytes:
    """None of the three holds a zero byte."""
    return b"\x00".join((use, terminal.encode(), name.encode()))
