"""What the technician's page asks of the terminal, and what it is told of the queue. Nothing here is personal."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from kiosk.offline import Use
from kiosk.receipt import PrintState
from kiosk.report import Report
from kiosk.wire import Words


class PrinterTest(msgspec.Struct, frozen=True, kw_only=True):
    """The facts on the printer's test page; `at` is UTC."""

    terminal: str
    office: Words
    at: datetime


class ServicePrinter(Protocol):
    """The printer of receipts, as far as a technician uses it."""

    def print_test_page(self, page: PrinterTest) -> PrintState:
        """CONFIRMED or UNCONFIRMED; raises PRINTER_* (ServiceFailure) when nothing was printed."""

    def print_self_test(self, report: Report, office: Words) -> PrintState:
        """As `print_test_page`."""


class QueueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction that waits or needs somebody: its receipt number or reference, since when (UTC), why."""

    reference: str
    state: str
    since: datetime
    attempts: int
    why: str


class QueueHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How delivery stands at one moment. `trouble` is why the last question brought no answer, "" where it did;
    `last_answer_at` and `next_try_at` are None where this program has had none, or has none to make. `offline` is how
    much of each offline limit is used, the most used first."""

    line_is_up: bool
    waiting: int
    oldest_waiting_at: datetime | None
    sent_unknown: int
    needs_attention: int
    prepared: int
    prints_unconfirmed: int
    trouble: str
    last_answer_at: datetime | None
    next_try_at: datetime | None
    offline: tuple[Use, ...]
    entries: tuple[QueueEntry, ...]


class DeliveryDesk(Protocol):
    """Delivery as a technician sees and hurries it. Every call may block."""

    def health(self) -> QueueHealth: ...

    def deliver_now(self) -> None:
        """Asks the centre at once; does not wait for its answer."""
