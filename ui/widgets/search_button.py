"""What looks like the search's field and opens it: there is one way in, and it says that a keyboard comes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.look import Look
from ui.widgets.button import Pressable
from ui.widgets.painting import Box, paint_box

_WIDEST_MM = 128.0


class SearchButton(Pressable):
    """`SearchButton(look, "Search for a service")`, named `search`."""

    def __init__(self, look: Look, words: str) -> None:
        super().__init__(look, name="search", accessible=words)
        self._words = words
        self.setFont(look.font("body"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = self.look
        least = self.minimumSizeHint()
        return QSize(max(least.width(), look.px(_WIDEST_MM) if look.wide else 0), least.height())

    def minimumSizeHint(self) -> QSize:
        look = self.look
        metrics = QFontMetricsF(self.font())
        icons = 2 * (look.px(look.icon_mm) + look.px(3.0)) + 2 * look.px(4.0)
        height = max(look.px(look.tokens.size.field), round(metrics.height()) + look.px(1.6))
        return QSize(round(metrics.horizontalAdvance(self._words)) + icons, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        box = Box(
            fill=look.colour("primary_soft" if self.isDown() else "surface"),
            outline=look.colour("primary" if self.isDown() else "control"),
            outline_width=look.stroke(look.tokens.line.field),
            radius=look.control_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        inset, side = look.px(4.0), look.px(look.icon_mm)
        top = (self.height() - side) // 2
        ends = (inset, self.width() - inset - side)
        leading, trailing = reversed(ends) if look.right_to_left else ends
        painter.drawPixmap(leading, top, look.icon("search", look.icon_mm, "ink"))
        painter.drawPixmap(trailing, top, look.icon("keyboard", look.icon_mm, "ink2"))
        painter.setFont(self.font())
        painter.setPen(look.colour("ink2"))
        painter.setLayoutDirection(look.direction)
        between = inset + side + look.px(3.0)
        place = QRectF(self.rect()).adjusted(between, 0, -between, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.end()
