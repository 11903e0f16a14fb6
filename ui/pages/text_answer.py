"""An answer in words, with the keyboard in the bottom bar's place while it is typed; and one to a declaration."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.catalogue import MOST_CHARACTERS, Step
from kiosk.forms import AGREED
from kiosk.texts import Language
from ui.look import Look
from ui.pages.digits import beside_field
from ui.pages.page import Page
from ui.widgets.choice import ChoiceRow
from ui.widgets.keyboard import KeyboardBar
from ui.widgets.layouts import column
from ui.widgets.surface import Surface
from ui.widgets.text import Text
from ui.widgets.text_field import TextField

_LATIN = frozenset({"latin", "code"})


class TextAnswer(QObject):
    """Puts `heading` and one field into the page. The keyboard is there from the beginning, but where an answer is
    proposed that may be kept; Done gives the page its bottom bar back, and a touch on the field brings the keyboard.

    Signals:
        complete(): Enter was pressed.
        bar_changed(): the keyboard has come or gone.
    """

    complete = Signal()
    bar_changed = Signal()

    def __init__(self, page: Page, heading: QVBoxLayout, step: Step, typed: str, *, mistake: str = "") -> None:
        super().__init__(page)
        look = page.look
        self._script = step.script
        proposed = typed == page.scene.proposed
        self._typing = not (typed and proposed) or bool(mistake)
        label = look.texts.of(step.label)
        longest = step.most or MOST_CHARACTERS
        latin = step.script in _LATIN
        self._field = TextField(
            look, name="field:text", accessible=label, text=typed, longest=longest, left_to_right=latin
        )
        self._field.set_mistaken(bool(mistake))
        self._field.set_active(True)
        self._field.complete.connect(self.complete)
        self._field.pressed.connect(self._begin)
        if proposed:
            self._field.selectAll()  # what is typed takes its place
        page.content.addLayout(heading)
        page.content.addWidget(self._field)
        if mistake:
            page.content.addLayout(beside_field(look, look.texts(mistake)))
        self.beside = column(look)
        page.content.addLayout(self.beside)
        self._helpful: tuple[QWidget, ...] = ()
        page.content.addStretch(1)
        self.take_focus()

    def keyboard(self) -> KeyboardBar | None:
        if not self._typing:
            return None
        language: Language | None = "ar" if self._script == "arabic" else "en" if self._script in _LATIN else None
        return KeyboardBar(self._field, self._end, language)

    def give_way(self, *helpful: QWidget) -> None:
        """These are only there while the keyboard does not need their place."""
        self._helpful = helpful
        self._make_room()

    def _make_room(self) -> None:
        for part in self._helpful:
            part.setVisible(not self._typing)

    def text(self) -> str:
        return self._field.text()

    def take_focus(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def key_pressed(self, _event: QKeyEvent) -> bool:
        return False

    @Slot()
    def _begin(self) -> None:
        if not self._typing:
            self._typing = True
            self._make_room()
            self.bar_changed.emit()

    def _end(self) -> None:
        self._typing = False
        self._make_room()
        self.bar_changed.emit()


class DeclarationAnswer(QObject):
    """What the person declares, in full, and one row to agree to it."""

    def __init__(self, page: Page, heading: QVBoxLayout, step: Step, typed: str) -> None:
        super().__init__(page)
        look: Look = page.look
        page.content.addLayout(heading)
        box = Surface(look, padding_mm=look.tokens.space.m)
        box.widen_sides()
        statement = look.texts.of(step.statement) if step.statement else ""
        box.rows.addLayout(column(look, Text(look, statement, role="action" if look.wide else "body")))
        page.content.addWidget(box)
        self._row = ChoiceRow(look, look.texts("I agree to this"), "", name=f"option:{AGREED}", several=True)
        self._row.setChecked(typed == AGREED)
        page.content.addWidget(self._row)
        page.content.addStretch(1)

    def text(self) -> str:
        return AGREED if self._row.isChecked() else ""

    def take_focus(self) -> None:
        self._row.setFocus(Qt.FocusReason.TabFocusReason)

    def key_pressed(self, _event: QKeyEvent) -> bool:
        return False
