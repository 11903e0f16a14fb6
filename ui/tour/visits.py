"""The visits of the tour, each as a person lives it: what is touched, what is waited for, what goes wrong outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Protocol

from kiosk.demonstration import Demonstration
from kiosk.transaction import TransactionState
from ui.tour.diary import Diary, Observed
from ui.tour.hand import Hand, TourStopped

DELIVERY_PATIENCE_SECONDS = 60.0


class OtherSide(Protocol):
    """The clerk's terminal in the same office, as far as a kiosk's visit meets it."""

    def look(self) -> None:
        """A clerk looks at the open calls: from now on somebody is there."""

    def answer(self, clerk: str) -> None:
        """The clerk of that name answers every open call."""


@dataclasses.dataclass(slots=True)
class Visitor:
    """One visit under way: a hand on the screen, the world outside, and the diary."""

    name: str
    hand: Hand
    world: Demonstration
    diary: Diary
    observe: Callable[[], Observed]
    counter: OtherSide
    time_out: Callable[[], None]  # as if nobody had touched the screen for as long as the page waits
    pins: Mapping[str, str]  # of the demonstration's staff, by id
    without_value: list[int]  # the places of papers that are no receipts of the service: tests and training
    papers: int = 0  # that had been printed before this visit

    def note(self, step: str) -> None:
        self.hand.let_pass(40)
        self.diary.note(self.name, step, self.hand.page(), self.hand.picture())

    def arrive(self, *pages: str, step: str = "") -> None:
        page = self.hand.wait_for_page(*pages)
        self.note(step or page.replace("_", "-"))

    def insert(self, card: str) -> None:
        self.world.insert_card(card)
        self.hand.wait_for_page("identifying", "choosing_service", "check_answers", "failed")
        if self.hand.page() == "identifying":
            self.note("identifying")

    def expect(self, true: bool, what: str) -> None:
        if not true:
            raise TourStopped(f"{what}; the page is {self.hand.page()}")

    # -- stretches that several visits share

    def greet(self, card: str, *, english: bool = False) -> None:
        self.hand.wait_for_page("idle")
        if english:
            self.hand.touch("language")
            self.hand.let_pass(60)
        self.note("idle")
        self.insert(card)
        self.arrive("choosing_service")

    def open_service(self, service: str) -> None:
        """Turns the pages of the home, and then of the other segments' homes, until its tile is there."""
        tile = f"service:{service}"
        for segment in ("", *self.hand.sees("segment:")):
            if segment:
                self.hand.touch(segment)
            while self.hand.see(tile) is None and self.turn():
                pass
            if self.hand.see(tile) is not None:
                break
        self.note("service-found")
        self.hand.touch(tile)
        self.arrive("start_card")

    def turn(self) -> bool:
        """To the next page of tiles or of options, if there is one."""
        after = self.hand.see("next")
        if after is None or not after.isEnabled():
            return False
        self.hand.touch("next")
        return True

    def begin_fines(self) -> None:
        self.hand.touch("service:traffic.fines")
        self.arrive("start_card")
        self.hand.touch("main")
        self.arrive("steps", step="which-fines")

    def ask_for_vehicle(self, code: str, number: str) -> None:
        self.hand.touch("option:vehicle")
        self.note("vehicle-chosen")
        self.hand.touch("main")
        self.hand.wait_until(lambda: self.hand.see("field:code") is not None, "the plate's question")
        self.hand.type_digits(code)
        self.hand.touch("field:number")
        self.hand.type_digits(number)
        self.note("plate-typed")
        self.hand.touch("main")

    def ask_for_mine(self) -> None:
        self.hand.touch("option:mine")
        self.hand.touch("main")

    def go_to_check(self) -> None:
        self.arrive("quote")
        self.hand.touch("main")
        self.arrive("check_answers")

    def pay(self, *, press: str = "main", services: int = 1) -> None:
        before = set(self.observe().ledger)
        self.hand.touch(press)
        page = self.hand.wait_for_page("paying", "delivery_awaited", "receipt", "done", "failed")
        if page == "paying":  # where nothing is due it may be gone before a hand looks up
            self.note("paying")
            page = self.hand.wait_for_page("delivery_awaited", "receipt", "done", "failed")
        if page == "delivery_awaited":
            self.note("delivery-awaited")
        self.hand.wait_for_page("done", "failed")
        self.hand.let_pass(400)
        self.note("done")
        self.expect(self.hand.page() == "done", "the payment did not end on the done page")
        new = set(self.observe().ledger) - before
        self.expect(len(new) == services, f"not exactly {services} new in the ledger")

    def rate(self, satisfaction: str, reason: str = "") -> None:
        """One touch of a face; of an unhappy one also why."""
        self.hand.touch(f"rate:{satisfaction}")
        if reason:
            self.note("why-not-good")
            self.hand.touch(f"reason:{reason}")
        self.note("rated")
        self.expect(self.hand.ticked(f"rate:{satisfaction}"), "the face that was touched is not chosen")

    def leave(self) -> None:
        self.hand.touch("end")
        self.arrive("take_card", step="take-card")
        self.world.pull_card()
        self.hand.wait_for_page("idle")

    def wait_for_delivery(self) -> None:
        """Everything in the ledger that is committed is accepted, and the intake has the same ids."""

        def delivered() -> bool:
            seen = self.observe()
            refused = TransactionState.NEEDS_ATTENTION in seen.ledger.values()
            self.expect(not refused, "the agency has refused what was sent, as it may by its own rules")
            committed = {key for key, state in seen.ledger.items() if state not in {"prepared", "voided"}}
            return committed == set(seen.intake) and all(seen.ledger[key] == "accepted" for key in committed)

        self.hand.wait_until(delivered, "every transaction to be accepted", DELIVERY_PATIENCE_SECONDS)
        self.diary.note(self.name, "delivered", self.hand.page(), None)


