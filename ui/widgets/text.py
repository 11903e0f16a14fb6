"""Text in one of the roles of the type scale: leading alignment, wrapping, never cut."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.look import Look, Role

_WIDEST_HINT = 16_777_215  # QWIDGETSIZE_MAX
# Dots and vowel marks below an Arabic letter reach past the font's own descent by this part of its pixel size.
_BELOW_DESCENT = 0.11


class Text(QLabel):
    """`Text(look, "…", role="body", strong=None, colour="ink", centred=False, wrap=True)`.

    Asks for its width on one line; where there is less it wraps and asks for the height of its lines. The text is
    taken as it is (no mark-up) and reads in the look's direction whatever it begins with. `set_colour` takes a name
    of the theme.
    """

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        role: Role = "body",
        strong: bool | None = None,
        colour: str = "ink",
        centred: bool = False,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.look = look
        self._colour = look.colour(colour)
        self._centred = centred
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(role, strong=strong))
        self.setLayoutDirection(look.direction)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def set_colour(self, name: str) -> None:
        self._colour = self.look.colour(name)
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        lines = self.text().split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        return QSize(min(round(width) + 2, _WIDEST_HINT), self._height(metrics.height() * len(lines)))

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return self.sizeHint()
        metrics = QFontMetricsF(self.font())
        words = self.text().split() or [""]
        widest = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(round(widest) + 2, self._height(metrics.height()))

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return self.sizeHint().height()
        metrics = QFontMetricsF(self.font())
        room = QRectF(0, 0, max(width, 1), _WIDEST_HINT)
        box = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text())
        return self._height(max(box.height(), metrics.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """QLabel takes the direction from the text's first letter; here it is the look's, so that a line that begins
        with a number or a foreign name still stands at the leading side (AlignLeft is the leading side)."""
        del event
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._colour)
        painter.setLayoutDirection(self.look.direction)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        flags |= Qt.AlignmentFlag.AlignHCenter if self._centred else Qt.AlignmentFlag.AlignLeft
        if self.wordWrap():
            flags |= Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()).adjusted(0, 0, 0, -self._below()), flags, self.text())
        painter.end()

    def _height(self, lines: float) -> int:
        return round(lines) + self._below() + 1

    def _below(self) -> int:
        return round(self.font().pixelSize() * _BELOW_DESCENT)
