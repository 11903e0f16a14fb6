"""A document scanner asked over HTTP by eSCL, the driverless protocol of office scanners ("AirScan", Mopria).

A scanner on USB speaks it too, through ipp-usb on the loopback address. Whatever answers at that address is not
trusted: answers have a greatest length and a time within which they end, the picture is decoded in a child process, and
nothing that is said there leads to another address.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from devices.scanners import page
from devices.scanners.escl_message import (
    Capabilities,
    Input,
    Status,
    read_capabilities,
    read_status,
    scan_settings,
)
from devices.scanners.xml import LARGEST_BYTES, Element, MalformedXml, read
from kiosk.documents import ScannedPage
from kiosk.failures import Failure, ServiceFailure

CONNECT_SECONDS: Final = 1.5
ANSWER_SECONDS: Final = 5.0
PAGE_SECONDS: Final = 60.0
"""From the press to the picture: a lamp that warms up, a fine page over a slow bus."""

_POLL_SECONDS: Final = 0.25
_PIECE: Final = 64 * 1024
_JOB: Final = re.compile(r"/ScanJobs/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,127}")


class _Refused(Exception):
    """An answer with another status than the one that goes on."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class _TooLong(Exception):
    """The answer does not end where it should."""


class EsclScanner:
    """`kiosk.ports.DocumentScanner`. `url` is the root of its protocol, as http://HOST:PORT/eSCL. One call at a time
    opens its own connections; nothing is kept between calls."""

    def __init__(self, url: str, *, page_seconds: float = PAGE_SECONDS, answer_seconds: float = ANSWER_SECONDS) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError("the scanner's address has the form http://HOST:PORT/eSCL")
        self._host, self._port, self._root = parts.hostname, parts.port or 80, parts.path.rstrip("/")
        self._page_seconds = page_seconds
        self._answer_seconds = answer_seconds

    def scan(self, stop: threading.Event) -> ScannedPage:
        with _typed_failures():
            known = self.capabilities()
            status = self.status()
            source = status.input_of(known)
            if source is None:
                raise ServiceFailure(Failure.NO_SCANNER)
            if failure := status.failure(source):
                raise ServiceFailure(failure)
            return page.keep(self._fetch(known, source, stop))

    def capabilities(self) -> Capabilities:
        """For diagnosis too. Raises NO_SCANNER, SCANNER_SILENT."""
        with _typed_failures():
            return read_capabilities(self._ask("/ScannerCapabilities"))

    def status(self) -> Status:
        """As `capabilities`."""
        with _typed_failures():
            return read_status(self._ask("/ScannerStatus"))

    # -- one job

    def _fetch(self, known: Capabilities, source: Input, stop: threading.Event) -> bytes:
        """The picture as the scanner sent it. The job is ended there whatever happens, with further pages in it."""
        until = time.monotonic() + self._page_seconds
        job = self._open_job(known, source)
        try:
            while True:
                try:
                    return self._next_document(job, stop, until)
                except _Refused as refused:
                    if refused.status != http.client.SERVICE_UNAVAILABLE:
                        raise ServiceFailure(self._why(source)) from refused
                if stop.wait(_POLL_SECONDS) or time.monotonic() >= until:
                    raise ServiceFailure(Failure.SCANNER_SILENT)
        finally:
            with contextlib.suppress(OSError, http.client.HTTPException, ServiceFailure, _Refused, _TooLong):
                self._exchange("DELETE", job, until=time.monotonic() + self._answer_seconds)

    def _open_job(self, known: Capabilities, source: Input) -> str:
        """The path of the new job. Of the address that the scanner gives only the path below its own root counts."""
        until = time.monotonic() + self._answer_seconds
        settings = scan_settings(known.version or "2.0", source)
        try:
            location, _ = self._exchange(
                "POST", f"{self._root}/ScanJobs", settings, until=until, wanted=http.client.CREATED
            )
        except _Refused as refused:
            if refused.status == http.client.SERVICE_UNAVAILABLE:
                raise ServiceFailure(Failure.SCANNER_BUSY) from refused
            raise ServiceFailure(self._why(source)) from refused
        try:
            path = urlsplit(location).path.removeprefix(self._root).rstrip("/")
        except ValueError:
            path = ""
        if not _JOB.fullmatch(path):
            raise ServiceFailure(Failure.SCANNER_SILENT)
        return self._root + path

    def _next_document(self, job: str, stop: threading.Event, until: float) -> bytes:
        largest = page.LARGEST_PICTURE_BYTES
        try:
            return self._exchange("GET", f"{job}/NextDocument", until=until, stop=stop, largest=largest)[1]
        except _TooLong as too_long:
            raise page.PageUnreadable from too_long

    def _why(self, source: Input) -> Failure:
        """What the scanner says of itself after it refused; a refusal without a reason is silence."""
        failure = self.status().failure(source)
        return failure if failure not in {None, Failure.SCANNER_BUSY} else Failure.SCANNER_SILENT

    # -- one exchange

    def _ask(self, path: str) -> Element:
        until = time.monotonic() + self._answer_seconds
        _, content = self._exchange("GET", self._root + path, until=until)
        return read(content)

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        until: float,
        stop: threading.Event | None = None,
        largest: int = LARGEST_BYTES,
        wanted: int = http.client.OK,
    ) -> tuple[str, bytes]:
        """The Location, if any, and the content of the answer. Raises _Refused, OSError, HTTPException."""
        connection = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise ServiceFailure(Failure.NO_SCANNER) from error
            connection.sock = _TimedSocket.of(connection.sock, until, stop)
            headers = {"Accept-Encoding": "identity"} | ({"Content-Type": "text/xml"} if body else {})
            connection.request(method, path, body, headers)
            with connection.getresponse() as response:
                if response.status != wanted:
                    raise _Refused(response.status)
                return response.headers.get("Location", ""), _read(response, largest)
        finally:
            connection.close()


class _TimedSocket(socket.socket):
    """Whose every wait ends when the whole exchange has taken too long, or nobody waits any more: a scanner that sends
    a byte a second would meet no time-out of one read."""

    _until: float
    _stop: threading.Event | None

    @classmethod
    def of(cls, plain: socket.socket, until: float, stop: threading.Event | None) -> _TimedSocket:
        timed = cls(fileno=plain.detach())
        timed.settimeout(max(0.0, until - time.monotonic()) or None)
        timed._until, timed._stop = until, stop
        return timed

    def recv_into(self, *arguments: Any) -> int:
        while True:
            if time.monotonic() >= self._until or (self._stop is not None and self._stop.is_set()):
                raise TimeoutError
            if select.select([self], [], [], _POLL_SECONDS)[0]:
                return super().recv_into(*arguments)


def _read(response: http.client.HTTPResponse, largest: int) -> bytes:
    data = bytearray()
    while piece := response.read1(_PIECE):
        data += piece
        if len(data) > largest:
            raise _TooLong
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return bytes(data)


@contextlib.contextmanager
def _typed_failures() -> Iterator[None]:
    """Only ServiceFailure comes out."""
    try:
        yield
    except page.PageUnreadable as unreadable:
        raise ServiceFailure(Failure.PAGE_UNREADABLE) from unreadable
    except (OSError, http.client.HTTPException, MalformedXml, _Refused, _TooLong) as silent:
        raise ServiceFailure(Failure.SCANNER_SILENT) from silent
