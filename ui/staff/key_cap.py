"""A key's cap as on the keyboard: it stands beside every act that the key does."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.painting import Box, paint_box

_PADDING_MM = 1.3


def cap_size(look: Look, key: str) -> QSize:
    """Pixels of the cap; never narrower than it is high."""
    metrics = QFontMetricsF(look.font("key_hint"))
    height = round(metrics.height()) + look.px(0.4)
    return QSize(max(height, round(metrics.horizontalAdvance(key)) + 2 * look.px(_PADDING_MM)), height)


def paint_cap(painter: QPainter, look: Look, place: QRectF, key: str, *, off: bool = False) -> None:
    """Paints the cap in the middle of `place`. `off`: the key does nothing now."""
    size = cap_size(look, key)
    rect = QRectF(0, 0, size.width(), size.height())
    rect.moveCenter(place.center())
    ledge = 0 if look.high_contrast or off else max(1, look.px(0.5))
    box = Box(
        fill=look.colour("sunken" if off else "surface"),
        outline=look.colour("edge" if off else "control"),
        outline_width=look.stroke(0.25),
        radius=look.px(1.0),
        ledge=look.colour("control"),
        ledge_height=ledge,
    )
    paint_box(painter, rect, box)
    painter.setFont(look.font("key_hint"))
    painter.setPen(look.colour("ink_off" if off else "ink"))
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    painter.drawText(rect.adjusted(0, 0, 0, -ledge), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, key)


class KeyCap(QWidget):
    """`KeyCap(look, "F8")`: a cap by itself."""

    def __init__(self, look: Look, key: str) -> None:
        super().__init__()
        self._look = look
        self.key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(cap_size(look, key))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        paint_cap(painter, self._look, QRectF(self.rect()), self.key)
        painter.end()
