"""The document scanner, drawn: a sheet that goes into its feeder, or is on its way through; never mirrored."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.scenery import between

# The drawing's own units, from its upper left corner.
_WIDTH, _HEIGHT = 460.0, 460.0
_MIDDLE = QPointF(230.0, 230.0)
_SHEET = QRectF(134.0, 52.0, 192.0, 272.0)
_BODY = QRectF(72.0, 262.0, 316.0, 96.0)
_TRAY = QRectF(104.0, 350.0, 252.0, 26.0)
_DEEPER = 96.0


class ScannerPicture(QWidget):
    """`ScannerPicture(look)`: as large as the room allows. `reading`: the sheet is half way through, and the lamp is
    on; else two arrows say where it goes. `waiting` makes the lamp amber: something is to be put right."""

    def __init__(self, look: Look, *, reading: bool = False, waiting: bool = False, widest_mm: float = 130.0) -> None:
        super().__init__()
        self._look = look
        self._reading = reading
        self._waiting = waiting
        self._widest = look.px(widest_mm)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._widest, round(self._widest * _HEIGHT / _WIDTH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 4

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        scale = min(self.width() / _WIDTH, self.height() / _HEIGHT, self._widest / _WIDTH)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((self.width() - _WIDTH * scale) / 2, (self.height() - _HEIGHT * scale) / 2)
        painter.scale(scale, scale)
        if not look.high_contrast:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("sandstone_4"))
            painter.drawEllipse(_MIDDLE, 226.0, 226.0)
            painter.setBrush(between(look.colour("sandstone_4"), look.colour("sandstone_3"), 0.55))
            painter.drawEllipse(_MIDDLE, 172.0, 172.0)
        self._paint_sheet(painter)
        self._paint_body(painter)
        if not self._reading:
            self._paint_arrows(painter)
        painter.end()

    def _paint_sheet(self, painter: QPainter) -> None:
        """As far as it stands out of the feeder."""
        look = self._look
        sheet = _SHEET.translated(0.0, _DEEPER if self._reading else 0.0)
        painter.save()
        painter.setClipRect(QRectF(0.0, 0.0, _WIDTH, _BODY.top() + 20.0))
        painter.setPen(QPen(look.colour("control" if look.high_contrast else "line"), 3.0))
        painter.setBrush(look.colour("card_face"))
        painter.drawRoundedRect(sheet, 6.0, 6.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("card_line"))
        for line, length in enumerate((96.0, 144.0, 144.0, 144.0, 108.0)):
            painter.drawRoundedRect(
                QRectF(sheet.left() + 24.0, sheet.top() + 30.0 + 30.0 * line, length, 11.0), 5.0, 5.0
            )
        painter.restore()

    def _paint_body(self, painter: QPainter) -> None:
        look = self._look
        painter.setPen(QPen(look.colour("control"), 4.0) if look.high_contrast else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(look.colour("reader_top"))
        painter.drawRoundedRect(_TRAY, 10.0, 10.0)
        painter.setBrush(look.colour("reader_body"))
        painter.drawRoundedRect(_BODY, 24.0, 24.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("reader_top"))
        painter.drawRoundedRect(QRectF(_BODY.left() + 40.0, _BODY.top() + 14.0, _BODY.width() - 80.0, 12.0), 6.0, 6.0)
        if self._reading:
            painter.setBrush(look.colour("lamp_ready"))
            painter.drawRoundedRect(QRectF(_SHEET.left(), _BODY.top() + 16.0, _SHEET.width(), 8.0), 4.0, 4.0)
        painter.setBrush(look.colour("lamp_wait" if self._waiting else "lamp_ready"))
        painter.drawEllipse(QPointF(_BODY.right() - 38.0, _BODY.bottom() - 34.0), 9.4, 9.4)

    def _paint_arrows(self, painter: QPainter) -> None:
        pen = QPen(self._look.colour("primary"), 13.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for x in (92.0, 368.0):
            tail, head = QPointF(x, 152.0), QPointF(x, 216.0)
            painter.drawLine(tail, head)
            painter.drawLine(head, head + QPointF(-24.0, -24.0))
            painter.drawLine(head, head + QPointF(24.0, -24.0))
