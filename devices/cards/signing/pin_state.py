"""Asks a card how its signing PIN stands, without using a try (ISO/IEC 7816-4, 7.5.6).

It is asked by a command of our own, not by the flags of PKCS #11: those know "low", "final" and "locked" but no number,
and OpenSC 0.23 sets none of them for a card whose files do not count (measured: with one try left, and with none).
"""

from __future__ import annotations

import logging

from devices.cards.apdu import Command
from devices.cards.exchange import Exchange
from devices.cards.signing.kind import SigningKind
from kiosk.signing import PinCondition, PinRules, PinState

_TRIES_LEFT = 0x63C0
_BLOCKED = frozenset({0x6983, _TRIES_LEFT})
# "Reference data not usable" and "not found" (ISO/IEC 7816-4, table 6): there is a place for a PIN, and none in it.
_NEVER_SET = frozenset({0x6984, 0x6A88})
_log = logging.getLogger(__name__)


def ask(exchange: Exchange, kind: SigningKind) -> PinState:
    """For a card that was just powered up. UNKNOWN where it has none of the applications, or says something else;
    9000 is such a thing: no PIN guards the application, or not this one. Raises WireBroken, ServiceFailure."""
    rules = rules_of(kind)
    if not kind.select(exchange):
        return PinState(PinCondition.UNKNOWN, rules)
    status = exchange.send(Command(0x00, 0x20, 0x00, kind.pin.reference)).status
    condition, tries = _meaning(status)
    if condition is PinCondition.NEVER_SET and not kind.pin.may_be_unset:
        # The person is told what the card says. That it has no PIN there may also mean that it has one elsewhere.
        _log.warning("profile %s: pin: the card has none, status %04X: check reference", kind.profile, status)
    return PinState(condition, rules, tries)


def rules_of(kind: SigningKind) -> PinRules:
    """The same for whoever asks for the PIN."""
    pin = kind.pin
    return PinRules(pin.length_least, pin.length_most, pin.unblocked_at)


def _meaning(status: int) -> tuple[PinCondition, int | None]:
    """The condition, and the tries that are left."""
    if status in _BLOCKED:
        return PinCondition.BLOCKED, 0
    if status in _NEVER_SET:
        return PinCondition.NEVER_SET, None
    if status & 0xFFF0 == _TRIES_LEFT:
        return PinCondition.READY, status & 0x0F
    return PinCondition.UNKNOWN, None
