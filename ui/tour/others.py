"""Visits beside the usual one: for somebody else, with a card that opens by its number, kept for later, with help."""

from __future__ import annotations

from ui.tour.visits import Visitor

_OWNER, _PLATE = "9841036157", ("18", "27001")


def for_somebody_else(visitor: Visitor, *, english: bool = False) -> None:
    """A daughter pays her father's fine: his number and plate, and nothing is told of where he was."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.hand.touch("option:other")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:digits") is not None, "the owner's number to be asked")
    visitor.hand.type_digits(_OWNER[:4])
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("put_right") is not None, "what is to be put right")
    visitor.note("number-too-short")
    visitor.hand.touch("key:clear")
    visitor.hand.type_digits(_OWNER)
    visitor.note("owner-typed")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:code") is not None, "the plate's question")
    visitor.hand.type_digits(_PLATE[0])
    visitor.hand.touch("field:number")
    visitor.hand.type_digits(_PLATE[1])
    visitor.hand.touch("main")
    visitor.go_to_check()
    if english:
        visitor.leave()
        return
    visitor.pay()
    visitor.leave()
    visitor.wait_for_delivery()


def opens_with_its_number(visitor: Visitor, *, english: bool = False) -> None:
    """A card whose print is worn: it opens with the six digits on it; a wrong number is put right. Then the face."""
    visitor.hand.wait_for_page("idle")
    if english:
        visitor.hand.touch("language")
    number = visitor.world.access_number("layla")
    visitor.world.insert_card("layla")
    visitor.arrive("access_number")
    wrong = "".join(str((int(digit) + 1) % 10) for digit in number)
    visitor.hand.type_digits(wrong)
    visitor.hand.touch("main")
    visitor.arrive("failed", step="number-does-not-match")
    visitor.hand.touch("try_again")
    visitor.hand.wait_for_page("access_number")
    visitor.hand.type_digits(number)
    visitor.note("number-typed")
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("choosing_service")
    visitor.hand.wait_until(lambda: bool(visitor.hand.words("portrait")), "the picture from the card")
    visitor.note("face-from-the-card")
    visitor.leave()


def kept_and_taken_up(visitor: Visitor, *, english: bool = False) -> None:
    """No line: the request is saved with a slip. Later the same card is offered to go on, and does."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.world.cut_line()
    visitor.hand.touch("option:vehicle")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:code") is not None, "the plate's question")
    visitor.hand.type_digits("20")
    visitor.hand.touch("field:number")
    visitor.hand.type_digits("11111")
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("failed")
    visitor.hand.touch("save")
    visitor.arrive("parked")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the slip")
    visitor.leave()
    visitor.world.restore_line()
    visitor.world.insert_card("salma")
    visitor.hand.wait_for_page("choosing_service")
    visitor.note("offered-to-go-on")
    (offer,) = visitor.hand.sees("resume:")
    visitor.hand.touch(offer)
    visitor.hand.wait_for_page("quote", "failed")
    if visitor.hand.page() == "failed":  # the line has come back, and nobody has looked yet
        visitor.hand.touch("try_again")
    visitor.arrive("quote", step="gone-on-where-it-stopped")
    visitor.leave()


def help_is_called(visitor: Visitor, *, english: bool = False) -> None:
    """One touch calls the clerk: first nobody looks, then one answers; the answers are still there behind it."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.hand.touch("option:mine")
    visitor.hand.touch("help")
    visitor.hand.wait_until(lambda: visitor.hand.words("help:nobody") != "", "to be told that nobody answers")
    visitor.note("nobody-answers")
    visitor.counter.look()
    visitor.hand.wait_until(lambda: visitor.hand.words("help:called") != "", "to be told that help is called")
    visitor.note("help-is-called")
    visitor.counter.answer("Rana")
    visitor.hand.wait_until(lambda: visitor.hand.words("help:coming") != "", "to be told that the clerk comes")
    visitor.note("the-clerk-comes")
    visitor.hand.touch("close")
    visitor.expect(visitor.hand.ticked("option:mine"), "the answer behind the help page is gone")
    visitor.leave()


def left_alone(visitor: Visitor, *, english: bool = False) -> None:
    """Nobody touches the screen: warned on a full page, given more time, and then the visit is over and clear."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.hand.touch("option:mine")
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("quote")
    visitor.time_out()
    visitor.arrive("time_warning", step="are-you-still-here")
    visitor.hand.touch("more_time")
    visitor.hand.wait_for_page("quote")
    visitor.time_out()
    visitor.hand.wait_for_page("time_warning")
    visitor.time_out()
    visitor.arrive("take_card", step="over-by-time")
    visitor.world.pull_card()
    visitor.hand.wait_for_page("idle")
