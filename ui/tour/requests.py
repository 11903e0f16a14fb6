"""Visits that ask an agency for something and sign the request with the card: a wrong PIN first, then the right one."""

from __future__ import annotations

from ui.tour.errands import words
from ui.tour.visits import Visitor

_ADDRESS = "الكرك، شارع الملك حسين، بناية 4"
_LOOKS = 15
"""How often somebody looks whether it is issued by now."""


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
    visitor.hand.wait_until(lambda: visitor.hand.see("field:text") is not None, "the address to be asked")
    words(_ADDRESS)(visitor)
    visitor.note("where-to")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    visitor.hand.touch("notify")
    visitor.arrive("notify_phone")
    visitor.hand.type_digits("0790123456")
    visitor.note("number-for-sms")
    visitor.hand.touch("main")
    visitor.arrive("check_answers", step="told-by-sms")
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


def document_is_printed(visitor: Visitor, *, card: str = "salma", english: bool = False) -> None:
    """Another day: the card finds what was requested, and its document is printed once it is issued."""
    visitor.greet(card, english=english)
    visitor.hand.touch("my_requests")
    visitor.arrive("my_requests")
    for _ in range(_LOOKS):
        visitor.hand.touch(visitor.hand.sees("request:")[0])
        visitor.hand.wait_for_page("my_request")
        if visitor.hand.see("main") is not None:
            break
        visitor.note("request-on-its-way")
        visitor.hand.touch("back")
        visitor.hand.wait_for_page("my_requests")
        visitor.hand.touch("back")
        visitor.hand.wait_for_page("choosing_service")
        visitor.hand.let_pass(2000)
        visitor.hand.touch("my_requests")
        visitor.hand.wait_for_page("my_requests")
    visitor.note("request-issued")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the document's paper")
    visitor.hand.wait_until(lambda: _may_print_again(visitor), "the page to say that it is printed")
    visitor.note("request-printed")
    visitor.leave()


def _may_print_again(visitor: Visitor) -> bool:
    button = visitor.hand.see("main")
    return button is not None and button.isEnabled()


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
