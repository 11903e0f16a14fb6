"""Arithmetic on points of elliptic curves, for the protocols of the chip (ICAO Doc 9303-11, 4.4, 6.1 and 6.2).

`cryptography` gives only the x of a shared point and takes no generator of one's own, so PACE cannot be built on it,
and it lacks two of the curves. This is not constant in time: it must be used with ephemeral keys only, which live for
one reading of one card, and with public numbers; never with a key that signs or decrypts anything else.
"""

from __future__ import annotations

from devices.cards.curves import DomainParameters
from devices.cards.tlv import MalformedData

Point = tuple[int, int]
_Jacobian = tuple[int, int, int]
"""(X, Y, Z) stands for (X / Z^2, Y / Z^3); Z = 0 for the point at infinity."""

_INFINITY: _Jacobian = (1, 1, 0)


def multiply(curve: DomainParameters, factor: int, point: Point) -> Point:
    """`factor` times `point`, by doubling and adding. Raises MalformedData where that is the point at infinity."""
    result = _INFINITY
    start = (*point, 1)
    for bit in f"{factor % curve.order:b}":
        result = _double(curve, result)
        if bit == "1":
            result = _add(curve, result, start)
    return _affine(curve, result)


def add(curve: DomainParameters, one: Point, other: Point) -> Point:
    """Raises MalformedData where the sum is the point at infinity."""
    return _affine(curve, _add(curve, (*one, 1), (*other, 1)))


def encode(curve: DomainParameters, point: Point) -> bytes:
    """Uncompressed: 04, x, y (Doc 9303-11, 9.4.4.2)."""
    size = size_of(curve)
    return b"\x04" + point[0].to_bytes(size, "big") + point[1].to_bytes(size, "big")


def decode(curve: DomainParameters, data: bytes) -> Point:
    """A point that is proven to lie on the curve; with the cofactor 1 it then has the right order too. Raises
    MalformedData."""
    size = size_of(curve)
    if len(data) != 1 + 2 * size or data[:1] != b"\x04":
        raise MalformedData("not an uncompressed point of this curve")
    x, y = int.from_bytes(data[1 : 1 + size], "big"), int.from_bytes(data[1 + size :], "big")
    if not (x < curve.prime and y < curve.prime and (y * y - x * x * x - curve.a * x - curve.b) % curve.prime == 0):
        raise MalformedData("point not on the curve")
    return x, y


def size_of(curve: DomainParameters) -> int:
    """The bytes of one coordinate."""
    return (curve.prime.bit_length() + 7) // 8


def _affine(curve: DomainParameters, point: _Jacobian) -> Point:
    x, y, z = point
    if z == 0:
        raise MalformedData("point at infinity")
    inverse = pow(z, -1, curve.prime)
    return x * inverse**2 % curve.prime, y * inverse**3 % curve.prime


def _double(curve: DomainParameters, point: _Jacobian) -> _Jacobian:
    p = curve.prime
    x, y, z = point
    if z == 0 or y == 0:
        return _INFINITY
    square = y * y % p
    s = 4 * x * square % p
    m = (3 * x * x + curve.a * pow(z, 4, p)) % p
    doubled = (m * m - 2 * s) % p
    return doubled, (m * (s - doubled) - 8 * square * square) % p, 2 * y * z % p


def _add(curve: DomainParameters, one: _Jacobian, other: _Jacobian) -> _Jacobian:
    p = curve.prime
    (x1, y1, z1), (x2, y2, z2) = one, other
    if z1 == 0:
        return other
    if z2 == 0:
        return one
    u1, u2 = x1 * z2 * z2 % p, x2 * z1 * z1 % p
    s1, s2 = y1 * z2**3 % p, y2 * z1**3 % p
    if u1 == u2:
        return _double(curve, one) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    cube = h * h * h
    v = u1 * h * h
    x = (r * r - cube - 2 * v) % p
    return x, (r * (v - x) - s1 * cube) % p, h * z1 * z2 % p
