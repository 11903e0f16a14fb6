"""The groups of key agreement: their numbers, and what of a chip's public keys is not taken."""

from __future__ import annotations

import secrets

import pytest
from Crypto.Util.number import isPrime

from devices.cards.curves import CURVES
from devices.cards.groups import STANDARDIZED, CurveGroup, Group, ResidueGroup, draw_key_pair
from devices.cards.tlv import MalformedData
from tests.devices.cards import plain_groups

IDS = sorted(STANDARDIZED)
SMALL = STANDARDIZED[0]


def plain(group: Group) -> plain_groups.Group:
    if isinstance(group, CurveGroup):
        return plain_groups.Curve(group.curve)
    assert isinstance(group, ResidueGroup)
    return plain_groups.Residues(group.parameters, full=True)


@pytest.mark.parametrize("parameter_id", IDS)
def test_the_numbers_are_a_group_of_prime_order(parameter_id: int) -> None:
    """A mistyped digit anywhere makes one of these fail; seven of the curves are compared with the library besides."""
    group = STANDARDIZED[parameter_id]
    prime = group.curve.prime if isinstance(group, CurveGroup) else group.parameters.prime  # type: ignore[attr-defined]
    assert isPrime(prime)
    assert isPrime(group.order)
    assert group.accept(group.generator) == group.generator
    with pytest.raises(MalformedData):
        group.multiply(group.order, group.generator)
    beyond = group.add(group.multiply(group.order - 1, group.generator), group.multiply(2, group.generator))
    assert beyond == group.generator


def test_the_ids_name_what_the_standard_lists() -> None:
    """Doc 9303-11, table 12: by size of the prime, and by name where the library has the curve."""
    names = {parameters: curve.name for parameters, curve in CURVES}
    listed = {
        number: names.get(group.curve, str(group.curve.prime.bit_length()))
        for number, group in STANDARDIZED.items()
        if isinstance(group, CurveGroup)
    }
    assert listed == {
        10: "secp224r1",
        11: "224",
        12: "secp256r1",
        13: "brainpoolP256r1",
        14: "320",
        15: "secp384r1",
        16: "brainpoolP384r1",
        17: "brainpoolP512r1",
        18: "secp521r1",
    }


@pytest.mark.parametrize("parameter_id", IDS)
def test_products_and_sums_are_those_of_plain_arithmetic(parameter_id: int) -> None:
    group = STANDARDIZED[parameter_id]
    other = plain(group)
    one, two = (secrets.randbelow(group.order - 1) + 1 for _ in range(2))
    element = group.multiply(one, group.generator)
    assert element == other.multiply(one, other.generator)
    shared = group.multiply(two, element)
    assert group.add(element, shared) == other.add(element, other.multiply(two, element))
    assert group.shared_secret(shared) == other.secret(shared)


@pytest.mark.parametrize("parameter_id", [0, 1, 2])
def test_residues_outside_the_subgroup_are_refused(parameter_id: int) -> None:
    group = STANDARDIZED[parameter_id]
    assert isinstance(group, ResidueGroup)
    prime, size = group.parameters.prime, len(group.generator)
    # 0, the neutral element, the one of order two, one that generates more than the subgroup, and what is too large.
    for residue in (0, 1, prime - 1, 2, prime, prime + 1, group.parameters.generator + prime):
        with pytest.raises(MalformedData):
            group.accept(
                residue.to_bytes(size + 1, "big")[-size:] if residue < 1 << 8 * size else residue.to_bytes(size + 1)
            )
    for element in (b"", b"\x00" + group.generator):
        with pytest.raises(MalformedData):
            group.accept(element)


def test_a_residue_may_come_without_its_leading_zeros() -> None:
    assert isinstance(SMALL, ResidueGroup)
    factor = next(factor for factor in range(1, 10_000) if SMALL.multiply(factor, SMALL.generator)[0] == 0)
    whole = SMALL.multiply(factor, SMALL.generator)
    short = whole.lstrip(b"\x00")
    assert SMALL.accept(short) == short
    assert SMALL.accept(whole) == whole
    assert SMALL.multiply(7, short) == SMALL.multiply(7, whole)
    assert SMALL.shared_secret(whole) == whole


def test_own_keys_have_no_leading_zeros() -> None:
    factor = next(factor for factor in range(1, 10_000) if SMALL.multiply(factor, SMALL.generator)[0] == 0)
    draws = iter((factor, factor + 1))
    pair = draw_key_pair(SMALL, SMALL.generator, lambda _order: next(draws))
    assert (pair.private, pair.public) == (factor + 1, SMALL.multiply(factor + 1, SMALL.generator))
    with pytest.raises(MalformedData):
        draw_key_pair(SMALL, SMALL.generator, lambda _order: factor)
