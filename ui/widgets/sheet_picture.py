"""A scanned page as it will be sent, as large as there is room; or the plain sheet where its picture is not at hand."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.documents import Preview
from ui.look import Look

_A4 = 297 / 210


class SheetPicture(QWidget):
    """`SheetPicture(look, preview, accessible="Page 1 of 2")`: never mirrored, never stretched, upright or across."""

    def __init__(self, look: Look, preview: Preview | None, *, accessible: str, widest_mm: float = 150.0) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAccessibleName(accessible)
        self._look = look
        self._widest = look.px(widest_mm)
        self._picture: QPixmap | None = None if preview is None else _pixmap(preview)
        self._proportion = _A4 if preview is None else preview.height / preview.width
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._widest, round(self._widest * self._proportion))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 4

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        edge = look.stroke(look.tokens.line.hair)
        ledge = look.ledge
        width = min(self.width() - 2 * edge, (self.height() - ledge - 2 * edge) / self._proportion)
        sheet = QRectF(0, edge, width, width * self._proportion)
        sheet.moveLeft((self.width() - width) / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("edge"))
        painter.drawRect(sheet.adjusted(0, 0, 0, ledge))
        painter.setBrush(look.colour("card_face"))
        painter.drawRect(sheet)
        if self._picture is not None:
            painter.drawPixmap(sheet, self._picture, QRectF(self._picture.rect()))
        else:
            self._paint_lines(painter, sheet)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("control" if look.high_contrast else "line"), edge))
        painter.drawRect(sheet)
        painter.end()

    def _paint_lines(self, painter: QPainter, sheet: QRectF) -> None:
        painter.setBrush(self._look.colour("card_line"))
        unit = sheet.width() / 21
        for line in range(9):
            length = 15 if line % 4 != 3 else 9
            painter.drawRoundedRect(
                QRectF(sheet.left() + 3 * unit, sheet.top() + (4 + 2 * line) * unit, length * unit, 0.7 * unit), 3, 3
            )


def _pixmap(preview: Preview) -> QPixmap:
    """A copy is made here, so that the visit's own bytes can be forgotten."""
    image = QImage(preview.pixels, preview.width, preview.height, 3 * preview.width, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)
