"""Letter keys by their place on the keyboard: an Arabic layout sends other characters for the same caps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_ON_THE_SAME_CAP: Final[Mapping[int, str]] = {
    0x0634: "A",
    0x0624: "C",
    0x064A: "D",
    0x0645: "L",
    0x0649: "N",
    0x062D: "P",
    0x0642: "R",
    0x0633: "S",
    0x0641: "T",
}
"""The Arabic (101) layout's character on the cap of each letter that is used here (CLDR keyboards, ar-101)."""

_OTHER_MODIFIERS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def letter_on_cap(key: int) -> str:
    """`A` to `Z`, or "" for a key that is no letter used here."""
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return chr(key)
    return _ON_THE_SAME_CAP.get(key, "")


def pressed_letter(event: QKeyEvent) -> str:
    """The letter of a plain key press; "" with a modifier, or while the key is held down."""
    if event.isAutoRepeat() or event.modifiers() & _OTHER_MODIFIERS:
        return ""
    return letter_on_cap(event.key())
