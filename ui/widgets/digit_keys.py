"""Which digit a key stands for, whatever script the keyboard writes."""

from __future__ import annotations

import unicodedata


def digit_of(key: int) -> int | None:
    """0 to 9 for a digit's key code, which Qt gives as the character's own number."""
    if 0x30 <= key <= 0xFFFF and unicodedata.category(chr(key)) == "Nd":
        return unicodedata.decimal(chr(key))
    return None
