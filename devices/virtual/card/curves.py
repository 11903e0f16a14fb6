"""Elliptic curves for the chip's side of PACE, in affine arithmetic (ICAO Doc 9303-11, 9.5.1; FIPS 186-4; RFC 5639).

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


def _nist(bits: int, prime: int, order: int, b: int, generator: tuple[int, int]) -> Curve:
    """On the curves of NIST a is -3."""
    return Curve(bits // 8, prime, prime - 3, b, generator, order)


P256 = _nist(
    256,
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    (
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    ),
)
P384 = _nist(
    384,
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    (
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    ),
)
BRAINPOOL_P256 = Curve(
    32,
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
    (
        0x8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262,
        0x547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997,
    ),
    0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
)
CURVES = {12: P256, 13: BRAINPOOL_P256, 15: P384}
"""By the id of the standardised domain parameters."""
