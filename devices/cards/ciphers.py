"""The cipher suites of secure messaging, Triple DES and AES, and their keys (ICAO Doc 9303-11, 9.7 and 9.8)."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 8
_ZEROS = bytes(BLOCK)
_AES_BLOCK = 16
_MAC = 8
_ENCRYPTION, _AUTHENTICATION, _PASSWORD = 1, 2, 3


class CipherSuite(Protocol):
    """How one channel encrypts and authenticates; a frozen value. `block` in bytes is also the size of the counter.

    `strength` is in bits (NIST SP 800-57 part 1, 5.6.1). `short_read` is the most that one READ BINARY may ask for so
    that its protected answer fits 256 bytes.
    """

    @property
    def block(self) -> int: ...

    @property
    def short_read(self) -> int: ...

    @property
    def strength(self) -> int: ...

    def derive_key(self, seed: bytes, counter: int) -> bytearray:
        """The KDF of Doc 9303-11, 9.7.1: counter 1 for encryption, 2 for the MAC, 3 for a PACE password."""

    def encrypt(self, key: bytearray, counter: int, data: bytes) -> bytes:
        """CBC on whole blocks, with the initial vector that belongs to the send sequence counter."""

    def decrypt(self, key: bytearray, counter: int, data: bytes) -> bytes: ...

    def decrypt_nonce(self, key: bytearray, data: bytes) -> bytes:
        """The nonce of PACE: CBC with a zero initial vector (4.4.3.3)."""

    def mac(self, key: bytearray, data: bytes) -> bytes:
        """The 8 bytes over a command or an answer, `data` beginning with the counter (9.8.6.2, 9.8.7.2)."""

    def token(self, key: bytearray, data: bytes) -> bytes:
        """The 8 bytes of an authentication token of PACE (4.4.3.4)."""


@dataclasses.dataclass(frozen=True, slots=True)
class TripleDes:
    """Two-key Triple DES and Retail MAC."""

    block: int = BLOCK
    short_read: int = 231
    strength: int = 112

    def derive_key(self, seed: bytes, counter: int) -> bytearray:
        return derive_key(seed, counter)

    def encrypt(self, key: bytearray, counter: int, data: bytes) -> bytes:  # noqa: ARG002  # the vector is zero here
        return encrypt(key, data)

    def decrypt(self, key: bytearray, counter: int, data: bytes) -> bytes:  # noqa: ARG002  # the vector is zero here
        return decrypt(key, data)

    def decrypt_nonce(self, key: bytearray, data: bytes) -> bytes:
        return decrypt(key, data)

    def mac(self, key: bytearray, data: bytes) -> bytes:
        return retail_mac(key, data)

    def token(self, key: bytearray, data: bytes) -> bytes:
        return retail_mac(key, data)


@dataclasses.dataclass(frozen=True, slots=True)
class Aes:
    """AES and CMAC, the latter cut to 8 bytes; `key_size` is 16, 24 or 32 bytes."""

    key_size: int
    block: int = _AES_BLOCK
    short_read: int = 223

    @property
    def strength(self) -> int:
        return 8 * self.key_size

    def derive_key(self, seed: bytes, counter: int) -> bytearray:
        # SHA-1 only spreads a secret here and proves nothing; longer keys need a longer hash (9.7.1.2).
        name = "sha1" if self.key_size <= 16 else "sha256"
        digest = hashlib.new(name, seed + counter.to_bytes(4, "big"), usedforsecurity=False).digest()
        return bytearray(digest[: self.key_size])

    def encrypt(self, key: bytearray, counter: int, data: bytes) -> bytes:
        return _aes(key, self._vector(key, counter)).encryptor().update(data)

    def decrypt(self, key: bytearray, counter: int, data: bytes) -> bytes:
        return _aes(key, self._vector(key, counter)).decryptor().update(data)

    def decrypt_nonce(self, key: bytearray, data: bytes) -> bytes:
        return _aes(key, bytes(_AES_BLOCK)).decryptor().update(data)

    def mac(self, key: bytearray, data: bytes) -> bytes:
        return self.token(key, pad(data, _AES_BLOCK))

    def token(self, key: bytearray, data: bytes) -> bytes:
        context = CMAC(AES(key))
        context.update(data)
        return context.finalize()[:_MAC]

    def _vector(self, key: bytearray, counter: int) -> bytes:
        """E(KS_Enc, SSC): one block in CBC with a zero vector is that block in ECB (9.8.7.1)."""
        return _aes(key, bytes(_AES_BLOCK)).encryptor().update(counter.to_bytes(_AES_BLOCK, "big"))


TRIPLE_DES = TripleDes()
AES_128, AES_192, AES_256 = Aes(16), Aes(24), Aes(32)


class SessionKeys:
    """KS_Enc and KS_MAC of one suite, in memory that `wipe` overwrites."""

    __slots__ = ("encryption", "mac", "suite")

    def __init__(self, encryption: bytearray, mac: bytearray, suite: CipherSuite = TRIPLE_DES) -> None:
        self.encryption = encryption
        self.mac = mac
        self.suite = suite

    @classmethod
    def derive(cls, seed: bytes, suite: CipherSuite = TRIPLE_DES) -> SessionKeys:
        return cls(suite.derive_key(seed, _ENCRYPTION), suite.derive_key(seed, _AUTHENTICATION), suite)

    def wipe(self) -> None:
        self.encryption[:] = bytes(len(self.encryption))
        self.mac[:] = bytes(len(self.mac))


def password_key(password: bytes, suite: CipherSuite) -> bytearray:
    """K_pi, which hides the nonce of PACE (Doc 9303-11, 9.7.3)."""
    return suite.derive_key(password, _PASSWORD)


def derive_key(seed: bytes, counter: int) -> bytearray:
    """KDF for two-key Triple DES: SHA-1, first 16 bytes, DES parity adjusted."""
    # SHA-1 is what the standard prescribes here; it only spreads a secret and proves nothing.
    digest = hashlib.sha1(seed + counter.to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytearray(_with_odd_parity(octet) for octet in digest[:16])


def _with_odd_parity(octet: int) -> int:
    return (octet & 0xFE) | ((octet >> 1).bit_count() + 1) % 2


def pad(data: bytes, block: int = BLOCK) -> bytes:
    """ISO/IEC 9797-1, padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes, block: int = BLOCK) -> bytes | None:
    """The data before padding method 2, or None where no such padding is there."""
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(b"\x80") or len(data) - len(stripped) >= block:
        return None
    return stripped[:-1]


