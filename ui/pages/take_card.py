"""The visit is over and its information is gone; only the card is still in the reader."""

from __future__ import annotations

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.person_words import take_words
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.notice import Notice
from ui.widgets.text import Text


class TakeCardPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        self.words.addWidget(Text(look, texts("Thank you"), role="title", strong=False, colour="ink2"))
        self.words.addWidget(Text(look, take_words(scene, texts), role="display"))
        self.words.addSpacing(look.px(look.tokens.space.l))
        cleared = texts("Your information is cleared from the screen")
        self.words.addWidget(Notice(look, "success", cleared, icon="shield-check"))
        self.show_picture(CardPicture(look, CardState.READING, CardState.TAKE))

    def bottom_bar(self) -> None:
        return None
