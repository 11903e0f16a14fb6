"""Three dots that say that something is being worked on; still where motion is off."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look

_STEPS_PER_SECOND = 4
_DOTS = 3


class BusyDots(QWidget):
    """`BusyDots(look)`: one dot of three is filled, the next one four times a second."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._place = 0
        self.setFixedSize(look.px(22.0), look.px(6.0))
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // _STEPS_PER_SECOND)
        self._timer.timeout.connect(self._step)
        if look.motion:
            self._timer.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        for dot in range(_DOTS):
            painter.setBrush(self._look.colour("primary" if dot == self._place else "edge"))
            place = dot * (self.width() - 2 * radius) / (_DOTS - 1)
            x = self.width() - radius - place if self._look.right_to_left else radius + place
            painter.drawEllipse(QPointF(x, radius), radius * 0.8, radius * 0.8)
        painter.end()

    @Slot()
    def _step(self) -> None:
        self._place = (self._place + 1) % _DOTS
        self.update()
