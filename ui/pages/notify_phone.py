"""The mobile number at which a person wants to be told what becomes of a request; whoever does not goes back."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent

from kiosk.events import PhoneTyped
from kiosk.scene import Scene
from ui.look import Look, Role
from ui.pages.digits import PHONE, DigitsAnswer
from ui.pages.page import Page, Send
from ui.pages.question import is_tight
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.put_right import PutRight
from ui.widgets.text import Text


class NotifyPhonePage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        heading = column(look, gap_mm=look.tokens.space.s)
        if scene.mistake:
            heading.addWidget(PutRight(look, texts(scene.mistake), self._lead))
        role: Role = "title" if is_tight(look) and scene.mistake else "display"
        heading.addWidget(Text(look, texts("Which number gets the SMS?"), role=role))
        if not (is_tight(look) and scene.mistake):
            said = texts("Only about this request. Leave it empty for no SMS")
            heading.addWidget(Text(look, said, colour="ink2"))
        self._answer = DigitsAnswer(
            self, heading, scene.typed, label=texts("Mobile number"), shape=PHONE, mistake=scene.mistake
        )
        self._answer.complete.connect(self._go_on)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(main=BarButton(self.look.texts("Continue"), self._go_on, arrow="arrow-right"), back=True)

    def draft(self) -> str:
        return self._answer.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._answer.key_pressed(event):
            super().keyPressEvent(event)

    @Slot()
    def _go_on(self) -> None:
        self.send(PhoneTyped(self._answer.text()))

    @Slot()
    def _lead(self) -> None:
        self._answer.take_focus()
