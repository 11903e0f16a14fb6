"""The end of several services that were paid at once: each with its receipt's number and what became of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.events import AnotherService, CopyWanted, Rated
from kiosk.failures import FAILURES
from kiosk.feedback import WhyUnhappy
from kiosk.receipt import PrintState, ReceiptOutcome, outcome_on_paper
from kiosk.scene import Scene
from kiosk.transaction import PaymentMethod
from ui.feedback_words import REASON_TEXTS
from ui.look import Look
from ui.pages.basket_words import AmountCell, amount_of, amounts_width, title_of
from ui.pages.page import Page, Send
from ui.pages.question import is_tight
from ui.person_words import end_words
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Disc, Icon, Picture
from ui.widgets.rating import Faces, reason_question, unexplained
from ui.widgets.text import Text

_PICTURE_MM = 110.0
_ON_PAPER = frozenset({PrintState.CONFIRMED, PrintState.UNCONFIRMED})


class BasketDonePage(Page):
    """End is the filled button, as on every last page."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._outcomes = [_outcome_of(entry) for entry in scene.basket]
        if (unhappy := unexplained(scene)) is not None:
            self.content.addLayout(reason_question(look, unhappy, send), 1)
            return
        line: QHBoxLayout = self.columns()
        leading = column(look, gap_mm=look.tokens.space.m if look.medium else look.tokens.space.s)
        line.addLayout(leading, 1)
        leading.addLayout(self._title())
        width = amounts_width(scene, look)
        rows: list[QWidget] = [_DoneRow(look, entry, amount_width=width) for entry in scene.basket]
        paged = PagedColumn(look, rows, gap_mm=0.0)
        leading.addWidget(paged, 1)
        if not is_tight(look):
            leading.addWidget(self._papers())
            if not look.wide:
                leading.addWidget(self._faces())
        if look.wide:
            paged.setMaximumHeight(paged.sizeHint().height())
            leading.addStretch()
            trailing = column(look, Picture(look, self._picture(), widest_mm=_PICTURE_MM), gap_mm=look.tokens.space.m)
            trailing.addWidget(Text(look, self._take(), role="action", centred=True))
            trailing.addSpacing(look.px(look.tokens.space.m))
            trailing.addWidget(self._faces(), 0, Qt.AlignmentFlag.AlignHCenter)
            trailing.addStretch(1)
            line.addLayout(trailing)

    def _faces(self) -> Faces:
        return Faces(self.look, self.scene.satisfaction, self.send, in_line=not self.look.wide)

    def bottom_bar(self) -> BottomBar:
        texts, look = self.look.texts, self.look
        copies = BarButton(
            texts("Print copies"), partial(self.send, CopyWanted()), name="copy", icon="printer", short=texts("Copies")
        )
        another = BarButton(
            texts("Another service"),
            partial(self.send, AnotherService()),
            name="another_service",
            arrow="arrow-right" if look.medium else "",
            short=texts("Another service"),
        )
        end = texts("End") if is_tight(look) else end_words(self.scene, texts)
        if (unhappy := unexplained(self.scene)) is not None:
            no_reason = partial(self.send, Rated(unhappy, WhyUnhappy.NOT_SAID))
            without = BarButton(texts(REASON_TEXTS[WhyUnhappy.NOT_SAID]), no_reason, name="without_reason")
            return BottomBar(end_text=end, end_filled=True, trailing=(without,))
        return BottomBar(end_text=end, end_filled=True, trailing=(copies, another))

    def _title(self) -> QHBoxLayout:
        look = self.look
        attention = ReceiptOutcome.NEEDS_ATTENTION in self._outcomes
        heading = column(look, Text(look, self._words(), role="display"), gap_mm=0.0)
        if not look.largest:
            heading.addWidget(Text(look, self._paid(), colour="ink2"))
        line = row(look, gap_mm=look.tokens.space.l)
        if not is_tight(look):
            sign, fill = ("triangle-alert", "warning") if attention else ("check", "success")
            line.addWidget(Disc(look, sign, fill=fill), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(heading, 1)
        return line

    def _words(self) -> str:
        texts = self.look.texts
        free = self.scene.method is PaymentMethod.NONE
        if ReceiptOutcome.NEEDS_ATTENTION in self._outcomes:
            return texts("Sent, and needs attention") if free else texts("Paid, and needs attention")
        if set(self._outcomes) == {ReceiptOutcome.ACCEPTED}:
            return texts("Sent and accepted") if free else texts("Paid and accepted")
        return texts("Your requests are saved") if free else texts("Paid, and your transactions are saved")

    def _paid(self) -> str:
        texts, count = self.look.texts, len(self.scene.basket)
        if self.scene.method is PaymentMethod.NONE:
            return texts.plural("{n} service, no fee", "{n} services, no fee", count)
        amount = texts.amount(self.scene.total_fils)
        return texts.plural(
            "{amount} was paid for {n} service", "{amount} was paid for {n} services", count, amount=amount
        )

    def _papers(self) -> Notice:
        look, texts, scene = self.look, self.look.texts, self.scene
        failed = next((entry.print_failure for entry in scene.basket if entry.print_failure is not None), None)
        if self._missing():
            why = texts(FAILURES[failed.failure].title, **failed.values) if failed is not None else ""
            told = texts.plural("{n} receipt did not print", "{n} receipts did not print", self._missing())
            return Notice(look, "warning", why or told, texts("Get your receipts at any window"), icon="printer")
        if any(entry.print_state is PrintState.UNCONFIRMED for entry in scene.basket):
            return Notice(look, "warning", texts("Did they come out?"), texts("If not, print copies"), icon="printer")
        if copies := max((entry.copies for entry in scene.basket), default=0):
            return Notice(look, "success", texts("Copies printed: {n}", n=copies), icon="printer")
        words = texts("Your receipts are ready, one for each service")
        return Notice(look, "success", words, icon="printer")

    def _missing(self) -> int:
        return sum(entry.print_state not in _ON_PAPER for entry in self.scene.basket)

    def _picture(self) -> str:
        return "printer-empty" if self._missing() else "printer"

    def _take(self) -> str:
        texts = self.look.texts
        return texts("Get your receipts at any window") if self._missing() else texts("Take your receipts")


class _DoneRow(JoinedRow):
    def __init__(self, look: Look, entry: Scene, *, amount_width: int) -> None:
        size, texts = look.tokens.size, look.texts
        super().__init__(look, least_height_mm=size.answer_row if look.wide else size.tool + 3.0)
        number = texts.isolated(entry.commitment.receipt_number) if entry.commitment else ""
        told = Text(look, number, colour="ink2", wrap=False)
        self.line.addLayout(column(look, Text(look, title_of(entry, look), strong=True), told, gap_mm=0.6), 1)
        if look.medium and not look.largest:
            amount = AmountCell(look, amount_of(entry, look), amount_width)
            self.line.addWidget(amount, 0, Qt.AlignmentFlag.AlignVCenter)
        icon, colour, words = _told(entry, look)
        self.line.addWidget(Icon(look, icon, colour=colour), 0, Qt.AlignmentFlag.AlignVCenter)
        said = Text(look, words, colour=colour, strong=True, wrap=False)
        self.line.addWidget(said, 0, Qt.AlignmentFlag.AlignVCenter)


def _told(entry: Scene, look: Look) -> tuple[str, str, str]:
    """State is icon, colour and word together."""
    match _outcome_of(entry):
        case ReceiptOutcome.ACCEPTED:
            return "circle-check", "success", look.texts("Accepted")
        case ReceiptOutcome.NEEDS_ATTENTION:
            return "triangle-alert", "warning", look.texts("Needs attention")
        case _:
            return "clock", "warning", look.texts("Awaiting delivery")


def _outcome_of(entry: Scene) -> ReceiptOutcome:
    return outcome_on_paper(entry.outcome) if entry.outcome is not None else ReceiptOutcome.AWAITING_DELIVERY
