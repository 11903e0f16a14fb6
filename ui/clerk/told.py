"""What the middle of the counter's page tells while there is nothing to fill in: waiting, done, saved, stopped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.failures import FAILURES, MONEY_TEXTS, Failure, Money, ServiceFailure, Way
from kiosk.receipt import PrintState, ReceiptOutcome, outcome_on_paper
from kiosk.scene import Scene, State
from kiosk.texts import Texts, message
from kiosk.transaction import PaymentMethod
from ui.clerk.basket_card import basket_table
from ui.clerk.desk import Desk
from ui.clerk.sheet import Over
from ui.failure_words import failure_values
from ui.look import Look
from ui.staff.entry import Field
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.widgets.layouts import row
from ui.widgets.notice import Notice, NoticeKind
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text

OnWay = tuple[str, str, str, Callable[[], object]]  # words, key, object name, act


class Told(Surface):
    """A title with its sign, sentences, and the ways on with their keys; the first of them is filled."""

    def __init__(self, look: Look, icon: str, colour: str, title: str) -> None:
        super().__init__(look, padding_mm=4.0)
        head = row(look, Icon(look, icon, colour=colour, millimetres=look.icon_mm * 1.5), gap_mm=2.4)
        head.addWidget(Text(look, title, role="strong"), 1)
        self.rows.addLayout(head)

    def say(self, text: str, *, colour: str = "ink", figure: bool = False) -> None:
        if text:
            self.rows.addWidget(Text(self.look, text, role="figure" if figure else "body", colour=colour))

    def notice(self, kind: NoticeKind, text: str, detail: str = "", icon: str = "") -> None:
        self.rows.addWidget(Notice(self.look, kind, text, detail, icon=icon))

    def ways(self, *ways: OnWay) -> None:
        buttons: list[QWidget] = []
        for at, (words, key, name, act) in enumerate(ways):
            kind = KeyButtonKind.PRIMARY if at == 0 else KeyButtonKind.SECONDARY
            button = KeyButton(self.look, words, key, name=name, kind=kind)
            button.when_pressed(act)
            buttons.append(button)
        if buttons:
            self.rows.addWidget(Flow(self.look, tuple(buttons), gap_mm=2.4))


def free(look: Look, desk: Desk) -> Told:
    """Nobody is served: the ways to begin."""
    texts = look.texts
    told = Told(look, "user-round-check", "primary", texts("The counter is free"))
    told.say(texts("Put the citizen's card into the reader, or begin without one"), colour="ink2")
    told.ways(
        (texts("New citizen without a card"), "F2", "begin:new", desk.new_person),
        (texts("Find a service"), "F3", "begin:find", lambda: desk.over(Over.FINDER)),
        (texts("Read the card"), "F4", "begin:read", desk.read_card),
    )
    return told


def take_card(look: Look, desk: Desk) -> Told:
    texts = look.texts
    told = Told(look, "id-card", "warning", texts("The card is still in the reader"))
    told.say(texts("Give it back to the citizen. Nothing of the visit is on the screens any more"))
    told.ways((texts("Read the card"), "F4", "begin:read", desk.read_card))
    return told


def card_removed(look: Look, desk: Desk) -> Told:
    texts, text = look.texts, FAILURES[Failure.CARD_REMOVED]
    told = Told(look, "id-card", "warning", texts(text.title))
    told.say(texts("Put the same card back to go on. What was typed is kept"))
    told.ways((texts("End visit"), "F12", "end", desk.end))
    return told


_BUSY = {
    State.IDENTIFYING: message("Reading the card"),
    State.PAYING: message("The payment is under way"),
    State.COMMITTED: message("The amount was paid and recorded"),
    State.DELIVERY_AWAITED: message("The transaction is being sent to the agency"),
    State.RECEIPT: message("The receipt is being printed"),
}


def busy(look: Look, desk: Desk) -> Told:
    texts, scene = look.texts, desk.scene
    told = Told(look, "refresh-cw", "primary", texts(_BUSY[scene.state]))
    if scene.state is State.IDENTIFYING:
        told.say(texts("Leave it in the reader"), colour="ink2")
    elif scene.state is State.PAYING and scene.method is PaymentMethod.BANK_CARD and scene.correcting is None:
        told.say(texts("The citizen pays at the payment terminal. Nobody is charged twice"))
        told.ways((texts("Cancel the payment"), "F12", "end", desk.end))
    else:
        told.say(texts("It ends by itself: nothing is to be pressed"), colour="ink2")
    return told


def access_number(look: Look, desk: Desk) -> Told:
    texts, scene = look.texts, desk.scene
    told = Told(look, "id-card", "primary", texts("Enter the access number"))
    field = Field(
        look,
        texts("Six digits printed on the card"),
        name="access_number",
        text=desk.sheet.access_number or scene.typed,
        mistake=texts(scene.mistake) if scene.mistake else "",
        numbers=True,
        characters=10,
    )

    def typed(text: str) -> None:
        desk.sheet.access_number = text

    field.when_edited(typed)
    told.rows.addWidget(Flow(look, (field,)))
    told.ways((texts("Continue"), "Enter", "main", desk.type_access_number))
    return told


def done(look: Look, desk: Desk) -> Told:
    texts, scene = look.texts, desk.scene
    if scene.service is None and scene.basket:
        return _basket_done(look, desk)
    outcome = scene.receipt.outcome if scene.receipt else ReceiptOutcome.AWAITING_DELIVERY
    title, kind, icon, said = (_FREE_ENDINGS if scene.method is PaymentMethod.NONE else _ENDINGS)[outcome]
    attention = outcome is ReceiptOutcome.NEEDS_ATTENTION
    told = Told(
        look, "triangle-alert" if attention else "circle-check", "warning" if attention else "success", texts(title)
    )
    number = scene.receipt.number if scene.receipt else scene.commitment.receipt_number if scene.commitment else ""
    told.say(texts("Receipt number"), colour="ink2")
    told.say(texts.isolated(number), figure=True)
    words = ""
    if scene.outcome is not None:
        words = scene.outcome.words_ar if texts.language == "ar" else scene.outcome.words_en
    told.notice(kind, texts(said), words, icon)
    told.notice(*_printed(scene, texts))
    if scene.basket:
        told.notice("warning", rest_words(scene, texts), icon="list-checks")
    copy = (texts("Print a copy"), "F9", "copy", desk.copy)
    rest = (texts("To the basket"), "F9", "basket", desk.basket.want)
    told.ways(
        *((rest,) if scene.basket else ()),
        (texts("Next citizen"), "F2", "next", desk.new_person),
        *(() if scene.basket else (copy,)),
        (texts("Another service"), "F3", "another_service", lambda: desk.over(Over.FINDER)),
        (texts("End visit"), "F12", "end", desk.end),
    )
    return told


def rest_words(scene: Scene, texts: Texts) -> str:
    """What else is ready and unpaid."""
    amount = texts.amount(sum(entry.total_fils for entry in scene.basket))
    return texts.plural(
        "{n} service is still to be paid: {amount}",
        "{n} services are still to be paid: {amount}",
        len(scene.basket),
        amount=amount,
    )


def _basket_done(look: Look, desk: Desk) -> Told:
    """Several were paid at once: each with its number and its agency's word."""
    texts, scene = look.texts, desk.scene
    outcomes = {outcome_on_paper(entry.outcome) for entry in scene.basket if entry.outcome is not None}
    worst = next((one for one in _WORST_FIRST if one in outcomes), ReceiptOutcome.AWAITING_DELIVERY)
    title, kind, icon, _ = (_FREE_ENDINGS if scene.method is PaymentMethod.NONE else _ENDINGS)[worst]
    told = Told(look, icon, "success" if kind == "success" else "warning", texts(title))
    told.rows.addWidget(basket_table(look, desk))
    failed = next((entry for entry in scene.basket if entry.print_failure is not None), scene.basket[0])
    told.notice(*_printed(failed, texts))
    told.ways(
        (texts("Next citizen"), "F2", "next", desk.new_person),
        (texts("Print copies"), "F9", "copy", desk.copy),
        (texts("Another service"), "F3", "another_service", lambda: desk.over(Over.FINDER)),
        (texts("End visit"), "F12", "end", desk.end),
    )
    return told


