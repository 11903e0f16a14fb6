"""The request is kept: until when and under which reference it can be finished, and that nothing was paid."""

from __future__ import annotations

from functools import partial

from kiosk.events import AnotherService
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.person_words import end_words
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.picture import Picture
from ui.widgets.scenery import Emblem
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class ParkedPage(PicturePage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        assert scene.parked is not None
        parked = scene.parked
        self.words.addWidget(Text(look, texts("The request is saved"), role="display"))
        self.words.addWidget(Text(look, self.money_sentence(), role="title", strong=False))
        until = texts("Finish it by {date} with your card and this reference", date=texts.date(parked.until))
        self.words.addWidget(Text(look, until, role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.s))
        self.words.addWidget(reference_card(look, parked.reference))
        if not look.largest:
            self.words.addSpacing(look.px(look.tokens.space.s))
            self.words.addWidget(self._slip())
        self.show_picture(Picture(look, "printer") if scene.slip_printed else Emblem(look, "receipt-text"))

    def bottom_bar(self) -> BottomBar:
        texts = self.look.texts
        another = BarButton(
            texts("Another service"), partial(self.send, AnotherService()), name="another_service", arrow="arrow-right"
        )
        end = texts("End") if self.look.largest else end_words(self.scene, texts)
        return BottomBar(end_text=end, end_filled=True, trailing=(another,))

    def _slip(self) -> Notice:
        texts = self.look.texts
        if self.scene.slip_printed:
            return Notice(self.look, "information", texts("The slip says the same"), icon="printer")
        return Notice(self.look, "warning", texts("No slip was printed: note the reference"), icon="pencil")


def reference_card(look: Look, reference: str) -> Surface:
    """The reference as large as it can be read aloud from."""
    card = Surface(look, padding_mm=look.tokens.space.s if look.largest else look.tokens.space.m)
    card.widen_sides()
    shown = look.texts.isolated(reference)
    words = column(look, gap_mm=0.0)
    if not look.largest:
        words.addWidget(Text(look, look.texts("Reference number"), colour="ink2"))
    words.addWidget(Text(look, shown, role="title" if look.largest else "display", wrap=False))
    card.rows.addLayout(words)
    return card
