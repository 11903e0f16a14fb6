"""The middle of the counter's page while several services are ready: each a row to open or to leave out."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.receipt import ReceiptOutcome, outcome_on_paper
from kiosk.scene import Scene, State
from kiosk.texts import message
from ui.clerk.consent_card import ConsentCard
from ui.clerk.desk import Desk
from ui.clerk.sheet import Over
from ui.clerk.words import due_words, subject_words
from ui.look import Look
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.table import Cell, Column, Row, Table
from ui.widgets.text import Text

_MOST_ROWS = 6


class BasketCard(QWidget):
    def __init__(self, look: Look, desk: Desk) -> None:
        super().__init__()
        self.look, self._desk = look, desk
        self.setLayoutDirection(look.direction)
        texts, count = look.texts, len(desk.scene.basket)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(2.4))
        title = texts.plural("{n} service is ready", "{n} services are ready", count)
        another = KeyButton(look, texts("Another service"), "F3", name="find", kind=KeyButtonKind.QUIET, icon="search")
        another.when_pressed(partial(desk.over, Over.FINDER))
        another.setEnabled(desk.can_choose_service())
        stack.addWidget(Flow(look, (Text(look, title, role="strong", wrap=False), another), gap_mm=4.0))
        self._table = basket_table(look, desk)
        stack.addWidget(self._table)
        if not look.largest:
            stack.addWidget(
                Text(look, texts("A number opens a service; Ctrl and the number leaves it out"), colour="ink2")
            )
        stack.addWidget(ConsentCard(look, desk))
        stack.addStretch(1)

    def acts(self) -> tuple[KeyAct, ...]:
        leave = tuple(
            KeyAct(f"Ctrl+{place}", "", partial(self._desk.basket.leave_out, entry))
            for place, entry in enumerate(self._desk.scene.basket, 1)
        )
        return (*self._table.acts(), *leave)


def basket_table(look: Look, desk: Desk, *, rows_shown: int = _MOST_ROWS) -> Table:
    """Before it is paid a row opens its service; afterwards it tells the receipt's number and what became of it."""
    texts, paid = look.texts, desk.scene.state is State.DONE
    service, amount = Column(texts("Service"), wraps=True), Column(texts("Amount"), numbers=True)
    between = (
        (Column(texts("Receipt number")), Column(texts("State"), leaves=1))
        if paid
        else (Column(texts("For what"), leaves=1),)
    )
    rows = tuple(_paid(look, entry) if paid else _ready(look, desk, entry) for entry in desk.scene.basket)
    return Table(look, (service, *between, amount), rows, name="item", rows_shown=rows_shown, keys=not paid)


def _ready(look: Look, desk: Desk, entry: Scene) -> Row:
    cells = (_title(look, entry), Cell(subject_words(entry, look.texts), colour="ink2"), _amount(look, entry))
    return Row(_id(entry), cells, press=partial(desk.basket.open, entry))


def _paid(look: Look, entry: Scene) -> Row:
    texts = look.texts
    number = texts.isolated(entry.commitment.receipt_number) if entry.commitment else ""
    outcome = outcome_on_paper(entry.outcome) if entry.outcome else ReceiptOutcome.AWAITING_DELIVERY
    said, colour = _STATES[outcome]
    return Row(_id(entry), (_title(look, entry), Cell(number), Cell(texts(said), colour=colour), _amount(look, entry)))


def _id(entry: Scene) -> str:
    return str(entry.ids.transaction) if entry.ids else ""


def _title(look: Look, entry: Scene) -> Cell:
    return Cell(look.texts.of(entry.service.title) if entry.service else "", strong=True)


def _amount(look: Look, entry: Scene) -> Cell:
    return Cell(due_words(entry, look.texts), strong=True)


_STATES = {
    ReceiptOutcome.ACCEPTED: (message("Accepted"), "success"),
    ReceiptOutcome.AWAITING_DELIVERY: (message("Awaiting delivery"), "warning"),
    ReceiptOutcome.NEEDS_ATTENTION: (message("Needs attention"), "warning"),
}