_WORST_FIRST = (ReceiptOutcome.NEEDS_ATTENTION, ReceiptOutcome.AWAITING_DELIVERY, ReceiptOutcome.ACCEPTED)

_ENDINGS: dict[ReceiptOutcome, tuple[str, NoticeKind, str, str]] = {
    ReceiptOutcome.ACCEPTED: (
        message("Paid and accepted"),
        "success",
        "circle-check",
        message("Delivered and accepted"),
    ),
    ReceiptOutcome.AWAITING_DELIVERY: (
        message("Paid, and the transaction is saved"),
        "warning",
        "cloud-off",
        message("Awaiting delivery to the agency"),
    ),
    ReceiptOutcome.NEEDS_ATTENTION: (
        message("Paid, and needs attention"),
        "warning",
        "triangle-alert",
        message("Needs attention"),
    ),
}


_FREE_ENDINGS: dict[ReceiptOutcome, tuple[str, NoticeKind, str, str]] = {
    ReceiptOutcome.ACCEPTED: (message("Sent and accepted"), *_ENDINGS[ReceiptOutcome.ACCEPTED][1:]),
    ReceiptOutcome.AWAITING_DELIVERY: (
        message("The request is saved"),
        *_ENDINGS[ReceiptOutcome.AWAITING_DELIVERY][1:],
    ),
    ReceiptOutcome.NEEDS_ATTENTION: (
        message("Sent, and needs attention"),
        *_ENDINGS[ReceiptOutcome.NEEDS_ATTENTION][1:],
    ),
}
"""Where nothing was due."""


