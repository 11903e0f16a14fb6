"""The errands at Social Security: a subscription from joining to stopping, and the statement of what was paid."""

from __future__ import annotations

from ui.tour.errands import Errand, agree, ask, choose, digits, keep, run, settle
from ui.tour.visits import Visitor

_VOLUNTARY = "social_security.voluntary"


def person_joins(visitor: Visitor) -> None:
    """Only what is open is offered; a wage outside its bounds is put right, and the first month is paid."""
    visitor.greet("salma")
    visitor.open_service(_VOLUNTARY)
    visitor.hand.touch("main")
    visitor.arrive("steps", step="what-to-do")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:digits") is not None, "the wage to be asked")
    visitor.hand.type_digits("200")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("put_right") is not None, "what is to be put right")
    visitor.note("wage-too-small")
    visitor.hand.touch("key:clear")
    visitor.hand.type_digits("290")
    visitor.note("wage")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("option:agreed") is not None, "the declaration")
    agree()(visitor)
    visitor.note("declaration")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def contributions_are_paid(visitor: Visitor) -> None:
    """Two months are due and late: what is to be done is chosen already."""
    run(visitor, Errand(_VOLUNTARY, (("what-to-do", keep()),), card="karim", english=True))


def wage_is_changed(visitor: Visitor) -> None:
    """It costs nothing, and what it comes to is told before it is sent."""
    answers = (("what-to-do", choose("change")), ("wage", digits("350")))
    run(visitor, Errand(_VOLUNTARY, answers, card="omar"))


def subscription_is_stopped(visitor: Visitor) -> None:
    """What was changed before is on file: a wage is cut once."""
    run(visitor, Errand(_VOLUNTARY, (("what-to-do", choose("stop")),), card="omar", english=True))


def insured_person_is_told(visitor: Visitor) -> None:
    """Whoever is insured by an employer learns it before anything is typed."""
    ask_number = visitor.world.access_number("layla")
    visitor.hand.wait_for_page("idle")
    visitor.world.insert_card("layla")
    visitor.arrive("access_number")
    visitor.hand.type_digits(ask_number)
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("choosing_service")
    visitor.open_service(_VOLUNTARY)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="insured-already")
    visitor.leave()


def statement_is_requested(visitor: Visitor) -> None:
    """One question, and nothing to pay."""
    run(visitor, Errand("social_security.statement", (("which-period", keep()),), card="omar"))


def statement_is_requested_without_a_line(visitor: Visitor) -> None:
    """Nobody can say what is on file: the request waits for the line."""
    online_words = visitor.hand.words("line_state")
    visitor.world.cut_line()
    visitor.hand.wait_until(lambda: visitor.hand.words("line_state") != online_words, "the line state to change")
    answers = (("which-period", choose("all")),)
    ask(visitor, Errand("social_security.statement", answers, card="karim", english=True))
    visitor.pay()
    visitor.leave()
    visitor.world.restore_line()
    visitor.wait_for_delivery()
