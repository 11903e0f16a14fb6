"""The errands of who lives in Jordan with a passport: a permit is renewed, over two visits, and not twice."""

from __future__ import annotations

from ui.tour.errands import Errand, ask_for, choose, go_on, keep, scan, settle
from ui.tour.visits import Visitor

_PERMIT = "residence.permit"


def permit_is_kept(visitor: Visitor) -> None:
    """What needs a national card is not offered, and the search says why. When nobody is there any more, what was
    answered is kept for the passport."""
    visitor.greet("elena")
    visitor.expect(visitor.hand.see("service:traffic.fines") is None, "it is offered without a national card")
    visitor.hand.touch("search")
    for letter in "مخالف":
        visitor.hand.touch(f"key:{letter}")
    visitor.note("needs-the-national-card")
    visitor.hand.touch("back")
    visitor.hand.wait_until(lambda: visitor.hand.see(f"service:{_PERMIT}") is not None, "the home")
    answers = (("is-this-your-permit", keep()), ("for-how-long", choose("2")), ("letter", scan()))
    ask_for(visitor, Errand(_PERMIT, answers))
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    visitor.time_out()
    visitor.hand.wait_for_page("time_warning")
    visitor.time_out()
    visitor.hand.wait_for_page("take_card")
    visitor.world.pull_card()
    visitor.hand.wait_for_page("idle")


def permit_is_renewed(visitor: Visitor, *, english: bool = False) -> None:
    """The same passport goes on; only the letter, which is never kept, is scanned anew. Paid, and requested."""
    visitor.greet("elena", english=english)
    (offer,) = visitor.hand.sees("resume:")
    visitor.hand.touch(offer)
    visitor.arrive("steps", step="letter-again")
    scan()(visitor)
    visitor.note("letter-scanned")
    go_on(visitor)
    visitor.arrive("check_answers")
    settle(visitor)


def permit_is_renewed_once(visitor: Visitor) -> None:
    """While the letter is read, nobody pays a second time."""
    visitor.greet("elena")
    visitor.open_service(_PERMIT)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="being-renewed")
    visitor.leave()
