"""Where a PIN is typed: kept as bytes from key codes, never as text; shown as dots; wiped when it is handed on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk.staff import LONGEST_PIN, wipe
from ui.look import Look
from ui.widgets.digit_keys import digit_of
from ui.widgets.painting import Box, paint_box

_ZERO = 0x30


class PinField(QWidget):
    """`take()` hands the digits over in a buffer that the caller wipes, and forgets them; so does hiding the field. No
    more than `longest` digits are taken.

    The buffer has its full length from the start: one that grew would leave copies behind. Enter and the arrows are
    the page's. What is heard of it is its name: neither the digits nor their number.

    Signals:
        changed(): a digit more or less; never which.
    """

    changed = Signal()

    def __init__(self, look: Look, *, name: str = "pin", accessible: str, longest: int = LONGEST_PIN) -> None:
        super().__init__()
        self._look = look
        self._digits = bytearray(longest)
        self._length = 0
        self._mistaken = False
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
        """Without a signal: whoever listens may be gone already."""
        wipe(self._digits)
        self._length = 0
        self.update()

    def clear(self) -> None:
        """All the digits, by the person's wish."""
        self.forget()
        self.changed.emit()

    def add(self, digit: int) -> None:
        """One more digit, 0 to 9; nothing where the longest PIN is typed already."""
        if self._length < len(self._digits):
            self._digits[self._length] = _ZERO + digit
            self._length += 1
        self.changed.emit()
        self.update()

    def erase(self) -> None:
        """The last digit."""
        if self._length:
            self._length -= 1
            self._digits[self._length] = 0
        self.changed.emit()
        self.update()

    def set_mistaken(self, mistaken: bool) -> None:
        self._mistaken = mistaken
        self.update()

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was one for this field."""
        digit = None if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier else digit_of(event.key())
        if digit is not None:
            self.add(digit)
        elif event.key() == Qt.Key.Key_Backspace:
            self.erase()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        else:
            return False
        return True

    def sizeHint(self) -> QSize:
        look, size = self._look, self._look.tokens.size
        if look.side == "staff":
            return QSize(look.px(60.0), look.px(size.staff.control * 1.2))
        return QSize(look.px(80.0), look.px(size.plate_field))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.take_key(event):
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.forget()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, line = self._look, self._look.tokens.line
        strong = self.hasFocus() or self._mistaken
        painter = QPainter(self)
        box = Box(
            look.colour("error_soft" if self._mistaken else "surface"),
            look.colour("error" if self._mistaken else "primary" if strong else "control"),
            look.stroke(line.selected if strong else line.field),
            look.control_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("ink"))
        # All of the longest PIN has room; the dots stand in the middle and read the same in both directions.
        dot = min(look.px(2.6 if look.side == "staff" else 4.6), self.width() // (2 * len(self._digits)))
        gap = round(dot * 0.62)
        left = (self.width() - self._length * dot - max(0, self._length - 1) * gap) / 2
        for place in range(self._length):
            painter.drawEllipse(QRectF(left + place * (dot + gap), (self.height() - dot) / 2, dot, dot))
        painter.end()