def _printed(scene: Scene, texts: Texts) -> tuple[NoticeKind, str, str, str]:
    if scene.print_failure is not None:
        text = FAILURES[scene.print_failure.failure]
        values = failure_values(scene.print_failure, scene, texts)
        return "warning", texts(text.title, **values), texts("Put that right, then print: F9"), "printer"
    if scene.print_state is PrintState.UNCONFIRMED:
        return "warning", texts("Did it come out?"), texts("If not, print a copy"), "printer"
    copies = texts("Copies printed: {n}", n=scene.copies) if scene.copies else ""
    return "information", texts("The receipt is printed"), copies, "printer"


def parked(look: Look, desk: Desk) -> Told:
    texts, scene = look.texts, desk.scene
    assert scene.parked is not None
    told = Told(look, "bookmark", "primary", texts("The request is saved"))
    told.say(texts("Reference number"), colour="ink2")
    told.say(texts.isolated(scene.parked.reference), figure=True)
    told.say(texts("Finish it by {date}", date=texts.date(scene.parked.until)))
    if scene.slip_printed:
        told.notice("information", texts("The slip says the same"), icon="printer")
    else:
        told.notice("warning", texts("No slip was printed: note the reference"), icon="pencil")
    told.ways(
        (texts("Next citizen"), "F2", "next", desk.new_person),
        (texts("Another service"), "F3", "another_service", lambda: desk.over(Over.FINDER)),
        (texts("End visit"), "F12", "end", desk.end),
    )
    return told


def failed(look: Look, desk: Desk) -> Told:
    """The same texts as the citizen's page, and what staff do where that differs."""
    texts, scene = look.texts, desk.scene
    failure = scene.failure or ServiceFailure(Failure.INTERNAL)
    text, values = FAILURES[failure.failure], failure_values(failure, scene, texts)
    told = Told(look, "triangle-alert", "warning", texts(text.title, **values))
    if scene.identity is not None or scene.money is not Money.NOTHING:
        money = texts(MONEY_TEXTS[scene.money], amount=texts.amount(scene.total_fils))
        if scene.money is Money.NOTHING:
            told.say(money)
        else:
            told.notice("warning", money, icon="banknote" if scene.money is Money.CASH_IN_HAND else "credit-card")
    told.say(texts(text.staff or text.advice, **values))
    if scene.parked is not None:
        told.notice(
            "information",
            texts("The request is saved: reference {reference}", reference=scene.parked.reference),
            icon="bookmark",
        )
    ways: list[OnWay] = []
    if Way.CONTINUE in text.ways:
        ways.append((texts("Continue"), "Enter", "continue", desk.try_again))
    if (way_out := scene.way_out) is not None:
        settle = partial(desk.choose_service, way_out.id)
        ways.append((texts.of(way_out.title), "Enter", "way_out", settle))
    elif desk.can_change_answers():
        ways.append((texts("Change an answer"), "Enter", "change", desk.change_answers))
    elif Way.TRY_AGAIN in text.ways:
        ways.append((texts("Try again"), "Enter", "try_again", desk.try_again))
    if desk.can_park():
        ways.append((texts("Save the request"), "F10", "save", desk.park))
    if desk.can_choose_service():
        ways.append((texts("Another service"), "F3", "another_service", lambda: desk.over(Over.FINDER)))
    ways.append((texts("End visit"), "F12", "end", desk.end))
    told.ways(*ways)
    told.say(texts("Support code {code}", code=failure.failure.value), colour="ink2")
    return told


def cash_in_doubt(look: Look, desk: Desk) -> Told:
    """What became of cash that was on record when the program stopped: only a person knows."""
    texts, item = look.texts, desk.office.deciding
    told = Told(look, "banknote", "warning", texts("What became of this cash?"))
    if item is not None:
        told.say(texts.amount(item.amount_fils), figure=True)
        since = texts.date_time(item.since)
        told.say(texts("Reference {reference}, {time}", reference=item.reference, time=since), colour="ink2")
        told.say(texts("The program stopped after the cash was taken. Count it before you answer"))
        told.ways(
            (texts("It is in the drawer: complete it"), "1", "cash:kept", lambda: desk.office.settle(kept=True)),
            (texts("It was given back"), "2", "cash:returned", lambda: desk.office.settle(kept=False)),
        )
    return told
