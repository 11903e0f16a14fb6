"""The groups of key agreement as the tests' chips compute in them: plain affine arithmetic, no code of the reader."""

from __future__ import annotations

import dataclasses

from devices.cards.curves import DomainParameters
from devices.cards.residues import ResidueParameters

Point = tuple[int, int] | None


@dataclasses.dataclass(frozen=True)
class Curve:
    parameters: DomainParameters
    tag = 0x86

    @property
    def order(self) -> int:
        return self.parameters.order

    @property
    def generator(self) -> bytes:
        return self._encode(self.parameters.generator)

    def multiply(self, factor: int, element: bytes) -> bytes:
        total: Point = None
        addend: Point = self._decode(element)
        while factor:
            total = self._sum(total, addend) if factor & 1 else total
            addend, factor = self._sum(addend, addend), factor >> 1
        return self._encode(total)

    def add(self, one: bytes, other: bytes) -> bytes:
        return self._encode(self._sum(self._decode(one), self._decode(other)))

    def secret(self, element: bytes) -> bytes:
        return element[1 : (len(element) + 1) // 2]

    def _sum(self, one: Point, other: Point) -> Point:
        if one is None or other is None:
            return other if one is None else one
        p, (x1, y1), (x2, y2) = self.parameters.prime, one, other
        if x1 == x2 and (y1 + y2) % p == 0:
            return None
        slope = (
            (3 * x1 * x1 + self.parameters.a) * pow(2 * y1, -1, p) if one == other else (y2 - y1) * pow(x2 - x1, -1, p)
        )
        x = (slope * slope - x1 - x2) % p
        return x, (slope * (x1 - x) - y1) % p

    def _encode(self, point: Point) -> bytes:
        assert point is not None
        size = (self.parameters.prime.bit_length() + 7) // 8
        return b"\x04" + b"".join(number.to_bytes(size, "big") for number in point)

    def _decode(self, element: bytes) -> tuple[int, int]:
        half = (len(element) + 1) // 2
        return int.from_bytes(element[1:half], "big"), int.from_bytes(element[half:], "big")


@dataclasses.dataclass(frozen=True)
class Residues:
    """`full` keeps leading zeros of public keys, as PKCS #3 does; Doc 9303-11, 9.4.1, leaves them out."""

    parameters: ResidueParameters
    full: bool = False
    tag = 0x84

    @property
    def order(self) -> int:
        return self.parameters.order

    @property
    def generator(self) -> bytes:
        return self._encode(self.parameters.generator)

    def multiply(self, factor: int, element: bytes) -> bytes:
        return self._encode(pow(int.from_bytes(element, "big"), factor, self.parameters.prime))

    def add(self, one: bytes, other: bytes) -> bytes:
        return self._encode(int.from_bytes(one, "big") * int.from_bytes(other, "big") % self.parameters.prime)

    def secret(self, element: bytes) -> bytes:
        return element.rjust((self.parameters.prime.bit_length() + 7) // 8, b"\x00")

    def _encode(self, number: int) -> bytes:
        plain = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return self.secret(plain) if self.full else plain


Group = Curve | Residues
