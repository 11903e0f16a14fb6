"""The line over the last day as bars: height says as much as colour, and time is never mirrored."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.line_history import Line, LineHistory
from ui.look import Look
from ui.widgets.lines import Lines

_HEIGHT_MM = 9.0
_BARS = {
    Line.UP: (1.0, "success"),
    Line.PARTLY: (0.66, "warning_line"),
    Line.DOWN: (0.36, "error"),
    Line.UNKNOWN: (0.08, "control"),
}


class LineBars(QWidget):
    def __init__(self, look: Look, history: LineHistory, now: datetime) -> None:
        super().__init__()
        self._look = look
        self._quarters = history.quarters(now)
        texts = look.texts
        self._times = (texts.time(now - timedelta(hours=24)), texts.time(now - timedelta(hours=12)), texts("now"))
        down = sum(quarter is Line.DOWN for quarter in self._quarters)
        self.setAccessibleName(texts("Line, last 24 hours: {n} min without a line", n=str(down * 15)))
        self.setObjectName("line_bars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(60.0), self._look.px(_HEIGHT_MM + 0.8) + self._look.line_height("body"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        tall, wide = look.px(_HEIGHT_MM), self.width() / len(self._quarters)
        for place, quarter in enumerate(self._quarters):
            part, colour = _BARS[quarter]
            high = max(2, round(tall * part))
            left, right = round(place * wide), round((place + 1) * wide)
            painter.fillRect(left, tall - high, max(1, right - left - 1), high, look.colour(colour))
        painter.setPen(look.colour("ink2"))
        for words, where in zip(self._times, (0.0, 0.5, 1.0), strict=True):
            lines = Lines(words, look.font("body"), None, Qt.LayoutDirection.LeftToRight)
            lines.paint(painter, (self.width() - lines.widest) * where, tall + look.px(0.8), lines.widest + 1)
        painter.end()
