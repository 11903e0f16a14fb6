"""The card's PIN: a field of dots, the keypad that fills it, and how many tries are left."""

from __future__ import annotations

from typing import Final

from kiosk.signing import PinRules, PinState
from kiosk.texts import Texts, message
from ui.look import Look
from ui.pages.digits import keypad_width
from ui.widgets.keypad import Keypad
from ui.widgets.notice import Notice
from ui.widgets.pin_field import PinField

TOO_SHORT: Final = message("Enter the whole PIN: at least {fewest} digits")

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


def mistake_words(mistake: str, pin: PinState, texts: Texts) -> str:
    """`mistake` is a message id, as TOO_SHORT."""
    return texts(mistake, fewest=pin.rules.fewest_digits)


def length_words(rules: PinRules, texts: Texts) -> str:
    """How long a PIN of such a card is."""
    fewest, most = rules.fewest_digits, rules.most_digits
    if fewest == most:
        return texts.plural("{n} digit", "{n} digits", most)
    return texts.plural("{fewest} to {n} digit", "{fewest} to {n} digits", most, fewest=fewest)


def tries_words(pin: PinState, texts: Texts) -> str:
    """ "" where the card does not tell."""
    return "" if pin.tries is None else texts.plural("{n} try left", "{n} tries left", pin.tries)


def are_few(pin: PinState) -> bool:
    return pin.tries is not None and pin.tries <= FEW_TRIES


def warning(look: Look, pin: PinState) -> Notice:
    """How many tries are left, and what comes when none is."""
    texts = look.texts
    office = texts.of(pin.rules.unblocked_at)
    blocked = texts("When none is left, the PIN is blocked. {office} unblocks it", office=office)
    return Notice(look, "warning", tries_words(pin, texts), blocked)
