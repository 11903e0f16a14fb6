"""Two-key Triple DES, Retail MAC and the key derivation of ICAO Doc 9303-11, section 9.7 and appendix D."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK = 8
_ZEROS = bytes(BLOCK)


class SessionKeys:
    """KS_Enc and KS_MAC, 16 bytes each, in memory that `wipe` overwrites."""

    __slots__ = ("encryption", "mac")

    def __init__(self, encryption: bytearray, mac: bytearray) -> None:
        self.encryption = encryption
        self.mac = mac

    @classmethod
    def derive(cls, seed: bytes) -> SessionKeys:
        """Doc 9303-11, 9.7.1: counter 1 gives the encryption key, counter 2 the MAC key."""
        return cls(derive_key(seed, 1), derive_key(seed, 2))

    def wipe(self) -> None:
        self.encryption[:] = bytes(len(self.encryption))
        self.mac[:] = bytes(len(self.mac))


def derive_key(seed: bytes, counter: int) -> bytearray:
    """KDF for two-key Triple DES: SHA-1, first 16 bytes, DES parity adjusted."""
    # SHA-1 is what the standard prescribes here; it only spreads a secret and proves nothing.
    digest = hashlib.sha1(seed + counter.to_bytes(4, "big"), usedforsecurity=False).digest()
    return bytearray(_with_odd_parity(octet) for octet in digest[:16])


def _with_odd_parity(octet: int) -> int:
    return (octet & 0xFE) | ((octet >> 1).bit_count() + 1) % 2


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1, padding method 2."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK)


def unpad(data: bytes) -> bytes | None:
    """The data before padding method 2, or None where no such padding is there."""
    stripped = data.rstrip(b"\x00")
    if not stripped.endswith(b"\x80") or len(data) - len(stripped) >= BLOCK:
        return None
    return stripped[:-1]


def encrypt(key: bytearray, data: bytes) -> bytes:
    """CBC with a zero initial vector, as BAC and its secure messaging prescribe; `data` fills whole blocks."""
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
