"""What a person typed, in one plain form: whatever the keyboard's script, spaces, direction marks or dashes."""

from __future__ import annotations

import re
import unicodedata

LONGEST_ANSWER = 200
"""Characters of an answer that are looked at; what a person types is far shorter."""

SEPARATORS = re.compile(r"[-\s]+")


def plain(text: str) -> str:
    """`text` with ASCII digits and hyphens, capital letters, and nothing invisible.

    Every decimal digit of Unicode is mapped, among them Arabic-Indic (U+0660) and Persian (U+06F0); controls of
    direction and joining (category Cf) and marks that a pasted text may carry go; dashes of every kind become `-`.
    """
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character in "\u2212\u00af_/\\":
        return "-"
    if category in {"Cf", "Mn"}:
        return ""
    return " " if character.isspace() or category == "Cc" else character.upper()


def digits(text: str) -> str:
    """Without what stands between them."""
    return SEPARATORS.sub("", plain(text[:LONGEST_ANSWER]))


def line(text: str) -> str:
    """Words as a person wrote them (NFC): one line, one space between words, no controls, digits in ASCII."""
    composed = unicodedata.normalize("NFC", text[:LONGEST_ANSWER])
    return " ".join("".join(_written(character) for character in composed).split())


def _written(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character.isspace() or category == "Cc":
        return " "
    return "" if category in {"Cf", "Co", "Cs", "Cn"} else character
