"""The errands at the licensing department: a licence is renewed; what has to be in order first is told and mended."""

from __future__ import annotations

from ui.tour.errands import Errand, ask, keep, run, settle, take_way_out
from ui.tour.visits import Visitor

LICENCE = "licensing.vehicle"


def licence_is_renewed(visitor: Visitor) -> None:
    """The vehicle whose licence ends first stands there already: nothing is typed."""
    ask(visitor, Errand(LICENCE, (("which-vehicle", keep()),)))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def hybrid_is_renewed_english(visitor: Visitor) -> None:
    """By the newer table, with what a hybrid is reduced by; its licence ended a few days ago."""
    visitor.greet("karim", english=True)
    visitor.open_service(LICENCE)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-vehicle")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    visitor.hand.touch("next")
    visitor.note("check-answers-next")
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def fines_are_paid_first(visitor: Visitor) -> None:
    """The vehicle has a fine: no fee is taken, the way out is named, and after paying it the licence is renewed. The
    plate is asked once in a visit."""
    visitor.greet("omar", english=True)
    visitor.open_service(LICENCE)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-vehicle")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="a-fine-is-open")
    take_way_out(visitor, "which-fines")
    visitor.hand.touch("option:vehicle")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:code") is not None, "the plate's question")
    visitor.note("the-plate-is-known")
    visitor.hand.touch("main")
    visitor.go_to_check()
    settle(visitor)
    run(visitor, Errand(LICENCE, (("which-vehicle-again", keep()),), card="omar", english=True))


def inspection_is_missing(visitor: Visitor) -> None:
    """Another vehicle than the one that is proposed; what is missing is said before anything is paid."""
    visitor.greet("salma")
    visitor.open_service(LICENCE)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-vehicle")
    visitor.hand.type_digits("151")
    visitor.note("another-vehicle")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="inspection-is-missing")
    visitor.leave()
