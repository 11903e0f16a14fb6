"""The ring around what the keyboard is on: outside its edge, with a gap, and only after a key was used."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.look import Look


class FocusRing(QWidget):
    """Lies above everything in the window and lets every touch through."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._window = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, widget: QWidget | None) -> None:
        """Stands around `widget`, or disappears for None."""
        if widget is None:
            self.hide()
            return
        line = self._look.tokens.line
        reach = self._look.px(line.focus) + self._look.px(line.focus_gap)
        corner = widget.mapTo(self._window, QPoint(0, 0))
        self.setGeometry(
            corner.x() - reach, corner.y() - reach, widget.width() + 2 * reach, widget.height() + 2 * reach
        )
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        tokens = self._look.tokens
        width = self._look.px(tokens.line.focus)
        half = width / 2
        radius = self._look.card_radius + self._look.px(tokens.line.focus_gap)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.colour("focus"), width))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
        painter.end()
