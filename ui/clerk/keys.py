"""What every function key of the counter does at this moment; a key never means two things at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from kiosk.scene import State
from kiosk.texts import Texts
from kiosk.transaction import PaymentMethod
from ui.clerk.desk import ENDED, FREE, MONEY_MOVES, Desk
from ui.clerk.sheet import Over, Section
from ui.staff.keys import KeyAct

Act = Callable[[], object]
_MAY_WANT = frozenset({State.CHECK_ANSWERS, State.CHOOSING_SERVICE})
_AGREED_TO = frozenset({State.CHECK_ANSWERS, State.BASKET})
"""Where an amount is before the citizen's eyes."""


def bar(desk: Desk, texts: Texts, enter: Act | None, *, enter_words: str) -> tuple[KeyAct, ...]:
    """F1 to F12, Esc and Enter, each in its place; without an act where it does nothing now."""
    return (
        KeyAct("F1", texts("Keys"), partial(desk.over, Over.KEYS)),
        KeyAct("F2", texts("New citizen"), _new_person(desk)),
        KeyAct("F3", texts("Find service"), partial(desk.over, Over.FINDER) if desk.can_choose_service() else None),
        KeyAct("F4", texts("Read card"), _read_card(desk)),
        KeyAct("F5", texts("Last service"), _repeat(desk)),
        KeyAct("F6", _call_words(desk, texts), desk.office.answer_call if desk.office.now.calls else None),
        _f7(desk, texts),
        _f8(desk, texts),
        _f9(desk, texts),
        _f10(desk, texts),
        _f11(desk, texts),
        _f12(desk, texts),
        KeyAct("Esc", texts("Back"), _back(desk)),
        KeyAct("Enter", enter_words, enter),
    )


def _new_person(desk: Desk) -> Act | None:
    state = desk.scene.state
    return desk.new_person if state is State.IDLE or state in ENDED or state is State.CHOOSING_SERVICE else None


def _read_card(desk: Desk) -> Act | None:
    state = desk.scene.state
    return desk.read_card if state in FREE or state in ENDED else None


def _repeat(desk: Desk) -> Act | None:
    return desk.repeat_service if desk.last_service and desk.can_choose_service() else None


def _pay(desk: Desk, method: PaymentMethod) -> Act | None:
    possible = desk.scene.state in _AGREED_TO and desk.till.takes(method)
    return partial(desk.till.pay_by, method) if possible else None


def _f7(desk: Desk, texts: Texts) -> KeyAct:
    """Before a service is chosen nothing is paid; then the key asks what became of earlier requests."""
    state = desk.scene.state
    if desk.requests.is_there() and (state in {State.IDLE, State.CHOOSING_SERVICE} or state in ENDED):
        return KeyAct("F7", texts("Earlier requests"), desk.requests.open)
    return KeyAct("F7", texts("Bank card"), _pay(desk, PaymentMethod.BANK_CARD))


def _f8(desk: Desk, texts: Texts) -> KeyAct:
    if desk.scene.correcting is not None:
        attention = desk.office.attention
        return KeyAct("F8", texts("Send corrected"), attention.want_to_send if attention.may_be_sent_now() else None)
    if desk.scene.state in _AGREED_TO and desk.scene.method is PaymentMethod.NONE:
        return KeyAct("F8", texts("Send the request"), desk.till.pay if desk.till.can_pay() else None)
    return KeyAct("F8", texts("Cash"), _pay(desk, PaymentMethod.CASH))


def _call_words(desk: Desk, texts: Texts) -> str:
    office = desk.office.now
    return texts("Help given") if office.calls and not office.unanswered() else texts("Answer a call")


def _f9(desk: Desk, texts: Texts) -> KeyAct:
    if desk.scene.state is State.IDLE:
        return KeyAct("F9", texts("Receipts"), partial(desk.office.open_section, Section.RECEIPTS))
    if desk.basket.is_left() or desk.scene.state in _MAY_WANT:
        words = texts("Add to basket") if desk.scene.state is State.CHECK_ANSWERS else texts("Basket")
        return KeyAct("F9", words, desk.basket.want if desk.basket.can_be_wanted() else None)
    able = desk.scene.state is State.DONE and bool(desk.receipts())
    return KeyAct("F9", texts("Copy"), desk.copy if able else None)


def _f10(desk: Desk, texts: Texts) -> KeyAct:
    if desk.scene.state is State.IDLE:
        return KeyAct("F10", texts("Saved"), partial(desk.office.open_section, Section.SAVED))
    if desk.scene.state is State.CHOOSING_SERVICE and desk.scene.offers:
        return KeyAct("F10", texts("Continue it"), partial(desk.resume, desk.scene.offers[0].reference))
    return KeyAct("F10", texts("Save"), desk.park if desk.can_park() else None)


def _f11(desk: Desk, texts: Texts) -> KeyAct:
    if desk.scene.state is State.IDLE:
        return KeyAct("F11", texts("To be settled"), partial(desk.office.open_section, Section.UNRESOLVED))
    able = desk.scene.state in _AGREED_TO and desk.scene.correcting is None
    return KeyAct("F11", texts("Agreed aloud"), desk.till.consent if able else None)


def _f12(desk: Desk, texts: Texts) -> KeyAct:
    state = desk.scene.state
    if state in FREE:
        return KeyAct("F12", texts("Sign out"), desk.sign_out)
    if state is State.PAYING and desk.scene.method is PaymentMethod.BANK_CARD and desk.scene.correcting is None:
        return KeyAct("F12", texts("Cancel the payment"), desk.end)
    return KeyAct("F12", texts("End and clear"), None if state in MONEY_MOVES else desk.end)


def _back(desk: Desk) -> Act | None:
    if desk.sheet.over is not Over.NOTHING:
        return desk.close_over
    signing = desk.scene.signing
    if desk.scene.state is State.SIGNING and signing is not None and not signing.working:
        return desk.back
    able = desk.scene.state in {State.STEPS, State.ENQUIRING, State.QUOTE, State.CHECK_ANSWERS}
    return desk.back if able else None
