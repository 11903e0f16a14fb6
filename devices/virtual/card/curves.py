"""Elliptic curves for the chip's side of its protocols, in affine arithmetic (ICAO Doc 9303-11, 9.6; TR-03111).

Written on its own and in another way than the kiosk's reader does it, so that one fault in either cannot hide in both.
It is neither fast nor constant in time: a real chip would have to be.
"""

from __future__ import annotations

import dataclasses

Point = tuple[int, int] | None
"""x and y; None is the point at infinity."""


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """y^2 = x^3 + a x + b over the prime, with a generator of the given order; `size` is a coordinate's bytes."""

    size: int
    prime: int
    a: int
    b: int
    generator: tuple[int, int]
    order: int

    def add(self, one: Point, other: Point) -> Point:
        if one is None or other is None:
            return other if one is None else one
        (x1, y1), (x2, y2) = one, other
        if x1 != x2:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.prime)
        elif (y1 + y2) % self.prime:
            slope = (3 * x1 * x1 + self.a) * pow(2 * y1, -1, self.prime)
        else:
            return None
        x3 = (slope * slope - x1 - x2) % self.prime
        return x3, (slope * (x1 - x3) - y1) % self.prime

    def multiply(self, factor: int, point: Point) -> Point:
        total: Point = None
        while factor:
            if factor & 1:
                total = self.add(total, point)
            point = self.add(point, point)
            factor >>= 1
        return total

    def encode(self, point: Point) -> bytes:
        """Uncompressed. The protocol never sends the point at infinity."""
        assert point is not None
        return b"\x04" + b"".join(coordinate.to_bytes(self.size, "big") for coordinate in point)

    def decode(self, data: bytes) -> Point:
        """None for anything that is no point of this curve."""
        if len(data) != 2 * self.size + 1 or data[0] != 4:
            return None
        x, y = (int.from_bytes(part, "big") for part in (data[1 : self.size + 1], data[self.size + 1 :]))
        on_curve = (y * y - (x * x + self.a) * x - self.b) % self.prime == 0
        return (x, y) if max(x, y) < self.prime and on_curve else None

    def secret(self, point: Point) -> bytes:
        """What keys are derived from: the x coordinate at its full length (TR-03111, 4.3.1)."""
        assert point is not None
        return point[0].to_bytes(self.size, "big")
