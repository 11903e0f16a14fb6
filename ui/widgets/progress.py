"""How far the questions of a service have come: a sentence and bars; only where the total cannot change."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.look import Look
from ui.widgets.text import Text


class ProgressBars(QWidget):
    """Done bars short and filled, the current one long and filled, those to come hollow; follows the direction."""

    def __init__(self, look: Look, number: int, count: int) -> None:
        super().__init__()
        self._look = look
        self._number = number
        self._widths = [look.px(26.0 if place == number else 12.0) for place in range(1, count + 1)]
        self._gap = look.px(2.0)
        self.setFixedSize(sum(self._widths) + self._gap * (count - 1), look.px(3.6))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0.0
        for place, width in enumerate(self._widths, start=1):
            thickness = self.height() if place == self._number else look.px(2.6)
            start = self.width() - left - width if look.right_to_left else left
            bar = QRectF(start, (self.height() - thickness) / 2, width, thickness)
            if place <= self._number:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.colour("primary"))
            else:
                painter.setPen(QPen(look.colour("control"), look.outline))
                painter.setBrush(look.colour("surface"))
                bar = bar.adjusted(look.outline / 2, look.outline / 2, -look.outline / 2, -look.outline / 2)
            painter.drawRoundedRect(bar, bar.height() / 2, bar.height() / 2)
            left += width + self._gap
        painter.end()


class Progress(QWidget):
    """`Progress(look, sentence, number, count)`: the sentence, then the bars; without bars where `count` is 0."""

    def __init__(self, look: Look, sentence: str, number: int, count: int) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(look.tokens.space.m))
        line.addWidget(Text(look, sentence, strong=True, colour="ink2"))
        if count > 0 and not look.largest:
            line.addWidget(ProgressBars(look, number, count), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
