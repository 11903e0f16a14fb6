"""Text broken into lines at a width, each line at its leading side.

QPainter.drawText moves every wrapped right-to-left line but the last aside by the width of its trailing space (Qt 6.11:
the line begins inside its box and ends outside). QTextLayout breaks the same lines; here they are placed by hand.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption

_LINE_SEPARATOR = "\u2028"
_UNLIMITED = 1_000_000.0
# Put together once: a flag of Qt is a Python enum, and slow to combine.
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute


class Lines:
    """`Lines(text, font, width, direction)`: `height` and `widest` in pixels; `width` None never breaks a line."""

    def __init__(self, text: str, font: QFont, width: float | None, direction: Qt.LayoutDirection) -> None:
        self._right_to_left = direction is Qt.LayoutDirection.RightToLeft
        option = QTextOption(_LEFT)
        option.setTextDirection(direction)
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        self._layout = QTextLayout(text.replace("\n", _LINE_SEPARATOR), font)
        self._layout.setTextOption(option)
        self._layout.beginLayout()
        self.height = 0.0
        self.widest = 0.0
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(_UNLIMITED if width is None else width)
            line.setPosition(QPointF(0.0, self.height))
            self.height += line.height()
            self.widest = max(self.widest, line.naturalTextWidth())
        self._layout.endLayout()

    def paint(self, painter: QPainter, left: float, top: float, width: float, *, centred: bool = False) -> None:
        """Paints with the painter's pen inside `width` pixels from `left`."""
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            spare = width - line.naturalTextWidth()
            aside = spare / 2 if centred else spare if self._right_to_left else 0.0
            line.draw(painter, QPointF(left + aside, top))
