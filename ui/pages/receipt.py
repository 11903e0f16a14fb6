"""The receipt is being printed: its outcome has been decided, the paper follows."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.pages.after_payment import AfterPaymentPage, proof_words
from ui.widgets.picture import Picture
from ui.widgets.story import StoryLine


class ReceiptPage(AfterPaymentPage):
    def picture(self) -> QWidget:
        return Picture(self.look, "printer", widest_mm=120.0)

    def receipt_line(self) -> StoryLine:
        texts = self.look.texts
        words, scene = texts("Printing your receipt"), self.scene
        if scene.service is None and (count := len(scene.basket)) > 1:
            place = min(sum(entry.receipt is not None for entry in scene.basket) + 1, count)
            words = texts("Printing receipt {number} of {count}", number=place, count=count)
        return StoryLine("now", words, proof_words(scene, texts))
