"""What the core asks of the world: one Protocol for each kind of part. Every call here may block.

A part that cannot do what it is asked raises `kiosk.failures.ServiceFailure`; anything else it raises is a bug.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kiosk.documents import ScannedPage
from kiosk.events import Event
from kiosk.identity import CardReading, CompletedReading
from kiosk.offline import Backlog
from kiosk.receipt import PrintState, Receipt, ReceiptFacts, ReceiptOutcome, RecentReceipt, Slip
from kiosk.signing import Application, PinState
from kiosk.transaction import (
    Agreement,
    Commitment,
    DeliveryOutcome,
    Movement,
    PaymentState,
    Unfinished,
)
from kiosk.wire import Enquiry, Quote, Signed


class Clock(Protocol):
    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""


class Runner(Protocol):
    """Runs `work` away from the caller and hands its answer to `then` on the caller's side, later."""

    def __call__(self, work: Callable[[], Event], then: Callable[[Event], None]) -> None: ...


class CardReader(Protocol):
    def read(self, access_number: str = "") -> CardReading:
        """Reads and proves the card that is in the reader. Raises AccessNumberWanted where the chip opens only with
        the printed number; ServiceFailure(ACCESS_REFUSED) where the one given is not the card's."""

    def complete(self, access_number: str = "") -> CompletedReading:
        """Proves the chip of the same card and reads its face; asked again of the same card, it answers at once.
        Raises as `read`: CARD_NOT_GENUINE for a copy of a card; CARD_REMOVED where another came in since."""


class Signer(Protocol):
    """The key on the holder's card. `pin_state` begins with the card that is in the reader then; whatever follows is
    about that card, and raises CARD_REMOVED once it was taken out."""

    def pin_state(self) -> PinState:
        """How the PIN stands; no try is used. Raises NO_SIGNING_KEY where there is nothing to sign with."""

    def pin_is_typed_at_reader(self) -> bool:
        """Whether the reader has keys of its own; `sign` then takes an empty PIN."""

    def sign(self, application: Application, pin: bytearray) -> bytes:
        """The signed PDF. The PIN is shown to the card at most once, and wiped whatever comes. Raises PIN_WRONG with
        the `tries` left, PIN_BLOCKED, PIN_NEVER_SET, NO_SIGNING_KEY, CARD_REMOVED and what the reader can meet."""

    def cancel(self) -> None:
        """Nobody wants to sign any more: what runs, and what follows, ends in CARD_CANCELLED, until `pin_state` is
        asked again. Does not block; may come on any thread."""


class AgencyDesk(Protocol):
    def enquire(self, enquiry: Enquiry, agency: str) -> tuple[Quote, Signed]:
        """The agency's quote, its signature checked, with the bytes as signed."""


class DocumentScanner(Protocol):
    def scan(self, stop: threading.Event) -> ScannedPage:
        """The one page that lies in the scanner now. Raises NO_SCANNER, SCANNER_COVER_OPEN, SCANNER_NO_PAPER,
        SCANNER_JAM, SCANNER_BUSY, SCANNER_SILENT, PAGE_UNREADABLE. Once `stop` is set nobody waits for the page: the
        scanner is told so, and the call ends soon, in SCANNER_SILENT."""


class PaymentTerminal(Protocol):
    """Every call names the payment; asking twice with the same id never moves money twice."""

    def authorise(self, payment: UUID, amount_fils: int) -> PaymentState:
        """Waits for the person. AUTHORISED, or raises DECLINED, CANCELLED, SILENT (nothing was asked of the person),
        UNKNOWN (the terminal stopped answering after it was asked)."""

    def capture(self, payment: UUID) -> PaymentState:
        """CAPTURED, or raises PAYMENT_UNKNOWN."""

    def void(self, payment: UUID) -> PaymentState:
        """VOIDED (or REFUNDED if it was captured), or raises PAYMENT_UNKNOWN."""

    def refund(self, payment: UUID, part: UUID, amount_fils: int) -> PaymentState:
        """Gives back a part of what was captured: REFUNDED, or raises PAYMENT_UNKNOWN. Asked twice with the same `part`
        it goes back once; the payment stays CAPTURED while something of it is still here."""

    def query(self, payment: UUID) -> PaymentState | None:
        """What the terminal knows of this payment; None if it never heard of it. Raises PAYMENT_SILENT."""

    def interrupt(self, payment: UUID) -> None:
        """Nobody wants to pay any more: `authorise` of this payment ends in CANCELLED, or was already answered. Does
        not block; may come before `authorise`, and too late."""


