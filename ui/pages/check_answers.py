"""Everything that was answered, with a way to change it, beside the amount; nothing is paid before the one button."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.basket import MOST_SERVICES
from kiosk.counter import Capacity
from kiosk.events import AnotherService, BasketWanted, ChangeWanted, Confirmed, NotifyWanted
from kiosk.scene import Scene
from kiosk.shown_answers import phone_shown, shown
from kiosk.transaction import PaymentMethod
from kiosk.words import amount_in_words
from ui.fact_words import said
from ui.line_words import counted, counted_of, line_words
from ui.look import Look
from ui.pages.page import Page, Send
from ui.pages.why_amount import WhyAmountPage
from ui.person_words import said_by
from ui.widgets.amount_card import AmountCard, AmountLine, NoFeeCard, NoFeeLine
from ui.widgets.answer_row import AnswerRow
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_LINES_IN_CARD = 5


class CheckAnswersPage(Page):
    """The rows in the order in which they were asked, then what the agency goes by; what the card says shows a lock
    instead of *Change*."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        line: QHBoxLayout = self.columns(look.tokens.space.xl)
        leading = column(look, gap_mm=look.tokens.space.m if look.wide else look.tokens.space.s)
        line.addLayout(leading, 1)
        if look.wide and scene.service:
            leading.addWidget(Text(look, texts.of(scene.service.title), strong=True, colour="ink2"))
        self._free = scene.method is PaymentMethod.NONE
        title = texts("Check your answers before you pay")
        if self._free:
            title = texts("Check your answers before you send")
        if scene.basket:
            title = texts("Check your answers")
        leading.addWidget(Text(look, title, role="display" if look.wide else "title"))
        answers = PagedColumn(look, self._rows(), gap_mm=0.0)
        leading.addWidget(answers, 1)
        if not look.largest:
            link = self._wish_for_sms() or (None if look.wide else self._add(ButtonKind.LINK))
            leading.addWidget(Notice(look, "information", self._promise(), icon="shield-check", link=link))
        if look.wide:
            card = self._card()
            trailing = column(look, card, gap_mm=look.tokens.space.m)
            if (add := self._add(ButtonKind.SECONDARY)) is not None:
                add.setFixedWidth(card.width())
                trailing.addWidget(add)
            trailing.addStretch(1)
            line.addLayout(trailing)
            answers.setMaximumHeight(answers.sizeHint().height())
            leading.addStretch()  # only what the rows leave
        else:
            leading.addWidget(self._one_line())

    def _promise(self) -> str:
        texts = self.look.texts
        if self.scene.basket:
            return texts("You pay for all services at once, on the next page")
        if self._free:
            return texts("There is no fee. Nothing is sent until you press the button")
        if self.scene.signature_due:
            return texts("First you sign with your smart card. Nothing is paid before that")
        return texts("Nothing is paid until you press the pay button")

    def bottom_bar(self) -> BottomBar:
        texts, scene = self.look.texts, self.scene
        if scene.basket:
            return BottomBar(main=self._to_basket(), back=True)
        if self._free:
            return BottomBar(main=self._send_button(), back=True)
        amount = texts.amount(scene.total_fils)
        if scene.signature_due:  # a PIN that is asked for after "Pay" would pass for the bank card's
            words = texts("Sign, then pay {amount}", amount=amount)
            main = BarButton(words, self._confirm, icon="id-card", short=texts("Sign"))
            return BottomBar(main=main, back=True)
        if scene.line_was_up:
            words = texts("Pay {amount} and send the request", amount=amount)
        else:
            words = texts("Pay {amount} and save the request", amount=amount)
        main = BarButton(words, self._confirm, icon="credit-card", short=texts("Pay {amount}", amount=amount))
        return BottomBar(main=main, back=True)

    def _to_basket(self) -> BarButton:
        """Among others that are ready, this one joins them."""
        texts, scene = self.look.texts, self.scene
        wanted = partial(self.send, BasketWanted())
        if scene.signature_due:
            return BarButton(texts("Sign and continue"), wanted, icon="id-card", short=texts("Sign"))
        count = len(scene.basket) + 1
        words = texts.plural("Continue with {n} service", "Continue with {n} services", count)
        return BarButton(words, wanted, arrow="arrow-right", short=texts("Continue"))

    def _send_button(self) -> BarButton:
        """Where nothing is due, no word of paying is on the page."""
        texts, scene = self.look.texts, self.scene
        if scene.signature_due:
            words = texts("Sign and send the request")
            return BarButton(words, self._confirm, icon="id-card", short=texts("Sign"))
        words = texts("Send the request") if scene.line_was_up else texts("Save the request")
        return BarButton(words, self._confirm, icon="check")

    def _rows(self) -> list[QWidget]:
        scene, look, texts = self.scene, self.look, self.look.texts
        rows: list[QWidget] = []
        if scene.identity is not None:
            name = scene.identity.full_name(texts.language)
            rows.append(AnswerRow(look, texts("Name"), name, source=said_by(scene.identity, texts)))
        if scene.behalf.capacity is not Capacity.SELF:
            other = texts("National number {number}", number=texts.masked(scene.behalf.number))
            rows.append(AnswerRow(look, texts("On behalf of"), other, change=self._change_of_other()))
        for step, value in scene.answers:
            if step.id in self._told_above():
                continue
            change = self._change(texts.of(step.label), step.id)
            rows.append(AnswerRow(look, texts.of(step.label), shown(step, value, texts), change=change))
        if scene.quote is not None and not self._pays_whole():
            label = texts(line_words(scene.service).row)
            picked = counted_of(scene.service, len(scene.picked), len(scene.quote.lines), texts)
            rows.append(AnswerRow(look, label, picked, change=self._change(label, "")))
        on_file = scene.quote.facts if scene.quote else ()
        rows.extend(AnswerRow(look, texts.of(fact.title), said(fact, texts), dense=True) for fact in on_file)
        if self._free:
            return self._with_another(rows)
        if not scene.basket:
            method = texts("Bank card") if scene.method is PaymentMethod.BANK_CARD else texts("Cash")
            rows.append(AnswerRow(look, texts("Paid by"), method, dense=True))
        if scene.may_be_told and (scene.notify_phone or look.largest):
            rows.append(AnswerRow(look, texts("Tell me by SMS"), self._phone(), change=self._notify()))
        if look.largest:
            words = amount_in_words(scene.total_fils, texts.language)
            rows.append(AnswerRow(look, texts("Amount in words"), words))
        return self._with_another(rows)

    def _with_another(self, rows: list[QWidget]) -> list[QWidget]:
        """Where the notice has no room for it, another service is offered by a row."""
        look, texts = self.look, self.look.texts
        in_row = look.largest or (not look.wide and self._may_wish_for_sms())
        if in_row and not look.wide and (add := self._add(ButtonKind.TOOL)) is not None:
            ready = texts.plural("{n} service is ready", "{n} services are ready", len(self.scene.basket) + 1)
            rows.append(AnswerRow(look, texts("Another service"), ready, change=add))
        return rows

    def _phone(self) -> str:
        texts, number = self.look.texts, self.scene.notify_phone
        return texts.isolated(phone_shown(number)) if number else texts("No number given")

    def _notify(self) -> Button:
        """A number is added in the same way as an answer is changed."""
        look, texts = self.look, self.look.texts
        button = Button(
            look,
            "" if look.largest else texts("Change"),
            name="notify",
            kind=ButtonKind.TOOL,
            icon="pencil" if self.scene.notify_phone else "plus",
            accessible=texts("Tell me by SMS: add a number"),
        )
        button.clicked.connect(self._want_notice)
        return button

    def _may_wish_for_sms(self) -> bool:
        return self.scene.may_be_told and not self.scene.notify_phone

    def _wish_for_sms(self) -> Button | None:
        """Beside the promise, where nobody has to turn a page for it; once there is a number, it is an answer."""
        if not self._may_wish_for_sms():
            return None
        link = Button(self.look, self.look.texts("Tell me by SMS"), name="notify", kind=ButtonKind.LINK)
        link.clicked.connect(self._want_notice)
        return link

    @Slot()
    def _want_notice(self) -> None:
        self.send(NotifyWanted())

    def _add(self, kind: ButtonKind) -> Button | None:
        """What belongs to the same errand is paid at once: so it is offered before anything is paid."""
        look, texts, scene = self.look, self.look.texts, self.scene
        if scene.correcting is not None or len(scene.basket) + 1 >= MOST_SERVICES or len(scene.services) < 2:
            return None
        words = texts("Add another service")
        add = Button(
            look,
            (texts("Add") if kind is ButtonKind.TOOL else words) if not look.largest or look.wide else "",
            name="add",
            kind=kind,
            icon="" if kind is ButtonKind.LINK else "plus",
            accessible=words,
        )
        add.when_pressed(partial(self.send, AnotherService()))
        return add

    def _pays_whole(self) -> bool:
        """Then the lines are one fee, and there is nothing to change about them."""
        return self.scene.service is not None and self.scene.service.pays_whole

    def _told_above(self) -> tuple[str, ...]:
        """The steps that say for whom a payer pays: one row tells it."""
        rule = self.scene.service.for_others if self.scene.service else None
        return (rule.by, rule.number) if rule and self.scene.behalf.capacity is Capacity.PAYER else ()

    def _change_of_other(self) -> Button | None:
        told = self._told_above()
        return self._change(self.look.texts("On behalf of"), told[0]) if told else None

    def _change(self, label: str, step: str) -> Button:
        look, texts = self.look, self.look.texts
        button = Button(
            look,
            "" if look.largest else texts("Change"),
            name=f"change:{step or 'lines'}",
            kind=ButtonKind.TOOL,
            icon="pencil",
            accessible=texts("Change: {label}", label=label),
        )
        button.clicked.connect(partial(self._want_change, step))
        return button

    def _card(self) -> Surface:
        """The lines where they are few, else their number: the rest stands behind *Why this amount?*."""
        scene, look, texts = self.scene, self.look, self.look.texts
        if self._free:
            return NoFeeCard(look)
        quote = scene.quote.lines if scene.quote else ()
        lines = tuple((texts.of(line.told), line.amount_fils) for line in quote if line.id in scene.picked)
        if len(lines) > _LINES_IN_CARD:
            lines = ((counted(scene.service, len(lines), texts), scene.total_fils),)
        return AmountCard(look, texts("Amount due"), scene.total_fils, lines=lines, link=self._why())

    def _one_line(self) -> Surface:
        if self._free:
            return NoFeeLine(self.look)
        label = self.look.texts("Amount due")
        return AmountLine(self.look, label, self.scene.total_fils, words=not self.look.largest, link=self._why())

    def _why(self) -> Button:
        why = Button(self.look, self.look.texts("Why this amount?"), name="why", kind=ButtonKind.LINK)
        why.clicked.connect(self._ask_why)
        return why

    def _want_change(self, step: str) -> None:
        self.send(ChangeWanted(step))

    @Slot()
    def _confirm(self) -> None:
        self.send(Confirmed())

    @Slot()
    def _ask_why(self) -> None:
        self.over_wanted.emit(WhyAmountPage)
