"""The state of the line as a pill: online, sending, or offline while the service continues. Not pressable."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look


@dataclasses.dataclass(frozen=True, slots=True)
class LineState:
    """`waiting` counts the transactions that the centre has not answered for."""

    up: bool = True
    waiting: int = 0


class LinePill(QWidget):
    """Colour, icon and word together; takes the shorter word where the longer one has no room, and the icon alone
    where neither has."""

    def __init__(self, look: Look, state: LineState) -> None:
        super().__init__()
        self._look = look
        texts = look.texts
        if not state.up:
            self._icon, self._colour, self._fill = "cloud-off", "warning", "warning_soft"
            self._words = (texts("Offline, service continues"), texts("Offline"))
        elif state.waiting:
            self._icon, self._colour, self._fill = "cloud-upload", "primary", "primary_soft"
            self._words = (texts("Sending {n}", n=state.waiting),) * 2
        else:
            self._icon, self._colour, self._fill = "wifi", "success", "success_soft"
            self._words = (texts("Online"),) * 2
        self.setFont(look.font("body", strong=True))
        self.setObjectName("line_state")
        self.setAccessibleName(self._words[0])
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._words[0]), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(""), self._height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        text = next((words for words in self._words if self._width(words) <= self.width()), "")
        width = self._width(text)
        left = 0 if not look.right_to_left else self.width() - width
        pill = QRectF(left, 0, width, self.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if look.high_contrast:
            inset = look.outline / 2
            pill.adjust(inset, inset, -inset, -inset)
            painter.setPen(QPen(look.colour(self._colour), look.outline))
        painter.setBrush(look.colour(self._fill))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        icon = look.icon(self._icon, look.icon_mm, self._colour)
        padding, gap = look.px(3.2), look.px(2.0)
        icon_left = pill.right() - padding - icon.width() if look.right_to_left else pill.left() + padding
        painter.drawPixmap(round(icon_left), round((self.height() - icon.height()) / 2), icon)
        if text:
            painter.setFont(self.font())
            painter.setPen(look.colour(self._colour))
            painter.setLayoutDirection(look.direction)
            words = pill.adjusted(padding, 0, -padding, 0)
            side = icon.width() + gap
            words.adjust(0 if look.right_to_left else side, 0, -side if look.right_to_left else 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)
        painter.end()

    def _width(self, text: str) -> int:
        look = self._look
        icon = look.px(look.icon_mm) + 2 * look.px(3.2)
        return icon + (round(QFontMetricsF(self.font()).horizontalAdvance(text)) + 2 + look.px(2.0) if text else 0)

    def _height(self) -> int:
        line = round(QFontMetricsF(self.font()).height())
        return max(self._look.px(11.0), line)
