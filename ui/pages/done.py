"""The end of an errand: paid, and accepted, kept for delivery or in need of attention; receipt, copy, what is next, and
how the service was.
"""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout

from kiosk.events import AnotherService, CopyWanted, Rated
from kiosk.failures import FAILURES
from kiosk.feedback import WhyUnhappy
from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.scene import Scene
from kiosk.transaction import PaymentMethod
from ui.feedback_words import REASON_TEXTS
from ui.look import Look
from ui.pages.after_payment import delivery_line, paid_line, proof_words
from ui.pages.basket_words import next_button
from ui.pages.page import Page, Send
from ui.pages.question import is_tight
from ui.person_words import end_words
from ui.widgets.amount_card import widest_role
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice, NoticeKind
from ui.widgets.picture import Disc, Picture
from ui.widgets.rating import Faces, reason_question, unexplained
from ui.widgets.story import Story, StoryLine
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_PICTURE_MM = 110.0


@dataclasses.dataclass(frozen=True, slots=True)
class _Ending:
    """How one outcome is told: the disc, the title, and the delivery's state as a notice."""

    fill: str
    sign: str
    title: str
    kind: NoticeKind
    icon: str
    notice: str
    detail: str


class DonePage(Page):
    """End is the filled button here and stays in its corner; a copy and another service stand at the other side.

    One touch of a face says how the service was; after an unhappy one the page asks once why, and comes back. Nobody
    has to answer either: every way on stays where it is."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._free = scene.method is PaymentMethod.NONE
        self._outcome = scene.receipt.outcome if scene.receipt else ReceiptOutcome.AWAITING_DELIVERY
        self._ending = self._told()
        if (unhappy := unexplained(scene)) is not None:
            self.content.addLayout(reason_question(look, unhappy, send), 1)
            return
        line: QHBoxLayout = self.columns()
        leading = column(look, gap_mm=look.tokens.space.m if look.medium else look.tokens.space.s)
        line.addLayout(leading, 1)
        leading.addLayout(self._title())
        leading.addWidget(self._number())
        if not is_tight(look):
            lines: tuple[StoryLine, ...] = (
                paid_line(scene, look),
                self._receipt_line(),
                delivery_line(scene, look),
            )
            if scene.basket and not look.wide:
                lines = lines[:2]  # where it is stands beside the number; what is unpaid needs the room
            leading.addSpacing(look.px(look.tokens.space.xs))
            story = row(look, Story(look, lines), gap_mm=look.tokens.space.xl)
            leading.addLayout(story)
            if not look.wide:
                story.addWidget(self._faces(), 0, Qt.AlignmentFlag.AlignVCenter)
        elif self._outcome is ReceiptOutcome.NEEDS_ATTENTION or scene.print_state is None:
            for place, words in enumerate(self._what_next()):
                leading.addWidget(Text(look, words, strong=place == 0))
        if scene.basket and not is_tight(look):
            leading.addWidget(self._still_to_pay())
        if is_tight(look) and self._has_room_for_faces():
            leading.addStretch(1)
            leading.addWidget(self._faces())
        leading.addStretch(1)
        if look.wide:
            trailing = column(look, Picture(look, self._picture(), widest_mm=_PICTURE_MM), gap_mm=look.tokens.space.m)
            trailing.addWidget(Text(look, self._take(), role="action", centred=True))
            trailing.addSpacing(look.px(look.tokens.space.m))
            trailing.addWidget(self._faces(), 0, Qt.AlignmentFlag.AlignHCenter)
            trailing.addStretch(1)
            line.addLayout(trailing)

    def bottom_bar(self) -> BottomBar:
        texts, look = self.look.texts, self.look
        copy = BarButton(texts("Print a copy"), self._copy, name="copy", icon="printer", short=texts("Copy"))
        another = BarButton(
            texts("Another service"),
            self._another,
            name="another_service",
            arrow="arrow-right" if look.medium else "",
            short=texts("Another service"),
        )
        if self.scene.basket:
            another = next_button(self.scene, look, self.send)
        end = texts("End") if is_tight(look) else end_words(self.scene, texts)
        if unexplained(self.scene) is not None:
            without = BarButton(texts(REASON_TEXTS[WhyUnhappy.NOT_SAID]), self._say_no_reason, name="without_reason")
            return BottomBar(end_text=end, end_filled=True, trailing=(without,))
        return BottomBar(end_text=end, end_filled=True, trailing=(copy, another))

    def _still_to_pay(self) -> Notice:
        """What else is ready and unpaid: nobody shall leave and think that it was paid too."""
        texts, rest = self.look.texts, self.scene.basket
        amount = texts.amount(sum(entry.total_fils for entry in rest))
        words = texts.plural(
            "{n} service is still to be paid: {amount}",
            "{n} services are still to be paid: {amount}",
            len(rest),
            amount=amount,
        )
        return Notice(self.look, "warning", words, icon="list-checks")

    def _told(self) -> _Ending:
        texts = self.look.texts
        if self._free:
            return self._told_free()
        if self._outcome is ReceiptOutcome.ACCEPTED:
            title, said = texts("Paid and accepted"), texts("Delivered and accepted")
            if self._is_request():
                title, said = texts("Paid and requested"), texts("The request is with the agency")
                later = texts("What you requested comes from there")
                return _Ending("success", "check", title, "success", "circle-check", said, later)
            return _Ending("success", "check", title, "success", "circle-check", said, "")
        if self._outcome is ReceiptOutcome.NEEDS_ATTENTION:
            title, said = texts("Paid, and needs attention"), texts("Needs attention")
            detail = texts("Take the receipt to any window")
            return _Ending("warning", "triangle-alert", title, "warning", "triangle-alert", said, detail)
        title, said = texts("Paid, and your transaction is saved"), texts("Taken offline")
        if self.scene.line_was_up:
            said = texts("The transaction is saved")
        return _Ending("success", "check", title, "warning", "cloud-off", said, texts("Awaiting delivery"))

    def _told_free(self) -> _Ending:
        """The same without a word of paying: nothing was due."""
        texts = self.look.texts
        if self._outcome is ReceiptOutcome.ACCEPTED:
            said, later = texts("Delivered and accepted"), ""
            if self._is_request():
                said, later = texts("The request is with the agency"), texts("What you requested comes from there")
            return _Ending("success", "check", texts("Sent and accepted"), "success", "circle-check", said, later)
        if self._outcome is ReceiptOutcome.NEEDS_ATTENTION:
            title, said = texts("Sent, and needs attention"), texts("Needs attention")
            detail = texts("Take the receipt to any window")
            return _Ending("warning", "triangle-alert", title, "warning", "triangle-alert", said, detail)
        title = texts("Your request is saved")
        said = texts("The transaction is saved") if self.scene.line_was_up else texts("Taken offline")
        return _Ending("success", "check", title, "warning", "cloud-off", said, texts("Awaiting delivery"))

    def _title(self) -> QHBoxLayout:
        look, texts, scene = self.look, self.look.texts, self.scene
        amount = texts.amount(scene.total_fils)
        if self._free:
            words = texts("{service}: no fee", service=texts.of(scene.service.title) if scene.service else "")
        elif self._outcome is ReceiptOutcome.NEEDS_ATTENTION:
            words = texts("{amount} was paid. The clerk completes the transaction or refunds it.", amount=amount)
        else:
            words = self._paid_for(amount)
        heading = column(look, Text(look, self._ending.title, role="display"), gap_mm=0.0)
        heading.addWidget(Text(look, words, colour="ink2"))
        line = row(look, gap_mm=look.tokens.space.l)
        if not is_tight(look):
            disc = Disc(look, self._ending.sign, fill=self._ending.fill)
            line.addWidget(disc, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addLayout(heading, 1)
        return line

    def _is_request(self) -> bool:
        return self.scene.service is not None and self.scene.service.is_request

    def _paid_for(self, amount: str) -> str:
        """What was asked for is named: nobody shall take the receipt for it."""
        texts, scene = self.look.texts, self.scene
        if scene.service is not None and scene.service.is_request:
            service = texts.of(scene.service.title)
            return texts("{amount} was paid for the request: {service}", amount=amount, service=service)
        if scene.service is not None and scene.service.line_word != "fine":
            return texts("{amount} was paid: {service}", amount=amount, service=texts.of(scene.service.title))
        count = len(scene.receipt.lines) if scene.receipt else len(scene.picked)
        return texts.plural("{amount} was paid for {n} fine", "{amount} was paid for {n} fines", count, amount=amount)

    def _number(self) -> Surface:
        """The receipt's number, as large as it can be, beside what is true of the delivery."""
        look, texts, scene = self.look, self.look.texts, self.scene
        number = scene.receipt.number if scene.receipt else scene.commitment.receipt_number if scene.commitment else ""
        tight = is_tight(look)
        card = Surface(look, padding_mm=look.tokens.space.s if tight else look.tokens.space.l)
        card.widen_sides()
        shown = texts.isolated(number)
        room = round((look.panel.width - 2 * look.page_margin) * (0.36 if look.medium else 0.9))
        words = column(look, Text(look, texts("Receipt number"), colour="ink2"), gap_mm=0.0)
        role = "title" if tight else widest_role(look, shown, room)
        words.addWidget(Text(look, shown, role=role, wrap=False, snug=not tight))
        ending = self._ending
        detail = "" if tight and self._outcome is ReceiptOutcome.NEEDS_ATTENTION else ending.detail
        notice = Notice(look, ending.kind, ending.notice, detail, icon=ending.icon)
        if look.medium:
            line = row(look)
            line.addLayout(words, 1)
            line.addWidget(notice, 0, Qt.AlignmentFlag.AlignVCenter)
            card.rows.addLayout(line)
        else:
            card.rows.addLayout(words)
            card.rows.addWidget(notice)
        return card

    def _receipt_line(self) -> StoryLine:
        scene, texts = self.scene, self.look.texts
        keep = proof_words(scene, texts)
        if scene.copies:
            keep = texts("Copies printed: {n}", n=scene.copies)
        if scene.print_state is None or scene.print_state is PrintState.FAILED:
            return StoryLine("attention", self._not_printed(), texts("Get your receipt at any window"), "printer")
        if scene.print_state is PrintState.UNCONFIRMED:
            return StoryLine("now", texts("Did it come out?"), texts("If not, print a copy"))
        return StoryLine("done", texts("Your receipt is ready"), keep, "printer")

    def _not_printed(self) -> str:
        """What the printer's own trouble is, where it told."""
        scene, texts = self.scene, self.look.texts
        if scene.print_failure is not None:
            return texts(FAILURES[scene.print_failure.failure].title, **scene.print_failure.values)
        number = scene.receipt.number if scene.receipt else ""
        return texts("Receipt {number} did not print", number=number)

    def _picture(self) -> str:
        """A printer without paper in it where nothing came out: nobody looks for what is not there."""
        return "printer" if self._receipt_line().state != "attention" else "printer-empty"

    def _take(self) -> str:
        line = self._receipt_line()
        return self.look.texts("Take your receipt") if line.state != "attention" else line.detail

    def _what_next(self) -> tuple[str, ...]:
        line = self._receipt_line()
        if line.state != "attention":
            return (self._ending.detail,)
        return (line.text, line.detail) if self._outcome is not ReceiptOutcome.NEEDS_ATTENTION else (line.detail,)

    def _has_room_for_faces(self) -> bool:
        """With very large text on a small panel, what is still to be done, or to come, needs the room."""
        look, scene = self.look, self.scene
        small = look.largest and look.panel.width_mm < look.tokens.layout.wide_from
        more = self._outcome is ReceiptOutcome.NEEDS_ATTENTION or scene.print_state is None or self._is_request()
        return not (small and more)

    def _faces(self) -> Faces:
        return Faces(self.look, self.scene.satisfaction, self.send, in_line=is_tight(self.look))

    @Slot()
    def _say_no_reason(self) -> None:
        if (unhappy := unexplained(self.scene)) is not None:
            self.send(Rated(unhappy, WhyUnhappy.NOT_SAID))

    @Slot()
    def _copy(self) -> None:
        self.send(CopyWanted())

    @Slot()
    def _another(self) -> None:
        self.send(AnotherService())
