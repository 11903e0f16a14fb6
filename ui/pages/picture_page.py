"""A page that explains one thing: words at the leading side, a picture on sandstone at the trailing side."""

from __future__ import annotations

from PySide6.QtCore import QMargins
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk.failures import MONEY_TEXTS
from kiosk.scene import Scene, State
from kiosk.texts import message
from ui.look import Look
from ui.pages.page import Page, Send
from ui.widgets.scenery import SandstonePanel

_PANEL_WIDE_MM = 188.0
_PANEL_PART = 0.38


class PictureSides(QWidget):
    """`words` is the column of the words, in the middle of the height. Fill it, then call `show_picture` with what
    stands on the panel; very large text on a small panel leaves the picture out. `margins` are around the words."""

    def __init__(self, look: Look, margins: QMargins) -> None:
        super().__init__()
        self._look = look
        self.setLayoutDirection(look.direction)
        self._sides = QHBoxLayout(self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        leading = QWidget()
        leading.setLayoutDirection(look.direction)
        around = QVBoxLayout(leading)
        around.setContentsMargins(margins)
        self.words = QVBoxLayout()
        self.words.setSpacing(look.px(look.tokens.space.s))
        around.addStretch(1)
        around.addLayout(self.words)
        around.addStretch(1)
        self._sides.addWidget(leading, 1)

    def show_picture(self, picture: QWidget) -> None:
        look = self._look
        if look.largest and look.panel.width_mm < look.tokens.layout.wide_from:
            picture.deleteLater()
            return
        panel = SandstonePanel(look, picture)
        panel.setFixedWidth(min(look.px(_PANEL_WIDE_MM), round(look.panel.width * _PANEL_PART)))
        self._sides.addWidget(panel)


class PicturePage(Page):
    """Subclasses fill `self.words`, then call `show_picture`."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        sides = PictureSides(look, self.content.contentsMargins())
        self.content.setContentsMargins(0, 0, 0, 0)
        self.content.addWidget(sides)
        self.words, self.show_picture = sides.words, sides.show_picture

    def money_sentence(self) -> str:
        """What is true of the money, in the ledger's words."""
        texts = self.look.texts
        return texts(MONEY_TEXTS[self.scene.money], amount=texts.amount(self.scene.total_fils))

    def place_sentence(self) -> str:
        """Where the visit stopped, for those states that a person would recognise; else nothing."""
        place = _PLACES.get(self.scene.stopped_at) if self.scene.stopped_at is not None else None
        return self.look.texts(place) if place else ""


_PLACES = {
    State.IDENTIFYING: message("We stopped while reading the card"),
    State.CHOOSING_SERVICE: message("We stopped at choosing a service"),
    State.BASKET: message("We stopped at looking over the services"),
    State.START_CARD: message("We stopped before the first question"),
    State.STEPS: message("We stopped at a question"),
    State.ENQUIRING: message("We stopped while asking the agency"),
    State.QUOTE: message("We stopped at choosing what to pay"),
    State.CHECK_ANSWERS: message("We stopped at checking the answers"),
    State.SIGNING: message("We stopped at signing"),
    State.PAYING: message("We stopped at the payment"),
    State.ASKING_REQUESTS: message("We stopped at your requests"),
    State.MY_REQUESTS: message("We stopped at your requests"),
    State.MY_REQUEST: message("We stopped at your requests"),
    State.NOTIFY_PHONE: message("We stopped at the number for SMS"),
    State.RECEIPT: message("We stopped at the receipt"),
}
