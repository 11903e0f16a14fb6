"""Arithmetic on curves, against the library that does the rest of the cryptography and against the group's own laws."""

from __future__ import annotations

import secrets

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.cards import points
from devices.cards.curves import CURVES, SECP256R1, DomainParameters
from devices.cards.tlv import MalformedData

P256 = SECP256R1


@pytest.mark.parametrize(("parameters", "curve"), CURVES)
def test_products_are_those_of_the_library(parameters: DomainParameters, curve: ec.EllipticCurve) -> None:
    for factor in (1, 2, 3, parameters.order - 1, secrets.randbelow(parameters.order - 1) + 1):
        theirs = ec.derive_private_key(factor, curve).public_key()
        ours = points.multiply(parameters, factor, parameters.generator)
        assert points.encode(parameters, ours) == theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert points.decode(parameters, points.encode(parameters, ours)) == ours
        own = ec.generate_private_key(curve)
        peer = points.decode(parameters, own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
        shared, _ = points.multiply(parameters, factor, peer)
        assert shared.to_bytes(points.size_of(parameters), "big") == own.exchange(ec.ECDH(), theirs)


@settings(deadline=None, max_examples=20)
@given(one=st.integers(1, P256.order - 1), other=st.integers(1, P256.order - 1))
def test_sums_follow_the_factors(one: int, other: int) -> None:
    first, second = (points.multiply(P256, factor, P256.generator) for factor in (one, other))
    if (one + other) % P256.order == 0:
        return
    assert points.add(P256, first, second) == points.multiply(P256, one + other, P256.generator)
    assert points.add(P256, first, first) == points.multiply(P256, 2 * one, P256.generator)


def test_the_point_at_infinity_is_refused() -> None:
    x, y = P256.generator
    for factor in (0, P256.order):
        with pytest.raises(MalformedData):
            points.multiply(P256, factor, P256.generator)
    with pytest.raises(MalformedData):
        points.add(P256, (x, y), (x, P256.prime - y))


@given(st.binary(min_size=1, max_size=70))
def test_what_is_no_point_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedData):
        points.decode(P256, data)


def test_coordinates_beyond_the_prime_are_refused() -> None:
    """The same point with x written p higher fits 32 bytes only where x is small: one such point is sought."""
    x = next(x for x in range(1_000) if pow(x**3 + P256.a * x + P256.b, (P256.prime - 1) // 2, P256.prime) == 1)
    y = pow(x**3 + P256.a * x + P256.b, (P256.prime + 1) // 4, P256.prime)
    assert points.decode(P256, points.encode(P256, (x, y))) == (x, y)
    with pytest.raises(MalformedData):
        points.decode(P256, points.encode(P256, (x + P256.prime, y)))
