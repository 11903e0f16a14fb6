"""Signing with the card in the reader: what the card, its profile and the printed application need of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devices.cards.profiles import load_profiles
from devices.cards.signing.holder_signer import Drawn, HolderSigner
from devices.diagnosis import PROFILES
from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.signing import Application

if TYPE_CHECKING:
    from devices.cards.signing.card import SigningCard


def holder_signer(settings: Settings, clock: Clock) -> HolderSigner:
    """What it needs is loaded when somebody signs."""
    return HolderSigner(lambda: signing_card(settings, clock), _draw)


def signing_card(settings: Settings, clock: Clock) -> SigningCard:
    """The signing side of whichever card will be in the reader."""
    from devices.cards.signing.card import SigningCard  # noqa: PLC0415 - only who signs needs it

    return SigningCard(settings.card.readers, clock, load_profiles(PROFILES), settings.card.signing_module)


def _draw(application: Application) -> Drawn:
    from devices.printers import application as paper  # noqa: PLC0415 - as above; it loads what draws

    return Drawn(paper.draw_application(application), paper.SIGNATURE_PAGE, paper.SIGNATURE_BOX)
