"""The errands of who lives in Jordan with a passport: a permit is renewed, and not twice; what is half done is kept."""

from __future__ import annotations

from ui.tour.errands import Errand, ask, ask_for, choose, digits, keep, scan, settle
from ui.tour.visits import Visitor

_PERMIT = "residence.permit"
_BOX = (("which-box", digits("2030")), ("which-size", keep()), ("how-many-years", digits("1")))


def permit_is_renewed(visitor: Visitor, *, english: bool = False) -> None:
    """What needs a national card is not offered, and the search says why. What is on file is not asked; the employer's
    letter is scanned, and the paper says until when the permit will be."""
    visitor.greet("elena", english=english)
    visitor.expect(visitor.hand.see("service:traffic.fines") is None, "it is offered without a national card")
    visitor.hand.touch("search")
    for letter in "fines" if english else "مخالف":
        visitor.hand.touch(f"key:{letter}")
    visitor.note("needs-the-national-card")
    visitor.hand.touch("back")
    visitor.hand.wait_until(lambda: visitor.hand.see(f"service:{_PERMIT}") is not None, "the home")
    answers = (("is-this-your-permit", keep()), ("for-how-long", choose("2")), ("letter", scan()))
    ask_for(visitor, Errand(_PERMIT, answers))
    settle(visitor)


def permit_is_renewed_once(visitor: Visitor) -> None:
    """While the letter is read, nobody pays a second time."""
    visitor.greet("elena", english=True)
    visitor.open_service(_PERMIT)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="being-renewed")
    visitor.leave()


def half_done_is_kept(visitor: Visitor) -> None:
    """Another service that a passport is enough for; nobody is there any more, and it is kept for the passport."""
    ask(visitor, Errand("post.box", _BOX, card="elena"))
    visitor.time_out()
    visitor.hand.wait_for_page("time_warning")
    visitor.time_out()
    visitor.hand.wait_for_page("take_card")
    visitor.world.pull_card()
    visitor.hand.wait_for_page("idle")


def half_done_is_taken_up(visitor: Visitor) -> None:
    """The same passport goes on where it stopped."""
    visitor.greet("elena", english=True)
    (offer,) = visitor.hand.sees("resume:")
    visitor.hand.touch(offer)
    visitor.arrive("check_answers")
    visitor.leave()
