"""The errands at the tax department: what is owed is paid in part, and a clearance is had once nothing is owed."""

from __future__ import annotations

from ui.tour.errands import Errand, ask, choose, keep, run, settle, take_way_out
from ui.tour.visits import Visitor

_MINE = (("whose", choose("mine")),)
_BUSINESS = (("whose", choose("business")), ("which-business", keep()))


def balance_is_paid_in_part(visitor: Visitor) -> None:
    """One year is left for later; what is under objection and what is not due yet cannot be ticked."""
    visitor.greet("salma")
    visitor.open_service("tax.balance")
    visitor.hand.touch("main")
    visitor.arrive("steps", step="whose")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.arrive("quote")
    visitor.hand.touch("next")
    visitor.note("not-paid-now")
    visitor.hand.touch("previous")
    visitor.hand.touch("line:INC-2024")
    visitor.note("one-year-left-for-later")
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    settle(visitor)


def business_balance_is_paid(visitor: Visitor) -> None:
    """The number of the business is known from the card; a credit is taken off, and it is said."""
    run(visitor, Errand("tax.balance", _BUSINESS, english=True))


def credit_is_told(visitor: Visitor) -> None:
    """Nothing is due: there is nothing to pay, and the credit is told."""
    visitor.greet("karim", english=True)
    visitor.open_service("tax.balance")
    visitor.hand.touch("main")
    visitor.arrive("steps", step="whose")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.arrive("quote", step="credit")
    visitor.leave()


def clearance_after_paying(visitor: Visitor) -> None:
    """Something is due: no fee is taken, the way out is named, and after paying the clearance is requested."""
    visitor.greet("omar")
    visitor.open_service("tax.clearance")
    visitor.hand.touch("main")
    visitor.arrive("steps", step="whose")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="something-is-due")
    take_way_out(visitor, "whose-balance")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.go_to_check()
    settle(visitor)
    run(visitor, Errand("tax.clearance", (*_MINE, ("what-for", choose("tender"))), card="omar"))


def clearance_is_requested(visitor: Visitor) -> None:
    """The fee is lower than at the counter, and the page says why."""
    ask(visitor, Errand("tax.clearance", (*_MINE, ("what-for", choose("bank"))), card="karim", english=True))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)
