"""One IPP printer asked over HTTP (RFC 8010): its state and reasons, its jobs, a document sent.

Whatever answers at that address is not trusted: answers have a greatest length and a time within which they end.
"""

from __future__ import annotations

import dataclasses
import enum
import http.client
import re
import time
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import urlsplit

from devices.printers.ipp_message import (
    Answer,
    Attribute,
    Group,
    MalformedAnswer,
    Operation,
    Tag,
    Value,
    decode_answer,
    encode_request,
)
from kiosk.failures import Failure

E = TypeVar("E", bound=enum.IntEnum)

CONNECT_SECONDS: Final = 1.5
ANSWER_SECONDS: Final = 5.0
MAX_ANSWER_BYTES: Final = 256 * 1024

_REASONS: Final[Mapping[str, Failure]] = {
    "cover-open": Failure.PRINTER_COVER_OPEN,
    "door-open": Failure.PRINTER_COVER_OPEN,
    "interlock-open": Failure.PRINTER_COVER_OPEN,
    "media-jam": Failure.PRINTER_JAM,
    "media-empty": Failure.PRINTER_OUT_OF_PAPER,
    "media-needed": Failure.PRINTER_OUT_OF_PAPER,
    "input-tray-missing": Failure.PRINTER_OUT_OF_PAPER,
    "paused": Failure.PRINTER_SILENT,
    "shutdown": Failure.PRINTER_SILENT,
    "timed-out": Failure.PRINTER_SILENT,
}
"""printer-state-reasons (RFC 8011, 5.4.12) that stop a receipt, the one to put right first standing first."""
_SEVERITY: Final = re.compile(r"-(report|warning|error)$")
_JOB_ATTRIBUTES: Final = ["job-id", "job-name", "job-state"]
_MAX_JOBS: Final = 500


class Unreachable(Exception):
    """Nobody listens there: nothing was sent."""


class Broken(Exception):
    """The line broke, the answer did not come, or it was a refusal: the printer may have got what was sent."""


class PrinterState(enum.IntEnum):
    """printer-state (RFC 8011, section 5.4.11)."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(enum.IntEnum):
    """job-state (RFC 8011, section 5.3.7)."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9

    @property
    def final(self) -> bool:
        return self >= JobState.CANCELED


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    number: int
    name: str
    state: JobState


@dataclasses.dataclass(frozen=True, slots=True)
class PrinterStatus:
    """`reasons` as the printer gives them; `failure` is what keeps a receipt from being printed, if anything does."""

    state: PrinterState
    reasons: tuple[str, ...]
    model: str
    failure: Failure | None
    keeps_scale: bool


