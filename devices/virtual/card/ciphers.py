"""The ciphers of access control and secure messaging (ICAO Doc 9303-11, 9.7 and 9.8), by pycryptodome.

The kiosk's own reader uses another library, so that one fault in either cannot hide in both.
"""

from __future__ import annotations

import dataclasses
import hashlib

from Crypto.Cipher import AES, DES, DES3
from Crypto.Hash import CMAC

BLOCK, AES_BLOCK, CHECKSUM = 8, 16, 8
ENCRYPTION, AUTHENTICATION, PASSWORD = 1, 2, 3
SHA1_KEY = 16


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


def pad(data: bytes, block: int = BLOCK) -> bytes:
    """ISO/IEC 9797-1 padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes | None:
    """What was padded; None if there is no padding."""
    body = data.rstrip(b"\x00")
    return body[:-1] if body.endswith(b"\x80") else None


def _odd(byte: int) -> int:
    return byte ^ (byte.bit_count() + 1 & 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Suite:
    """One way of secure messaging: the key's bytes, and whether the cipher is AES or triple DES."""

    key: int
    aes: bool

    @property
    def block(self) -> int:
        return AES_BLOCK if self.aes else BLOCK

    def derive(self, seed: bytes, purpose: int) -> bytes:
        """9.7.1: with SHA-256 where SHA-1 is too short."""
        if not self.aes:
            return derive(seed, purpose)
        data = seed + purpose.to_bytes(4, "big")
        if self.key > SHA1_KEY:
            return hashlib.sha256(data).digest()[: self.key]
        return hashlib.sha1(data, usedforsecurity=False).digest()[: self.key]

    def encrypt(self, key: bytes, data: bytes, counter: int | None = None) -> bytes:
        """CBC on whole blocks; under secure messaging by AES the counter makes the initial vector (9.8.6.3)."""
        if not self.aes:
            return encrypt(key, data)
        return AES.new(key, AES.MODE_CBC, self._vector(key, counter)).encrypt(data)

    def decrypt(self, key: bytes, data: bytes, counter: int | None = None) -> bytes:
        if not self.aes:
            return decrypt(key, data)
        return AES.new(key, AES.MODE_CBC, self._vector(key, counter)).decrypt(data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Of a command or response, padded here."""
        return self.token(key, pad(data, self.block)) if self.aes else mac(key, pad(data))

    def token(self, key: bytes, data: bytes) -> bytes:
        """Of a public key in PACE: CMAC pads by itself, the checksum of triple DES does not (4.4.3.4)."""
        if not self.aes:
            return mac(key, pad(data))
        return CMAC.new(key, msg=data, ciphermod=AES).digest()[:CHECKSUM]

    def _vector(self, key: bytes, counter: int | None) -> bytes:
        if counter is None:
            return bytes(AES_BLOCK)
        return AES.new(key, AES.MODE_ECB).encrypt(counter.to_bytes(AES_BLOCK, "big"))


TRIPLE_DES = Suite(16, aes=False)
AES_128, AES_192, AES_256 = Suite(16, aes=True), Suite(24, aes=True), Suite(32, aes=True)
SUITES = {1: TRIPLE_DES, 2: AES_128, 3: AES_192, 4: AES_256}
"""By the last byte of the object identifiers of PACE and chip authentication (9303-11, 9.2.3 and 9.2.7)."""
