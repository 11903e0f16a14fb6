"""Asks what became of a person's requests, and brings an issued document to paper: blocking steps, as in settlement."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib

from kiosk import slips
from kiosk.events import DocumentPrinted, Event, RequestsReceived
from kiosk.failures import Failure, ServiceFailure
from kiosk.my_requests import (
    Asker,
    DocumentJournal,
    DocumentPaper,
    DocumentPrinter,
    IssuedDocument,
    Request,
    RequestsDesk,
)
from kiosk.ports import Clock, ReceiptPrinter
from kiosk.receipt import PrintState
from kiosk.wire import Words


@dataclasses.dataclass(frozen=True, slots=True)
class Following:
    """The parts that follow a request. Without `documents` the terminal prints receipts only: then a slip says the
    document's code, and where its page is printed."""

    desk: RequestsDesk
    printer: ReceiptPrinter
    journal: DocumentJournal
    clock: Clock
    office: Words
    documents: DocumentPrinter | None = None

    def ask(self, by: Asker) -> Event:
        """Whatever keeps the answer away, it is one thing to the person. Raises REQUESTS_UNREACHABLE."""
        try:
            return RequestsReceived(self.desk.requests_of(by))
        except ServiceFailure as failure:
            raise ServiceFailure(Failure.REQUESTS_UNREACHABLE) from failure

    def print(self, by: Asker, request: Request, service: Words) -> Event:
        """`service` is the title of what was requested."""
        return DocumentPrinted(self.paper(by, request, service))

    def paper(self, by: Asker, request: Request, service: Words) -> DocumentPaper:
        slip = self.documents is None
        try:
            document = self.desk.document(by, request.transaction)
            if document is None:
                raise ServiceFailure(Failure.REQUESTS_UNREACHABLE)
            state = self._print(document, service)
        except ServiceFailure as failure:
            return DocumentPaper(state=None, slip=slip, failure=_told(failure))
        with contextlib.suppress(ServiceFailure):  # the paper is out; a full disk must not hide that
            self.journal.note_document(request.service, hashlib.sha256(document.pdf).hexdigest(), state)
        return DocumentPaper(state=state, slip=slip)

    def _print(self, document: IssuedDocument, service: Words) -> PrintState:
        if self.documents is None:
            return self.printer.print_slip(slips.document(document, self.clock.now(), self.office, service))
        return self.documents.print_document(document)


def _told(failure: ServiceFailure) -> ServiceFailure:
    """A printer's trouble is told as it is; every other means that the document did not come here."""
    is_printers = failure.failure.value.startswith("P")
    return failure if is_printers else ServiceFailure(Failure.REQUESTS_UNREACHABLE)
