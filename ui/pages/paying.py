"""The payment terminal has the word: the amount, what to do there, and that nothing can be charged twice.

Where nothing is due, the same moment is only the request being recorded.
"""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.transaction import PaymentMethod
from kiosk.words import amount_in_words
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.amount_card import widest_role
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.layouts import row
from ui.widgets.scenery import Emblem
from ui.widgets.terminal_picture import PaymentTerminalPicture
from ui.widgets.text import Text


class PayingPage(PicturePage):
    """End is *Cancel the payment* here; whether it still can be, the payment terminal decides."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        if scene.method is PaymentMethod.NONE:
            self.words.addWidget(Text(look, look.texts("Your request is being recorded"), role="display"))
            self.words.addSpacing(look.px(look.tokens.space.m))
            self._add_dots()
            self.show_picture(Emblem(look, "file-text"))
            return
        texts = look.texts
        amount = texts.amount(scene.total_fils)
        self.words.addWidget(Text(look, texts("Amount due"), role="title", strong=False, colour="ink2"))
        role = widest_role(look, amount, look.panel.width // 2)
        self.words.addWidget(Text(look, amount, role=role, wrap=False, snug=True))
        if not look.largest:
            self.words.addWidget(Text(look, amount_in_words(scene.total_fils, texts.language), colour="ink2"))
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(Text(look, texts("Use the payment terminal"), role="display"))
        self.words.addWidget(Text(look, texts("You cannot be charged twice"), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.m))
        self._add_dots()
        self.show_picture(PaymentTerminalPicture(look))

    def _add_dots(self) -> None:
        dots = row(self.look, BusyDots(self.look))
        dots.addStretch(1)  # else their fixed width limits the words', which then ask for the height of more lines
        self.words.addLayout(dots)

    def bottom_bar(self) -> BottomBar:
        if self.scene.method is PaymentMethod.NONE:
            return BottomBar(end=False, note=self.look.texts("Leave your card in the reader"), note_icon="id-card")
        return BottomBar(end_text=self.look.texts("Cancel the payment"))
