"""One answer on the check page: label, value, and *Change* or, for what the card says, a lock."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Button
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon
from ui.widgets.text import Text

_LABEL_MM = 62.0
_NARROW_LABEL_MM = 48.0


class AnswerRow(QWidget):
    """`AnswerRow(look, "Vehicle", "12-34567", change=Button(...))`: rows stand together as one card.

    At the largest text size the label stands over its value. `first` and `last` round the card's corners.
    """

    def __init__(
        self,
        look: Look,
        label: str,
        value: str,
        *,
        change: Button | None = None,
        from_card: bool = False,
        first: bool = False,
        last: bool = False,
    ) -> None:
        super().__init__()
        self._look = look
        self._first = first
        self._last = last
        self.setLayoutDirection(look.direction)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._line = QHBoxLayout(self)
        side = look.px(look.tokens.space.l if look.wide else look.tokens.space.m)
        edge = look.px(1.0)
        self._line.setContentsMargins(side, edge, side, edge)
        self._line.setSpacing(look.px(look.tokens.space.m))
        named = Text(look, label, colour="ink2")
        words = Text(look, value, strong=True)
        if look.largest:
            self._line.addLayout(column(look, named, words, gap_mm=0.0), 1)
        else:
            named.setFixedWidth(look.px(_LABEL_MM if look.wide else _NARROW_LABEL_MM))
            self._line.addWidget(named)
            self._line.addWidget(words, 1)
        if from_card:
            self._line.addLayout(_lock(look))
        if change is not None:
            self._line.addWidget(change, 0, Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:
        return QSize(self._line.totalSizeHint().width(), self._least_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._line.totalMinimumSize().width(), self._least_height())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(self._least_height(), self._line.totalHeightForWidth(width))

    def _least_height(self) -> int:
        look = self._look
        least = look.tokens.size.answer_row if look.wide else look.tokens.size.tool + 3.0
        return max(look.px(least), self._line.totalMinimumSize().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The part of one rounded card that this row is: what lies outside the row is clipped away."""
        del event
        look = self._look
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
            side = look.px(look.tokens.space.l)
            below = QRectF(side, self.height() - hair, self.width() - 2 * side, hair)
            painter.fillRect(below, look.colour("line"))
        painter.end()


def _lock(look: Look) -> QHBoxLayout:
    line = row(look, Icon(look, "lock", colour="ink2", millimetres=look.icon_mm * 0.8), gap_mm=look.tokens.space.s)
    if not look.largest:
        line.addWidget(Text(look, look.texts("From the card"), colour="ink2", wrap=False))
    return line
