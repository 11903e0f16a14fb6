"""What has happened since the payment, as a story in three lines: paid and recorded, delivered, printed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kiosk.scene import Scene, State
from kiosk.texts import Texts
from kiosk.transaction import PaymentMethod, TransactionState
from ui.look import Look
from ui.pages.page import Send
from ui.pages.picture_page import PicturePage
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.busy import BusyDots
from ui.widgets.layouts import row
from ui.widgets.picture import Disc
from ui.widgets.scenery import Emblem
from ui.widgets.story import Story, StoryLine
from ui.widgets.text import Text


def agency_name(scene: Scene, look: Look) -> str:
    return look.texts.of(scene.service.agency_name) if scene.service else ""


def paid_line(scene: Scene, look: Look) -> StoryLine:
    texts = look.texts
    when = _when(scene, texts)
    free = scene.method is PaymentMethod.NONE
    done = texts("The request was recorded") if free else texts("The amount was paid and recorded")
    return StoryLine("done", done, when)


def _when(scene: Scene, texts: Texts) -> str:
    if scene.commitment is None:
        return ""
    moment = scene.commitment.committed_at
    return texts("{date} at {time}", date=texts.date(moment), time=texts.time(moment))


def proof_words(scene: Scene, texts: Texts) -> str:
    """Why the paper is worth keeping."""
    free = scene.method is PaymentMethod.NONE
    return texts("Keep it: its code proves the request") if free else texts("Keep it: its code proves the payment")


def delivery_line(scene: Scene, look: Look) -> StoryLine:
    """Where the transaction is, as far as the centre's signed answer says."""
    texts, outcome = look.texts, scene.outcome
    if scene.service is None:
        return _deliveries_line(scene, look)
    agency = agency_name(scene, look)
    if outcome is None:
        if scene.state is State.DELIVERY_AWAITED or scene.line_was_up:
            return StoryLine("now", texts("Sending it to {agency}", agency=agency), icon="cloud-upload")
        return StoryLine("waiting", texts("It is sent by itself"), texts("You need not come back"))
    if outcome.state is TransactionState.ACCEPTED:
        reference = texts("Reference number: {reference}", reference=outcome.reference) if outcome.reference else ""
        return StoryLine("done", texts("Delivered to {agency}", agency=agency), reference)
    if outcome.state is TransactionState.NEEDS_ATTENTION:
        words = outcome.words_ar if texts.language == "ar" else outcome.words_en
        said = texts('{agency}: "{words}"', agency=agency, words=words) if words else agency
        return StoryLine("attention", texts("The request was not accepted"), said)
    return StoryLine("waiting", texts("It is sent by itself"), texts("You need not come back"))


def _deliveries_line(scene: Scene, look: Look) -> StoryLine:
    """Of several that were paid at once; each agency's own word stands on the last page."""
    texts = look.texts
    states = {entry.outcome.state for entry in scene.basket if entry.outcome is not None}
    if states == {TransactionState.ACCEPTED}:
        return StoryLine("done", texts("Delivered to the agencies"), "")
    if TransactionState.NEEDS_ATTENTION in states:
        return StoryLine("attention", texts("Not every request was accepted"), "")
    if not states and scene.line_was_up:
        return StoryLine("now", texts("Sending them to the agencies"), icon="cloud-upload")
    return StoryLine("waiting", texts("They are sent by themselves"), texts("You need not come back"))


class AfterPaymentPage(PicturePage):
    """The amount was paid; nothing that a person does stops what follows, so there is nothing to press."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        title = row(look, gap_mm=look.tokens.space.l)
        title.addWidget(Disc(look, "check", millimetres=20.0))
        title.addWidget(Text(look, self._title(), role="display"), 1)
        self.words.addLayout(title)
        self.words.addSpacing(look.px(look.tokens.space.l))
        self.words.addWidget(Story(look, (paid_line(scene, look), delivery_line(scene, look), self.receipt_line())))
        self.words.addSpacing(look.px(look.tokens.space.m))
        self.words.addWidget(BusyDots(look))
        self.show_picture(self.picture())

    def _title(self) -> str:
        texts, scene = self.look.texts, self.scene
        if scene.method is PaymentMethod.NONE:
            return texts("Your request is recorded")
        return texts("{amount} was paid", amount=texts.amount(scene.total_fils))

    def picture(self) -> QWidget:
        """Nothing prints yet: the receipt is drawn only where it comes out."""
        return Emblem(self.look, "cloud-upload" if self.scene.line_was_up else "receipt-text")

    def receipt_line(self) -> StoryLine:
        """What the third line says in this state."""
        texts, count = self.look.texts, max(1, len(self.scene.basket) if self.scene.service is None else 1)
        words = texts.plural("Then your receipt is printed", "Then your {n} receipts are printed", count)
        return StoryLine("to_come", words, icon="printer")

    def bottom_bar(self) -> BottomBar:
        return BottomBar(end=False, note=self.look.texts("Leave your card in the reader"), note_icon="id-card")
