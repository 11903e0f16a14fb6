"""The card reader as the settings name it: opened; watched until it has looked; or listened to until an interrupt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from devices.cards.profiles import load_profiles, profile_for
from devices.cards.reader import SmartCards
from devices.cards.trust.store import Policy, read_trust
from devices.scanners.mrz import MrzScanner
from kiosk.events import Event
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


def tell_cards(settings: Settings, clock: Clock, tell: Callable[[Event, str, str], None]) -> None:
    """Until the program is interrupted, `tell` hears of every card: what happened, the answer to reset (hexadecimal),
    and the id of the profile that knows it, or ""."""
    profiles, reader = load_profiles(PROFILES), open_cards(settings, clock)

    def hear(event: Event) -> None:
        atr = reader.state().atr
        known = profile_for(profiles, bytes.fromhex(atr))
        tell(event, atr, known.id if known else "")

    reader.start(hear)
    with contextlib.closing(reader), contextlib.suppress(KeyboardInterrupt):
        threading.Event().wait()
