"""The grounds that pictures stand on: the panorama of the idle page, the sandstone panel, discs behind a sign."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.look import Look

_PANORAMA_PROPORTION = 360 / 1920


class Panorama(QWidget):
    """Jordan from the north (right) to the Gulf (left), as wide as it is given; geography, so never mirrored."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @staticmethod
    def height_at(width: int) -> int:
        return round(width * _PANORAMA_PROPORTION)

    def paintEvent(self, event: QPaintEvent) -> None:
        size = QSize(self.width(), self.height_at(self.width()))
        picture = self._look.artwork.picture("panorama", size)
        painter = QPainter(self)
        shown = event.rect()
        painter.drawPixmap(shown, picture, QRect(shown))
        painter.end()


class SandstonePanel(QWidget):
    """A warm ground at the trailing side that holds one picture in its middle; plain in high contrast."""

    def __init__(self, look: Look, picture: QWidget) -> None:
        super().__init__()
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setLayoutDirection(look.direction)
        inside = QVBoxLayout(self)
        margin = look.px(look.tokens.space.l)
        inside.setContentsMargins(margin, look.px(look.tokens.space.xl), margin, margin)
        inside.addWidget(picture)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        if look.high_contrast:
            painter.fillRect(event.rect(), look.colour("ground"))
        else:
            painter.fillRect(event.rect(), between(look.colour("ground"), look.colour("sandstone_4"), 0.5))
        painter.end()


class Emblem(QWidget):
    """`Emblem(look, "cloud-off")`: a large line icon on two round sandstone discs, for what has no drawn picture."""

    def __init__(self, look: Look, icon: str, *, widest_mm: float = 110.0) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._widest = widest_mm
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        side = self._look.px(self._widest)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 3

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        side = min(self.width(), self.height(), look.px(self._widest))
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if not look.high_contrast:
            painter.setBrush(look.colour("sandstone_4"))
            painter.drawEllipse(middle, side / 2, side / 2)
            painter.setBrush(between(look.colour("sandstone_4"), look.colour("sandstone_3"), 0.55))
            painter.drawEllipse(middle, side * 0.38, side * 0.38)
        icon = look.icon(self._icon, side * 0.42 / look.panel.pixels_per_mm, "ink")
        corner = QPointF(middle.x() - icon.width() / 2, middle.y() - icon.height() / 2)
        painter.drawPixmap(corner.toPoint(), icon)
        painter.end()


def between(first: QColor, second: QColor, part: float) -> QColor:
    """The colour that lies `part` of the way from the first to the second."""
    return QColor(
        round(first.red() + (second.red() - first.red()) * part),
        round(first.green() + (second.green() - first.green()) * part),
        round(first.blue() + (second.blue() - first.blue()) * part),
    )
