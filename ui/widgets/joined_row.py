"""Rows that stand together as one card: each paints its own part of it, and a page's first and last round it off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import Look

_EDGE_MM = 1.0
_EDGE_LARGEST_MM = 0.2  # such lines are tall enough by themselves


class JoinedRow(QWidget):
    """Put the content into `line`, from leading to trailing. `show_ends` says which corners are the card's own: who
    lays the rows out knows where a page of them begins and ends."""

    def __init__(self, look: Look, *, least_height_mm: float) -> None:
        super().__init__()
        self.look = look
        self._least = look.px(least_height_mm)
        self._first = self._last = True
        self.setLayoutDirection(look.direction)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.line = QHBoxLayout(self)
        edge = look.px(_EDGE_MM if not look.largest else _EDGE_LARGEST_MM)
        self.line.setContentsMargins(look.inset, edge, look.inset, edge)
        self.line.setSpacing(look.px(look.tokens.space.m))

    def show_ends(self, *, first: bool, last: bool) -> None:
        self._first, self._last = first, last
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.line.totalSizeHint().width(), self._least_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.line.totalMinimumSize().width(), self._least_height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self._least_height(), self.line.totalHeightForWidth(width))

    def _least_height(self) -> int:
        return max(self._least, self.line.totalMinimumSize().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part of one rounded card that this row is: what lies outside the row is clipped away."""
        del event
        look = self.look
        hair = look.stroke(look.tokens.line.hair)
        radius = look.px(look.tokens.radius.card)
        card = QRectF(self.rect()).adjusted(hair / 2, hair / 2, -hair / 2, -hair / 2)
        card.setTop(card.top() - (0 if self._first else 2 * radius))
        card.setBottom(card.bottom() + (0 if self._last else 2 * radius))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line"), hair))
        painter.setBrush(look.colour("surface"))
        painter.drawRoundedRect(card, radius, radius)
        if not self._last:
            below = QRectF(look.inset, self.height() - hair, self.width() - 2 * look.inset, hair)
            painter.fillRect(below, look.colour("line"))
        painter.end()