def encrypt(key: bytearray, data: bytes) -> bytes:
    """Triple DES in CBC with a zero initial vector, as BAC and its secure messaging prescribe, on whole blocks."""
    return _cbc(_key_of_two(key)).encryptor().update(data)


def decrypt(key: bytearray, data: bytes) -> bytes:
    return _cbc(_key_of_two(key)).decryptor().update(data)


def retail_mac(key: bytearray, data: bytes) -> bytes:
    """ISO/IEC 9797-1, MAC algorithm 3 with DES and padding method 2: 8 bytes."""
    first, second = key[:BLOCK], key[BLOCK:]
    chained = _cbc(first * 3).encryptor().update(pad(data))[-BLOCK:]
    return _cbc(first * 3).encryptor().update(_cbc(second * 3).decryptor().update(chained))


def _key_of_two(key: bytearray) -> bytearray:
    # cryptography deprecates the 16-byte form: K1 K2 stands for K1 K2 K1.
    return key + key[:BLOCK]


def _cbc(key: bytearray) -> Cipher[modes.CBC]:
    # Typed for bytes only, but any bytes-like key is taken; a bytearray can be wiped.
    return Cipher(TripleDES(key), modes.CBC(_ZEROS))  # type: ignore[arg-type]


def _aes(key: bytearray, vector: bytes) -> Cipher[modes.CBC]:
    return Cipher(AES(key), modes.CBC(vector))
