"""The touch keypad: digits, 1-2-3 on top, and a page of letters; left to right in both languages, never mirrored."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedLayout, QWidget

from ui.look import Look
from ui.widgets.button import Button, ButtonKind

_DIGITS = "123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTER_COLUMNS = 4  # with them, the key back to digits and the one that erases fill seven rows
_LEAST_KEY = (20.0, 16.0)
_LEAST_LETTER = (14.0, 14.0)
_CLEAR_ROW = 0.75  # of a key's height


class Keypad(QWidget):
    """`Keypad(look, letters=True)`: emits `typed(str)` with one character, `erased()` for the last, `cleared()`.

    Its keys are named `key:1`, `key:delete`, `key:clear`; with `letters` also `key:letters`, which turns to the page
    of `key:A` and so on, with `key:digits` to turn back; with a `point` instead `key:.`, for fils. It asks for the
    preferred size of a key and takes less, down to 20 x 16 mm (letters 14 x 14). A `secret` keypad does not show which
    key is pressed, and its keys never have the focus: a screen reader speaks what has it, and would speak the digits.
    """

    typed = Signal(str)
    erased = Signal()
    cleared = Signal()

    def __init__(self, look: Look, *, letters: bool = False, point: bool = False, secret: bool = False) -> None:
        super().__init__()
        self._look = look
        self._secret = secret
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._digits(letters=letters, point=point))
        if letters:
            self._pages.addWidget(self._alphabet())

    def sizeHint(self) -> QSize:
        width, height = self._look.tokens.size.keypad_key
        gap = self._look.tokens.size.keypad_gap
        return QSize(self._look.px(3 * width + 2 * gap), self._look.px((4 + _CLEAR_ROW) * height + 4 * gap))

    def minimumSizeHint(self) -> QSize:
        return self._pages.minimumSize()

    @Slot()
    def show_digits(self) -> None:
        self._pages.setCurrentIndex(0)

    @Slot()
    def show_letters(self) -> None:
        self._pages.setCurrentIndex(1)

    def _digits(self, *, letters: bool, point: bool) -> QWidget:
        page, grid = self._page(self._look.tokens.size.keypad_gap)
        for place, digit in enumerate(_DIGITS):
            grid.addWidget(self._character(digit, _LEAST_KEY, large=True), place // 3, place % 3)
        if letters:
            grid.addWidget(self._turn("ABC", "letters", self.show_letters, self._look.texts("Letters")), 3, 0)
        elif point:
            grid.addWidget(self._character(".", _LEAST_KEY, large=True), 3, 0)
        grid.addWidget(self._character("0", _LEAST_KEY, large=True), 3, 1)
        grid.addWidget(self._erase(_LEAST_KEY), 3, 2)
        clear = self._key(self._look.texts("Clear all"), "clear", _LEAST_KEY, self._clear, kind=ButtonKind.SOFT_KEY)
        grid.addWidget(clear, 4, 0, 1, 3)
        for row in range(4):
            grid.setRowStretch(row, 4)
        grid.setRowStretch(4, round(4 * _CLEAR_ROW))
        for place in range(3):
            grid.setColumnStretch(place, 1)
        return page

    def _alphabet(self) -> QWidget:
        page, grid = self._page(self._look.tokens.space.target_gap)
        for place, letter in enumerate(_LETTERS):
            key = self._character(letter, _LEAST_LETTER, large=False)
            grid.addWidget(key, place // _LETTER_COLUMNS, place % _LETTER_COLUMNS)
        turn = self._turn("123", "digits", self.show_digits, self._look.texts("Digits"), _LEAST_LETTER)
        grid.addWidget(turn, 6, 2)
        grid.addWidget(self._erase(_LEAST_LETTER), 6, 3)
        return page

    def _page(self, gap_mm: float) -> tuple[QWidget, QGridLayout]:
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self._look.px(gap_mm if self._look.wide else self._look.tokens.space.target_gap))
        return page, grid

    def _character(self, character: str, least: tuple[float, float], *, large: bool) -> Button:
        press = partial(self._type, character)
        return self._key(character, character, least, press, role_is_display=large)

    def _turn(
        self,
        text: str,
        name: str,
        press: Callable[[], None],
        accessible: str,
        least: tuple[float, float] = _LEAST_KEY,
    ) -> Button:
        return self._key(text, name, least, press, kind=ButtonKind.SOFT_KEY, accessible=accessible)

    def _erase(self, least: tuple[float, float]) -> Button:
        return self._key(
            "",
            "delete",
            least,
            self._erase_last,
            kind=ButtonKind.SOFT_KEY,
            icon="delete",
            accessible=self._look.texts("Delete"),
        )

    def _key(
        self,
        text: str,
        name: str,
        least: tuple[float, float],
        press: Callable[[], None],
        *,
        kind: ButtonKind = ButtonKind.KEY,
        icon: str = "",
        accessible: str = "",
        role_is_display: bool = False,
    ) -> Button:
        key = Button(
            self._look,
            text,
            name=f"key:{name}",
            kind=kind,
            icon=icon,
            accessible=accessible,
            role="display" if role_is_display else "body",
            height_mm=least[1],
            least_width_mm=least[0],
            shows_press=not self._secret,
        )
        if self._secret:
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        key.clicked.connect(press)
        return key

    def _type(self, character: str) -> None:
        self.typed.emit(character)

    @Slot()
    def _erase_last(self) -> None:
        self.erased.emit()

    @Slot()
    def _clear(self) -> None:
        self.cleared.emit()
