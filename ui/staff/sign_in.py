"""Signing in, and opening a locked screen: a name from the list and a PIN, by keys alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.failures import FAILURES, Failure
from kiosk.staff import Refusal, Role, SignInRefused, StaffMember
from kiosk.texts import Texts, message
from ui.look import Look
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.key_cap import KeyCap
from ui.staff.keys import KeyAct
from ui.staff.page import StaffPage, is_tight
from ui.widgets.layouts import row
from ui.widgets.notice import Notice
from ui.widgets.picture import Icon
from ui.widgets.pin_field import PinField
from ui.widgets.surface import Surface
from ui.widgets.text import Text

ROLE_TEXTS = {
    Role.CLERK: message("Clerk"),
    Role.SUPERVISOR: message("Supervisor"),
    Role.TECHNICIAN: message("Technician"),
}

_NAMES_SHOWN = 6
_NAMES_SHOWN_TIGHT = 2
_WIDTH_MM = 150.0

Try = Callable[[str, bytearray], None]
"""Gets the staff id and the PIN, which whoever compares it wipes."""


@dataclasses.dataclass(frozen=True, slots=True)
class SignIn:
    """What the page shows. `title` and `detail` are message ids; `chosen` the staff id that is marked; `refused` why
    the last try did not open; `told` a message id that stands there instead; `checking`: a PIN is being compared."""

    members: tuple[StaffMember, ...]
    title: str
    detail: str = ""
    chosen: str = ""
    refused: SignInRefused | None = None
    told: str = ""
    checking: bool = False


def refusal_words(refused: SignInRefused, texts: Texts) -> tuple[str, str]:
    """What happened and what to do; never whether the name or the PIN was the wrong one."""
    if refused.reason is Refusal.LOCKED and refused.locked_until is not None:
        text = FAILURES[Failure.SIGN_IN_LOCKED]
        return texts(text.title, time=texts.time(refused.locked_until)), texts(text.advice)
    if refused.reason is Refusal.INACTIVE:
        return texts("This name is not in use any more"), texts("A supervisor can open it")
    text = FAILURES[Failure.SIGN_IN_REFUSED]
    return texts(text.title), texts(text.advice, tries=str(refused.tries_left))


class SignInPage(StaffPage):
    """The arrows go through the names, digits fill the PIN, Enter tries it; the PIN field always has the focus."""

    def __init__(self, look: Look, shown: SignIn, attempt: Try) -> None:
        super().__init__(look)
        self.setObjectName("page:sign_in")
        self._shown, self._attempt = shown, attempt
        self._names = tuple(member for member in shown.members if member.active)
        self._place = next((at for at, member in enumerate(self._names) if member.id == shown.chosen), 0)
        self._list = QVBoxLayout()
        self._list.setSpacing(look.px(0.8))
        self._pin = PinField(look, accessible=look.texts("PIN"))
        self._pin.changed.connect(self._typed)
        self._enter = KeyButton(
            look, look.texts("Sign in"), "Enter", name="main", kind=KeyButtonKind.PRIMARY, icon="user-round-check"
        )
        self._enter.when_pressed(self._try)
        self._arrange()
        self._show_names()
        self._typed()

    def chosen(self) -> str:
        """The staff id that is marked; "" where nobody is."""
        return self._names[self._place].id if self._names else ""

    def acts(self) -> tuple[KeyAct, ...]:
        texts = self.look.texts
        return (
            KeyAct("↑", texts("Previous"), lambda: self._go(-1)),
            KeyAct("↓", texts("Next"), lambda: self._go(1)),
            KeyAct("Enter", texts("Sign in"), self._try),
        )

    def first_focus(self) -> QWidget:
        return self._pin

    def _arrange(self) -> None:
        look, texts, shown = self.look, self.look.texts, self._shown
        card = Surface(look, padding_mm=3.0 if is_tight(look) else 6.0)
        card.setFixedWidth(min(look.px(_WIDTH_MM) * (2 if look.largest else 1), round(look.panel.width * 0.62)))
        head = row(look, Icon(look, "lock", colour="primary", millimetres=look.icon_mm * 1.4), gap_mm=2.4)
        head.addWidget(Text(look, texts(shown.title), role="strong"), 1)
        card.rows.addLayout(head)
        answered = shown.refused is not None or shown.told
        if shown.detail and not (answered and is_tight(look)):
            card.rows.addWidget(Text(look, texts(shown.detail), colour="ink2"))
        label = row(look, Text(look, texts("Name"), colour="ink2", wrap=False), gap_mm=1.6)
        label.addWidget(KeyCap(look, "↑"))
        label.addWidget(KeyCap(look, "↓"))
        label.addStretch(1)
        card.rows.addLayout(label)
        card.rows.addLayout(self._list)
        card.rows.addWidget(Text(look, texts("PIN"), colour="ink2", wrap=False))
        card.rows.addWidget(self._pin)
        if shown.refused is not None:
            title, advice = refusal_words(shown.refused, texts)
            refused = Notice(look, "warning", title, advice, icon="lock")
            refused.setObjectName("refused")
            card.rows.addWidget(refused)
        elif shown.told:
            card.rows.addWidget(Notice(look, "warning", texts(shown.told)))
        card.rows.addWidget(self._enter)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        self.content.addStretch(1)
        self.content.addLayout(across)
        self.content.addStretch(2)

    def _show_names(self) -> None:
        """The names around the marked one, as many as have room."""
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        count = _NAMES_SHOWN_TIGHT if is_tight(self.look) else _NAMES_SHOWN
        start = min(max(0, self._place - count // 2), max(0, len(self._names) - count))
        for at in range(start, min(start + count, len(self._names))):
            member = self._names[at]
            words = self.look.texts(
                "{name} · {role}",
                name=self.look.texts.of(member.name),
                role=self.look.texts(ROLE_TEXTS[member.role]),
            )
            button = KeyButton(self.look, words, name=f"member:{member.id}", kind=KeyButtonKind.CHOICE)
            button.setChecked(at == self._place)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.when_pressed(partial(self._mark, at))
            self._list.addWidget(button)

    def _go(self, step: int) -> None:
        if self._names:
            self._mark((self._place + step) % len(self._names))

    def _mark(self, at: int) -> None:
        self._place = at
        self._pin.forget()
        self._typed()
        self._show_names()

    @Slot()
    def _typed(self) -> None:
        self._enter.setEnabled(self._pin.length() > 0 and bool(self._names) and not self._shown.checking)

    def _try(self) -> None:
        if self._enter.isEnabled():
            self._enter.setEnabled(False)
            self._attempt(self.chosen(), self._pin.take())
