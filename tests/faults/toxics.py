"""What can be wrong with one direction of a line: Toxiproxy's faults (github.com/Shopify/toxiproxy, Toxics).

Toxiproxy's eighth, `down`, is of both directions: `Proxy.cut`.
"""

from __future__ import annotations

import dataclasses
import enum


class Way(enum.Enum):
    """`UP` carries questions to the centre, `DOWN` its answers."""

    UP = enum.auto()
    DOWN = enum.auto()


@dataclasses.dataclass(frozen=True)
class Latency:
    """Every byte arrives so much later, give or take the jitter; any number may be under way, in their order."""

    seconds: float
    jitter: float = 0.0


@dataclasses.dataclass(frozen=True)
class Bandwidth:
    bytes_per_second: float


@dataclasses.dataclass(frozen=True)
class SlowClose:
    """The end of the stream arrives so much after its last byte."""

    seconds: float


@dataclasses.dataclass(frozen=True)
class Slicer:
    """Bytes arrive in slices of this size, give or take the variation, with a pause after each."""

    size: int
    variation: int = 0
    pause: float = 0.0


@dataclasses.dataclass(frozen=True)
class Timeout:
    """Bytes vanish. The connection is closed so long after the first; with None it stays, silent, until `heal`."""

    seconds: float | None = None


@dataclasses.dataclass(frozen=True)
class Reset:
    """Bytes vanish, and so long after the first both ends get a reset (RST)."""

    seconds: float = 0.0


@dataclasses.dataclass(frozen=True)
class LimitData:
    """After so many bytes, counted on each connection from when this is set, both ends are closed."""

    most: int


Toxic = Latency | Bandwidth | SlowClose | Slicer | Timeout | Reset | LimitData
