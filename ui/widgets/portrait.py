"""Where the face from the card stands; until it has come, or where there is none, a plain figure."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from kiosk.identity import Portrait
from ui.look import Look
from ui.widgets.painting import Box, paint_box


class PortraitFrame(QWidget):
    """`PortraitFrame(look, portrait, height_mm=32.0)`: 25 x 32 in proportion. The face fills the frame and is cut to
    it; it is never drawn larger than it is stored times two."""

    def __init__(self, look: Look, portrait: Portrait | None = None, *, height_mm: float | None = None) -> None:
        super().__init__()
        self.setObjectName("portrait")
        self._look = look
        width, height = look.tokens.size.portrait
        scale = 1.0 if height_mm is None else height_mm / height
        self._figure = look.icon("user-round", width * scale * 0.62, "ink2")
        self._face: QPixmap | None = None
        self.setFixedSize(look.px(width * scale), look.px(height * scale))
        if portrait is not None:
            self.show_face(portrait)

    def show_face(self, portrait: Portrait) -> None:
        """A copy is made here, so that the visit's own bytes can be forgotten."""
        image = QImage(
            portrait.pixels, portrait.width, portrait.height, 3 * portrait.width, QImage.Format.Format_RGB888
        )
        self._face = QPixmap.fromImage(
            image.scaled(
                self.size(),
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        self.setAccessibleName(self._look.texts("The picture on the card"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hair, radius = look.stroke(look.tokens.line.hair), look.control_radius
        box = Box(look.colour("sunken"), look.colour("line"), hair, radius)
        paint_box(painter, QRectF(self.rect()), box)
        shown = self._face or self._figure
        if self._face is not None:
            frame = QPainterPath()
            frame.addRoundedRect(QRectF(self.rect()).adjusted(hair, hair, -hair, -hair), radius, radius)
            painter.setClipPath(frame)
        painter.drawPixmap(_centred(self.size(), shown.size()), shown)
        painter.end()


def _centred(outer: QSize, inner: QSize) -> QPoint:
    return QPoint((outer.width() - inner.width()) // 2, (outer.height() - inner.height()) // 2)
