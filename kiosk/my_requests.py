"""What became of a request: its states as the agency tells them, and how its person asks for them at any office.

The messages are the wire's (`kiosk.wire` says how they travel). Whoever asks proves a claim first: by the national
card in the reader, or by a paper of the request together with the national number, which no paper shows whole. So
nothing can be listed by guessing.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from kiosk.failures import ServiceFailure
from kiosk.receipt import PrintState
from kiosk.wire import SCHEMA, Words


class RequestState(enum.StrEnum):
    """In the order in which a request can pass through them; most skip some."""

    REQUESTED = "requested"
    IN_PROGRESS = "in_progress"
    ISSUED = "issued"
    REJECTED = "rejected"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


SETTLED = frozenset({RequestState.ISSUED, RequestState.REFUNDED})
"""Nothing follows after these, so nobody is asked any more."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request as the centre knows it. `reference` is the agency's own number, "" where it refused at once.

    `words` are the agency's, where it said some. `document`: there is one to be printed. `refund` says who gives back
    money that is due: the office that took it, or the agency by its own ways.
    """

    transaction: UUID
    service: str
    agency: str
    reference: str
    receipt_number: str
    amount_fils: int
    requested_at: datetime
    state: RequestState
    changed_at: datetime
    words: Words | None = None
    document: bool = False
    refund: Literal["", "office", "agency"] = ""

    def __repr__(self) -> str:
        return f"Request(transaction={self.transaction})"


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: the number of a card that was proven, and that is all (`paper` is ""); or the number that somebody
    says, with the number on the paper in their hand, the receipt's or the request's: then that request alone is shown.
    """

    national_number: str
    paper: str = ""

    def __repr__(self) -> str:
        return "Asker()"


class RequestsQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which requests are this person's?"""

    schema: int = SCHEMA
    terminal: str
    by: Asker

    def __repr__(self) -> str:
        return "RequestsQuestion()"


class RequestsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT; the newest first. That nothing was found and that nobody is known look
    the same."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    requests: tuple[Request, ...]


class DocumentQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """What was issued on this request of this person's?"""

    schema: int = SCHEMA
    terminal: str
    by: Asker
    transaction: UUID

    def __repr__(self) -> str:
        return f"DocumentQuestion(transaction={self.transaction})"


class IssuedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency issued: a PDF of A4 pages, with the text of the code that is on it."""

    number: str
    issued_at: datetime
    pdf: bytes
    code: str

    def __repr__(self) -> str:
        return f"IssuedDocument({len(self.pdf)} bytes)"


class DocumentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of `Signed` with ANSWER_CONTEXT; None where there is none, or it is nobody's who asks."""

    schema: int = SCHEMA
    terminal: str
    answered_at: datetime
    transaction: UUID
    document: IssuedDocument | None


class DocumentPaper(msgspec.Struct, frozen=True, kw_only=True):
    """What came out of a printer: the document itself, or a slip with its code where only receipts are printed. `state`
    is None where nothing did, which `failure` explains."""

    state: PrintState | None
    slip: bool
    failure: ServiceFailure | None = None


class RequestsDesk(Protocol):
    """The centre's. Every call blocks, and raises ServiceFailure where no answer comes that counts."""

    def requests_of(self, by: Asker) -> tuple[Request, ...]: ...

    def document(self, by: Asker, transaction: UUID) -> IssuedDocument | None: ...


class DocumentPrinter(Protocol):
    """A printer of A4 pages."""

    def print_document(self, document: IssuedDocument) -> PrintState:
        """CONFIRMED or UNCONFIRMED; raises PRINTER_* when nothing was printed."""


class DocumentJournal(Protocol):
    def note_document(self, service: str, content_hash: str, state: PrintState) -> None:
        """Writes down that a document came out here, and nothing of whose it is. Raises NOT_SAVED."""
