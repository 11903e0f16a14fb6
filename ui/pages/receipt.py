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
        return StoryLine("now", texts("Printing your receipt"), proof_words(self.scene, texts))
