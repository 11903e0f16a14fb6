"""The groups in which a chip and this reader agree on keys: points of a curve, or residues modulo a prime.

Their elements travel, and are kept, as the standard encodes them (ICAO Doc 9303-11, 9.4): an uncompressed point, or an
unsigned integer. As in `points`, factors must be ephemeral or public: nothing here is constant in time.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Callable
from typing import Protocol

from devices.cards import curves, points, residues
from devices.cards.curves import DomainParameters
from devices.cards.residues import ResidueParameters
from devices.cards.tlv import MalformedData

_LARGEST_DRAWS = 100
_SHORT_KEY = 200


class Group(Protocol):
    """A group of prime order, written additively; a frozen value. `strength` is in bits, as a cipher's would be.

    `key_tag` is the data object of a public key inside an authentication token of PACE (9.4.3 and 9.4.4).
    """

    @property
    def order(self) -> int: ...

    @property
    def generator(self) -> bytes: ...

    @property
    def strength(self) -> int: ...

    @property
    def key_tag(self) -> int: ...

    def accept(self, element: bytes) -> bytes:
        """An element from outside, as it came, once it is proven to be of this group and not its neutral one. Raises
        MalformedData."""

    def multiply(self, factor: int, element: bytes) -> bytes:
        """`element` must be accepted, or made here. Raises MalformedData where the result is the neutral element."""

    def add(self, one: bytes, other: bytes) -> bytes:
        """As `multiply`."""

    def shared_secret(self, element: bytes) -> bytes:
        """What the session keys are derived from, where `element` was agreed on (9.6): x, or the residue itself, as
        long as the prime."""


@dataclasses.dataclass(frozen=True, slots=True)
class CurveGroup:
    """The points of one curve."""

    curve: DomainParameters
    key_tag: int = 0x86

    @property
    def order(self) -> int:
        return self.curve.order

    @property
    def generator(self) -> bytes:
        return points.encode(self.curve, self.curve.generator)

    @property
    def strength(self) -> int:
        return self.curve.order.bit_length() // 2

    def accept(self, element: bytes) -> bytes:
        return points.encode(self.curve, points.decode(self.curve, element))

    def multiply(self, factor: int, element: bytes) -> bytes:
        return points.encode(self.curve, points.multiply(self.curve, factor, points.decode(self.curve, element)))

    def add(self, one: bytes, other: bytes) -> bytes:
        first, second = points.decode(self.curve, one), points.decode(self.curve, other)
        return points.encode(self.curve, points.add(self.curve, first, second))

    def shared_secret(self, element: bytes) -> bytes:
        return element[1 : 1 + points.size_of(self.curve)]


@dataclasses.dataclass(frozen=True, slots=True)
class ResidueGroup:
    """The residues that one generator gives modulo a prime."""

    parameters: ResidueParameters
    key_tag: int = 0x84

    @property
    def order(self) -> int:
        return self.parameters.order

    @property
    def generator(self) -> bytes:
        return self.encode(self.parameters.generator)

    @property
    def strength(self) -> int:
        return self.parameters.strength

    def encode(self, residue: int) -> bytes:
        """Raises MalformedData for the neutral element and beyond the prime."""
        if not 1 < residue < self.parameters.prime:
            raise MalformedData("not a residue of this group")
        return residue.to_bytes(self._size, "big")

    def accept(self, element: bytes) -> bytes:
        # Leading zeros may be left out (9.4.3). What the token covers are the bytes that the chip sent, so they stay.
        residue = int.from_bytes(element, "big")
        # The order is checked too: of a residue of small order the shared secret would be guessed (RFC 2631, 2.1.5).
        if len(element) > self._size or pow(residue, self.order, self.parameters.prime) != 1:
            raise MalformedData("not a residue of this group")
        self.encode(residue)
        return element

    def multiply(self, factor: int, element: bytes) -> bytes:
        return self.encode(pow(int.from_bytes(element, "big"), factor % self.order, self.parameters.prime))

    def add(self, one: bytes, other: bytes) -> bytes:
        return self.encode(int.from_bytes(one, "big") * int.from_bytes(other, "big") % self.parameters.prime)

    def shared_secret(self, element: bytes) -> bytes:
        return element

    @property
    def _size(self) -> int:
        return (self.parameters.prime.bit_length() + 7) // 8


def needs_extended_length(group: Group) -> bool:
    """Whether a public key, with what stands around it in a protected command, outgrows a short APDU (9.3.1)."""
    return len(group.generator) > _SHORT_KEY


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class KeyPair:
    """An ephemeral key of this reader."""

    private: int
    public: bytes


def draw_key(order: int) -> int:
    return secrets.randbelow(order - 1) + 1


def draw_key_pair(group: Group, generator: bytes, draw: Callable[[int], int] = draw_key) -> KeyPair:
    """A public key without leading zeros: whether a chip leaves those out (9.4.3) or keeps them (PKCS #3), both sides
    then mean the same bytes."""
    for _ in range(_LARGEST_DRAWS):
        private = draw(group.order)
        public = group.multiply(private, generator)
        if public[0]:
            return KeyPair(private, public)
    raise MalformedData("a generator that gives small residues only")


STANDARDIZED: dict[int, Group] = {
    0: ResidueGroup(residues.MODP_1024_160),
    1: ResidueGroup(residues.MODP_2048_224),
    2: ResidueGroup(residues.MODP_2048_256),
    10: CurveGroup(curves.SECP224R1),
    11: CurveGroup(curves.BRAINPOOLP224R1),
    12: CurveGroup(curves.SECP256R1),
    13: CurveGroup(curves.BRAINPOOLP256R1),
    14: CurveGroup(curves.BRAINPOOLP320R1),
    15: CurveGroup(curves.SECP384R1),
    16: CurveGroup(curves.BRAINPOOLP384R1),
    17: CurveGroup(curves.BRAINPOOLP512R1),
    18: CurveGroup(curves.SECP521R1),
}
"""By the ids of Doc 9303-11, 9.5.1. The curves 8 (P-192) and 9 (brainpoolP192r1) are left out as too weak. The residues
of id 0 are weaker still, but the standard's worked example uses them, and a chip that has nothing else would otherwise
be read by BAC, which any eavesdropper can search: they are the last choice."""
