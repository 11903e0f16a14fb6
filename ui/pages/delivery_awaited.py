"""The transaction is recorded; where there is a line, the agency's answer is awaited for a few seconds."""

from __future__ import annotations

from ui.pages.after_payment import AfterPaymentPage


class DeliveryAwaitedPage(AfterPaymentPage):
    """Also shown for the moment after the commit, before it is known whether there is a line."""
