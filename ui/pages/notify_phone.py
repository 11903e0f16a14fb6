"""The mobile number at which a person wants to be told what becomes of a request; whoever does not goes back."""

from __future__ import annotations

from kiosk.events import PhoneTyped
from kiosk.texts import message
from ui.pages.digits import PHONE
from ui.pages.one_number import Asked, OneNumberPage


class NotifyPhonePage(OneNumberPage):
    asked = Asked(
        question=message("Which number gets the SMS?"),
        hint=message("Only about this request. Leave it empty for no SMS"),
        label=message("Mobile number"),
        shape=PHONE,
        event=PhoneTyped,
        back=True,
    )
