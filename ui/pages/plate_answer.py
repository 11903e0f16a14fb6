"""An answer that is a vehicle's plate: code and number, beside the keypad."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from kiosk.catalogue import Step
from ui.pages.digits import beside_field, keypad_width
from ui.pages.page import Page
from ui.widgets.keypad import Keypad
from ui.widgets.layouts import column, row
from ui.widgets.plate_field import PlateField


class PlateAnswer(QObject):
    """Code and number with the keypad at the trailing side; real keys fill the same fields.

    Signals:
        complete(): Enter was pressed in the last field.
    """

    complete = Signal()

    def __init__(self, page: Page, heading: QVBoxLayout, step: Step, typed: str, *, mistake: str = "") -> None:
        super().__init__(page)
        look = page.look
        proposed = not mistake and typed == page.scene.proposed
        label = look.texts.of(step.label)
        self._field = PlateField(look, typed, accessible=label, mistake=mistake, proposed=proposed)
        self._field.complete.connect(self.complete)
        keypad = Keypad(look, letters=True)
        keypad.typed.connect(self._field.type)
        keypad.erased.connect(self._field.erase)
        keypad.cleared.connect(self._field.clear)
        self._field.moved.connect(keypad.show_digits)
        keypad.setFixedWidth(keypad_width(look))
        line = page.columns(look.tokens.space.xxl if look.wide else look.tokens.space.l)
        leading = column(look, gap_mm=look.tokens.space.s)
        leading.addLayout(heading)
        leading.addSpacing(look.px(look.tokens.space.l if look.wide else look.tokens.space.xs))
        fields = row(look, self._field)
        fields.addStretch(1)  # to the leading side; the field itself never mirrors
        leading.addLayout(fields)
        if mistake:
            leading.addLayout(beside_field(look, look.texts(mistake)))
        self.beside = column(look)
        leading.addSpacing(look.px(look.tokens.space.m if look.wide else look.tokens.space.xs))
        leading.addLayout(self.beside)
        leading.addStretch(1)
        line.addLayout(leading, 1)
        trailing = column(look, keypad)
        trailing.setContentsMargins(0, look.px(look.tokens.space.xl) if look.wide else 0, 0, 0)
        if look.wide:
            trailing.addStretch(1)
        line.addLayout(trailing)
        if not mistake:
            self.take_focus()

    def text(self) -> str:
        return self._field.text()

    def take_focus(self) -> None:
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def key_pressed(self, event: QKeyEvent) -> bool:
        self._field.keyPressEvent(event)
        return event.isAccepted()
