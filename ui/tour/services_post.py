"""The errands at the post's own services."""

from __future__ import annotations

from ui.tour.errands import Errand, ask, choose, digits, keep, run
from ui.tour.visits import Visitor


def box_is_renewed(visitor: Visitor) -> None:
    """What the post knows of the box is told, and stands in the answer already."""
    answers = (("which-box", digits("1234")), ("which-size", keep()), ("how-long", digits("2")))
    run(visitor, Errand("post.box", answers))


def box_is_renewed_without_a_line(visitor: Visitor) -> None:
    """A fixed fee needs no line: the person answers what the post would have told, and the paper says that it waits."""
    online_words = visitor.hand.words("line_state")
    visitor.world.cut_line()
    visitor.hand.wait_until(lambda: visitor.hand.words("line_state") != online_words, "the line state to change")
    answers = (("which-box", digits("4321")), ("which-size", choose("small")), ("how-long", digits("1")))
    ask(visitor, Errand("post.box", answers, card="karim", english=True))
    visitor.pay()
    visitor.leave()
    visitor.world.restore_line()
    visitor.wait_for_delivery()
