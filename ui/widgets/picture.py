"""Pictures that only show: a line icon, a drawn picture, the disc with a sign in it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.painting import Box, paint_box


class Icon(QWidget):
    """`Icon(look, "clock", colour="ink2", millimetres=None)`: a line icon, as large as its text asks for."""

    def __init__(
        self,
        look: Look,
        name: str,
        *,
        colour: str = "ink",
        millimetres: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pixmap = look.icon(name, look.icon_mm if millimetres is None else millimetres, colour)
        self.setFixedSize(self._pixmap.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        painter.end()


class IconTile(QWidget):
    """The tinted square with a service's icon; in high contrast an outline instead of the tint."""

    def __init__(self, look: Look, name: str, *, millimetres: float | None = None) -> None:
        super().__init__()
        self._look = look
        side_mm = look.tokens.size.icon_tile if millimetres is None else millimetres
        self._pixmap = look.icon(name, side_mm * 0.6, "primary")
        self.setFixedSize(look.px(side_mm), look.px(side_mm))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        contrast = look.high_contrast
        paint_box(
            painter,
            QRectF(self.rect()),
            Box(
                fill=look.colour("surface" if contrast else "primary_soft"),
                outline=look.colour("primary"),
                outline_width=look.outline if contrast else 0.0,
                radius=look.px(look.tokens.radius.control),
            ),
        )
        painter.drawPixmap(_centred(self.size(), self._pixmap.size()), self._pixmap)
        painter.end()


class Disc(QWidget):
    """`Disc(look, "check", fill="success", millimetres=28)`: a filled circle with a sign in `on_primary`."""

    def __init__(self, look: Look, name: str, *, fill: str = "success", millimetres: float = 28.0) -> None:
        super().__init__()
        self._fill = look.colour(fill)
        self._pixmap = look.icon(name, millimetres * 0.55, "on_primary")
        self.setFixedSize(look.px(millimetres), look.px(millimetres))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._fill)
        painter.drawEllipse(self.rect())
        painter.drawPixmap(_centred(self.size(), self._pixmap.size()), self._pixmap)
        painter.end()


class Picture(QWidget):
    """`Picture(look, "printer")`: `art/<name>.svg`, as large as the room allows, never mirrored.

    `widest_mm` limits it; it keeps the drawing's proportions and stays in the middle.
    """

    def __init__(self, look: Look, name: str, *, widest_mm: float = 130.0) -> None:
        super().__init__()
        self._look = look
        self._name = name
        natural = look.artwork.renderer(name).defaultSize()
        self._proportion = natural.height() / natural.width()
        self._widest = look.px(widest_mm)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._widest, round(self._widest * self._proportion))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 4

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        width = min(self.width(), self._widest, round(self.height() / self._proportion))
        if width < 1:
            return
        size = QSize(width, round(width * self._proportion))
        painter = QPainter(self)
        painter.drawPixmap(_centred(self.size(), size), self._look.artwork.picture(self._name, size))
        painter.end()


def _centred(outer: QSize, inner: QSize) -> QPoint:
    return QPoint((outer.width() - inner.width()) // 2, (outer.height() - inner.height()) // 2)
