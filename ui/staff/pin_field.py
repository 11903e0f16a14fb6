"""Where a PIN is typed: kept as bytes from key codes, never as text; shown as dots; wiped when it is handed on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.staff import LONGEST_PIN, wipe
from ui.look import Look
from ui.staff.keys import digit_of
from ui.widgets.painting import Box, paint_box

_ZERO = 0x30


class PinField(QWidget):
    """`take()` hands the digits over in a buffer that the caller wipes, and forgets them.

    The buffer has its full length from the start: one that grew would leave copies behind. Enter and the arrows are
    the page's.

    Signals:
        changed(): a digit more or less; never which.
    """

    changed = Signal()

    def __init__(self, look: Look, *, name: str = "pin", accessible: str) -> None:
        super().__init__()
        self._look = look
        self._digits = bytearray(LONGEST_PIN)
        self._length = 0
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def length(self) -> int:
        return self._length

    def take(self) -> bytearray:
        pin = self._digits[: self._length]
        self.forget()
        return pin

    def forget(self) -> None:
        wipe(self._digits)
        self._length = 0
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        return QSize(look.px(60.0), look.px(look.tokens.size.staff.control * 1.2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = None if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else digit_of(event.key())
        if digit is not None:
            if self._length < LONGEST_PIN:
                self._digits[self._length] = _ZERO + digit
                self._length += 1
        elif event.key() == Qt.Key.Key_Backspace:
            if self._length:
                self._length -= 1
                self._digits[self._length] = 0
        elif event.key() == Qt.Key.Key_Delete:
            self.forget()
        else:
            super().keyPressEvent(event)
            return
        self.changed.emit()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, line = self._look, self._look.tokens.line
        focused = self.hasFocus()
        painter = QPainter(self)
        box = Box(
            look.colour("surface"),
            look.colour("primary" if focused else "control"),
            look.stroke(line.selected if focused else line.field),
            look.control_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("ink"))
        side, gap = look.px(2.6), look.px(1.6)
        left = (self.width() - self._length * side - max(0, self._length - 1) * gap) / 2
        for place in range(self._length):
            painter.drawEllipse(QRectF(left + place * (side + gap), (self.height() - side) / 2, side, side))
        painter.end()
