"""A page that asks one number outside a service: its question, where it is found, a field and the keypad."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent

from kiosk.events import Event
from kiosk.scene import Scene
from ui.look import Look, Role
from ui.pages.digits import DigitsAnswer, Shape
from ui.pages.page import Page, Send
from ui.pages.question import is_tight
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.put_right import PutRight
from ui.widgets.text import Text


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """The texts are message ids; `event` is made of what was typed. `back`: there is a page before this one."""

    question: str
    hint: str
    label: str
    shape: Shape
    event: Callable[[str], Event]
    back: bool


class OneNumberPage(Page):
    """Shown as it is typed: none of these numbers is a secret. Subclasses say what is `asked`."""

    asked: Asked

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts, asked = look.texts, self.asked
        tight = is_tight(look) and bool(scene.mistake)
        heading = column(look, gap_mm=look.tokens.space.s)
        if scene.mistake:
            heading.addWidget(PutRight(look, texts(scene.mistake), self._lead))
        role: Role = "title" if tight else "display"
        heading.addWidget(Text(look, texts(asked.question), role=role))
        if not tight:
            heading.addWidget(Text(look, texts(asked.hint), colour="ink2"))
        self._answer = DigitsAnswer(
            self, heading, scene.typed, label=texts(asked.label), shape=asked.shape, mistake=scene.mistake
        )
        self._answer.complete.connect(self._go_on)

    def bottom_bar(self) -> BottomBar:
        main = BarButton(self.look.texts("Continue"), self._go_on, arrow="arrow-right")
        return BottomBar(main=main, back=self.asked.back)

    def draft(self) -> str:
        return self._answer.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._answer.key_pressed(event):
            super().keyPressEvent(event)

    @Slot()
    def _go_on(self) -> None:
        self.send(self.asked.event(self._answer.text()))

    @Slot()
    def _lead(self) -> None:
        self._answer.take_focus()
