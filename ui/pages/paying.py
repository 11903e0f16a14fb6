"""The payment terminal has the word: the amount, what to do there, and that nothing can be charged twice."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.words import amount_in_words
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.amount_card import widest_role
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.layouts import row
from ui.widgets.terminal_picture import PaymentTerminalPicture
from ui.widgets.text import Text


class PayingPage(PicturePage):
    """End is *Cancel the payment* here; whether it still can be, the payment terminal decides."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
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
        dots = row(look, BusyDots(look))
        dots.addStretch(1)  # else their fixed width limits the words', which then ask for the height of more lines
        self.words.addLayout(dots)
        self.show_picture(PaymentTerminalPicture(look))

    def bottom_bar(self) -> BottomBar:
        return BottomBar(end_text=self.look.texts("Cancel the payment"))
