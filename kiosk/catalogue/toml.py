"""What is wrong with a file that is not even TOML: the line as it stands there, and what it may lack."""

from __future__ import annotations

import re
from typing import Final

_PLACE: Final = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_REMEDIES: Final = (
    ("Unclosed inline", "Is a quote missing, or a comma?"),
    ("Unclosed", "Is a quote missing, or a comma?"),
    ("Invalid value", "Is a quote missing?"),
    ("Illegal character", "Is a quote missing?"),
    ("Expected newline", "Is a quote missing?"),
    ("Expected '='", "Is the = missing?"),
    ("Expected", "Is a quote missing?"),
    ("Invalid initial character", "Is a quote missing, or does a { } go over two lines?"),
    ("Cannot overwrite", "It stands there twice: keep one of the two."),
    ("Cannot declare", "It stands there twice: keep one of the two."),
)
_LONGEST: Final = 60
_CURLY: Final = "“”„‘’«»"
_MEND: Final = "Mend this first, then check again: nothing else of the file could be read"


def mistake_of_toml(content: bytes, said: str) -> tuple[str, str, str]:
    """Key, what, remedy. `said` is what the decoder says, with the place."""
    found = _PLACE.search(said)
    lines = content.decode("utf-8", "replace").splitlines()
    if found is None or not lines:
        return "", said, _MEND
    number = int(found[1]) if found[1] else len(lines)
    line = lines[min(number, len(lines)) - 1].strip()
    shown = line if len(line) <= _LONGEST else line[:_LONGEST] + " …"
    if '"' not in line and any(quote in line for quote in _CURLY):
        return f"line {number}", f"cannot be read: {shown}", f'Write straight quotes: ". {_MEND}'
    reason = _PLACE.sub("", said)
    remedy = next((f"{remedy} " for begins, remedy in _REMEDIES if reason.startswith(begins)), "")
    return f"line {number}", f"cannot be read: {shown}", remedy + _MEND
