"""The dark screen over a page that nobody uses: bright still pictures burn into panels (EKiosk's service manuals)."""

from __future__ import annotations

import random

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.widgets.lines import Lines

_GROUND = QColor(0, 0, 0)
_INK = QColor(96, 96, 96)


class Dark(QWidget):
    """Covers its parent; the key or the touch that wakes the screen does nothing else.

    Signals:
        woken(): a person is there again.
    """

    woken = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        words = look.texts("The technician's page is open. Any key wakes the screen.")
        self._lines = Lines(words, look.font("body"), None, look.direction)
        self._across, self._down = 0.5, 0.5
        self.setObjectName("dark")
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(parent.rect())

    def wander(self) -> None:
        """Moves its words, so that they burn in nowhere."""
        self._across, self._down = random.random(), random.random()  # noqa: S311 - a place on the screen
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        self.woken.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.woken.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        painter.setPen(_INK)
        room = QRectF(0, 0, self.width() - self._lines.widest, self.height() - self._lines.height)
        left, top = max(0.0, room.width()) * self._across, max(0.0, room.height()) * self._down
        self._lines.paint(painter, left, top, self._lines.widest + 1)
        painter.end()
