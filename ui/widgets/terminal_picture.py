"""The payment terminal, drawn: screen, keys, and a bank card held to it; an invented one, never mirrored."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.scenery import between

# The drawing's own units, from its upper left corner.
_WIDTH, _HEIGHT = 400.0, 420.0
_MIDDLE = QPointF(200.0, 210.0)
_BODY = QRectF(112.0, 72.0, 176.0, 300.0)
_SCREEN = QRectF(134.0, 96.0, 132.0, 84.0)
_CARD = QRectF(226.0, 214.0, 150.0, 96.0)


class PaymentTerminalPicture(QWidget):
    """`PaymentTerminalPicture(look)`: as large as the room allows; in high contrast outlines without the discs."""

    def __init__(self, look: Look, *, widest_mm: float = 120.0) -> None:
        super().__init__()
        self._look = look
        self._widest = look.px(widest_mm)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._widest, round(self._widest * _HEIGHT / _WIDTH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 4

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        scale = min(self.width() / _WIDTH, self.height() / _HEIGHT, self._widest / _WIDTH)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - _WIDTH * scale) / 2, (self.height() - _HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        look = self._look
        if not look.high_contrast:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("sandstone_4"))
            painter.drawEllipse(_MIDDLE, 196.0, 196.0)
            painter.setBrush(between(look.colour("sandstone_4"), look.colour("sandstone_3"), 0.55))
            painter.drawEllipse(_MIDDLE, 150.0, 150.0)
        self._paint_body(painter)
        self._paint_card(painter)
        painter.end()

    def _paint_body(self, painter: QPainter) -> None:
        look = self._look
        outline = QPen(look.colour("control"), 4.0) if look.high_contrast else QPen(Qt.PenStyle.NoPen)
        painter.setPen(outline)
        painter.setBrush(look.colour("reader_body"))
        painter.drawRoundedRect(_BODY, 22.0, 22.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("reader_top"))
        painter.drawRoundedRect(QRectF(_BODY.left(), _BODY.top(), _BODY.width(), 124.0), 22.0, 22.0)
        painter.setBrush(look.colour("card_face"))
        painter.drawRoundedRect(_SCREEN, 8.0, 8.0)
        painter.setBrush(look.colour("card_line"))
        for width, top in ((96.0, 116.0), (64.0, 138.0)):
            painter.drawRoundedRect(QRectF(_SCREEN.center().x() - width / 2, top, width, 10.0), 5.0, 5.0)
        for row in range(4):
            for place in range(3):
                painter.setBrush(look.colour("card_face" if row < 3 else ("sandstone_1", "sun", "lamp_ready")[place]))
                painter.drawRoundedRect(QRectF(138.0 + 44.0 * place, 214.0 + 36.0 * row, 36.0, 24.0), 6.0, 6.0)

    def _paint_card(self, painter: QPainter) -> None:
        """The card lies before the terminal, with the waves that say it may be held to it."""
        look = self._look
        painter.save()
        painter.translate(_CARD.center())
        painter.rotate(-12.0)
        painter.translate(-_CARD.center())
        painter.setPen(QPen(look.colour("ink"), 3.0))
        painter.setBrush(look.colour("primary"))
        painter.drawRoundedRect(_CARD, 12.0, 12.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("chip"))
        painter.drawRoundedRect(QRectF(_CARD.left() + 18.0, _CARD.top() + 32.0, 32.0, 26.0), 5.0, 5.0)
        painter.setBrush(look.colour("on_primary"))
        painter.drawRoundedRect(QRectF(_CARD.left() + 18.0, _CARD.bottom() - 22.0, 76.0, 8.0), 4.0, 4.0)
        pen = QPen(look.colour("on_primary"), 5.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for radius in (10.0, 20.0, 30.0):
            wave = QRectF(_CARD.right() - 62.0 - radius, _CARD.top() + 42.0 - radius, 2 * radius, 2 * radius)
            painter.drawArc(wave, -45 * 16, 90 * 16)
        painter.restore()
