"""A visit in training: the same pages and paper, each of them marked, and nothing of it reaches anybody."""

from __future__ import annotations

from ui.tour.visits import Visitor


def learns_to_pay(visitor: Visitor, *, english: bool = False) -> None:
    """The plate's last digits bring about what is to be learnt: here a payment that is accepted."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle("10", "12344")
    visitor.go_to_check()
    before = visitor.observe()
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("done", "failed")
    visitor.hand.let_pass(400)
    visitor.note("done")
    visitor.expect(visitor.hand.page() == "done", "the payment did not end on the done page")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the paper")
    visitor.without_value.append(visitor.papers)
    visitor.expect(visitor.observe() == before, "something of a training has reached the service")
    visitor.leave()


def learns_what_can_go_wrong(visitor: Visitor, *, english: bool = False) -> None:
    """A declined payment, which the plate's ending asks for."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle("10", "12313")
    visitor.go_to_check()
    visitor.hand.touch("main")
    visitor.arrive("failed", step="bank-says-no")
    visitor.leave()
