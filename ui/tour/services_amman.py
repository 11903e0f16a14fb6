"""The errands at Greater Amman Municipality: a shop's licence is renewed, and what is in arrears is paid."""

from __future__ import annotations

from ui.tour.errands import Answer, Errand, agree, ask, choose, digits, keep, run, settle, take_way_out
from ui.tour.visits import Visitor

_AS_ON_FILE: tuple[tuple[str, Answer], ...] = (("which-licence", keep()), ("sign", keep()), ("declaration", agree()))


def licence_is_renewed(visitor: Visitor) -> None:
    """The card says which licence it is, the municipality what it looks like: the holder only agrees, and pays."""
    ask(visitor, Errand("amman.profession_licence", _AS_ON_FILE))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    settle(visitor)


def several_years_are_renewed(visitor: Visitor) -> None:
    """Two licences are in the holder's name: he types the number of one. The sign was taken down."""
    answers = (("which-licence", digits("206157")), ("sign", choose("none")), ("declaration", agree()))
    run(visitor, Errand("amman.profession_licence", answers, card="omar", english=True))


def home_business_pays_nothing(visitor: Visitor) -> None:
    """No fee is asked for: nothing of paying is said, and the licence is renewed all the same."""
    ask(visitor, Errand("amman.profession_licence", _AS_ON_FILE, card="karim", english=True))
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("done", "failed")
    visitor.hand.let_pass(400)
    visitor.note("done")
    visitor.expect(visitor.hand.page() == "done", "the renewal did not end on the done page")
    visitor.leave()
    visitor.wait_for_delivery()


def arrears_are_paid_in_part(visitor: Visitor) -> None:
    """One line is left for later; what is at court cannot be ticked."""
    visitor.greet("salma", english=True)
    visitor.open_service("amman.arrears")
    visitor.hand.touch("main")
    visitor.arrive("steps", step="which-arrears")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.arrive("quote")
    visitor.hand.touch("line:P-7004821-2026")
    visitor.note("one-left-for-later")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    settle(visitor)


def arrears_go_before_the_licence(visitor: Visitor) -> None:
    """The licence waits for its arrears; once they are paid, with nothing typed, it is renewed."""
    answers: tuple[tuple[str, Answer], ...] = (("which-licence", digits("206158")),)
    visitor.greet("omar")
    visitor.open_service("amman.profession_licence")
    visitor.hand.touch("main")
    for name, answer in answers:
        visitor.arrive("steps", step=name)
        answer(visitor)
        visitor.hand.touch("main")
    visitor.arrive("failed", step="arrears-first")
    take_way_out(visitor, "which-arrears")
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.go_to_check()
    settle(visitor)
    run(visitor, Errand("amman.profession_licence", (*answers, *_AS_ON_FILE[1:]), card="omar"))


def account_of_another_is_paid(visitor: Visitor) -> None:
    """By its number: what is owed is told, not where and since when."""
    answers = (("which-arrears", choose("property")), ("which-account", digits("7000001")))
    run(visitor, Errand("amman.arrears", answers, card="karim"))
