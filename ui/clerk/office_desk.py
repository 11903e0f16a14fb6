"""What waits in the office, and what a clerk does about it: help calls, saved requests, receipts, unsettled cash."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from kiosk.events import Event
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.receipt import ContentLeft, RecentReceipt
from kiosk.staff import StaffAct
from kiosk.texts import message
from kiosk.transaction import PaymentMethod, PaymentState, TransactionState
from kiosk.unresolved import Unresolved
from ui.clerk.attention_desk import AttentionDesk
from ui.clerk.sheet import Office, Over, Section

if TYPE_CHECKING:
    from ui.clerk.desk import Desk, Tools

PRINTED = message("The copy is printed")
CONTENT_LEFT = message("Its content is no longer kept here. The centre has the transaction")
NO_SUCH_RECEIPT = message("This receipt cannot be printed again")
SETTLED = message("It is recorded")

RECENT = 9


class OfficeDesk:
    """The office's part of a desk. `now` is what is known at the moment."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        self._desk, self._tools = desk, tools
        self.now = Office()
        self.deciding: Unresolved | None = None
        self.attention = AttentionDesk(desk, tools)

    def open_section(self, section: Section) -> None:
        if section is self.now.section and section is Section.SAVED:
            self._desk.focus = "reference"
        self.now = dataclasses.replace(self.now, section=section)
        self._desk.told = ""
        self._desk.renew()

    def answer_call(self) -> None:
        """F6: the oldest call that nobody has answered; where all are, the oldest of them is over."""
        bell, waiting = self._tools.bell, self.now.unanswered()
        if waiting:
            call, name = waiting[0].call, self._desk.member.name.ar if self._desk.member else ""
            self._desk.note(StaffAct.ANSWERED_HELP, waiting[0].terminal)
            self._desk.ask(lambda: bell.answer(call, name), self._asked_the_bell)
        elif self.now.calls:
            over = self.now.calls[0].call
            self._desk.ask(lambda: bell.close(over), self._asked_the_bell)

    def listen(self) -> None:
        """Asks for the calls of this office."""
        self._desk.ask(self._tools.bell.open_calls, self._hear)

    def _asked_the_bell(self, answer: object) -> None:
        if isinstance(answer, Exception):
            self._hear(answer)
        else:
            self.listen()

    def _hear(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            office = dataclasses.replace(self.now, calls_heard=False)
        else:
            known: set[UUID] = {call.call for call in self.now.unanswered()}
            office = dataclasses.replace(self.now, calls=tuple(answer), calls_heard=True)
            if any(call.call not in known for call in office.unanswered()):
                self._tools.ring()
        if office != self.now:
            self.now = office
            self._desk.renew()

    def ring_again(self) -> None:
        """A call that nobody answers is heard again."""
        if self.now.unanswered():
            self._tools.ring()

    def look_up(self, parked: Callable[[], Any]) -> None:
        """What is saved, printed and unsettled, as the ledger has it now."""
        records, refunds = self._tools.records, self._tools.refunds

        def work() -> Office:
            return Office(
                parked=parked(),
                recent=records.recent(RECENT),
                unresolved=records.unresolved(),
                chain_holds=records.chain_holds(),
                offline=records.offline_uses(),
                attention=refunds.corrections.attention(),
            )

        def then(answer: Any) -> None:
            if isinstance(answer, Office):
                kept = self.now
                self.now = dataclasses.replace(
                    answer, calls=kept.calls, calls_heard=kept.calls_heard, section=kept.section
                )
                if self.now != kept:
                    self._desk.renew()

        self._desk.ask(work, then)

    def look_up_attention(self) -> None:
        """Something was decided: what is left of it."""
        parked = self.now.parked
        self.look_up(lambda: parked)

    def press_receipt(self, receipt: RecentReceipt) -> None:
        """Printed again; where it was taken back, there is more to do."""
        if receipt.state is TransactionState.REVERSED:
            self.attention.open_corrected(receipt)
        else:
            self.reprint(receipt.receipt_number)

    def reprint(self, number: str) -> None:
        records, print_again = self._tools.records, self._tools.print_again

        def work() -> Event | None:
            receipt = records.reprint_of(number)
            return None if receipt is None else print_again(receipt)

        def then(answer: Any) -> None:
            failure = answer if isinstance(answer, ServiceFailure) else getattr(answer, "failure", None)
            if failure is not None:
                self._desk.tell(FAILURES[failure.failure].title)
            elif isinstance(answer, ContentLeft):
                self._desk.tell(CONTENT_LEFT)
            else:
                self._desk.tell(PRINTED if answer is not None else NO_SUCH_RECEIPT)

        self._desk.note(StaffAct.PRINTED_COPY, number)
        self._desk.ask(work, then)

    def decide(self, item: Unresolved) -> None:
        """Opens the question what became of the cash."""
        self.deciding = item
        self._desk.over(Over.CASH)

    def settle(self, *, kept: bool) -> None:
        item, member, records = self.deciding, self._desk.member, self._tools.records
        if item is None or member is None:
            return
        self.deciding, self._desk.sheet.over = None, Over.NOTHING

        def then(answer: Any) -> None:
            self._desk.tell(FAILURES[answer.failure].title if isinstance(answer, ServiceFailure) else SETTLED)

        self._desk.ask(lambda: records.settle_cash(item, kept=kept, by=member.id), then)
        self._desk.note(StaffAct.DECIDED_PAYMENT, f"{item.reference} {'kept' if kept else 'given back'}")


def needs_clerk(item: Unresolved) -> bool:
    """Cash that was on record: no machine knows in whose hand it is."""
    return item.method is PaymentMethod.CASH and item.payment is PaymentState.CAPTURED and item.receipt_number is None
