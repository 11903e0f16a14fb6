"""The card reader as the settings name it: opened, or opened and watched until it has looked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from devices.cards.profiles import load_profiles
from devices.cards.reader import SmartCards
from devices.cards.trust.store import Policy, read_trust
from devices.scanners.mrz import MrzScanner
from kiosk.ports import Clock
from kiosk.settings import Settings

PROFILES: Final = Path(__file__).resolve().parents[1] / "assets" / "cards"
_LOOK_SECONDS = 1.2  # the slowest that a reader with a card inside is known to tell it


def open_cards(settings: Settings, clock: Clock) -> SmartCards:
    """The card reader that the settings name, not yet started; the scanner beside it reads the printed zone.

    Raises SetUpMistake where the trust data or the profiles cannot be used.
    """
    believed = read_trust(settings.card.anchors, policy(settings))
    scanner = MrzScanner(settings.scanner.host, settings.scanner.port)
    return SmartCards(settings.card.readers, load_profiles(PROFILES), believed, scanner.read, clock)


def policy(settings: Settings) -> Policy:
    return Policy(revocation_required=settings.card.revocation == "required", accept_sha1=settings.card.accept_sha1)


@contextlib.contextmanager
def watched_cards(settings: Settings, clock: Clock) -> Iterator[SmartCards]:
    """The reader once it has looked: a card that is already inside has been seen."""
    reader = open_cards(settings, clock)
    told = threading.Event()
    reader.start(lambda _event: told.set())
    try:
        told.wait(_LOOK_SECONDS)
        yield reader
    finally:
        reader.close()
