"""The two-key triple DES of Basic Access Control (ICAO Doc 9303-11, 4.3.3 and 9.7.1), by pycryptodome.

The kiosk's own reader uses another library, so that one fault in either cannot hide in both.
"""

from __future__ import annotations

import hashlib

from Crypto.Cipher import DES, DES3

BLOCK = 8
ENCRYPTION, AUTHENTICATION = 1, 2


def derive(seed: bytes, purpose: int) -> bytes:
    """The key derivation function for 3DES (9.7.1.1): 16 bytes, odd parity."""
    digest = hashlib.sha1(seed + purpose.to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytes(_odd(byte) for byte in digest[:16])


def encrypt(key: bytes, data: bytes) -> bytes:
    """3DES in CBC mode, zero IV, on whole blocks."""
    return DES3.new(key, DES3.MODE_CBC, bytes(BLOCK)).encrypt(data)


def decrypt(key: bytes, data: bytes) -> bytes:
    return DES3.new(key, DES3.MODE_CBC, bytes(BLOCK)).decrypt(data)


def mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1 MAC algorithm 3 with DES, zero IV, on data that is padded already: 8 bytes."""
    # Single DES is weak by itself; the standard prescribes it as a step of this checksum.
    outer = DES.new(key[:8], DES.MODE_ECB)  # noqa: S304
    inner = DES.new(key[8:], DES.MODE_ECB)  # noqa: S304
    chained = DES.new(key[:8], DES.MODE_CBC, bytes(BLOCK)).encrypt(data)[-BLOCK:]  # noqa: S304
    return outer.encrypt(inner.decrypt(chained))


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes | None:
    """What was padded; None if there is no padding."""
    body = data.rstrip(b"\x00")
    return body[:-1] if body.endswith(b"\x80") else None


def _odd(byte: int) -> int:
    return byte ^ (byte.bit_count() + 1 & 1)
