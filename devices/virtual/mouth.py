"""The mouth of one virtual reader: the slot for a card, and the scanner that sees what is printed on it."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

from devices.virtual.mrz_scanner import VirtualMrzScanner
from devices.virtual.part import Part

SWAP_SECONDS = 0.6
"""A hand is not faster; and pcscd looks at a slot every 0.4 s only, so that it would not see a faster swap."""


class Mouth:
    """`card` is a running devices.virtual.card at the slot's port. Raises PartFailed where it does not obey."""

    def __init__(self, card: Part, scanner: VirtualMrzScanner) -> None:
        self._card = card
        self._scanner = scanner
        self._has_card = False

    @property
    def scanner_port(self) -> int:
        return self._scanner.port

    def insert(self, folder: Path) -> None:
        """The card that devices.virtual.issuer made in `folder`; one that was inside is pulled first. One whose print
        is worn shows the scanner nothing."""
        if self._has_card:
            self.pull()
            time.sleep(SWAP_SECONDS)  # the hand itself: the card service shows nobody when it has looked
        printed = folder / "mrz.txt"
        self._scanner.show(printed.read_text(encoding="ascii").split() if printed.is_file() else ())
        self._card.obey(f"insert {shlex.quote(str(folder))}")
        self._has_card = True

    def pull(self) -> None:
        self._card.obey("remove")
        self._scanner.show()
        self._has_card = False

    def lose_card(self) -> None:
        """The card service has gone, and with it the card that was inside."""
        self._has_card = False
