"""A text in which the words that were searched for are marked."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent

from ui.look import Look, Role
from ui.widgets.text import Text


class MarkedText(Text):
    """`MarkedText(look, "تجديد رخصة مركبة", marked={1}, role="action")`: the words at these places, from 0, stand on
    the colour for it."""

    def __init__(self, look: Look, text: str, *, marked: frozenset[int], role: Role = "body") -> None:
        super().__init__(look, text, role=role)
        self._ranges: list[tuple[int, int]] = []
        at = 0
        for place, word in enumerate(text.split(" ")):
            if place in marked:
                self._ranges.append((at, at + len(word.rstrip("،,.:;؛"))))
            at += len(word) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._ranges:
            lines = self._lines(self.width())
            radius = self.look.px(1.0)
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self.look.colour("highlight"))
            painter.setBrush(self.look.colour("highlight"))
            for first, last in self._ranges:
                for box in lines.boxes(first, last, self._top(lines), self.width()):
                    painter.drawRoundedRect(box.adjusted(-radius, 0, radius, 0), radius, radius)
            painter.end()
        super().paintEvent(event)
