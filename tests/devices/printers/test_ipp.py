"""The receipt printer over IPP, on the reference printer of CUPS and on printers that misbehave."""

from __future__ import annotations

import http.client
import http.server
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec
import pytest
import zxingcpp
from pyipp.enums import IppTag
from pyipp.serializer import construct_attribute

from devices.printers import ipp_link
from devices.printers.ipp import IppReceiptPrinter
from devices.printers.layout import draw_receipt, draw_slip
from devices.printers.preview import raster
from devices.virtual.printer import VirtualPrinter
from kiosk.failures import Failure, ServiceFailure
from kiosk.mode import Mode
from kiosk.receipt import PrintState, Receipt, Slip

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER = 0x02, 0x08, 0x09, 0x0A, 0x0B
OPERATION = b"\x01" + construct_attribute("attributes-charset", "utf-8", IppTag.CHARSET)
IDLE = b"\x04" + construct_attribute("printer-state", 3, IppTag.ENUM)


def job(state: int) -> bytes:
    return (
        b"\x02"
        + construct_attribute("job-id", 1, IppTag.INTEGER)
        + construct_attribute("job-state", state, IppTag.ENUM)
    )


def answer(*groups: bytes, status: int = 0) -> bytes:
    return struct.pack(">BBHi", 2, 0, status, 1) + OPERATION + b"".join(groups) + b"\x03"


@contextmanager
def opened(url: str, *, confirm_seconds: float = 20.0) -> Iterator[IppReceiptPrinter]:
    printer = IppReceiptPrinter(url, confirm_seconds=confirm_seconds)
    try:
        yield printer
    finally:
        printer.close()


@pytest.fixture
def printer(virtual_printer: VirtualPrinter) -> Iterator[IppReceiptPrinter]:
    with opened(virtual_printer.url) as opened_printer:
        yield opened_printer


