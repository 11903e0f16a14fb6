"""Visits that ask an agency for something and sign the request with the card: a wrong PIN first, then the right one."""

from __future__ import annotations

from ui.tour.visits import Visitor


def certificate_is_requested(visitor: Visitor) -> None:
    """What it is for, how it comes, the fee; what is signed, signed with the card's own PIN; paid, and requested."""
    visitor.greet("salma")
    visitor.hand.touch("service:justice.non_conviction")
    visitor.arrive("start_card")
    visitor.hand.touch("main")
    visitor.arrive("steps", step="what-for")
    visitor.hand.touch("option:travel")
    visitor.note("what-for-chosen")
    visitor.hand.touch("main")
    visitor.hand.touch("option:post")
    visitor.note("how-it-comes")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("signing")
    sign(visitor, visitor.world.card_pin("salma"))
    visitor.arrive("paying")
    visitor.hand.wait_for_page("done", "failed")
    visitor.hand.let_pass(400)
    visitor.note("done")
    visitor.expect(visitor.hand.page() == "done", "the request did not end on the done page")
    visitor.leave()
    visitor.wait_for_delivery()


def read_to_its_end(visitor: Visitor) -> None:
    """Nothing is signed that was not shown."""
    while (after := visitor.hand.see("next")) is not None and after.isEnabled():
        visitor.hand.touch("next")


def sign(visitor: Visitor, pin: str) -> None:
    """The last digit is mistyped first; the card says so, and takes the right PIN after it."""
    before = visitor.observe().ledger
    visitor.hand.wait_until(lambda: visitor.hand.see("key:0") is not None, "the keys for the PIN")
    visitor.note("what-is-signed")
    read_to_its_end(visitor)
    visitor.hand.type_digits(pin[:-1] + str((int(pin[-1]) + 1) % 10))
    visitor.note("pin-typed")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("put_right") is not None, "the card to refuse the PIN")
    visitor.note("pin-does-not-match")
    visitor.expect(visitor.observe().ledger == before, "something was written before the request was signed")
    visitor.hand.type_digits(pin)
    visitor.hand.touch("main")
