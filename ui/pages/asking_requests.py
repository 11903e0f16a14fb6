"""The centre is being asked what became of the person's requests; the way back is always there."""

from __future__ import annotations

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text


class AskingRequestsPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        self.words.addWidget(Text(look, texts("Looking for your requests"), role="display"))
        self.words.addWidget(Text(look, texts("This takes a few seconds"), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(BusyDots(look))
        self.show_picture(Emblem(look, "list-checks"))

    def bottom_bar(self) -> BottomBar:
        return BottomBar(back=True)
