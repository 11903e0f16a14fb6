"""The chip opens only with the number printed on the card: whoever holds the card can read it there."""

from __future__ import annotations

from kiosk.events import AccessNumberTyped
from kiosk.texts import message
from ui.pages.digits import Shape
from ui.pages.one_number import Asked, OneNumberPage

_LONGEST = 6


class AccessNumberPage(OneNumberPage):
    asked = Asked(
        question=message("Enter the access number"),
        hint=message("Six digits printed on the card"),
        label=message("Access number"),
        shape=Shape(_LONGEST),
        event=AccessNumberTyped,
        back=False,
    )
