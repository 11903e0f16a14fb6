"""The services that are ready: each with its amount, to change or to leave out; paid at once, or one by one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.basket import MOST_SERVICES
from kiosk.events import AnotherService, BasketItemOpened, BasketItemPaid, BasketItemRemoved, Confirmed
from kiosk.scene import Scene
from kiosk.transaction import PaymentMethod
from ui.look import Look
from ui.pages.basket_words import AmountCell, amount_of, amounts_width, subject_of, title_of
from ui.pages.page import Page, Send
from ui.widgets.amount_card import AmountCard, AmountLine, NoFeeCard, NoFeeLine
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class BasketPage(Page):
    """One button pays all of it. Paying one by one stands beside the sum, for whoever wants that."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._free = scene.method is PaymentMethod.NONE
        line = self.columns(look.tokens.space.xl)
        leading = column(look, gap_mm=look.tokens.space.m if look.wide else look.tokens.space.s)
        line.addLayout(leading, 1)
        count = len(scene.basket)
        title = look.texts.plural("{n} service is ready", "{n} services are ready", count)
        leading.addWidget(Text(look, title, role="display" if look.wide else "title"))
        rows = PagedColumn(look, self._rows(), gap_mm=0.0)
        leading.addWidget(rows, 1)
        if not look.largest:
            leading.addWidget(Notice(look, "information", self._promise(), icon="shield-check"))
        if look.wide:
            trailing = column(look, self._card())
            trailing.addStretch(1)
            line.addLayout(trailing)
            rows.setMaximumHeight(rows.sizeHint().height())
            leading.addStretch()
        else:
            leading.addWidget(self._one_line())

    def bottom_bar(self) -> BottomBar:
        texts, scene = self.look.texts, self.scene
        more: tuple[BarButton, ...] = ()
        if len(scene.basket) < MOST_SERVICES:
            another = partial(self.send, AnotherService())
            words = texts("Add another service")
            told = words if self.look.wide else texts("Add")
            more = (BarButton(told, another, name="add", icon="plus", short=texts("Add"), accessible=words),)
        return BottomBar(main=self._main(), leading=more)

    def _main(self) -> BarButton:
        texts, confirm = self.look.texts, partial(self.send, Confirmed())
        if self._free:
            return BarButton(self._send_words(), confirm, icon="check")
        amount = texts.amount(self.scene.total_fils)
        short = texts("Pay {amount}", amount=amount)
        return BarButton(self._pay_words(amount), confirm, icon="credit-card", short=short)

    def _pay_words(self, amount: str) -> str:
        texts, sent = self.look.texts, self.scene.line_was_up
        if len(self.scene.basket) == 1:
            sending = texts("Pay {amount} and send the request", amount=amount)
            return sending if sent else texts("Pay {amount} and save the request", amount=amount)
        sending = texts("Pay {amount} and send the requests", amount=amount)
        return sending if sent else texts("Pay {amount} and save the requests", amount=amount)

    def _send_words(self) -> str:
        texts, sent = self.look.texts, self.scene.line_was_up
        if len(self.scene.basket) == 1:
            return texts("Send the request") if sent else texts("Save the request")
        return texts("Send the requests") if sent else texts("Save the requests")

    def _promise(self) -> str:
        texts = self.look.texts
        if self._free:
            return texts("There is no fee. Nothing is sent until you press the button")
        if len(self.scene.basket) == 1:
            return texts("Nothing is paid until you press the pay button")
        return texts("You pay once. Each service has its own receipt")

    def _rows(self) -> list[QWidget]:
        width = amounts_width(self.scene, self.look)
        return [BasketRow(self.look, entry, self.send, amount_width=width) for entry in self.scene.basket]

    def _card(self) -> Surface:
        look, texts = self.look, self.look.texts
        if self._free:
            return NoFeeCard(look)
        return AmountCard(look, texts("Amount due"), self.scene.total_fils, link=self._one_by_one())

    def _one_line(self) -> Surface:
        look = self.look
        if self._free:
            return NoFeeLine(look)
        words = not look.largest
        return AmountLine(look, look.texts("Amount due"), self.scene.total_fils, words=words, link=self._one_by_one())

    def _one_by_one(self) -> Button | None:
        """The first now; its last page leads to the others."""
        first = self.scene.basket[0].ids if self.scene.basket else None
        if first is None or len(self.scene.basket) < 2:
            return None
        button = Button(self.look, self.look.texts("Pay one by one"), name="apart", kind=ButtonKind.LINK)
        button.when_pressed(partial(self.send, BasketItemPaid(first.transaction)))
        return button


class BasketRow(JoinedRow):
    """One service: what it is for stands under it, its amount before the two ways to change the basket. Amounts of one
    `amount_width` end under one another."""

    def __init__(self, look: Look, entry: Scene, send: Send, *, amount_width: int) -> None:
        size, texts = look.tokens.size, look.texts
        super().__init__(look, least_height_mm=size.answer_row if look.wide else size.tool + 3.0)
        title, amount = title_of(entry, look), amount_of(entry, look)
        words = column(look, Text(look, title, strong=True), gap_mm=0.6)
        if look.largest:
            words.addWidget(Text(look, amount, wrap=False))
        else:
            words.addWidget(Text(look, subject_of(entry, look), colour="ink2"))
        self.line.addLayout(words, 1)
        if not look.largest:
            self.line.addWidget(AmountCell(look, amount, amount_width), 0, Qt.AlignmentFlag.AlignVCenter)
        if entry.ids is None:
            return
        change, remove = BasketItemOpened(entry.ids.transaction), BasketItemRemoved(entry.ids.transaction)
        buttons = row(look, gap_mm=look.tokens.space.target_gap)
        for name, icon, words_, accessible, event in (
            ("change", "pencil", texts("Change"), texts("Change: {label}", label=title), change),
            ("remove", "x", "", texts("Leave out: {label}", label=title), remove),
        ):
            button = Button(
                look,
                "" if look.largest else words_,
                name=f"{name}:{entry.ids.transaction}",
                kind=ButtonKind.TOOL,
                icon=icon,
                accessible=accessible,
            )
            button.when_pressed(partial(send, event))
            buttons.addWidget(button)
        self.line.addLayout(buttons)
