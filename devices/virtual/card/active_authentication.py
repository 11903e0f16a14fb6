"""The chip's side of active authentication: it signs the terminal's challenge (ICAO Doc 9303-11, 6.1)."""

from __future__ import annotations

import hashlib
import secrets

from devices.virtual.card.groups import Random, private_key
from devices.virtual.card.keys import CurveSigningKey, ResidueSigningKey
from devices.virtual.card.standard_curves import CURVES

CHALLENGE = 8
# ISO/IEC 9796-2, digital signature scheme 1 with partial recovery: nothing is filled up, so the header is 6A.
HEADER = b"\x6a"
IMPLICIT_SHA1 = b"\xbc"
TRAILERS = {
    "sha1": IMPLICIT_SHA1,
    "sha224": b"\x38\xcc",
    "sha256": b"\x34\xcc",
    "sha384": b"\x36\xcc",
    "sha512": b"\x35\xcc",
}


def sign(key: ResidueSigningKey | CurveSigningKey, challenge: bytes, random: Random = secrets.randbelow) -> bytes:
    """The signature over the challenge. `random` is given by tests."""
    if isinstance(key, ResidueSigningKey):
        return _sign_with_residues(key, challenge, random)
    return _sign_with_curve(key, challenge, random)


def _sign_with_residues(key: ResidueSigningKey, challenge: bytes, random: Random) -> bytes:
    """6.1.2.2: the chip's own nonce is recovered from the signature, the challenge is not in it."""
    size = (key.modulus.bit_length() + 7) // 8
    trailer = TRAILERS[key.hash]
    nonce_bytes = size - len(HEADER) - hashlib.new(key.hash).digest_size - len(trailer)
    nonce = random(2 ** (8 * nonce_bytes)).to_bytes(nonce_bytes, "big")
    digest = hashlib.new(key.hash, nonce + challenge).digest()
    message = int.from_bytes(HEADER + nonce + digest + trailer, "big")
    return pow(message, key.exponent, key.modulus).to_bytes(size, "big")


def _sign_with_curve(key: CurveSigningKey, challenge: bytes, random: Random) -> bytes:
    """6.1.2.3: ECDSA in the plain format, r and s side by side (TR-03111, 5.2.1)."""
    curve = CURVES[key.parameters]
    digest = hashlib.new(key.hash, challenge).digest()
    excess = max(0, 8 * len(digest) - curve.order.bit_length())
    number = int.from_bytes(digest, "big") >> excess
    size = (curve.order.bit_length() + 7) // 8
    r = s = 0
    while not r or not s:  # either is zero once in 2^256 times
        ephemeral = private_key(curve, random)
        point = curve.multiply(ephemeral, curve.generator)
        r = point[0] % curve.order if point else 0
        s = pow(ephemeral, -1, curve.order) * (number + r * key.private) % curve.order
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")
