"""At the counter, by keys alone: a passport that nothing can read is typed, and a service that only the card opens."""

from __future__ import annotations

from PySide6.QtCore import Qt

from kiosk.scene import State
from ui.tour.clerks import SHIFT, sign_in, sign_out
from ui.tour.counter import ALT, Clerk

K = Qt.Key
_CONTROL = Qt.KeyboardModifier.ControlModifier


def morning(clerk: Clerk, *, english: bool = False) -> None:
    if english:
        clerk.key(K.Key_F1, SHIFT)
        clerk.touch_on_display("language")
    sign_in(clerk)
    _permit_by_a_passport_seen(clerk)
    _sanad_by_the_card(clerk)
    sign_out(clerk)


def _permit_by_a_passport_seen(clerk: Clerk) -> None:
    """The country and the number are typed; what needs a card is not found. The letter is scanned, cash is taken."""
    clerk.key(K.Key_F2)
    clerk.until(lambda: clerk.focused() == "national_number", "the number to have the focus")
    clerk.type("P5500006")
    clerk.key(K.Key_Return)
    clerk.until(lambda: bool(clerk.counter.visit.scene().mistakes), "to be told that the country is missing")
    clerk.note("country-is-missing")
    clerk.key(K.Key_A, _CONTROL)
    clerk.type("UTO P5500006")
    clerk.key(K.Key_Tab)
    clerk.key(K.Key_Down)
    clerk.key(K.Key_Down)
    clerk.key(K.Key_Tab)
    clerk.type("Ana Lopes")
    clerk.note("passport-typed")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHOOSING_SERVICE)
    _search(clerk, "sanad")
    clerk.note("needs-the-card")
    clerk.key(K.Key_A, _CONTROL)
    _open(clerk, "residence")
    clerk.note("what-is-on-file")
    clerk.key(K.Key_4, ALT)
    clerk.until(lambda: clerk.see("document") is not None, "the pages of the letter")
    clerk.key(K.Key_Return)
    clerk.until(lambda: clerk.counter.visit.scene().papers.count() == 1, "the letter to be scanned")
    clerk.note("letter-scanned")
    clerk.key(K.Key_Escape)
    clerk.until(lambda: clerk.see("document") is None, "the form")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHECK_ANSWERS)
    clerk.note("amount", display=True)
    clerk.key(K.Key_F8)
    clerk.until(lambda: clerk.focused() == "tendered", "the received amount to have the focus")
    clerk.type("40")
    clerk.key(K.Key_F11)
    clerk.key(K.Key_F8)
    clerk.key(K.Key_F8)
    clerk.wait(State.DONE)
    clerk.note("permit-requested", display=True)
    clerk.key(K.Key_F12)
    clerk.wait(State.IDLE)


def _sanad_by_the_card(clerk: Clerk) -> None:
    """The card lies in the reader, the clerk sees the face, and the person agrees on the own screen. Whatever phone was
    registered before, this one takes its place."""
    clerk.world.insert_card("salma")
    clerk.wait(State.CHOOSING_SERVICE)
    _search(clerk, "")
    _open(clerk, "sanad")
    fields = {"step:phone", "step:declaration"}
    clerk.until(lambda: clerk.focused() in fields, "the form to have the focus")
    if clerk.focused() == "step:declaration":  # a phone is registered already, and stands there
        clerk.key(K.Key_Backtab, SHIFT)
    clerk.key(K.Key_A, _CONTROL)
    clerk.type("0781112223")
    clerk.key(K.Key_Tab)
    clerk.key(K.Key_Space)
    clerk.note("registration")
    clerk.key(K.Key_Return)
    clerk.wait(State.CHECK_ANSWERS)
    clerk.touch_on_display("agree")
    clerk.note("agreed", display=True)
    clerk.key(K.Key_F8)
    clerk.wait(State.DONE)
    clerk.note("registered", display=True)
    clerk.key(K.Key_F12)
    clerk.wait(State.TAKE_CARD)
    clerk.world.pull_card()
    clerk.wait(State.IDLE)


def _search(clerk: Clerk, typed: str) -> None:
    if clerk.focused() != "search":
        clerk.key(K.Key_F3)
    clerk.until(lambda: clerk.focused() == "search", "the search to have the focus")
    clerk.type(typed)


def _open(clerk: Clerk, typed: str) -> None:
    clerk.type(typed)
    clerk.key(K.Key_Return)
    clerk.wait(State.STEPS)
