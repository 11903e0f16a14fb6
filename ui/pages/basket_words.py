"""What is said of a service in the basket: what it is for, what it costs, and how many there are."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.counter import Capacity
from kiosk.events import BasketWanted
from kiosk.scene import Scene
from kiosk.shown_answers import shown
from kiosk.transaction import PaymentMethod
from ui.line_words import counted, subject
from ui.look import Look
from ui.pages.page import Send
from ui.widgets.bottom_bar import BarButton
from ui.widgets.button import Button, ButtonKind
from ui.widgets.notice import Notice
from ui.widgets.text import Text

_MOST_ANSWERS = 2
_TOLD_SHORTLY = frozenset({"choice", "plate", "number", "date"})


def title_of(entry: Scene, look: Look) -> str:
    return look.texts.of(entry.service.title) if entry.service else ""


def amount_of(entry: Scene, look: Look) -> str:
    return look.texts("No fee") if entry.method is PaymentMethod.NONE else look.texts.amount(entry.total_fils)


class AmountCell(QWidget):
    """An amount in a column: all end at the trailing edge, so that their points stand under one another."""

    def __init__(self, look: Look, amount: str, width: int) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        self.setFixedWidth(width)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addStretch(1)
        line.addWidget(Text(look, amount, strong=True, wrap=False))


def amounts_width(scene: Scene, look: Look) -> int:
    """Of the widest in the basket, in pixels, so that all of them stand under one another."""
    widths = [Text(look, amount_of(entry, look), strong=True, wrap=False).sizeHint().width() for entry in scene.basket]
    return max(widths, default=0)


def subject_of(entry: Scene, look: Look) -> str:
    """`3 fines · Vehicle 12-34567`; of a fee the first answers, which tell one request from another."""
    texts, service = look.texts, entry.service
    if entry.quote is not None and service is not None and not service.pays_whole:
        fines = counted(service, len(entry.picked), texts)
        return texts("{fines} · {subject}", fines=fines, subject=subject(entry, texts))
    told = [shown(step, value, texts) for step, value in entry.answers if step.kind in _TOLD_SHORTLY and value]
    if entry.behalf.capacity is not Capacity.SELF:
        told.insert(0, texts.masked(entry.behalf.number))
    return " · ".join(told[:_MOST_ANSWERS])


def basket_strip(scene: Scene, look: Look, send: Send) -> Notice:
    """Where another service is chosen: what is ready already, and the way to pay it."""
    texts, count = look.texts, len(scene.basket)
    amount = texts.amount(sum(entry.total_fils for entry in scene.basket))
    said = texts.plural("{n} service is ready: {amount}", "{n} services are ready: {amount}", count, amount=amount)
    go_on = Button(look, texts("Continue to pay"), name="basket", kind=ButtonKind.TOOL)
    go_on.when_pressed(partial(send, BasketWanted()))
    return Notice(look, "information", said, icon="list-checks", link=go_on)


def next_button(scene: Scene, look: Look, send: Send, *, name: str = "basket") -> BarButton:
    """To those that are still to be paid."""
    texts, count = look.texts, len(scene.basket)
    words = texts.plural("Continue with {n} service", "Continue with {n} services", count)
    arrow = "arrow-right" if look.medium else ""
    return BarButton(words, partial(send, BasketWanted()), name=name, arrow=arrow, short=texts("Continue"))
