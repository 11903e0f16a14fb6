"""What the counter asks of the ledger beside its visits: receipts to print again, and what is not settled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Protocol

from kiosk.catalogue import Service
from kiosk.offline import OfflinePolicy, Use
from kiosk.ports import Clock, Ledger
from kiosk.receipt import Receipt, RecentReceipt, outcome_on_paper
from kiosk.receipt_facts import facts_of_agreement
from kiosk.recovery import by_movement, settle_cash
from kiosk.transaction import Agreement
from kiosk.unresolved import Unresolved
from kiosk.wire import Words


class CounterRecords(Protocol):
    """Every call may block. Nothing personal comes from any of them but a receipt that is to be printed, and
    what is to be sent corrected."""

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        """What was committed last, the newest first."""

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        """The receipt as its next copy. Where a restart or a clerk committed what had been paid, nobody issued one yet:
        it is issued now. None where nothing is known under this number. Raises ContentLeft."""

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        """What was committed under this number: personal, and only for a visit that sends it corrected."""

    def unresolved(self) -> tuple[Unresolved, ...]:
        """What a restart or a silent part left half done, the oldest first."""

    def chain_holds(self) -> bool:
        """Whether nothing wrong with the ledger is on record: what the reading at night found, or lost content."""

    def offline_uses(self) -> tuple[Use, ...]:
        """How much of each offline limit is used, the most used first."""

    def settle_cash(self, item: Unresolved, *, kept: bool, by: str) -> None:
        """What a clerk (`by`, a staff id) says of cash that was on record when the program stopped: it lies in the
        drawer, or it was given back. Raises NOT_SAVED (ServiceFailure)."""


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerRecords:
    """CounterRecords of a ledger. `list_unresolved` is its list for staff; `wake` tells the delivery that something
    new waits. `services` and `office` are named on a receipt that nobody issued yet."""

    ledger: Ledger
    list_unresolved: Callable[[], tuple[Unresolved, ...]]
    wake: Callable[[], None]
    services: tuple[Service, ...]
    office: Words
    policy: OfflinePolicy
    clock: Clock
    chain_holds: Callable[[], bool]

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        return self.ledger.recent(limit)

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        return self.ledger.reprint_of(receipt_number) or self._issue(receipt_number)

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        return self.ledger.agreement_of(receipt_number)

    def unresolved(self) -> tuple[Unresolved, ...]:
        return self.list_unresolved()

    def offline_uses(self) -> tuple[Use, ...]:
        return self.policy.uses(self.ledger.backlog(), self.clock.now())

    def settle_cash(self, item: Unresolved, *, kept: bool, by: str) -> None:
        unfinished = by_movement(self.ledger.unfinished())
        paid = next((items for items in unfinished if items[0].ids == item.ids), None)
        if paid is None:
            return  # somebody has said so already
        settle_cash(paid, self.ledger, kept=kept, cause=by)
        if kept:
            self.wake()

    def _issue(self, receipt_number: str) -> Receipt | None:
        agreement = self.ledger.agreement_of(receipt_number)
        service = next((service for service in self.services if agreement and service.id == agreement.service), None)
        if agreement is None or service is None:
            return None
        transaction = agreement.ids.transaction
        outcome = outcome_on_paper(self.ledger.outcome_of(transaction))
        return self.ledger.issue_receipt(transaction, outcome, facts_of_agreement(agreement, service, self.office))
