"""Asks a card how its signing PIN stands, without using a try (ISO/IEC 7816-4, 7.5.6).

It is asked by a command of our own, not by the flags of PKCS #11: those know "low", "final" and "locked" but no number,
and OpenSC 0.23 sets none of them for a card whose files do not count (measured: with one try left, and with none).
"""

from __future__ import annotations

import dataclasses

from devices.cards.apdu import Command
from devices.cards.exchange import Exchange
from kiosk.signing import PinCondition, PinState


@dataclasses.dataclass(frozen=True, slots=True)
class PinPlace:
    """Where a kind of card keeps its signing PIN: the application's AID, and the PIN's reference in it."""

    application: bytes
    reference: int


# Provisional: which application the national card signs with is not public. The first is the IsoApplet
# (github.com/philipWendland/IsoApplet), the second the one that PKCS #15 v1.1, 5.7.3 names.
KNOWN_PLACES = (
    PinPlace(bytes.fromhex("F276A288BCFBA69D34F31001"), 1),
    PinPlace(bytes.fromhex("A000000063504B43532D3135"), 1),
)

UNKNOWN = PinState(PinCondition.UNKNOWN)
_TRIES_LEFT = 0x63C0
_BLOCKED = frozenset({0x6983, _TRIES_LEFT})
# "Reference data not usable" and "not found" (ISO/IEC 7816-4, table 6): there is a place for a PIN, and none in it.
_NEVER_SET = frozenset({0x6984, 0x6A88})


def ask(exchange: Exchange, places: tuple[PinPlace, ...] = KNOWN_PLACES) -> PinState:
    """For a card that was just powered up. UNKNOWN where it has none of these applications, or says something else;
    9000 is such a thing: no PIN guards the application, or not this one. Raises WireBroken, ServiceFailure."""
    for place in places:
        if exchange.send(Command(0x00, 0xA4, 0x04, 0x0C, place.application)).is_good:
            return _state(exchange.send(Command(0x00, 0x20, 0x00, place.reference)).status)
    return UNKNOWN


def _state(status: int) -> PinState:
    if status in _BLOCKED:
        return PinState(PinCondition.BLOCKED, 0)
    if status in _NEVER_SET:
        return PinState(PinCondition.NEVER_SET)
    if status & 0xFFF0 == _TRIES_LEFT:
        return PinState(PinCondition.READY, status & 0x0F)
    return UNKNOWN
