"""A receipt printer that speaks IPP (RFC 8011): asked before it prints, and followed until the paper is out.

"Sent" is not "printed": a job counts as printed when the printer says so. One paper keeps one job name over all
tries, and a job of that name is looked for before any is sent, so that no retry prints twice. Nothing is written to
disk here: a receipt holds what a person did.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable
from datetime import UTC
from typing import Final
from uuid import uuid4

from devices.printers.ipp_link import Broken, Job, JobState, PrinterLink, PrinterStatus, Unreachable
from devices.printers.ipp_message import MalformedAnswer
from devices.printers.wording import Language
from kiosk.failures import Failure, ServiceFailure
from kiosk.lane import Lane
from kiosk.mode import Mode
from kiosk.my_requests import IssuedDocument
from kiosk.receipt import PrintState, Receipt, Slip
from kiosk.report import Report
from kiosk.technician import PrinterTest
from kiosk.wire import Words

CONFIRM_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.1
_LOST = (Unreachable, Broken, MalformedAnswer)


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper to print: its number, the name of its job, and how it is drawn."""

    number: str
    name: str
    draw: Callable[[], bytes]


class IppReceiptPrinter:
    """`kiosk.ports.ReceiptPrinter` and `kiosk.technician.ServicePrinter` over IPP, on a thread of its own: fonts are
    shared and printing waits.

    `language` is asked when a paper is drawn; `mode` is said on every paper that has no value.
    """

    def __init__(
        self,
        url: str,
        *,
        language: Callable[[], Language] = lambda: "ar",
        mode: Mode = Mode.SERVICE,
        confirm_seconds: float = CONFIRM_SECONDS,
    ) -> None:
        self._link = PrinterLink(url)
        self._language = language
        self._mode = mode
        self._confirm_seconds = confirm_seconds
        self._lane = Lane("printer")
        self._is_warm = False

    def print_receipt(self, receipt: Receipt) -> PrintState:
        """CONFIRMED, or UNCONFIRMED where nobody but a person can tell; raises PRINTER_* when nothing was printed."""
        name = f"{receipt.number} {receipt.transaction}" + (f" copy {receipt.copy}" if receipt.copy else "")
        language = self._language()
        paper = Paper(receipt.number, name, lambda: self._draw_receipt(receipt, language))
        return self._lane.call(lambda: self._print(paper))

    def print_slip(self, slip: Slip) -> PrintState:
        """As `print_receipt`."""
        name = f"slip {slip.reference} {slip.written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        language = self._language()
        paper = Paper(slip.reference, name, lambda: self._draw_slip(slip, language))
        return self._lane.call(lambda: self._print(paper))

    def print_document(self, document: IssuedDocument) -> PrintState:
        """`kiosk.my_requests.DocumentPrinter`, on a printer of A4 pages. Each wish is a job of its own: whoever asks
        once more has lost the first."""
        name = f"document {document.number} {uuid4()}"
        paper = Paper(document.number, name, lambda: document.pdf)
        return self._lane.call(lambda: self._print(paper))

    def print_test_page(self, page: PrinterTest) -> PrintState:
        """`kiosk.technician.ServicePrinter`: each page is a job of its own, so that the printer is tested each time."""
        paper = Paper(page.terminal, f"test page {page.at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}", lambda: _draw_test(page))
        return self._lane.call(lambda: self._print(paper))

    def print_self_test(self, report: Report, office: Words) -> PrintState:
        name = f"self-test {report.made_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
        language = self._language()
        paper = Paper(report.terminal, name, lambda: _draw_self_test(report, office, language))
        return self._lane.call(lambda: self._print(paper))

    def status(self) -> PrinterStatus:
        """What the printer says of itself, for diagnosis. Raises PRINTER_SILENT."""
        try:
            return self._lane.call(self._link.status)
        except _LOST as lost:
            raise ServiceFailure(Failure.PRINTER_SILENT) from lost

    def warm_up(self) -> None:
        """Loads fonts and libraries beforehand, without waiting, so that the first receipt is as fast as the next."""
        if not self._is_warm:
            self._is_warm = True
            self._lane.send(self._load)

    def close(self) -> None:
        """Finishes what was handed in."""
        self._lane.close()

    # -- on the lane

    def _print(self, paper: Paper) -> PrintState:
        try:
            status = self._link.status()
            if status.failure:
                raise ServiceFailure(status.failure)
            job = self._link.find(paper.name)
            if job is None or job.state in {JobState.CANCELED, JobState.ABORTED}:
                job = self._send(paper, status)
        except _LOST as lost:
            raise ServiceFailure(Failure.PRINTER_SILENT) from lost
        return PrintState.UNCONFIRMED if job is None else self._follow(job.number, paper)

    def _send(self, paper: Paper, status: PrinterStatus) -> Job | None:
        """The job that the printer made of the paper; None where it may have made one. Raises PRINTER_SILENT."""
        document = paper.draw()
        try:
            return self._link.send(paper.name, document, status)
        except (Broken, MalformedAnswer):
            with contextlib.suppress(*_LOST):
                job = self._link.find(paper.name)
                if job is None:
                    raise ServiceFailure(Failure.PRINTER_SILENT) from None
                return job
            return None

    def _follow(self, number: int, paper: Paper) -> PrintState:
        """Waits until the printer is done with the job. A job that is given up is cancelled, so that no paper comes
        out when the next person stands there."""
        until = time.monotonic() + self._confirm_seconds
        while True:
            try:
                job = self._link.job(number)
                failure = None if job.state.final else self._link.status().failure
            except _LOST:
                return PrintState.UNCONFIRMED
            if job.state is JobState.COMPLETED:
                return PrintState.CONFIRMED
            if job.state.final:
                raise ServiceFailure(Failure.RECEIPT_NOT_PRINTED, number=paper.number)
            if failure:
                return self._give_up(number, failure)
            if time.monotonic() >= until:
                with contextlib.suppress(*_LOST):
                    self._link.cancel(number)
                return PrintState.UNCONFIRMED
            time.sleep(_POLL_SECONDS)  # a printer tells of a job only when it is asked: again, up to a deadline

    def _give_up(self, number: int, failure: Failure) -> PrintState:
        """Cancels a job that paper or cover has stopped; only the printer's word makes it "not printed"."""
        try:
            self._link.cancel(number)
            state = self._link.job(number).state
        except _LOST:
            return PrintState.UNCONFIRMED
        if state in {JobState.CANCELED, JobState.ABORTED}:
            raise ServiceFailure(failure)
        return PrintState.CONFIRMED if state is JobState.COMPLETED else PrintState.UNCONFIRMED

    # The layout's libraries take a third of a second to import, so the printer's thread does it, not the start-up.

    def _draw_receipt(self, receipt: Receipt, language: Language) -> bytes:
        from devices.printers.layout import draw_receipt  # noqa: PLC0415  see above

        return draw_receipt(receipt, language, mode=self._mode)

    def _draw_slip(self, slip: Slip, language: Language) -> bytes:
        from devices.printers.layout import draw_slip  # noqa: PLC0415  see above

        return draw_slip(slip, language, mode=self._mode)

    def _load(self) -> None:
        from devices.printers.layout import warm_up  # noqa: PLC0415  see above

        warm_up()


def _draw_test(page: PrinterTest) -> bytes:
    from devices.printers.test_page import draw_test_page  # noqa: PLC0415  see above

    return draw_test_page(page)


def _draw_self_test(report: Report, office: Words, language: Language) -> bytes:
    from devices.printers.test_page import draw_self_test  # noqa: PLC0415  see above

    return draw_self_test(report, office, language)
