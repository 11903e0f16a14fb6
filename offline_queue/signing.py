"""Ed25519 signatures over bytes with a context, so that a signature of one kind never passes for another (RFC 8032)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.wire import Signed


class WrongSignature(Exception):
    """The bytes were not signed by that key in that context."""


def sign(payload: bytes, context: bytes, key: Ed25519PrivateKey, key_id: str) -> Signed:
    return Signed(payload=payload, key_id=key_id, signature=key.sign(context + b"\x00" + payload))


def open_signed(signed: Signed, context: bytes, key: Ed25519PublicKey, key_id: str) -> bytes:
    """The payload, proven. Raises WrongSignature, also where another key is named than the one expected."""
    if signed.key_id != key_id:
        raise WrongSignature("another key is named")
    try:
        key.verify(signed.signature, context + b"\x00" + signed.payload)
    except InvalidSignature as error:
        raise WrongSignature("the signature does not belong to these bytes") from error
    return signed.payload
