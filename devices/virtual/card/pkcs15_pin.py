"""The holder's PIN and its counter of wrong tries (ISO/IEC 7816-4, 7.5.6)."""

from __future__ import annotations

import hmac

from devices.virtual.card.status import DONE, WRONG_KEYS

TRIES_LEFT = WRONG_KEYS | 0xC0  # and the number in the last digit (ISO/IEC 7816-4, table 6)
BLOCKED, NOT_USABLE = 0x6983, 0x6984


class Pin:
    """The holder's PIN with its counter. It lives as long as the card: neither power nor a new insertion resets it."""

    def __init__(self, value: bytes, tries: int, left: int) -> None:
        """An empty `value` is a PIN that its holder never set."""
        self._value = value
        self._tries = tries
        self._left = left

    def status(self) -> int:
        """What VERIFY without data is answered before the PIN was given."""
        if not self._value:
            return NOT_USABLE
        return TRIES_LEFT | self._left if self._left else BLOCKED

    def compare(self, given: bytes) -> int:
        """One try, counted down before the comparison, as a chip does that may lose its power in between."""
        if not self._value:
            return NOT_USABLE
        if not self._left:
            return BLOCKED
        self._left -= 1
        if not hmac.compare_digest(self._value, given):
            return self.status()
        self._left = self._tries
        return DONE
