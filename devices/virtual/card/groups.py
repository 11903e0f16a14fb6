"""The groups in which the chip agrees on keys, by the id of their standardised domain parameters (9303-11, 9.5.1)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from devices.virtual.card.residues import RESIDUES
from devices.virtual.card.standard_curves import CURVES

Random = Callable[[int], int]
"""Gives a number below its argument."""


class Group(Protocol):
    """A cyclic group of prime order. An element is a point of a curve or a residue; None is the neutral one.

    Elements stay with the group that decoded them, so their type is nobody else's concern.
    """

    @property
    def size(self) -> int:
        """The bytes of a coordinate or residue."""

    @property
    def order(self) -> int: ...

    @property
    def generator(self) -> Any: ...

    def add(self, one: Any, other: Any) -> Any: ...

    def multiply(self, factor: int, element: Any) -> Any: ...

    def encode(self, element: Any) -> bytes:
        """As a public key travels (9.4.5)."""

    def decode(self, data: bytes) -> Any:
        """None for what is no public key of this group."""

    def secret(self, element: Any) -> bytes:
        """What keys are derived from."""


GROUPS: Mapping[int, Group] = {**RESIDUES, **CURVES}


def private_key(group: Group, random: Random = secrets.randbelow) -> int:
    return random(group.order - 1) + 1
