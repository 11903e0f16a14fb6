"""The till of one visit: which lines are paid, who agreed, what was handed over; money moves by one act only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.counter import Consent
from kiosk.events import CashTaken, Confirmed, ConsentGiven, LinesPicked, MethodChosen
from kiosk.money import fils_of
from kiosk.scene import State
from kiosk.transaction import PaymentMethod

if TYPE_CHECKING:
    from ui.clerk.desk import Desk


class Till:
    """The money's part of a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def tick(self, line: str) -> None:
        """The order stays the quote's own. At least one line stays ticked: with none there is nothing to agree to."""
        quote = self._desk.scene.quote
        if quote is None:
            return
        wanted = set(self._desk.scene.picked) ^ {line}
        self._pick(wanted)

    def tick_all(self) -> None:
        quote = self._desk.scene.quote
        if quote is not None:
            self._pick({line.id for line in quote.lines if line.payable})

    def _pick(self, wanted: set[str]) -> None:
        assert self._desk.scene.quote is not None
        lines = tuple(line.id for line in self._desk.scene.quote.lines if line.id in wanted)
        if lines:
            self._desk.send(LinesPicked(lines))

    def consent(self) -> None:
        """F11: said aloud, and recorded under the clerk's name; pressed again, taken back."""
        if self._desk.scene.state in {State.CHECK_ANSWERS, State.BASKET}:
            given = Consent.SPOKEN if self._desk.scene.consent is Consent.NONE else Consent.NONE
            self._desk.send(ConsentGiven(given))

    def tendered_fils(self) -> int | None:
        return fils_of(self._desk.sheet.tendered)

    def set_tendered(self, text: str) -> None:
        self._desk.sheet.tendered = text

    def covers(self) -> bool:
        tendered = self.tendered_fils()
        return tendered is not None and tendered >= self._desk.scene.total_fils

    def takes(self, method: PaymentMethod) -> bool:
        scene = self._desk.scene
        if scene.method is PaymentMethod.NONE or scene.correcting is not None:
            return False
        services = [entry.service for entry in (scene.basket if scene.service is None else (scene,))]
        return bool(services) and all(one is not None and method in one.payment_methods for one in services)

    def can_pay(self) -> bool:
        scene = self._desk.scene
        if scene.consent is Consent.NONE or not self._is_open():
            return False
        return scene.method is not PaymentMethod.CASH or self.covers()

    def _is_open(self) -> bool:
        """What would be paid is before the eyes, as it was enquired for."""
        state = self._desk.scene.state
        return state is State.BASKET or (state is State.CHECK_ANSWERS and not self._desk.filling.changed())

    def pay_by(self, method: PaymentMethod) -> None:
        """F7 and F8: choose that way first, and pay by it once everything is there."""
        if self._desk.scene.state not in {State.CHECK_ANSWERS, State.BASKET} or not self.takes(method):
            return
        cash = method is PaymentMethod.CASH
        if self._desk.scene.method is not method:
            self._desk.focus = "tendered" if cash else ""
            self._desk.send(MethodChosen(method))
        elif self.can_pay():
            self._desk.send(CashTaken(self.tendered_fils() or 0) if cash else Confirmed())
        else:
            self._desk.focus = "tendered" if cash else ""
            self._desk.renew()

    def pay(self) -> None:
        """The main button; where nothing is due, the request is only sent."""
        if self._desk.scene.method is not PaymentMethod.NONE:
            self.pay_by(self._desk.scene.method)
        elif self.can_pay():
            self._desk.send(Confirmed())