class PrinterLink:
    """Every call opens one connection and may block for a few seconds.

    Calls raise Unreachable, Broken, or MalformedAnswer.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "ipp" or not parts.hostname:
            raise ValueError("the printer's address has the form ipp://HOST:PORT/PATH")
        self._url = url
        self._host, self._port, self._path = parts.hostname, parts.port or 631, parts.path or "/"

    def status(self) -> PrinterStatus:
        wanted = [
            "printer-state",
            "printer-state-reasons",
            "printer-is-accepting-jobs",
            "printer-make-and-model",
            "job-creation-attributes-supported",
        ]
        answer = self._ask(Operation.GET_PRINTER_ATTRIBUTES, [_requested(wanted)])
        printer = next(iter(answer.of(Group.PRINTER)), {})
        state = _enum(PrinterState, printer, "printer-state")
        reasons = tuple(str(reason) for reason in printer.get("printer-state-reasons", ()))
        stems = {_SEVERITY.sub("", reason) for reason in reasons}
        failure = next((failure for stem, failure in _REASONS.items() if stem in stems), None)
        if failure is None and state is PrinterState.STOPPED:
            failure = Failure.PRINTER_SILENT
        return PrinterStatus(
            state=state,
            reasons=tuple(reason for reason in reasons if reason != "none"),
            model=str(next(iter(printer.get("printer-make-and-model", ())), ""))[:127],
            failure=failure,
            keeps_scale="print-scaling" in printer.get("job-creation-attributes-supported", ()),
        )

    def find(self, name: str) -> Job | None:
        """The newest job of that name, among those to come and those that the printer remembers."""
        found: list[Job] = []
        for which in ("not-completed", "completed"):
            asked = [
                Attribute(Tag.INTEGER, "limit", [_MAX_JOBS]),
                _requested(_JOB_ATTRIBUTES),
                Attribute(Tag.KEYWORD, "which-jobs", [which]),
            ]
            jobs = self._ask(Operation.GET_JOBS, asked).of(Group.JOB)
            found += [_job(job) for job in jobs if name in job.get("job-name", ())]
        return max(found, key=lambda job: job.number, default=None)

    def send(self, name: str, document: bytes, status: PrinterStatus) -> Job:
        asked = [
            Attribute(Tag.NAME, "requesting-user-name", ["kiosk"]),
            Attribute(Tag.NAME, "job-name", [name]),
            Attribute(Tag.MIME_MEDIA_TYPE, "document-format", ["application/pdf"]),
        ]
        scale = [Attribute(Tag.KEYWORD, "print-scaling", ["none"])] if status.keeps_scale else []
        answer = self._ask(Operation.PRINT_JOB, asked, job=scale, document=document)
        return dataclasses.replace(_job(next(iter(answer.of(Group.JOB)), {})), name=name)

    def job(self, number: int) -> Job:
        asked = [Attribute(Tag.INTEGER, "job-id", [number]), _requested(_JOB_ATTRIBUTES)]
        return _job(next(iter(self._ask(Operation.GET_JOB_ATTRIBUTES, asked).of(Group.JOB)), {}))

    def cancel(self, number: int) -> None:
        """Asks for it; a job that has ended in between is no error here."""
        self._exchange(encode_request(Operation.CANCEL_JOB, self._url, [Attribute(Tag.INTEGER, "job-id", [number])]))

    def _ask(
        self,
        operation: Operation,
        asked: Sequence[Attribute],
        *,
        job: Sequence[Attribute] = (),
        document: bytes = b"",
    ) -> Answer:
        answer = self._exchange(encode_request(operation, self._url, asked, job=job, document=document))
        if not answer.successful:
            raise Broken(f"{operation.name}: status 0x{answer.status:04x}")
        return answer

    def _exchange(self, message: bytes) -> Answer:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_SECONDS)
        try:
            connection.connect()
        except OSError as error:
            raise Unreachable(type(error).__name__) from error
        try:
            connection.sock.settimeout(ANSWER_SECONDS)
            connection.request("POST", self._path, message, {"Content-Type": "application/ipp"})
            with connection.getresponse() as response:
                if response.status != http.client.OK:
                    raise Broken(f"HTTP status {response.status}")
                return decode_answer(_read(response))
        except (OSError, http.client.HTTPException) as error:
            raise Broken(type(error).__name__) from error
        finally:
            connection.close()


def _read(response: http.client.HTTPResponse) -> bytes:
    """The whole answer, but not more than may come, nor longer than it may take."""
    until = time.monotonic() + ANSWER_SECONDS
    data = b""
    while piece := response.read1(MAX_ANSWER_BYTES):
        data += piece
        if len(data) > MAX_ANSWER_BYTES or time.monotonic() > until:
            raise Broken("the answer does not end")
    return data


def _requested(names: Sequence[str]) -> Attribute:
    return Attribute(Tag.KEYWORD, "requested-attributes", names)


def _job(attributes: Mapping[str, Sequence[Value]]) -> Job:
    number = next(iter(attributes.get("job-id", ())), None)
    if not isinstance(number, int):
        raise MalformedAnswer("a job without a number")
    name = str(next(iter(attributes.get("job-name", ())), ""))
    return Job(number, name, _enum(JobState, attributes, "job-state"))


def _enum(kind: type[E], attributes: Mapping[str, Sequence[Value]], name: str) -> E:
    value = next(iter(attributes.get(name, ())), None)
    found = next((member for member in kind if member == value), None)
    if found is None:
        raise MalformedAnswer(f"no {name} that is known")
    return found