def online(visitor: Visitor, *, code: str, number: str, english: bool = False) -> None:
    """Card in, fines of a vehicle, paid with a bank card, accepted by the agency, receipt in hand."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    visitor.ask_for_vehicle(code, number)
    visitor.arrive("quote")
    visitor.hand.touch("why")
    visitor.note("why-this-amount")
    visitor.hand.touch("close")
    visitor.go_to_check()
    visitor.pay()
    if english:
        visitor.rate("poor", "questions")
    visitor.leave()
    visitor.wait_for_delivery()


def own_fine(visitor: Visitor) -> None:
    """The shortest way: who is known by the card pays the one fine on it, and says that it was good."""
    visitor.greet("omar")
    visitor.begin_fines()
    visitor.ask_for_mine()
    visitor.go_to_check()
    visitor.pay()
    visitor.rate("good")
    visitor.leave()
    visitor.wait_for_delivery()


def line_cut_after_the_quote(visitor: Visitor) -> None:
    """The quote is there, the line goes: the person pays, the receipt says so, and it is delivered later."""
    visitor.greet("salma")
    visitor.begin_fines()
    visitor.ask_for_mine()
    visitor.arrive("quote")
    online_words = visitor.hand.words("line_state")
    visitor.world.cut_line()
    visitor.hand.wait_until(lambda: visitor.hand.words("line_state") != online_words, "the line state to change")
    visitor.arrive("failed", step="line-lost")
    visitor.hand.touch("continue")
    visitor.go_to_check()
    visitor.pay()
    waiting = [state for state in visitor.observe().ledger.values() if state in {"committed", "sent"}]
    visitor.expect(len(waiting) == 1, "the transaction does not wait for delivery")
    visitor.leave()
    visitor.world.restore_line()
    visitor.wait_for_delivery()


def line_cut_before_the_enquiry(visitor: Visitor, *, english: bool = False) -> None:
    """Only the agency can state the amount: nothing is taken, and it is said kindly."""
    visitor.greet("salma", english=english)
    visitor.begin_fines()
    before = visitor.observe().ledger
    visitor.world.cut_line()
    visitor.ask_for_mine()
    visitor.arrive("failed", step="agency-cannot-be-reached")
    visitor.expect(visitor.observe().ledger == before, "something was written for a visit that paid nothing")
    visitor.world.restore_line()
    visitor.hand.touch("try_again")
    visitor.arrive("quote", step="quote-after-the-line-returned")
    visitor.leave()


def card_pulled_in_the_middle(visitor: Visitor) -> None:
    """The card comes out on the check page; the same card goes on, another card begins anew."""
    visitor.greet("salma")
    visitor.begin_fines()
    visitor.ask_for_vehicle("20", "11111")
    visitor.go_to_check()
    before = visitor.observe().ledger
    visitor.world.pull_card()
    visitor.arrive("card_removed")
    visitor.insert("salma")
    visitor.arrive("check_answers", step="back-where-we-stopped")
    visitor.world.pull_card()
    visitor.hand.wait_for_page("card_removed")
    visitor.insert("omar")
    visitor.arrive("choosing_service", step="another-person-begins-anew")
    visitor.expect(visitor.observe().ledger == before, "a visit that paid nothing has written something")
    visitor.leave()


def largest_text_and_contrast(visitor: Visitor) -> None:
    """Every text size and contrast on the way to the check page; a switch loses nothing that was typed or picked."""
    visitor.hand.wait_for_page("idle")
    visitor.insert("salma")
    visitor.hand.wait_for_page("choosing_service")
    for _ in range(2):
        visitor.hand.touch("text_size")
    visitor.hand.touch("contrast")
    visitor.hand.let_pass(60)
    visitor.note("home-largest-dark")
    visitor.begin_fines()
    visitor.ask_for_vehicle("20", "11111")
    visitor.arrive("quote")
    visitor.hand.touch("contrast")
    visitor.hand.let_pass(60)
    visitor.note("quote-largest-light")
    visitor.hand.touch("main")
    visitor.arrive("check_answers")
    visitor.hand.touch("help")
    visitor.note("help")
    visitor.hand.touch("close")
    visitor.leave()
    visitor.note("idle-as-before")


def cards_that_do_not_pass(visitor: Visitor) -> None:
    """Changed data, a foreign signer, an expired document, another kind of card, a mute chip: no name, a way on."""
    for card in ("tampered", "foreign", "expired", "unknown", "mute"):
        visitor.hand.wait_for_page("idle")
        visitor.world.insert_card(card)
        visitor.arrive("failed", step=f"card-{card}")
        visitor.world.pull_card()
        visitor.hand.wait_for_page("idle")


def payment_refused_then_paid(visitor: Visitor) -> None:
    """The bank says no; nothing is paid, and the same answers can be paid a second time. Then the paper runs out."""
    visitor.greet("salma")
    visitor.begin_fines()
    visitor.ask_for_vehicle("20", "11111")
    visitor.go_to_check()
    visitor.world.payment_mode("decline")
    visitor.hand.touch("main")
    visitor.arrive("failed", step="bank-says-no")
    visitor.world.payment_mode("approve")
    visitor.hand.touch("try_again")
    visitor.arrive("check_answers", step="check-again")
    visitor.world.printer_fault("media-empty")
    visitor.hand.touch("main")
    visitor.arrive("done", step="done-without-paper")
    visitor.world.printer_fault(None)
    visitor.hand.touch("copy")
    visitor.hand.wait_until(lambda: len(visitor.world.printed()) == visitor.papers + 1, "the copy to be printed")
    visitor.note("copy-printed")
    visitor.leave()
    visitor.wait_for_delivery()
