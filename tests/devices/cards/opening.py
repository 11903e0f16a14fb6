"""Documents of chips in memory, opened as the terminal opens a card: by the profiles that it ships."""

from __future__ import annotations

from typing import Final

from devices.cards.document import Document
from devices.cards.exchange import Exchange, Wire
from devices.cards.printed import Printed
from devices.cards.profiles import ProfileChoice, load_profiles
from devices.cards.trust.store import Trust
from devices.diagnosis import PROFILES as FOLDER

PROFILES: Final = load_profiles(FOLDER)
GENERIC: Final = bytes.fromhex("3B80800101")
"""An answer to reset that no profile knows."""


def choice(atr: bytes = GENERIC) -> ProfileChoice:
    return ProfileChoice(PROFILES, atr)


def open_document(
    wire: Wire,
    printed: str | None,
    believed: Trust | None = None,
    *,
    number: str = "",
    seems_without_pace: bool = False,
    exchange: Exchange | None = None,
) -> Document:
    return Document(
        exchange or Exchange(wire),
        Printed.seen(printed, number),
        choice(),
        believed or Trust(),
        seems_without_pace=seems_without_pace,
    )
