"""Help, over any page: what to do here in one or two sentences, and what became of the call for a clerk."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from kiosk.events import ParkWanted
from kiosk.help import HelpState
from kiosk.scene import Scene, State
from kiosk.texts import message
from ui.line_words import line_words
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.scenery import Emblem
from ui.widgets.text import Text

_AFTER_PAYMENT = message("The amount was paid. The receipt prints in a moment. Leave your card in the reader")

_WHAT_TO_DO: Mapping[State, str] = {
    State.IDLE: message("Insert your smart card, chip down, and leave it in the reader until the end"),
    State.IDENTIFYING: message("The terminal reads your card. Leave it in the reader"),
    State.ACCESS_NUMBER: message("Enter the six digits that are printed on the card, then touch Continue"),
    State.CHOOSING_SERVICE: message("Touch the service that you need. Nothing is paid on this page"),
    State.BASKET: message("Look over the services, then pay for all of them at once. Nothing is paid before that"),
    State.START_CARD: message("This page tells what the service needs and costs. Touch Start to go on"),
    State.STEPS: message("Answer the question, then touch Continue. Back keeps your answers"),
    State.ENQUIRING: message("We are asking the agency. Nothing was paid or sent"),
    State.CHECK_ANSWERS: message(
        "Check each line; Change lets you put it right. Nothing is paid until you press the pay button"
    ),
    State.SIGNING: message("Read what you sign, then enter the PIN of your card. Back signs nothing"),
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
    State.PARKED: message("Note the reference, then take your card. Nothing was paid"),
    State.ASKING_REQUESTS: message("We are looking for your requests. Nothing is changed by that"),
    State.MY_REQUESTS: message("Touch a request to see where it stands. Back leads to the services"),
    State.MY_REQUEST: message("This page says where the request stands and what to do next"),
    State.NOTIFY_PHONE: message("Enter a mobile number for SMS, or leave it empty, then touch Continue"),
    State.TAKE_CARD: message("The visit is over. Take your card out of the reader"),
}


class HelpPage(PicturePage):
    """Nothing is lost behind it: the page below is built again when it closes. What became of the call is told by
    `show_state`; without a call only the advice stands here."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        self._told = column(look, gap_mm=look.tokens.space.s)
        self._state: HelpState | None = None
        self._title = Text(look, texts("Help"), role="display")
        self.words.addWidget(self._title)
        self.words.addWidget(Text(look, self._what_to_do(), role="title", strong=False))
        self.words.addSpacing(look.px(look.tokens.space.l if not look.largest else look.tokens.space.s))
        self.words.addLayout(self._told)
        self._notice: QWidget | None = None
        self.show_state(None)
        self.show_picture(Emblem(look, "headset"))

    def _what_to_do(self) -> str:
        scene = self.scene
        touch = line_words(scene.service).touch
        return self.look.texts(touch if scene.state is State.QUOTE else _WHAT_TO_DO[scene.state])

    def bottom_bar(self) -> BottomBar:
        """Without End: it would not be clear what it ends."""
        texts = self.look.texts
        close = BarButton(texts("Close"), self._close, name="close", icon="x")
        if self._state in _UNANSWERED and self.scene.answers and self.scene.parked is None:
            save = BarButton(texts("Save the request"), self._save, name="save", icon="bookmark", short=texts("Save"))
            return BottomBar(end=False, main=close, trailing=(save,))
        return BottomBar(end=False, main=close)

    def show_state(self, state: HelpState | None) -> None:
        """The honest word about the call; None where nobody can be called from here."""
        self._state = state
        if self._notice is not None:
            self._notice.hide()
            self._notice.setParent(None)
            self._notice.deleteLater()
        self._notice = self._said(state)
        self._notice.setObjectName(f"help:{state.value if state else 'none'}")
        self._notice.setAccessibleName(self.look.texts("Help"))
        self._told.addWidget(self._notice)
        QAccessible.updateAccessibility(QAccessibleEvent(self._notice, QAccessible.Event.Alert))
        self.bar_changed.emit()

    def _said(self, state: HelpState | None) -> Notice:
        look, texts = self.look, self.look.texts
        kept = "" if look.largest else texts("Your answers are kept")
        match state:
            case HelpState.CALLING:
                return Notice(look, "information", texts("Calling the clerk"), kept, icon="headset")
            case HelpState.CALLED:
                return Notice(look, "information", texts("Help is called"), kept, icon="headset")
            case HelpState.COMING:
                return Notice(look, "success", texts("The clerk is coming to you"), kept, icon="user-round-check")
            case HelpState.NOBODY:
                window = "" if look.largest else texts("Go to any window. Save the request first if you have begun one")
                return Notice(look, "warning", texts("Nobody has answered yet"), window)
            case HelpState.UNREACHABLE:
                window = "" if look.largest else texts("Go to any window. Save the request first if you have begun one")
                return Notice(look, "warning", texts("The call does not reach anybody now"), window, icon="cloud-off")
            case _:
                return Notice(look, "information", texts("Any window helps you. Your answers are kept"))

    @Slot()
    def _save(self) -> None:
        self.send(ParkWanted())

    @Slot()
    def _close(self) -> None:
        self.over_wanted.emit(None)


_UNANSWERED = frozenset({HelpState.NOBODY, HelpState.UNREACHABLE})
