"""A field of digits that is filled by the keypad or real keys; always left to right, in Arabic too."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.painting import Box, paint_box


class DigitField(QWidget):
    """`DigitField(look, name="plate:code", accessible="Code", longest=2)`: shows typed digits, strong and large.

    `set_text`, `set_active` (primary outline and caret), `set_mistaken` (error outline) and `set_chosen` (the whole
    text is marked: what is typed takes its place) only show; the page owns the text. `pressed()` says that the person
    wants to type here. The text is never cut: the width is that of `longest` digits.
    """

    pressed = Signal()

    def __init__(self, look: Look, *, name: str, accessible: str, longest: int) -> None:
        super().__init__()
        self._look = look
        self._text = ""
        self._active = False
        self._mistaken = False
        self._chosen = False
        self._longest = longest
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFont(look.font("display"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleDescription(text)
        self.update()

    def set_active(self, active: bool) -> None:
        self._active = active
        self.update()

    def set_mistaken(self, mistaken: bool) -> None:
        self._mistaken = mistaken
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        self._chosen = chosen
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        metrics = QFontMetricsF(self.font())
        width = metrics.horizontalAdvance("0" * (self._longest + 1)) + look.px(10.0)
        height = max(look.px(look.tokens.size.plate_field), round(metrics.height()) + look.px(1.0))
        return QSize(round(width), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        line = look.tokens.line
        strong = self._active or self._mistaken
        outline = "error" if self._mistaken else "primary" if self._active else "control"
        painter = QPainter(self)
        paint_box(
            painter,
            QRectF(self.rect()),
            Box(
                fill=look.colour("error_soft" if self._mistaken else "surface"),
                outline=look.colour(outline),
                outline_width=look.stroke(line.selected if strong else line.field),
                radius=look.px(look.tokens.radius.control),
            ),
        )
        inset = look.px(5.0)
        metrics = QFontMetricsF(self.font())
        painter.setFont(self.font())
        painter.setPen(look.colour("ink"))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        place = QRectF(self.rect()).adjusted(inset, 0, -inset, 0)
        height = self.font().pixelSize() * 1.1
        written = QRectF(inset, (self.height() - height) / 2, metrics.horizontalAdvance(self._text), height)
        if self._chosen:
            side = look.px(0.8)
            painter.fillRect(written.adjusted(-side, 0, side, 0), look.colour("primary_soft"))
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
        if self._active and not self._chosen:
            caret = QRectF(written.right() + look.px(0.8), written.top(), look.px(0.8), height)
            painter.fillRect(caret, look.colour("primary"))
        painter.end()
