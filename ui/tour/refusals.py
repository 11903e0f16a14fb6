"""A refusal at the counter, by keys alone: paid without a line, refused when it is back, and the money given back."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.scene import State
from kiosk.transaction import TransactionState
from ui.clerk.attention_desk import Step
from ui.tour.clerks import SHIFT, begin_without_card, enquire_by_plate, find_fines, sign_in, sign_out
from ui.tour.counter import Clerk

K = Qt.Key
DELIVERY_SECONDS = 60.0
"""After an outage delivery goes on by itself, after a drawn pause."""


def given_back(clerk: Clerk, *, number: str, plate: str, english: bool = False) -> None:
    """`plate` is a number of the series 77, which owes one fine; `number` the national number of who pays it."""
    if english:
        clerk.key(K.Key_F1, SHIFT)
        clerk.touch_on_display("language")  # in which the papers come
    sign_in(clerk)
    before = clerk.observe()
    _pays_without_a_line(clerk, number, plate)
    (transaction,) = set(clerk.observe().ledger) - set(before.ledger)
    _is_refused(clerk, transaction, plate)
    _two_people_agree(clerk)
    _cash_goes_back(clerk, transaction)
    _is_found_again(clerk)
    sign_out(clerk)


def _pays_without_a_line(clerk: Clerk, number: str, plate: str) -> None:
    """The agency's quote is there when the line goes: cash is taken on it, and the receipt says that it waits."""
    begin_without_card(clerk, number)
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    find_fines(clerk)
    enquire_by_plate(clerk, plate)
    clerk.world.cut_line()
    clerk.wait(State.FAILED)
    clerk.note("line-lost")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHECK_ANSWERS)
    clerk.key(K.Key_F8)
    clerk.until(lambda: clerk.focused() == "tendered", "the received amount to have the focus")
    clerk.type("20")
    clerk.key(K.Key_F11)
    clerk.note("paid-without-a-line", display=True)
    clerk.key(K.Key_F8)
    clerk.key(K.Key_F8)
    clerk.wait(State.DONE)
    clerk.note("receipt-awaits-delivery", display=True)
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def _is_refused(clerk: Clerk, transaction: str, plate: str) -> None:
    """Meanwhile the same fine was paid at the agency's own window. The clerk is told without asking."""
    clerk.world.pay_at_the_agency(f"77-{plate}")
    clerk.world.restore_line()
    clerk.until(
        lambda: bool(clerk.counter.desk.office.now.attention), "the counter to be told of the refusal", DELIVERY_SECONDS
    )
    state = clerk.observe().ledger[transaction]
    clerk.expect(state == TransactionState.NEEDS_ATTENTION, f"the refused transaction is {state}")
    clerk.note("told-of-the-refusal")
    clerk.key(K.Key_F11)
    clerk.note("refused-in-the-list")
    clerk.key(K.Key_1)
    _arrive(clerk, Step.WAYS)
    clerk.note("the-ways-on")


def _two_people_agree(clerk: Clerk) -> None:
    """The clerk says why, and both show their PIN: the supervisor after a wrong one."""
    clerk.key(K.Key_2)
    _arrive(clerk, Step.REASON)
    clerk.note("why")
    clerk.key(K.Key_1)
    _arrive(clerk, Step.OWN_PIN)
    clerk.note("own-pin")
    _show_pin(clerk, clerk.pins["rana"])
    _arrive(clerk, Step.SUPERVISOR)
    _show_pin(clerk, "000000")
    clerk.until(lambda: clerk.counter.desk.office.attention.refused is not None, "the wrong PIN to be refused")
    clerk.note("supervisors-pin-wrong")
    _show_pin(clerk, clerk.pins["huda"])


def _cash_goes_back(clerk: Clerk, transaction: str) -> None:
    """Counted out, then recorded, then the slip; and the centre hears of it by itself."""
    _arrive(clerk, Step.HAND_OUT)
    clerk.note("count-out")
    papers = clerk.world.papers()
    clerk.key(K.Key_1)
    _arrive(clerk, Step.ANSWERED)
    clerk.until(lambda: clerk.world.papers() == papers + 1, "the correction's slip")
    clerk.note("given-back")
    state = clerk.observe().ledger[transaction]
    clerk.expect(state == TransactionState.REVERSED, f"what was given back is {state}")
    clerk.key(K.Key_Escape)
    clerk.until(lambda: not clerk.counter.desk.office.now.attention, "nothing to be left to settle")
    clerk.until(lambda: _is_delivered(clerk), "the centre to have the reversal", DELIVERY_SECONDS)
    clerk.note("nothing-to-settle")


def _is_found_again(clerk: Clerk) -> None:
    """The receipt is still in the list, and says what became of it."""
    clerk.key(K.Key_F9)
    clerk.key(K.Key_1)
    _arrive(clerk, Step.CORRECTED)
    clerk.note("the-receipt-was-corrected")
    clerk.key(K.Key_Escape)


def _is_delivered(clerk: Clerk) -> bool:
    waiting = {TransactionState.COMMITTED, TransactionState.SENT}
    return not waiting.intersection(clerk.observe().ledger.values())


def _show_pin(clerk: Clerk, pin: str) -> None:
    clerk.until(lambda: clerk.focused() == "pin", "the PIN to have the focus")
    clerk.type(pin)
    clerk.key(K.Key_Return)


def _arrive(clerk: Clerk, step: Step) -> None:
    clerk.until(lambda: clerk.counter.desk.office.attention.step is step, f"the step {step.value}")
