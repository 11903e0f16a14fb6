"""The trailing column: what the citizen sees, how it is paid, what was handed over, and the button that takes it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.corrections import Correcting
from kiosk.counter import Consent
from kiosk.money import dinars, likely_tendered
from kiosk.scene import State
from kiosk.texts import message
from kiosk.transaction import PaymentMethod
from ui.clerk.changes import changes
from ui.clerk.desk import MONEY_MOVES, Desk
from ui.clerk.person_card import Badge
from ui.clerk.words import CONSENT_TEXTS, CORRECTED, due_words, subject_words
from ui.look import Look
from ui.staff.entry import Entry
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.segments import Segment, Segments
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.painting import Box, paint_box
from ui.widgets.surface import Separator, Surface
from ui.widgets.text import Text

_ANOTHER_AMOUNT = message("It must cost the same. For another amount give the money back, and begin anew")
_TOLD = {
    PaymentMethod.BANK_CARD: message("The citizen pays at the payment terminal. Nobody is charged twice"),
    PaymentMethod.NONE: message("Nothing is to be paid for this service"),
}
_QUICK_KEYS = ("Alt+6", "Alt+7", "Alt+8", "Alt+9")
_ICONS = {PaymentMethod.CASH: "banknote", PaymentMethod.BANK_CARD: "credit-card", PaymentMethod.NONE: "check"}
_DUE = frozenset({State.CHECK_ANSWERS, State.BASKET})
_PAID = frozenset({*_DUE, State.DONE, *MONEY_MOVES})


class AmountFrame(QWidget):
    """The amount as it stands on the citizen's screen."""

    def __init__(self, look: Look, amount: str, subject: str, *, compact: bool) -> None:
        super().__init__()
        self._look = look
        stack = QVBoxLayout(self)
        side = look.px(3.4)
        stack.setContentsMargins(side, look.px(2.6), side, look.px(2.6))
        stack.setSpacing(look.px(0.6))
        if not compact:
            stack.addWidget(Text(look, look.texts("Amount"), colour="ink2", centred=True))
        shown = Text(look, amount, role="figure", centred=True, wrap=False)
        shown.setObjectName("amount")
        stack.addWidget(shown)
        if subject and not compact:
            stack.addWidget(Text(look, subject, colour="ink2", centred=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        box = Box(look.colour("ground"), look.colour("ink"), look.px(1.2), look.card_radius)
        paint_box(painter, QRectF(self.rect()), box)
        painter.end()


class MoneyColumn(QWidget):
    """Before there is an amount it says what the citizen's screen shows; never what should be in the drawer. `compact`
    leaves out what is said elsewhere too."""

    def __init__(self, look: Look, desk: Desk, *, compact: bool) -> None:
        super().__init__()
        self.look, self._desk, self._compact = look, desk, compact
        self.setLayoutDirection(look.direction)
        self._rows = QVBoxLayout(self)
        side = look.px(4.0)
        self._rows.setContentsMargins(side, look.px(3.4), side, look.px(3.4))
        self._rows.setSpacing(look.px(2.4))
        self._change = Text(look, "", role="figure", colour="success", wrap=False)
        self._change.setObjectName("change")
        self._short = Text(look, "", colour="ink2")
        self._short.setObjectName("why_not")
        self._main: KeyButton | None = None
        self._entry: Entry | None = None
        self._add_head()
        if desk.scene.state in _PAID:
            self._add_amount()
        else:
            self._rows.addStretch(1)

    def acts(self) -> tuple[KeyAct, ...]:
        if self._entry is None:
            return ()
        return tuple(KeyAct(key, dinars(fils), partial(self._hand_over, fils)) for key, fils in self._likely())

    def _likely(self) -> tuple[tuple[str, int], ...]:
        """What may be handed over, with its key."""
        pairs = tuple(zip(_QUICK_KEYS, likely_tendered(self._desk.scene.total_fils), strict=False))
        return pairs[:2] if self._compact else pairs

    def next_place(self) -> QWidget | None:
        """Where Enter leads: what is to be typed first, then the button."""
        if self._main is not None and self._main.isEnabled():
            return self._main
        return self._entry

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self.look
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("surface"))
        hair = look.px(look.tokens.line.hair)
        left = self.width() - hair if look.right_to_left else 0
        painter.fillRect(left, 0, hair, self.height(), look.colour("line"))
        painter.end()

    def _add_head(self) -> None:
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        title = texts("The citizen's screen") if self._desk.second_screen else texts("To be read out")
        head = column(look, Text(look, title, role="strong"), gap_mm=1.0)
        if scene.state in _PAID and scene.correcting is None:
            given = scene.consent is not Consent.NONE
            badge = Badge(
                look,
                texts(CONSENT_TEXTS[scene.consent]),
                icon="check" if given else "clock",
                colour="success" if given else "warning",
            )
            head.addWidget(badge)
        elif self._desk.second_screen:
            shown = CORRECTED if scene.state in _PAID else message("Nothing is shown there yet")
            head.addWidget(Text(look, texts(shown), colour="ink2"))
        self._rows.addLayout(head)

    def _add_amount(self) -> None:
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        amount, subject = due_words(scene, texts), subject_words(scene, texts)
        self._rows.addWidget(AmountFrame(look, amount, subject, compact=self._compact))
        self._rows.addWidget(Separator(look))
        if scene.correcting is not None:
            self._add_correcting(scene.correcting)
            return
        if scene.state in _DUE:
            if scene.method is not PaymentMethod.NONE:
                self._add_methods()
            if scene.method is PaymentMethod.CASH:
                self._add_cash()
            elif not self._compact:
                self._rows.addWidget(Notice(look, "information", texts(_TOLD[scene.method]), icon=_ICONS[scene.method]))
            self._rows.addStretch(1)
            self._add_main()
            self.renew()
            return
        if scene.method is PaymentMethod.CASH and scene.tendered_fils:
            self._rows.addLayout(self._pair(texts("Received"), texts.amount(scene.tendered_fils)))
            self._rows.addWidget(self._change_panel())
            self._change.setText(texts.amount(scene.tendered_fils - scene.total_fils))
        self._rows.addStretch(1)

    def _add_correcting(self, correcting: Correcting) -> None:
        """The money is there already: what is changed, and the key that asks two people."""
        look, texts, desk = self.look, self.look.texts, self._desk
        there = texts.amount(correcting.agreement.total_fils)
        told = texts("{amount} were paid with receipt {number}", amount=there, number=correcting.receipt_number)
        self._rows.addWidget(Notice(look, "information", told, icon="banknote"))
        for line in () if self._compact else changes(desk.scene, texts):
            self._rows.addWidget(Text(look, line, colour="ink2"))
        self._rows.addStretch(1)
        if desk.scene.state is State.CHECK_ANSWERS:
            self._main = KeyButton(look, texts("Send corrected"), "F8", name="main", kind=KeyButtonKind.PRIMARY)
            self._main.when_pressed(desk.office.attention.want_to_send)
            self._rows.addWidget(self._main)
            self._rows.addWidget(self._short)
            self.renew()

    def _add_methods(self) -> None:
        texts, desk = self.look.texts, self._desk
        segments = (
            Segment(
                PaymentMethod.CASH.value,
                texts("Cash"),
                "F8",
                icon="banknote",
                allowed=desk.till.takes(PaymentMethod.CASH),
            ),
            Segment(
                PaymentMethod.BANK_CARD.value,
                texts("Bank card"),
                "F7",
                icon="credit-card",
                allowed=desk.till.takes(PaymentMethod.BANK_CARD),
            ),
        )
        chosen = desk.scene.method.value
        self._rows.addWidget(Segments(self.look, "method", segments, chosen, self._choose_method))

    def _choose_method(self, method: str) -> None:
        if method != self._desk.scene.method.value:
            self._desk.till.pay_by(PaymentMethod(method))

    def _add_cash(self) -> None:
        look, texts, desk = self.look, self.look.texts, self._desk
        if not self._compact:
            self._rows.addLayout(self._pair(texts("Amount due"), texts.amount(desk.scene.total_fils)))
        label = texts("Received")
        self._entry = Entry(look, name="tendered", accessible=label, numbers=True, characters=9)
        self._entry.setText(desk.sheet.tendered)
        self._entry.textEdited.connect(self._type)
        line = row(look, gap_mm=2.4)
        line.addWidget(Text(look, label, colour="ink2", wrap=False))
        line.addWidget(self._entry, 1)
        self._rows.addLayout(line)
        buttons: list[QWidget] = []
        for key, fils in self._likely():
            button = KeyButton(look, texts.number(fils), key, name=f"quick:{fils}")
            button.when_pressed(partial(self._hand_over, fils))
            buttons.append(button)
        self._rows.addWidget(Flow(look, tuple(buttons), gap_mm=1.6, stretch=True))
        self._rows.addWidget(self._change_panel())

    def _pair(self, label: str, value: str) -> QVBoxLayout:
        look = self.look
        line = row(look, gap_mm=2.4)
        line.addWidget(Text(look, label, colour="ink2"), 1)
        line.addWidget(Text(look, value, strong=True, wrap=False))
        whole = column(look, gap_mm=0.0)
        whole.addLayout(line)
        return whole

    def _change_panel(self) -> Surface:
        look = self.look
        panel = Surface(look, "success", padding_mm=2.0)
        panel.widen_sides()
        line = row(look, gap_mm=2.4)
        line.addWidget(Text(look, look.texts("Change to give back"), colour="success", strong=True), 1)
        line.addWidget(self._change)
        panel.rows.addLayout(line)
        return panel

    def _add_main(self) -> None:
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        amount, cash = texts.amount(scene.total_fils), scene.method is PaymentMethod.CASH
        if scene.method is PaymentMethod.NONE:
            words = texts("Send the request") if scene.line_was_up else texts("Save the request")
        elif self._compact:
            words = texts("Take {amount}", amount=amount) if cash else texts("Ask for {amount}", amount=amount)
        elif cash and scene.line_was_up:
            words = texts("Take {amount} and send the request", amount=amount)
        elif cash:
            words = texts("Take {amount} and save the request", amount=amount)
        elif scene.line_was_up:
            words = texts("Take {amount} by bank card and send the request", amount=amount)
        else:
            words = texts("Take {amount} by bank card and save the request", amount=amount)
        self._main = KeyButton(
            look,
            words,
            "F7" if scene.method is PaymentMethod.BANK_CARD else "F8",
            name="main",
            kind=KeyButtonKind.PRIMARY,
            icon=_ICONS[scene.method],
        )
        self._main.when_pressed(self._desk.till.pay)
        self._rows.addWidget(self._main)
        self._rows.addWidget(self._short)

    # -- typing

    def _type(self, text: str) -> None:
        self._desk.till.set_tendered(text)
        self.renew()

    def _hand_over(self, fils: int) -> None:
        text = dinars(fils).replace(",", "")
        self._desk.till.set_tendered(text)
        if self._entry is not None:
            self._entry.setText(text)
            self._entry.setFocus()
        self.renew()

    def renew(self) -> None:
        """Change, button and what is missing, for what is typed now."""
        texts, desk = self.look.texts, self._desk
        tendered, total = desk.till.tendered_fils(), desk.scene.total_fils
        change = tendered - total if tendered is not None and tendered >= total else None
        self._change.setText(texts.amount(change) if change is not None else "\u2013")
        if self._main is not None:
            correcting = desk.scene.correcting is not None
            self._main.setEnabled(desk.office.attention.may_be_sent_now() if correcting else desk.till.can_pay())
        self._short.setText(self._missing())

    def _missing(self) -> str:
        texts, desk = self.look.texts, self._desk
        if desk.scene.state is not State.BASKET and desk.filling.changed():
            return texts("A field has changed: enquire again")
        if desk.scene.correcting is not None:
            equal = desk.office.attention.can_send()
            return texts("Two people show their PINs for it") if equal else texts(_ANOTHER_AMOUNT)
        if desk.scene.consent is Consent.NONE:
            return texts("The citizen has not agreed yet")
        if desk.scene.method is PaymentMethod.CASH and not desk.till.covers():
            return texts("Enter what was handed over")
        return texts("A second press repeats nothing")
