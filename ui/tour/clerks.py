"""A morning at the counter, by keys alone: cash with a card, without one, for others, saved, called, locked, out."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.scene import State
from ui.clerk.session import Door
from ui.tour.counter import ALT, Clerk

K = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def morning(clerk: Clerk, *, english: bool = False, plates: tuple[str, str, str] = ("21", "22", "23")) -> None:
    """`plates` are numbers of the series 77, each of which owes one fine."""
    if english:
        clerk.key(K.Key_F1, SHIFT)
    sign_in(clerk)
    cash_with_a_card(clerk, plates[0])
    bank_card_without_a_card(clerk, plates[1])
    for_somebody_else(clerk)
    parked_and_taken_up(clerk, plates[2])
    card_with_a_number(clerk)
    without_a_line(clerk)
    called_by_a_kiosk(clerk)
    locked_when_left(clerk)
    sign_out(clerk)


def sign_in(clerk: Clerk) -> None:
    """A wrong PIN first: what is left is told, and nothing about which of the two was wrong."""
    clerk.until(lambda: clerk.focused() == "pin", "the sign-in page")
    clerk.note("sign-in", display=True)
    _choose(clerk, "rana")
    clerk.type("000000")
    clerk.key(K.Key_Return)
    clerk.until(lambda: clerk.see("refused") is not None, "to be told that name or PIN does not match")
    clerk.note("sign-in-refused")
    clerk.type(clerk.pins["rana"])
    clerk.key(K.Key_Return)
    clerk.until(lambda: clerk.door is Door.OPEN, "the counter to open")
    clerk.note("nobody-served", display=True)


def _choose(clerk: Clerk, member: str) -> None:
    page = clerk.counter.window.page
    for _ in range(len(clerk.pins)):
        if getattr(page, "chosen", lambda: "")() == member:
            return
        clerk.key(K.Key_Down)
        page = clerk.counter.window.page


def find_fines(clerk: Clerk, *, picture: bool = False) -> None:
    """Three keys: F3, a letter, Enter."""
    if clerk.focused() != "search":
        clerk.key(K.Key_F3)
    clerk.until(lambda: clerk.focused() == "search", "the search to have the focus")
    clerk.type("f")
    if picture:
        clerk.note("service-found-in-three-keys")
    clerk.key(K.Key_Return)
    clerk.wait(State.STEPS)


def enquire_by_plate(clerk: Clerk, number: str) -> None:
    clerk.until(lambda: clerk.focused() == "step:search_by", "the form to have the focus")
    clerk.key(K.Key_Down)
    clerk.key(K.Key_Tab)
    clerk.type(f"77-{number}")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHECK_ANSWERS)


def begin_without_card(clerk: Clerk, number: str) -> None:
    """F2, the number as on the document, which document it is, a name."""
    clerk.key(K.Key_F2)
    clerk.until(lambda: clerk.focused() == "national_number", "the number to have the focus")
    clerk.type(number)
    clerk.key(K.Key_Tab)
    clerk.key(K.Key_Down)
    clerk.key(K.Key_Down)
    clerk.key(K.Key_Tab)
    clerk.type("Maryam")


def cash_with_a_card(clerk: Clerk, plate: str) -> None:
    """Card in, fine found, cash counted, consent spoken; change to give back stands large."""
    before, papers = clerk.observe(), clerk.world.papers()
    clerk.world.insert_card("salma")
    clerk.wait(State.CHOOSING_SERVICE)
    clerk.note("card-read")
    find_fines(clerk, picture=True)
    clerk.note("form")
    enquire_by_plate(clerk, plate)
    clerk.note("amount", display=True)
    clerk.key(K.Key_F8)
    clerk.until(lambda: clerk.focused() == "tendered", "the received amount to have the focus")
    clerk.type("20")
    clerk.key(K.Key_F11)
    clerk.note("cash-counted", display=True)
    clerk.key(K.Key_F8)
    clerk.key(K.Key_F8)
    clerk.wait(State.DONE)
    clerk.note("cash-done", display=True)
    clerk.expect(len(set(clerk.observe().ledger) - set(before.ledger)) == 1, "not exactly one new transaction")
    clerk.until(lambda: clerk.world.papers() == papers + 1, "the receipt")
    clerk.key(K.Key_F12)
    clerk.wait(State.TAKE_CARD)
    clerk.note("take-card", display=True)
    clerk.world.pull_card()
    clerk.wait(State.IDLE)


def bank_card_without_a_card(clerk: Clerk, plate: str) -> None:
    """No card: number typed, passport seen. The citizen agrees on the own screen and pays at the terminal."""
    begin_without_card(clerk, "9871234560")
    clerk.note("without-a-card")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    find_fines(clerk)
    enquire_by_plate(clerk, plate)
    clerk.touch_on_display("agree")
    clerk.note("agreed-on-the-own-screen", display=True)
    clerk.key(K.Key_F7)
    clerk.wait(State.PAYING, State.DONE)
    clerk.note("paying", display=True)
    clerk.wait(State.DONE)
    clerk.note("bank-card-done")
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def for_somebody_else(clerk: Clerk) -> None:
    """A proxy with a power of attorney, and a parent whose paper is still to be chosen."""
    begin_without_card(clerk, "9871234561")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    find_fines(clerk)
    clerk.key(K.Key_3, ALT)
    clerk.type("9990001112")
    clerk.key(K.Key_Return)
    clerk.until(lambda: bool(clerk.counter.visit.scene().mistakes), "to be told that the paper is missing")
    clerk.note("parent-paper-missing")
    clerk.key(K.Key_2, ALT)
    clerk.key(K.Key_Return)
    clerk.wait(State.CHECK_ANSWERS, State.QUOTE)
    clerk.note("proxy", display=True)
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def parked_and_taken_up(clerk: Clerk, plate: str) -> None:
    """A paper is missing: the case is saved with a slip, and taken up by a number key."""
    begin_without_card(clerk, "9871234562")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    find_fines(clerk)
    enquire_by_plate(clerk, plate)
    papers = clerk.world.papers()
    clerk.key(K.Key_F10)
    clerk.wait(State.PARKED)
    clerk.note("saved")
    clerk.until(lambda: clerk.world.papers() == papers + 1, "the slip")
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)
    clerk.note("saved-in-the-list")
    clerk.key(K.Key_1)
    clerk.wait(State.CHECK_ANSWERS)
    clerk.note("taken-up")
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def card_with_a_number(clerk: Clerk) -> None:
    """A card that opens with the number printed on it; the face comes."""
    clerk.world.insert_card("layla")
    clerk.wait(State.ACCESS_NUMBER)
    clerk.note("access-number")
    clerk.type(clerk.world.access_number("layla"))
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE)
    clerk.until(lambda: clerk.counter.visit.scene().portrait is not None, "the picture from the card")
    clerk.note("face-from-the-card")
    clerk.key(K.Key_F12)
    clerk.wait(State.TAKE_CARD)
    clerk.world.pull_card()
    clerk.wait(State.IDLE)


def without_a_line(clerk: Clerk) -> None:
    """Only the agency can say the amount: told with the same words, and with what staff can do."""
    begin_without_card(clerk, "9871234563")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    find_fines(clerk)
    clerk.world.cut_line()
    clerk.key(K.Key_Return)
    clerk.wait(State.FAILED)
    clerk.note("agency-cannot-be-reached", display=True)
    clerk.world.restore_line()
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def called_by_a_kiosk(clerk: Clerk) -> None:
    """A person at a kiosk of the office touches Help: seen and heard here, and answered by one key."""
    clerk.world.call_from_kiosk()
    clerk.until(lambda: clerk.see("call:waiting") is not None, "the call to be seen")
    clerk.note("called-by-a-kiosk")
    clerk.key(K.Key_F6)
    clerk.until(lambda: clerk.see("call:answered") is not None, "the call to be answered")
    clerk.note("call-answered")
    clerk.key(K.Key_F6)
    clerk.until(lambda: clerk.see("call:answered") is None, "the call to be closed")


def locked_when_left(clerk: Clerk) -> None:
    """Nobody touches a key: the case is kept behind the lock, and neither screen shows anybody."""
    begin_without_card(clerk, "9871234564")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE, State.STEPS)
    clerk.counter.lock()
    clerk.until(lambda: clerk.door is Door.LOCKED, "the lock")
    clerk.note("locked", display=True)
    clerk.type(clerk.pins["rana"])
    clerk.key(K.Key_Return)
    clerk.until(lambda: clerk.door is Door.OPEN, "the lock to open")
    clerk.note("opened-again")
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def sign_out(clerk: Clerk) -> None:
    clerk.key(K.Key_F12)
    clerk.note("once-more-signs-out")
    clerk.key(K.Key_F12)
    clerk.until(lambda: clerk.door is Door.SIGNED_OUT, "the sign-in page")
