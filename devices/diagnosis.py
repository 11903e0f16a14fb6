"""The technician's checks of everything that is plugged in."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from devices.cards import diagnosis as cards
from devices.cards.reader import SmartCards
from devices.printers import diagnosis as printers
from devices.scanners.mrz import MrzScanner
from kiosk.diagnostics import Check
from kiosk.ports import Clock
from kiosk.settings import Settings

_LOOK_SECONDS = 1.2  # the slowest that a reader with a card inside is known to tell it


def open_cards(settings: Settings, clock: Clock) -> SmartCards:
    """The card reader that the settings name, not yet started; the scanner beside it reads the printed zone."""
    scanner = MrzScanner(settings.scanner.host, settings.scanner.port)
    return SmartCards(settings.card.readers, settings.card.anchors, scanner.read, clock)


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


def checks(settings: Settings, clock: Clock, parts: contextlib.ExitStack) -> Iterator[Check]:
    """What is opened for a check is closed with `parts`."""
    reader = parts.enter_context(watched_cards(settings, clock))
    yield cards.service(reader.state)
    yield cards.card(reader.state, reader.read)
    yield printers.printer(settings.printer.url)
