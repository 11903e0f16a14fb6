"""What the citizen agreed to, and how; F11 records that it was said aloud."""

from __future__ import annotations

from kiosk.counter import Consent
from ui.clerk.desk import Desk
from ui.clerk.words import CONSENT_TEXTS
from ui.look import Look
from ui.staff.key_button import KeyButton
from ui.staff.page import is_tight
from ui.widgets.layouts import row
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class ConsentCard(Surface):
    def __init__(self, look: Look, desk: Desk) -> None:
        given = desk.scene.consent is not Consent.NONE
        super().__init__(look, "success" if given else "plain", padding_mm=2.0)
        texts = look.texts
        self.widen_sides()
        line = row(look, gap_mm=2.4)
        line.addWidget(
            Icon(look, "circle-check" if given else "circle-alert", colour="success" if given else "warning")
        )
        line.addWidget(Text(look, _words(look, desk)), 1)
        button = KeyButton(
            look, texts("Take back") if given else texts("Agreed aloud"), "F11", name="consent", icon="check"
        )
        button.when_pressed(desk.till.consent)
        line.addWidget(button)
        self.rows.addLayout(line)


def _words(look: Look, desk: Desk) -> str:
    texts, consent = look.texts, desk.scene.consent
    if is_tight(look):
        return texts(CONSENT_TEXTS[consent])
    if consent is Consent.SCREEN:
        return texts("The citizen agreed to the amount on their own screen")
    if consent is not Consent.NONE:
        return texts("The amount was read out, and the citizen agreed aloud")
    if desk.second_screen:
        return texts("The citizen agrees on their screen, or aloud when the amount was read out")
    return texts("Read the amount out: the citizen agrees aloud")
