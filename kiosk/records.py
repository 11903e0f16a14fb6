"""What the counter asks of the ledger beside its visits: receipts to print again, and what is not settled."""

from __future__ import annotations

from typing import Protocol

from kiosk.receipt import Receipt, RecentReceipt
from kiosk.unresolved import Unresolved


class CounterRecords(Protocol):
    """Every call may block. Nothing personal comes from any of them but a receipt that is to be printed."""

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        """What was committed last, the newest first."""

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        """The issued receipt as its next copy; None where no such receipt was issued."""

    def unresolved(self) -> tuple[Unresolved, ...]:
        """What a restart or a silent part left half done, the oldest first."""

    def settle_cash(self, item: Unresolved, *, kept: bool, by: str) -> None:
        """What a clerk (`by`, a staff id) says of cash that was on record when the program stopped: it lies in the
        drawer, or it was given back. Raises NOT_SAVED (ServiceFailure)."""
