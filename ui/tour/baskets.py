"""Visits with several services: paid at once by one movement of money, or one after the other."""

from __future__ import annotations

from ui.tour.errands import Errand, ask_for, choose, digits, keep, plate
from ui.tour.visits import Visitor


def _fine(number: str) -> Errand:
    """The series in which the sandbox has one fine for each number."""
    return Errand("traffic.fines", (("which-fines", choose("vehicle")), ("which-vehicle", plate("77", number))))


def _box(number: str) -> Errand:
    answers = (("which-box", digits(number)), ("which-size", keep()), ("how-long", digits("1")))
    return Errand("post.box", answers)


def _fill(visitor: Visitor, first: Errand, second: Errand) -> None:
    """To the basket with both; the second is asked for from the first one's check page."""
    ask_for(visitor, first)
    visitor.hand.touch("add")
    visitor.arrive("choosing_service", step="another-service")
    ask_for(visitor, second)
    visitor.hand.touch("main")
    visitor.arrive("basket")


def several_at_once(visitor: Visitor) -> None:
    visitor.greet("salma")
    _fill(visitor, _fine("52001"), _box("5201"))
    visitor.pay(services=2)
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 2, "a receipt for each service")
    visitor.leave()
    visitor.wait_for_delivery()


def several_without_a_line(visitor: Visitor) -> None:
    """Both amounts are before the person when the line goes: both are taken, and wait."""
    visitor.greet("karim", english=True)
    _fill(visitor, _fine("52002"), _box("5202"))
    visitor.world.cut_line()
    visitor.hand.wait_for_page("failed")
    visitor.note("line-lost")
    visitor.hand.touch("continue")
    visitor.arrive("basket", step="basket-offline")
    visitor.pay(services=2)
    visitor.leave()
    visitor.world.restore_line()
    visitor.wait_for_delivery()


def one_by_one(visitor: Visitor) -> None:
    """The first is paid and its paper taken; the page leads on to the other."""
    visitor.greet("salma", english=True)
    _fill(visitor, _fine("52003"), _box("5203"))
    visitor.pay(press="apart")
    visitor.hand.touch("basket")
    visitor.arrive("basket", step="the-other")
    visitor.pay()
    visitor.leave()
    visitor.wait_for_delivery()
