"""The technician's sign-in: the staff's own page, with digits to touch for a terminal that has no keyboard yet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kiosk.texts import message
from ui.look import Look
from ui.staff.key_button import KeyButton
from ui.staff.keys import KeyAct
from ui.staff.sign_in import SignIn, SignInPage
from ui.technician.leaving import Leaving
from ui.technician.session import Session
from ui.widgets.pin_field import PinField

TITLE = message("Technician's page")
DETAIL = message("While it is open the terminal serves nobody. Every act is recorded.")

NOBODY = message("Nobody is registered. Use `main.py staff add` on this terminal")

_KEY_MM = 20.0
_ROWS = ("123", "456", "789")


class TechnicianSignIn(SignInPage):
    """F12 and Esc go back to service without signing in."""

    def __init__(self, look: Look, session: Session, leaving: Leaving) -> None:
        shown = SignIn(
            members=session.members,
            title=TITLE,
            detail=DETAIL,
            chosen=session.tried,
            refused=session.refused,
            told=session.turned_away or ("" if session.members or session.waiting else NOBODY),
            checking=session.checking,
        )
        super().__init__(look, shown, session.sign_in)
        self._leaving = leaving
        item = self.content.itemAt(1)  # the card stands in it between two stretches
        across = item.layout() if item is not None else None
        assert isinstance(across, QHBoxLayout)
        across.insertSpacing(2, look.px(6.0))
        across.insertWidget(3, self._digits(), 0, Qt.AlignmentFlag.AlignVCenter)

    def bar(self) -> tuple[KeyAct, ...]:
        return (KeyAct("F12", self.look.texts("Back to service"), self._leaving.back_to_service),)

    def acts(self) -> tuple[KeyAct, ...]:
        return (*super().acts(), KeyAct("Esc", self.look.texts("Back to service"), self._leaving.back_to_service))

    def _digits(self) -> QWidget:
        """1-2-3 on top and from left to right in both languages, as on the payment terminal."""
        pad = QWidget()
        pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(pad)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(self.look.px(3.0))
        for line, digits in enumerate(_ROWS):
            for place, digit in enumerate(digits):
                grid.addWidget(self._key(digit, f"digit:{digit}", Qt.Key(ord(digit))), line, place)
        grid.addWidget(self._key(self.look.texts("Clear all"), "digit:clear", Qt.Key.Key_Delete), 3, 0, 1, 2)
        grid.addWidget(self._key("0", "digit:0", Qt.Key.Key_0), 3, 2)
        return pad

    def _key(self, words: str, name: str, key: Qt.Key) -> KeyButton:
        side = self.look.px(_KEY_MM)
        button = KeyButton(self.look, words, name=name, role="strong")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setMinimumSize(side, side)
        button.when_pressed(partial(self._press, key))
        return button

    def _press(self, key: Qt.Key) -> None:
        """As if it had been typed: the digits stay in the PIN field's own buffer."""
        field = self.findChild(PinField)
        if isinstance(field, PinField):
            field.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
