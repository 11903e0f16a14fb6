"""The fonts that the program brings along, made known to Qt."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFontDatabase

from ui.theme import ASSETS


def load_fonts(folder: Path = ASSETS / "fonts") -> tuple[str, ...]:
    """Registers every font file of `folder` with the running QGuiApplication; answers their families.

    Safe to call again: Qt keeps one copy of a file. A file that Qt cannot read is left out, and the families of the
    tokens fall back to the next one.
    """
    families: list[str] = []
    for file in sorted(folder.glob("*.ttf")):
        identifier = QFontDatabase.addApplicationFont(str(file))
        if identifier != -1:
            families.extend(QFontDatabase.applicationFontFamilies(identifier))
    return tuple(dict.fromkeys(families))
