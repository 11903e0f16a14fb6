"""RSA signatures that hold part of their message: ISO/IEC 9796-2, digital signature scheme 1 (Doc 9303-11, 6.1.2.2).

No library at hand has it: `recover_data_from_signature` of `cryptography` means PKCS #1.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac

from devices.cards.signatures import CannotCheck

_SMALLEST_MODULUS, _LARGEST_MODULUS = 1_024, 8_192
_LARGEST_EXPONENT = 64
_PARTLY_RECOVERED, _IMPLICIT_HASH, _EXPLICIT_HASH = 0x60, 0xBC, 0xCC
_HASHES = {0x33: "sha1", 0x34: "sha256", 0x35: "sha512", 0x36: "sha384", 0x38: "sha224"}
"""By the hash identifiers of ISO/IEC 10118-3. SHA-1 must be taken, as the trailer without an identifier means it, and
may be: whoever finds two messages of one hash has no use for them where this reader drew half of the message."""


@dataclasses.dataclass(frozen=True, slots=True)
class RsaKey:
    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """The bytes of the modulus, and of every signature."""
        return (self.modulus.bit_length() + 7) // 8

    def check_strength(self) -> None:
        """Chips have keys of 1,024 bits where longer answers do not fit (Doc 9303-11, 6.1.4). Raises CannotCheck."""
        bits = self.modulus.bit_length()
        if bits % 8 or not _SMALLEST_MODULUS <= bits <= _LARGEST_MODULUS:
            raise CannotCheck(f"RSA key of {bits} bits")
        if self.exponent % 2 == 0 or not 3 <= self.exponent < 1 << _LARGEST_EXPONENT:
            raise CannotCheck("RSA exponent")

    def has_signed(self, rest: bytes, signature: bytes) -> bool:
        """Whether this is a signature over the part of the message that it holds, followed by `rest`."""
        number = int.from_bytes(signature, "big")
        if len(signature) != self.size or number >= self.modulus:
            return False
        opened = pow(number, self.exponent, self.modulus)
        # The signer may have taken the smaller of the signature and its complement (ISO/IEC 9796-2, B.4).
        if opened % 16 != 12:
            opened = self.modulus - opened
        return _holds(opened.to_bytes(self.size, "big"), rest)


def _holds(representative: bytes, rest: bytes) -> bool:
    """The representative is a header, the recovered part, the hash of the whole message, and a trailer."""
    start = _end_of_header(representative)
    if representative[-1] == _IMPLICIT_HASH:
        name, trailer = "sha1", 1
    elif representative[-1] == _EXPLICIT_HASH and representative[-2] in _HASHES:
        name, trailer = _HASHES[representative[-2]], 2
    else:
        return False
    end = len(representative) - trailer - hashlib.new(name).digest_size
    if start is None or start >= end:
        return False
    digest = hashlib.new(name, representative[start:end] + rest).digest()
    return hmac.compare_digest(digest, representative[end:-trailer])


def _end_of_header(representative: bytes) -> int | None:
    """The bits 011, then padding up to the first half-byte A: 6A, or 6B BB ... BA where the message is short."""
    if representative[0] & 0xE0 != _PARTLY_RECOVERED:
        return None
    for place, octet in enumerate(representative):
        high, low = octet >> 4, octet & 0x0F
        if place and high != 0xB:
            return None
        if low == 0xA:
            return place + 1
        if low != 0xB:
            return None
    return None
