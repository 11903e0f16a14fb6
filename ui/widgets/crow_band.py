"""The crow-step band that hangs under the top bar: the product's one ornament."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.look import Look

_UNIT_MM = 7.4
_STEPS = 4


class CrowBand(QWidget):
    """Painted once for each theme and width, then kept; not shown at XL, where the room goes to text."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedHeight(look.px(look.tokens.size.crow_band))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        mark = self._look.colour("crow").rgba() & 0xFFFFFFFF
        size = QSize(self.width(), self.height())
        band = self._look.artwork.kept("crow", size, mark)
        if band is None:
            band = self._painted(size)
            self._look.artwork.keep("crow", band, mark)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, band)
        painter.end()

    def _painted(self, size: QSize) -> QPixmap:
        """Each unit is an upturned stair: full width above, narrower by one step on both sides each step down."""
        band = QPixmap(size)
        band.fill(Qt.GlobalColor.transparent)
        count = max(1, round(size.width() / self._look.px(_UNIT_MM)))
        unit = size.width() / count
        step_width, step_height = unit / (2 * _STEPS + 1), size.height() / _STEPS
        painter = QPainter(band)
        for place in range(count):
            for step in range(_STEPS):
                left = place * unit + step * step_width
                width = unit - 2 * step * step_width
                top, bottom = round(step * step_height), round((step + 1) * step_height)
                right = round(left + width)
                painter.fillRect(QRect(round(left), top, right - round(left), bottom - top), self._look.colour("crow"))
        painter.end()
        return band
