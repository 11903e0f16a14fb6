"""A plate as it is typed: code left, hyphen, number right, as on the vehicle; and a plate drawn as an example."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kiosk import forms
from kiosk.typed import plain
from ui.look import Look
from ui.widgets.field import DigitField
from ui.widgets.painting import Box, paint_box
from ui.widgets.text import Text

_LONGEST_CODE = 2
_LONGEST_NUMBER = 5
_EXAMPLE = "12-34567"
_WIDE_FIELDS_MM = (48.0, 100.0)


class PlateField(QWidget):
    """`PlateField(look, "12-345", accessible="Vehicle")`: `field:code` and `field:number`, one after the other.

    `type`, `erase` and `clear` act on the field being typed in; real keys do the same. `text()` is `code-number`, or
    "" where nothing was typed. A plate that is `proposed` stands there marked: the first character takes its place, or
    that of the part that is touched. `complete()` is emitted for Enter, `moved()` when the other field is typed in.
    """

    complete = Signal()
    moved = Signal()

    def __init__(
        self, look: Look, typed: str = "", *, accessible: str, mistake: str = "", proposed: bool = False
    ) -> None:
        super().__init__()
        texts = look.texts
        self.setObjectName("plate")
        self.setAccessibleName(accessible)
        code, _, number = typed.partition("-")
        self._values = {"code": code[:_LONGEST_CODE], "number": number[:_LONGEST_NUMBER]}
        self._code = DigitField(look, name="field:code", accessible=texts("Code"), longest=_LONGEST_CODE)
        self._number = DigitField(look, name="field:number", accessible=texts("Number"), longest=_LONGEST_NUMBER)
        self._code.set_mistaken(mistake in {forms.ENTER_CODE, forms.ENTER_PLATE})
        self._number.set_mistaken(mistake in {forms.ENTER_NUMBER, forms.ENTER_PLATE})
        if look.wide:
            self._code.setMinimumWidth(look.px(_WIDE_FIELDS_MM[0]))
            self._number.setMinimumWidth(look.px(_WIDE_FIELDS_MM[1]))
        self._code.pressed.connect(self._to_code)
        self._number.pressed.connect(self._to_number)
        self._labels = {
            name: Text(look, texts(label), strong=True) for name, label in (("code", "Code"), ("number", "Number"))
        }
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(3.0))
        grid.setVerticalSpacing(look.px(0.6))
        for place, name in ((0, "code"), (2, "number")):
            grid.addWidget(self._labels[name], 0, place)
        grid.addWidget(self._code, 1, 0)
        grid.addWidget(Text(look, "-", role="display", colour="ink2", wrap=False), 1, 1)
        grid.addWidget(self._number, 1, 2)
        self._look = look
        self._marked = tuple(self._values) if proposed and self.text() else ()
        self._active = "code"
        self._activate("number" if self._values["code"] and mistake not in _CODE_FIRST else "code")

    def text(self) -> str:
        code, number = self._values["code"], self._values["number"]
        return f"{code}-{number}" if code or number else ""

    @Slot(str)
    def type(self, character: str) -> None:
        """A digit, or a letter: letters are always the code's, and begin it anew where it held digits or was full.

        A full code sends the digits that follow to the number.
        """
        for name in self._marked:
            self._values[name] = ""
            self._active = self._marked[0]
        self._marked = ()
        code = self._values["code"]
        if character.isalpha():
            self._values["code"] = character if len(code) == _LONGEST_CODE or code.isdigit() else code + character
            name = "code"
        else:
            name = "number" if len(code) == _LONGEST_CODE else self._active
            self._values[name] = (self._values[name] + character)[:_LONGEST_NUMBER]
        full = name == "code" and len(self._values["code"]) == _LONGEST_CODE
        self._activate("number" if full else name)

    @Slot()
    def erase(self) -> None:
        """The last character; of an empty number, the code's."""
        self._marked = ()
        if self._active == "number" and not self._values["number"]:
            self._activate("code")
        self._values[self._active] = self._values[self._active][:-1]
        self._activate(self._active)

    @Slot()
    def clear(self) -> None:
        self._values, self._marked = {"code": "", "number": ""}, ()
        self._activate("code")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = plain(event.text()).strip()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.complete.emit()
        elif event.key() == Qt.Key.Key_Backspace:
            self.erase()
        elif typed == "-" or event.text() == " ":
            self._touched("number")
        elif len(typed) == 1 and typed.isascii() and typed.isalnum():
            self.type(typed)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _to_code(self) -> None:
        self._touched("code")

    @Slot()
    def _to_number(self) -> None:
        self._touched("number")

    def _touched(self, name: str) -> None:
        """Of a proposed plate only that part is typed anew."""
        self._marked = (name,) if self._marked else ()
        self._activate(name)

    def _activate(self, name: str) -> None:
        moved = name != self._active
        self._active = name
        for field, own in ((self._code, "code"), (self._number, "number")):
            field.set_text(self._values[own])
            field.set_active(own == name)
            field.set_chosen(own in self._marked)
            self._labels[own].set_colour("primary" if own == name else "ink")
        self.setAccessibleDescription(self.text())
        if moved:
            self.moved.emit()


_CODE_FIRST = frozenset({forms.ENTER_CODE, forms.ENTER_PLATE})


class ExamplePlate(QWidget):
    """A drawn plate that shows where code and number stand; it cannot be pressed."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFont(look.font("title"))
        self.setAccessibleName(_EXAMPLE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        look = self._look
        return QSize(round(metrics.horizontalAdvance(_EXAMPLE)) + look.px(10.0), round(metrics.height()) + look.px(1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        box = Box(
            fill=look.colour("surface"),
            outline=look.colour("ink"),
            outline_width=look.stroke(look.tokens.line.focus),
            radius=look.px(look.tokens.radius.control),
        )
        paint_box(painter, QRectF(self.rect()), box)
        painter.setFont(self.font())
        painter.setPen(look.colour("ink"))
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, _EXAMPLE)
        painter.end()