class Ledger(Protocol):
    """Each call is one transaction on disk: when it returns, a power cut cannot undo it. Raises NOT_SAVED, and as
    `kiosk.failures.InDoubt` where what was not saved may be there all the same after a restart."""

    def prepare(self, *agreements: Agreement) -> None:
        """Several are of one basket and paid `together`: all are prepared, or none."""

    def record_payment(
        self,
        payment: UUID,
        transaction: UUID,
        state: PaymentState,
        cause: str,
        *,
        tendered_fils: int | None = None,
        change_fils: int | None = None,
    ) -> None:
        """Of one transaction that is paid by itself. Of cash also what was handed over and given back: their difference
        is the amount."""

    def record_movement(
        self,
        movement: Movement,
        state: PaymentState,
        cause: str,
        *,
        tendered_fils: int | None = None,
        change_fils: int | None = None,
    ) -> None:
        """The same of every transaction that it pays, in one."""

    def void(self, transaction: UUID, cause: str) -> None: ...

    def void_together(self, transactions: Sequence[UUID], cause: str) -> None:
        """All that one movement would have paid, or none."""

    def commit(self, transaction: UUID, cause: str) -> Commitment:
        """Ledger entry, receipt number and outbox row together. Asking twice gives the first answer again."""

    def commit_together(self, transactions: Sequence[UUID], cause: str) -> tuple[Commitment, ...]:
        """The same of all that one movement pays, in one COMMIT."""

    def issue_receipt(self, transaction: UUID, outcome: ReceiptOutcome, facts: ReceiptFacts) -> Receipt:
        """Signs the receipt's code and records the issue. Asking twice gives the first receipt again."""

    def record_print(self, receipt_number: str, copy: int, state: PrintState) -> None: ...

    def reprint_of(self, receipt_number: str) -> Receipt | None:
        """The issued receipt as its next copy; as the original where no print is known to have come out. None where
        no such receipt was issued. Raises ContentLeft."""

    def agreement_of(self, receipt_number: str) -> Agreement | None:
        """What was committed under this number; None where nothing was. Raises ContentLeft."""

    def recent(self, limit: int) -> tuple[RecentReceipt, ...]:
        """What was committed last, the newest first."""

    def outcome_of(self, transaction: UUID) -> DeliveryOutcome: ...

    def unfinished(self) -> tuple[Unfinished, ...]: ...

    def waiting(self) -> int:
        """How many committed transactions the centre has not yet answered for."""

    def backlog(self) -> tuple[Backlog, ...]:
        """The same by service."""


class Delivery(Protocol):
    def line_is_up(self) -> bool:
        """Whether the last contact with the centre succeeded; for the line state and for whether to wait."""

    def wait_for_answer(self, transaction: UUID, seconds: float) -> DeliveryOutcome:
        """Sends at once and waits, at most that long, for the centre's signed answer."""

    def wake(self) -> None:
        """Something new waits in the outbox."""


class ServiceUses(Protocol):
    def uses_of_services(self) -> Mapping[str, int]:
        """How often each service was used at this terminal of late; of nobody in particular."""


class ReceiptPrinter(Protocol):
    def print_receipt(self, receipt: Receipt) -> PrintState:
        """CONFIRMED or UNCONFIRMED; raises PRINTER_* when nothing was printed."""

    def print_slip(self, slip: Slip) -> PrintState: ...

    def warm_up(self) -> None:
        """A paper will be wanted soon: what drawing it needs may be loaded meanwhile. Does not block."""
