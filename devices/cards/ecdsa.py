"""Checks ECDSA signatures on every curve that chips use, in the forms that chips give them (TR-03111, 4.2.1 and 5.2).

`cryptography` lacks brainpoolP320r1, which Dutch documents sign with. Only public numbers are computed on here.
"""

from __future__ import annotations

import dataclasses
import hashlib

from devices.cards import points, tlv
from devices.cards.curves import DomainParameters
from devices.cards.points import Point
from devices.cards.tlv import MalformedData

_SEQUENCE, _INTEGER = 0x30, 0x02


@dataclasses.dataclass(frozen=True, slots=True)
class PublicKey:
    curve: DomainParameters
    point: Point

    @classmethod
    def read(cls, curve: DomainParameters, bits: bytes) -> PublicKey:
        """Raises MalformedData."""
        return cls(curve, points.decode(curve, bits))

    @property
    def signature_size(self) -> int:
        """The bytes of a plain signature."""
        return 2 * self._half

    def split(self, signature: bytes) -> tuple[int, int] | None:
        """r and s of a plain signature, as the standard wants it, or of a DER one, as some national cards give it
        (https://github.com/gmrtd/gmrtd/issues/187). None where it is neither."""
        if len(signature) == self.signature_size:
            return int.from_bytes(signature[: self._half], "big"), int.from_bytes(signature[self._half :], "big")
        try:
            numbers = tlv.parse(tlv.parse_one(signature, _SEQUENCE).value)
        except MalformedData:
            return None
        if [number.tag for number in numbers] != [_INTEGER, _INTEGER]:
            return None
        r, s = (int.from_bytes(number.value, "big") for number in numbers)
        return r, s

    def has_signed(self, hash_name: str, message: bytes, parts: tuple[int, int]) -> bool:
        """Whether r and s are a signature over the message by this key (FIPS 186-4, 6.4)."""
        curve, (r, s) = self.curve, parts
        if not (0 < r < curve.order and 0 < s < curve.order):
            return False
        digest = hashlib.new(hash_name, message).digest()
        number = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - curve.order.bit_length())
        inverse = pow(s, -1, curve.order)
        try:
            by_generator = points.multiply(curve, number * inverse, curve.generator)
            by_key = points.multiply(curve, r * inverse, self.point)
            x, _ = points.add(curve, by_generator, by_key)
        except MalformedData:  # the point at infinity
            return False
        return x % curve.order == r

    @property
    def _half(self) -> int:
        return (self.curve.order.bit_length() + 7) // 8
