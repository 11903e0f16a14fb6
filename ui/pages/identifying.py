"""The card is being read: the page says so, then why it takes longer, and always offers a way out."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.text import Text

_EXPLAIN_AFTER_MS = 5000


class IdentifyingPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        self.words.addWidget(Text(look, texts("Reading your card"), role="display"))
        self.words.addWidget(Text(look, texts("Leave it in"), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(BusyDots(look))
        self._reason = Text(look, "", colour="ink2")
        self.words.addWidget(self._reason)
        self.show_picture(CardPicture(look, CardState.READING))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._explain)
        self._timer.start(_EXPLAIN_AFTER_MS)

    def bottom_bar(self) -> BottomBar:
        return BottomBar()

    @Slot()
    def _explain(self) -> None:
        self._reason.setText(self.look.texts("Checking that it is genuine"))
