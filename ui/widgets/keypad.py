"""The touch keypad: 1-2-3 on top, never mirrored, digits left to right in both languages."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Button, ButtonKind

_KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"))
_LEAST_KEY = (20.0, 16.0)


class Keypad(QWidget):
    """`Keypad(look)`: emits `typed(str)` with one digit, `erased()` for the last one, `cleared()` for all.

    Its keys are named `key:1`, `key:delete`, `key:clear`. It asks for the preferred size and takes less, down to keys
    of 20 x 16 mm.
    """

    typed = Signal(str)
    erased = Signal()
    cleared = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(look.tokens.size.keypad_gap if look.wide else look.tokens.space.target_gap))
        for row, digits in enumerate(_KEYS):
            for place, digit in enumerate(digits):
                grid.addWidget(self._digit(digit), row, place)
        texts = look.texts
        clear = self._key(texts("Clear all"), "key:clear", ButtonKind.SOFT_KEY)
        clear.clicked.connect(self._clear)
        erase = self._key("", "key:delete", ButtonKind.SOFT_KEY, icon="delete", accessible=texts("Delete"))
        erase.clicked.connect(self._erase)
        grid.addWidget(self._digit("0"), 3, 1)
        grid.addWidget(erase, 3, 2)
        grid.addWidget(clear, 3, 0)

    def sizeHint(self) -> QSize:
        width, height = self._look.tokens.size.keypad_key
        gap = self._look.tokens.size.keypad_gap
        return QSize(self._look.px(3 * width + 2 * gap), self._look.px(4 * height + 3 * gap))

    def minimumSizeHint(self) -> QSize:
        width, height = _LEAST_KEY
        gap = self._look.tokens.space.target_gap
        least = QSize(self._look.px(3 * width + 2 * gap), self._look.px(4 * height + 3 * gap))
        return least.expandedTo(self._grid.totalMinimumSize())

    def _digit(self, digit: str) -> Button:
        key = self._key(digit, f"key:{digit}", ButtonKind.KEY, role_is_display=True)
        key.clicked.connect(partial(self._type, digit))
        return key

    def _key(
        self,
        text: str,
        name: str,
        kind: ButtonKind,
        *,
        icon: str = "",
        accessible: str = "",
        role_is_display: bool = False,
    ) -> Button:
        key = Button(
            self._look,
            text,
            name=name,
            kind=kind,
            icon=icon,
            accessible=accessible,
            role="display" if role_is_display else "body",
            height_mm=_LEAST_KEY[1],
            least_width_mm=_LEAST_KEY[0],
        )
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        return key

    def _type(self, digit: str) -> None:
        self.typed.emit(digit)

    @Slot()
    def _erase(self) -> None:
        self.erased.emit()

    @Slot()
    def _clear(self) -> None:
        self.cleared.emit()
