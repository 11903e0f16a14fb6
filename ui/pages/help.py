"""Help, over any page: what to do here in one or two sentences, and that any window helps."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Slot

from kiosk.scene import Scene, State
from kiosk.texts import message
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.notice import Notice
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_AFTER_PAYMENT = message("The amount was paid. The receipt prints in a moment. Leave your card in the reader")

_WHAT_TO_DO: Mapping[State, str] = {
    State.IDLE: message("Insert your smart card, chip down, and leave it in the reader until the end"),
    State.IDENTIFYING: message("The terminal reads your card. Leave it in the reader"),
    State.CHOOSING_SERVICE: message("Touch the service that you need. Nothing is paid on this page"),
    State.START_CARD: message("This page tells what the service needs and costs. Touch Start to go on"),
    State.STEPS: message("Answer the question, then touch Continue. Back keeps your answers"),
    State.ENQUIRING: message("We are asking the agency. Nothing was paid or sent"),
    State.QUOTE: message("Touch a fine to pay it now or to leave it, then touch Continue"),
    State.CHECK_ANSWERS: message(
        "Check each line; Change lets you put it right. Nothing is paid until you press the pay button"
    ),
    State.PAYING: message(
        "Hold your bank card to the payment terminal or insert it there. You cannot be charged twice"
    ),
    State.COMMITTED: _AFTER_PAYMENT,
    State.DELIVERY_AWAITED: _AFTER_PAYMENT,
    State.RECEIPT: _AFTER_PAYMENT,
    State.DONE: message("Take your receipt, then touch End and take your card"),
    State.CARD_REMOVED: message("Put the same card back to go on"),
    State.TIME_WARNING: message("Touch the button to go on. Otherwise your information is cleared from the screen"),
    State.FAILED: message("This page says what happened and what is true of your money"),
    State.TAKE_CARD: message("The visit is over. Take your card out of the reader"),
}


class HelpPage(PicturePage):
    """Nothing is lost behind it: the page below is built again when it closes."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        self.words.addWidget(Text(look, texts("Help"), role="display"))
        self.words.addWidget(Text(look, texts(_WHAT_TO_DO[scene.state]), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(Notice(look, "information", texts("Any window helps you. Your answers are kept")))
        self.show_picture(Emblem(look, "headset"))

    def bottom_bar(self) -> BottomBar:
        """Without End: it would not be clear what it ends."""
        return BottomBar(end=False, main=BarButton(self.look.texts("Close"), self._close, name="close", icon="x"))

    @Slot()
    def _close(self) -> None:
        self.over_wanted.emit(None)
