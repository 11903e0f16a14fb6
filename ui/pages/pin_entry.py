"""The card's PIN: a field of dots, the keypad that fills it, and how many tries are left."""

from __future__ import annotations

from typing import Final

from kiosk.signing import PinState
from kiosk.texts import Texts
from ui.look import Look
from ui.pages.digits import keypad_width
from ui.widgets.keypad import Keypad
from ui.widgets.notice import Notice
from ui.widgets.pin_field import PinField

SHORTEST_PIN: Final = 4
"""ISO 9564-1: a PIN has 4 to 12 digits. What is shorter is never shown to a card."""

FEW_TRIES: Final = 2
"""From here on the page warns."""


def secret_keypad(look: Look, field: PinField) -> Keypad:
    """A keypad that types into `field`."""
    keypad = Keypad(look, secret=True)
    keypad.typed.connect(lambda digit: field.add(int(digit)))
    keypad.erased.connect(field.erase)
    keypad.cleared.connect(field.clear)
    keypad.setFixedWidth(keypad_width(look))
    return keypad


def tries_words(pin: PinState, texts: Texts) -> str:
    """ "" where the card does not tell."""
    return "" if pin.tries is None else texts.plural("{n} try left", "{n} tries left", pin.tries)


def are_few(pin: PinState) -> bool:
    return pin.tries is not None and pin.tries <= FEW_TRIES


def warning(look: Look, pin: PinState) -> Notice:
    """How many tries are left, and what comes when none is."""
    texts = look.texts
    blocked = texts("When none is left, the PIN is blocked. A Civil Status office unblocks it")
    return Notice(look, "warning", tries_words(pin, texts), blocked)
