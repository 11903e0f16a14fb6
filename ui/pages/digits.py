"""An answer that the keypad writes: digits with what belongs between them, as a number, a date or an amount."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from kiosk import forms
from kiosk.catalogue import Step
from kiosk.typed import plain
from ui.look import Look
from ui.pages.page import Page
from ui.widgets.field import DigitField
from ui.widgets.keypad import Keypad
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon
from ui.widgets.text import Text

WIDE_KEYPAD_MM = 139.0  # as wide as the sum on other pages
NARROW_KEYPAD_MM = 96.0
LARGEST_KEYPAD_MM = 106.0

_AMOUNT_CHARACTERS = 9  # 99999.999
_NUMBER_CHARACTERS = 9


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How many digits there are at most, and where something is shown between them: by the number of digits before it.
    `point` lets a person type one."""

    longest: int
    between: tuple[tuple[int, str], ...] = ()
    point: bool = False

    def shown(self, typed: str) -> str:
        """`23112026` as `23/11/2026`; what has not been typed is not drawn."""
        marks = dict(self.between)
        return "".join(f"{marks.get(at, '')}{digit}" for at, digit in enumerate(typed))

    @property
    def widest(self) -> int:
        return self.longest + len(self.between)


DATE = Shape(forms.DATE_DIGITS, ((2, "/"), (4, "/")))
PHONE = Shape(forms.PHONE_DIGITS, ((2, " "), (6, " ")))
NATIONAL_NUMBER = Shape(forms.NATIONAL_NUMBER_DIGITS)
AMOUNT = Shape(_AMOUNT_CHARACTERS, point=True)


def shape_of(step: Step) -> Shape:
    match step.kind:
        case "date":
            return DATE
        case "phone":
            return PHONE
        case "amount":
            return AMOUNT
        case "national_number":
            return NATIONAL_NUMBER
    return Shape(_NUMBER_CHARACTERS if step.most is None else len(str(step.most)))


def keypad_width(look: Look) -> int:
    """Pixels."""
    return look.px(WIDE_KEYPAD_MM if look.wide else LARGEST_KEYPAD_MM if look.largest else NARROW_KEYPAD_MM)


class DigitsAnswer(QObject):
    """Puts `heading`, the field and the keypad into the page; real keys fill the same field. What is `proposed` stands
    there marked: it is kept, or the first digit takes its place.

    Signals:
        complete(): Enter was pressed.
    """

    complete = Signal()

    def __init__(
        self,
        page: Page,
        heading: QVBoxLayout,
        typed: str,
        *,
        label: str,
        shape: Shape,
        unit: str = "",
        mistake: str = "",
        proposed: bool = False,
    ) -> None:
        super().__init__(page)
        look = page.look
        self._shape = shape
        self._typed = ""
        self._field = DigitField(look, name="field:digits", accessible=label, longest=shape.widest)
        self._field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._field.set_mistaken(bool(mistake))
        keypad = Keypad(look, point=shape.point)
        keypad.typed.connect(self._type)
        keypad.erased.connect(self._erase)
        keypad.cleared.connect(self._clear)
        keypad.setFixedWidth(keypad_width(look))
        line = page.columns(look.tokens.space.xxl if look.wide else look.tokens.space.l)
        leading = column(look, gap_mm=look.tokens.space.s)
        leading.addLayout(heading)
        leading.addSpacing(look.px(look.tokens.space.l if look.wide else look.tokens.space.xs))
        fields = row(look, self._field)
        if unit:
            fields.addWidget(Text(look, unit, strong=True, colour="ink2", wrap=False))
        fields.addStretch(1)  # to the leading side; the digits themselves never mirror
        leading.addLayout(fields)
        if mistake:
            leading.addLayout(beside_field(look, look.texts(mistake)))
        leading.addSpacing(look.px(look.tokens.space.m if look.wide else look.tokens.space.xs))
        self.beside = column(look)
        leading.addLayout(self.beside)
        leading.addStretch(1)
        line.addLayout(leading, 1)
        trailing = column(look, keypad)
        trailing.setContentsMargins(0, look.px(look.tokens.space.xl) if look.wide else 0, 0, 0)
        if look.wide:
            trailing.addStretch(1)
        line.addLayout(trailing)
        self._proposed = False
        for character in plain(typed):
            self._type(character)
        self._proposed = proposed and self._typed != ""
        self._show()
        if not mistake:
            self.take_focus()

    def text(self) -> str:
        return self._typed

    def take_focus(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Whether the key was one for this field."""
        typed = plain(event.text()).strip().replace("٫", ".").replace(",", ".")
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.complete.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self._erase()
        elif len(typed) == 1 and typed.isascii() and (typed.isdigit() or typed == "."):
            self._type(typed)
        else:
            return False
        return True

    @Slot(str)
    def _type(self, character: str) -> None:
        """One point at most, and only where there may be one; what has no room is not taken."""
        before = "" if self._proposed else self._typed
        allowed = character.isdigit() or (character == "." and self._shape.point and "." not in before)
        if allowed and len(before) < self._shape.longest:
            self._write(before + character)

    @Slot()
    def _erase(self) -> None:
        self._write(self._typed[:-1])

    @Slot()
    def _clear(self) -> None:
        self._write("")

    def _write(self, typed: str) -> None:
        self._typed, self._proposed = typed, False
        self._show()

    def _show(self) -> None:
        self._field.set_chosen(self._proposed)
        self._field.set_text(self._shape.shown(self._typed))
        self._field.set_active(True)


def beside_field(look: Look, words: str) -> QVBoxLayout:
    """The same words as in the summary, under the field."""
    line = row(look, Icon(look, "circle-alert", colour="error"), gap_mm=look.tokens.space.s)
    line.addWidget(Text(look, words, strong=True, colour="error"), 1)
    place = column(look)
    place.addLayout(line)
    return place