@contextmanager
def served(reply: Callable[[int, bytes], bytes | None]) -> Iterator[str]:
    """A printer that answers each operation as told; None hangs up without a word. Its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = self.rfile.read(int(self.headers["Content-Length"]))
            body = reply(struct.unpack_from(">H", message, 2)[0], message)
            if body is not None:
                self.send_response(200)
                self.send_header("Content-Type", "application/ipp")
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"ipp://127.0.0.1:{server.server_port}/ipp/print"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def behind(printer: VirtualPrinter, spoil: Callable[[int, bytes], bytes | None]) -> Iterator[str]:
    """The virtual printer with its answers spoiled on the way."""
    parts = urlsplit(printer.url)

    def reply(operation: int, message: bytes) -> bytes | None:
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 0, timeout=10)
        connection.request("POST", parts.path, message, {"Content-Type": "application/ipp"})
        body = connection.getresponse().read()
        connection.close()
        return spoil(operation, body)

    with served(reply) as url:
        yield url


def failure_of(work: Callable[[], object]) -> ServiceFailure:
    with pytest.raises(ServiceFailure) as caught:
        work()
    return caught.value


def test_a_receipt_comes_out_and_is_confirmed(
    printer: IppReceiptPrinter, virtual_printer: VirtualPrinter, receipt: Receipt
) -> None:
    assert printer.print_receipt(receipt) is PrintState.CONFIRMED
    (paper,) = virtual_printer.printed()
    assert paper.read_bytes() == draw_receipt(receipt, "ar")
    (code,) = zxingcpp.read_barcodes(raster(paper.read_bytes()).convert("L"))
    assert code.text == receipt.code


def test_asking_twice_prints_once_and_a_copy_prints_anew(
    printer: IppReceiptPrinter, virtual_printer: VirtualPrinter, receipt: Receipt
) -> None:
    for copy, papers in ((0, 1), (0, 1), (1, 2), (2, 3), (1, 3)):
        assert printer.print_receipt(msgspec.structs.replace(receipt, copy=copy)) is PrintState.CONFIRMED
        assert len(virtual_printer.printed()) == papers


def test_a_slip_comes_out(printer: IppReceiptPrinter, virtual_printer: VirtualPrinter, slip: Slip) -> None:
    assert printer.print_slip(slip) is PrintState.CONFIRMED
    (paper,) = virtual_printer.printed()
    assert paper.read_bytes() == draw_slip(slip, "ar")


def test_language_and_mode_reach_the_paper(virtual_printer: VirtualPrinter, receipt: Receipt) -> None:
    printer = IppReceiptPrinter(virtual_printer.url, language=lambda: "en", mode=Mode.TRAINING)
    printer.warm_up()
    assert printer.print_receipt(receipt) is PrintState.CONFIRMED
    printer.close()
    (paper,) = virtual_printer.printed()
    assert paper.read_bytes() == draw_receipt(receipt, "en", mode=Mode.TRAINING)


@pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("media-empty", Failure.PRINTER_OUT_OF_PAPER),
        ("cover-open", Failure.PRINTER_COVER_OPEN),
        ("media-jam", Failure.PRINTER_JAM),
    ],
)
def test_a_printer_in_trouble_is_asked_first_and_prints_when_it_is_well(
    printer: IppReceiptPrinter, virtual_printer: VirtualPrinter, receipt: Receipt, fault: str, failure: Failure
) -> None:
    virtual_printer.set_fault(fault)
    assert failure_of(lambda: printer.print_receipt(receipt)).failure is failure
    assert printer.status().failure is failure
    virtual_printer.set_fault(None)
    assert virtual_printer.printed() == []
    assert printer.status().failure is None
    assert printer.print_receipt(receipt) is PrintState.CONFIRMED
    assert len(virtual_printer.printed()) == 1


def test_paper_that_ends_while_printing_leaves_it_unconfirmed_and_nothing_comes_out_late(
    virtual_printer: VirtualPrinter, receipt: Receipt
) -> None:
    def run_out(operation: int, body: bytes) -> bytes:
        if operation == GET_JOBS and not gone.is_set():  # asked last before the document is sent
            gone.set()
            virtual_printer.hold("media-empty")
        return body

    gone = threading.Event()
    with behind(virtual_printer, run_out) as url, opened(url) as printer:
        assert printer.print_receipt(receipt) is PrintState.UNCONFIRMED
    virtual_printer.set_fault(None)
    assert virtual_printer.printed() == []


def test_a_lost_answer_does_not_print_twice(virtual_printer: VirtualPrinter, receipt: Receipt) -> None:
    with (
        behind(virtual_printer, lambda operation, body: None if operation == PRINT_JOB else body) as url,
        opened(url) as printer,
    ):
        assert printer.print_receipt(receipt) is PrintState.CONFIRMED
        assert printer.print_receipt(receipt) is PrintState.CONFIRMED
    assert len(virtual_printer.printed()) == 1


def test_a_printer_that_is_off_is_silent(virtual_printer: VirtualPrinter, receipt: Receipt) -> None:
    virtual_printer.close()
    with opened(virtual_printer.url) as printer:
        assert failure_of(lambda: printer.print_receipt(receipt)).failure is Failure.PRINTER_SILENT
        assert failure_of(printer.status).failure is Failure.PRINTER_SILENT


@pytest.mark.parametrize("after", [PRINT_JOB, GET_JOB])
def test_a_line_that_breaks_after_the_document_leaves_it_unconfirmed(receipt: Receipt, after: int) -> None:
    sent = threading.Event()

    def reply(operation: int, _: bytes) -> bytes | None:
        if operation == after:
            sent.set()
        return None if sent.is_set() else answer({GET_PRINTER: IDLE, PRINT_JOB: job(5)}.get(operation, b""))

    with served(reply) as url, opened(url) as printer:
        assert printer.print_receipt(receipt) is PrintState.UNCONFIRMED


def test_a_job_that_does_not_end_is_cancelled_and_unconfirmed(receipt: Receipt) -> None:
    asked: list[int] = []

    def reply(operation: int, _: bytes) -> bytes:
        asked.append(operation)
        return answer({GET_PRINTER: IDLE, PRINT_JOB: job(5), GET_JOB: job(5)}.get(operation, b""))

    with served(reply) as url, opened(url, confirm_seconds=0) as printer:
        assert printer.print_receipt(receipt) is PrintState.UNCONFIRMED
    assert asked[-1] == CANCEL_JOB


@pytest.mark.parametrize("state", [7, 8])
def test_a_job_that_the_printer_dropped_is_not_printed(receipt: Receipt, state: int) -> None:
    def reply(operation: int, _: bytes) -> bytes:
        return answer({GET_PRINTER: IDLE, PRINT_JOB: job(5), GET_JOB: job(state)}.get(operation, b""))

    with served(reply) as url, opened(url) as printer:
        failure = failure_of(lambda: printer.print_receipt(receipt))
    assert failure.failure is Failure.RECEIPT_NOT_PRINTED
    assert failure.values == {"number": "KRK3-000482"}


def test_a_busy_printer_that_took_nothing_is_silent(receipt: Receipt) -> None:
    def reply(operation: int, _: bytes) -> bytes:
        return answer(IDLE if operation == GET_PRINTER else b"", status=0x0507 if operation == PRINT_JOB else 0)

    with served(reply) as url, opened(url) as printer:
        assert failure_of(lambda: printer.print_receipt(receipt)).failure is Failure.PRINTER_SILENT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>not a printer</html>",
        answer(),
        answer(b"\x04" + construct_attribute("printer-state", 77, IppTag.ENUM)),
        answer(b"\x04" + construct_attribute("printer-state", 5, IppTag.ENUM)),  # stopped, and does not say why
        answer(IDLE, status=0x0503),
    ],
)
def test_answers_that_cannot_be_believed_are_silence(receipt: Receipt, body: bytes) -> None:
    with served(lambda *_: body) as url, opened(url) as printer:
        assert failure_of(lambda: printer.print_receipt(receipt)).failure is Failure.PRINTER_SILENT


def test_an_answer_longer_than_allowed_is_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    long = answer(IDLE + construct_attribute("printer-make-and-model", "x" * 2000, IppTag.TEXT))
    with served(lambda *_: long) as url, opened(url) as printer:
        assert printer.status().model == "x" * 127
        monkeypatch.setattr(ipp_link, "MAX_ANSWER_BYTES", 2000)
        assert failure_of(printer.status).failure is Failure.PRINTER_SILENT


def test_a_printer_that_takes_the_call_and_says_nothing_is_silent(
    receipt: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipp_link, "ANSWER_SECONDS", 0.1)
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        opened(f"ipp://127.0.0.1:{mute.getsockname()[1]}/ipp/print") as printer,
    ):
        assert failure_of(lambda: printer.print_receipt(receipt)).failure is Failure.PRINTER_SILENT


def test_the_scale_is_kept_where_the_printer_can(receipt: Receipt) -> None:
    sent: list[bytes] = []
    able = construct_attribute("job-creation-attributes-supported", ["copies", "print-scaling"], IppTag.KEYWORD)

    def reply(operation: int, message: bytes) -> bytes:
        if operation == PRINT_JOB:
            sent.append(message)
        return answer({GET_PRINTER: IDLE + able, PRINT_JOB: job(5), GET_JOB: job(9)}.get(operation, b""))

    with served(reply) as url, opened(url) as printer:
        assert printer.print_receipt(receipt) is PrintState.CONFIRMED
    assert construct_attribute("print-scaling", "none", IppTag.KEYWORD) in sent[0]


def test_the_status_tells_the_technician(printer: IppReceiptPrinter, virtual_printer: VirtualPrinter) -> None:
    virtual_printer.set_fault("cover-open")
    status = printer.status()
    assert status.model
    assert [reason for reason in status.reasons if reason.startswith("cover-open")]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "ipp://", "printer", "ipps://127.0.0.1/"])
def test_an_address_that_is_no_printers_is_a_mistake_of_the_settings(url: str) -> None:
    with pytest.raises(ValueError, match="ipp://HOST"):
        IppReceiptPrinter(url)
