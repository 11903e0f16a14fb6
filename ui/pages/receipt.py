"""The receipt is being printed: its outcome has been decided, the paper follows."""

from __future__ import annotations

from ui.pages.after_payment import AfterPaymentPage
from ui.widgets.story import StoryLine


class ReceiptPage(AfterPaymentPage):
    def receipt_line(self) -> StoryLine:
        texts = self.look.texts
        return StoryLine("now", texts("Printing your receipt"), texts("Keep it: its code proves the payment"))
