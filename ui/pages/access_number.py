"""The chip opens only with the number printed on the card: where it stands, a field, and the keypad."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeyEvent

from kiosk.events import AccessNumberTyped
from kiosk.scene import Scene
from ui.look import Look, Role
from ui.pages.digits import DigitsAnswer, Shape
from ui.pages.page import Page, Send
from ui.pages.question import is_tight
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.put_right import PutRight
from ui.widgets.text import Text

_LONGEST = 6


class AccessNumberPage(Page):
    """It is no secret: whoever holds the card can read it there. So it is shown as it is typed."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        heading = column(look, gap_mm=look.tokens.space.s)
        if scene.mistake:
            heading.addWidget(PutRight(look, texts(scene.mistake), self._lead))
        role: Role = "title" if is_tight(look) and scene.mistake else "display"
        heading.addWidget(Text(look, texts("Enter the access number"), role=role))
        if not (is_tight(look) and scene.mistake):
            heading.addWidget(Text(look, texts("Six digits printed on the card"), colour="ink2"))
        self._answer = DigitsAnswer(
            self, heading, scene.typed, label=texts("Access number"), shape=Shape(_LONGEST), mistake=scene.mistake
        )
        self._answer.complete.connect(self._go_on)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(main=BarButton(self.look.texts("Continue"), self._go_on, arrow="arrow-right"))

    def draft(self) -> str:
        return self._answer.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._answer.key_pressed(event):
            super().keyPressEvent(event)

    @Slot()
    def _go_on(self) -> None:
        self.send(AccessNumberTyped(self._answer.text()))

    @Slot()
    def _lead(self) -> None:
        self._answer.take_focus()
