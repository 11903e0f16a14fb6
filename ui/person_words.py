"""By what a person is known, as it is told: a card and the national number, or a foreigner's passport."""

from __future__ import annotations

from kiosk.identity import Identity, is_passport_number
from kiosk.scene import Scene
from kiosk.texts import Texts


def number_words(number: str, texts: Texts, *, whole: bool = False) -> str:
    """`National number ••••••4821`; only where it is asked for, the whole of it."""
    shown = texts.isolated(number) if whole else texts.masked(number)
    if is_passport_number(number):
        return texts("Passport {number}", number=shown)
    return texts("National number {number}", number=shown)


def said_by(identity: Identity, texts: Texts) -> str:
    """Where the name is from."""
    return texts("From the passport") if identity.is_passport else texts("From the card")


def end_words(scene: Scene, texts: Texts) -> str:
    """Of the button that ends a visit: nobody goes without what is in the reader."""
    return texts("End and take the passport") if scene.passport_inside else texts("End and take the card")


def take_words(scene: Scene, texts: Texts) -> str:
    return texts("Take your passport") if scene.passport_inside else texts("Take your card")
