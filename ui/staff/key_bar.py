"""The bar along the bottom: every function key with what it does now, F1 at the leading end; keys never move."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct


class KeyBar(QWidget):
    """`KeyBar(look, acts)`. What has no room on one line stands on two; `rows_at` says how many a width needs."""

    def __init__(self, look: Look, acts: tuple[KeyAct, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons = [self._button(act) for act in acts]
        self.setLayoutDirection(look.direction)

    def rows_at(self, width: int) -> int:
        return next((rows for rows in (1, 2) if self._fits(rows, width)), 3)

    def height_at(self, width: int) -> int:
        look, rows = self._look, self.rows_at(width)
        tall = max((button.sizeHint().height() for button in self._buttons), default=0)
        return max(look.px(look.tokens.size.staff.key_bar), rows * tall + (rows + 1) * self._gap())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("surface"))
        painter.fillRect(QRect(0, 0, self.width(), look.px(look.tokens.line.hair)), look.colour("line"))
        painter.end()

    def _button(self, act: KeyAct) -> KeyButton:
        button = KeyButton(
            self._look, act.words, act.key, name=act.name or f"key:{act.key}", kind=KeyButtonKind.BAR, parent=self
        )
        if act.act is None:
            button.setEnabled(False)
        else:
            button.when_pressed(act.act)
        return button

    def _gap(self) -> int:
        return self._look.px(1.2)

    def _lines(self, rows: int) -> list[list[KeyButton]]:
        each = -(-len(self._buttons) // rows) if self._buttons else 1
        return [self._buttons[start : start + each] for start in range(0, len(self._buttons), each)]

    def _fits(self, rows: int, width: int) -> bool:
        return all(
            sum(button.needed_width() for button in line) + (len(line) + 1) * self._gap() <= width
            for line in self._lines(rows)
        )

    def _arrange(self) -> None:
        """Each as wide as its words, and an equal part of what is left."""
        rows = self.rows_at(self.width())
        lines, gap = self._lines(rows), self._gap()
        tall = (self.height() - (len(lines) + 1) * gap) // max(1, len(lines))
        for place, line in enumerate(lines):
            needed = [button.needed_width() for button in line]
            spare = max(0, self.width() - sum(needed) - (len(line) + 1) * gap) // max(1, len(line))
            left = gap
            for button, width in zip(line, needed, strict=True):
                wide = width + spare
                x = self.width() - left - wide if self._look.right_to_left else left
                button.setGeometry(x, gap + place * (tall + gap), wide, tall)
                left += wide + gap
