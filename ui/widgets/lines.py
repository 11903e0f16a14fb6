"""Text broken into lines at a width, each line at its leading side.

QPainter.drawText moves every wrapped right-to-left line but the last aside by the width of its trailing space (Qt 6.11:
the line begins inside its box and ends outside). QTextLayout breaks the same lines; here they are placed by hand.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextLine, QTextOption

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
            line.draw(painter, QPointF(left + self._aside(line, width, centred=centred), top))

    def boxes(self, first: int, last: int, top: float, width: float) -> list[QRectF]:
        """What the characters from `first` up to `last` cover when they are painted so, not centred."""
        found = []
        for number in range(self._layout.lineCount()):
            line = self._layout.lineAt(number)
            begin, end = max(first, line.textStart()), min(last, line.textStart() + line.textLength())
            if begin < end:
                aside = self._aside(line, width, centred=False)
                sides = sorted(_place_of(line, at) + aside for at in (begin, end))
                found.append(QRectF(sides[0], top + line.y(), sides[1] - sides[0], line.height()))
        return found

    def _aside(self, line: QTextLine, width: float, *, centred: bool) -> float:
        spare = width - line.naturalTextWidth()
        return spare / 2 if centred else spare if self._right_to_left else 0.0


def _place_of(line: QTextLine, character: int) -> float:
    """PySide gives the place with the character that it really is before."""
    told: float | tuple[float, int] = line.cursorToX(character)  # type: ignore[assignment]  # its stub says object
    return told[0] if isinstance(told, tuple) else told
