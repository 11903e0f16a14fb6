"""The agency is being asked: the page says whom, why it takes longer, and always offers the way back."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_EXPLAIN_AFTER_MS = 5000


class EnquiringPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        agency = texts.of(scene.service.agency_name) if scene.service else ""
        self.words.addWidget(Text(look, texts("Asking {agency}", agency=agency), role="display"))
        self.words.addWidget(Text(look, texts("This takes a few seconds"), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(BusyDots(look))
        self._reason = Text(look, "", colour="ink2")
        self.words.addWidget(self._reason)
        self.show_picture(Emblem(look, "landmark"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._explain)
        self._timer.start(_EXPLAIN_AFTER_MS)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(back=True)

    @Slot()
    def _explain(self) -> None:
        self._reason.setText(self.look.texts("The answer takes longer than usual. Nothing was paid or sent."))
