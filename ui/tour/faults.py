"""What breaks around a visit, provoked in the real parts: card service, payment terminal, printer, agency, mains."""

from __future__ import annotations

from ui.tour.visits import Visitor


def card_service_stops(visitor: Visitor, *, english: bool = False) -> None:
    """The card service goes in the middle of a question: nothing typed is lost, and a slip says so."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.hand.touch("option:vehicle")
    visitor.hand.touch("main")
    visitor.hand.wait_until(lambda: visitor.hand.see("field:code") is not None, "the plate's question")
    visitor.world.stop_card_service()
    visitor.hand.wait_for_page("failed")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the slip")
    visitor.note("card-service-stopped")
    visitor.hand.touch("end")
    visitor.hand.wait_for_page("idle")
    visitor.note("idle-without-a-reader")
    visitor.world.start_card_service()
    visitor.hand.wait_until(lambda: bool(visitor.hand.sees("service:")), "the reader to be back")


def agency_refuses(visitor: Visitor, *, english: bool = False) -> None:
    """The agency has no such plate; its own words stand on the page."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle("99", "99999")
    visitor.arrive("failed", step="the-agency-refuses")
    visitor.leave()


def payment_terminal_is_silent(visitor: Visitor, *, english: bool = False) -> None:
    """The payment terminal takes the question and says nothing: unknown, told as such, with a slip; nothing is paid
    twice. Recovery finds out what happened when nobody is served."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle("77", "3")
    visitor.go_to_check()
    visitor.world.payment_mode("silent")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="payment-is-being-checked")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the slip")
    visitor.world.payment_mode("approve")
    visitor.leave()
    visitor.hand.wait_until(
        lambda: "prepared" not in visitor.observe().ledger.values(), "recovery to find out what happened"
    )


def person_cancels_at_the_terminal(visitor: Visitor, *, english: bool = False) -> None:
    """The red key on the payment terminal: nothing is paid, and it can be paid again or saved."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle("77", "4")
    visitor.go_to_check()
    visitor.world.payment_mode("wait")
    visitor.hand.touch("main")
    visitor.hand.wait_for_page("paying")
    visitor.hand.wait_until(lambda: _pressed_red(visitor), "the red key to be taken")
    visitor.arrive("failed", step="payment-cancelled")
    visitor.world.payment_mode("approve")
    visitor.leave()


def printer_faults(visitor: Visitor, *, plate: tuple[str, str], fault: str, english: bool = False) -> None:
    """Paid, and the paper does not come: the page says so, and the copy comes out when the printer is well."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle(*plate)
    visitor.go_to_check()
    visitor.world.printer_fault(fault)
    visitor.hand.touch("main")
    visitor.arrive("done", step=f"done-{fault}")
    visitor.world.printer_fault(None)
    visitor.hand.touch("copy")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the copy to be printed")
    visitor.leave()
    visitor.wait_for_delivery()


def _pressed_red(visitor: Visitor) -> bool:
    """The key does nothing until the terminal has the question, which comes a moment after the page."""
    visitor.world.payment_mode("cancel")
    return visitor.hand.page() == "failed"
