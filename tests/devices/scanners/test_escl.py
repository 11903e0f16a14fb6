"""The eSCL driver against whatever may stand at that address: only typed failures come out, and soon."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.scanners import EsclScanner
from devices.scanners.escl_message import Status, read_capabilities, read_status, scan_settings
from devices.scanners.xml import LARGEST_BYTES, MalformedXml, read
from devices.virtual.scanner import Machine
from kiosk.failures import OF_THE_SCANNER, Failure, ServiceFailure

CAPABILITIES = Machine(glass=True).capabilities().encode()
STATUS = Machine(glass=True).status().encode()
Answer = Callable[[bytes], bytes]


def http(content: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = (f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers)
    return "\r\n".join((*head, "", "")).encode() + content


def good(asked: bytes) -> bytes:
    """A scanner that opens a job and says what it is; its pages are to be written."""
    if b"ScannerCapabilities" in asked:
        return http(CAPABILITIES)
    if b"ScannerStatus" in asked:
        return http(STATUS)
    return http(b"", "201 Created", "Location: /eSCL/ScanJobs/1") if asked.startswith(b"POST") else http(b"")


class Stranger(socketserver.ThreadingTCPServer):
    """Answers each request by `answer`, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answer: Answer = good
        self.asked: list[bytes] = []
        self.pause = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,))
        self.thread.start()

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        self.thread.join()
        self.server_close()


class _Conversation(socketserver.BaseRequestHandler):
    server: Stranger

    def handle(self) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += self.request.recv(65_536)
        self.server.asked.append(asked.split(b"\r\n")[0])
        answer = self.server.answer(asked)
        if not self.server.pause:
            self.request.sendall(answer)
            return
        for place in range(len(answer)):
            if self.server.over.wait(self.server.pause):
                return
            try:
                self.request.sendall(answer[place : place + 1])
            except OSError:
                return


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    server = Stranger()
    yield server
    server.close()


def failure_of(stranger: Stranger, answer: Answer) -> Failure:
    stranger.answer = answer
    driver = EsclScanner(f"http://127.0.0.1:{stranger.server_address[1]}/eSCL", page_seconds=1.0, answer_seconds=0.7)
    began = time.monotonic()
    with pytest.raises(ServiceFailure) as failed:
        driver.scan(threading.Event())
    assert time.monotonic() - began < 6
    return failed.value.failure


def page(content: bytes) -> Answer:
    return lambda asked: content if b"NextDocument" in asked else good(asked)


def job_at(location: str) -> Answer:
    def answer(asked: bytes) -> bytes:
        return http(b"", "201 Created", f"Location: {location}") if asked.startswith(b"POST") else good(asked)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: b"",
        lambda _: b"\x00" * 5_000,
        lambda _: b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000,
        lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        lambda _: http(b"<html>log in</html>"),
        lambda _: http(b"", "302 Found", "Location: http://127.0.0.1:1/"),
        lambda _: http(b"", "500 Trouble"),
        lambda _: http(CAPABILITIES + b" " * LARGEST_BYTES),
        lambda _: http(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        page(http(b"", "404 Not Found")),
        page(http(b"", "500 Trouble")),
        page(http(b"", "503 Later")),
        page(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nhalf"),
    ],
)
def test_whatever_answers_ends_in_silence(stranger: Stranger, answer: Answer) -> None:
    assert failure_of(stranger, answer) is Failure.SCANNER_SILENT


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\xff\xd8\xff\xd9", b"\x89PNG\r\n\x1a\n", b"<svg/>"])
def test_what_is_no_picture_is_no_page(stranger: Stranger, content: bytes) -> None:
    assert failure_of(stranger, page(http(content))) is Failure.PAGE_UNREADABLE


@pytest.mark.parametrize(
    "location",
    [
        "",
        "/",
        "http://127.0.0.1:1/other",
        "/eSCL/ScanJobs/",
        "/eSCL/ScanJobs/../../admin",
        "/eSCL/ScanJobs/1?x=y/../..",
        "/eSCL/ScanJobs/a b",
        "/eSCL/ScanJobs/" + "a" * 500,
        "http://[",
    ],
)
def test_a_scanner_leads_to_no_other_place(stranger: Stranger, location: str) -> None:
    failure_of(stranger, job_at(location))
    allowed = (b"/eSCL/ScannerCapabilities", b"/eSCL/ScannerStatus", b"/eSCL/ScanJobs")
    assert all(line.split(b" ")[1] in allowed or b"/eSCL/ScanJobs/1" in line for line in stranger.asked)


@pytest.mark.parametrize("answer", [good, page(http(b"\xff\xd8\xff" + bytes(4_000)))])
def test_a_byte_now_and_then_is_not_waited_for(stranger: Stranger, answer: Answer) -> None:
    stranger.pause = 0.05
    assert failure_of(stranger, answer) is Failure.SCANNER_SILENT


def test_the_job_is_ended_there_whatever_became_of_it(stranger: Stranger) -> None:
    failure_of(stranger, page(http(b"nothing")))
    assert stranger.asked[-1].startswith(b"DELETE /eSCL/ScanJobs/1 ")


# ---------------------------------------------------------------- what is said, without a line


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from([CAPABILITIES, STATUS]),
    st.integers(0, 3_000),
    st.integers(0, 60),
    st.one_of(st.binary(max_size=40), st.sampled_from([b"<a>", b"</scan:Adf>", b"&lt;", b"]]>", b"<!--", b"\x00"])),
)
def test_changed_words_are_read_or_refused(whole: bytes, place: int, length: int, change: bytes) -> None:
    spoilt = whole[:place] + change + whole[place + length :]
    for reading in (read_capabilities, read_status):
        try:
            reading(read(spoilt))
        except MalformedXml:
            continue


@pytest.mark.parametrize(
    "bomb", [b"<a>" * 5_000, b"<a/>" * 3, b"<r>" + b"<a/>" * 20_000 + b"</r>", b"", b"\xff\xfe\x00"]
)
def test_xml_without_measure_is_refused(bomb: bytes) -> None:
    with pytest.raises(MalformedXml):
        read(bomb)


def test_profiles_are_found_beside_the_input_too() -> None:
    """As some makers write them; a resolution may be a range."""
    known = read_capabilities(
        read(
            b'<s:ScannerCapabilities xmlns:s="x"><s:Platen><s:PlatenInputCaps><s:MaxWidth>2000</s:MaxWidth>'
            b"</s:PlatenInputCaps></s:Platen><s:ColorMode>Grayscale8</s:ColorMode>"
            b"<s:DocumentFormatExt>image/png</s:DocumentFormatExt><s:XResolutionRange><s:Min>75</s:Min>"
            b"<s:Max>1200</s:Max></s:XResolutionRange></s:ScannerCapabilities>"
        )
    )
    (only,) = known.inputs
    assert (only.name, only.colour, only.format, only.resolution) == ("Platen", "Grayscale8", "image/png", 200)
    assert b"<pwg:Width>2000</pwg:Width>" in scan_settings("2.0", only)


def test_a_scanner_that_gives_no_picture_is_none() -> None:
    only_pdf = CAPABILITIES.replace(b"image/jpeg", b"application/pdf")
    known = read_capabilities(read(only_pdf))
    assert (known.inputs, Status("Idle", "").input_of(known)) == ((), None)


@pytest.mark.parametrize(
    ("state", "feeder", "failure"),
    [
        ("Idle", "ScannerAdfLoaded", None),
        ("Idle", "ScannerAdfEmpty", Failure.SCANNER_NO_PAPER),
        ("Stopped", "ScannerAdfJam", Failure.SCANNER_JAM),
        ("Stopped", "ScannerAdfDoorOpen", Failure.SCANNER_COVER_OPEN),
        ("Processing", "ScannerAdfProcessing", Failure.SCANNER_BUSY),
        ("Testing", "ScannerAdfLoaded", Failure.SCANNER_BUSY),
        ("Down", "ScannerAdfLoaded", Failure.SCANNER_SILENT),
        ("", "", Failure.SCANNER_SILENT),
    ],
)
def test_each_state_of_a_feeder(state: str, feeder: str, failure: Failure | None) -> None:
    source = read_capabilities(read(CAPABILITIES)).input("Feeder")
    assert source is not None
    assert Status(state, feeder).failure(source) is failure


@pytest.mark.parametrize("url", ["https://host/eSCL", "file:///etc", "host:80", "http:///eSCL"])
def test_an_address_of_another_kind_is_a_mistake(url: str) -> None:
    with pytest.raises(ValueError, match="http://HOST:PORT/eSCL"):
        EsclScanner(url)


def test_every_failure_of_the_scanner_is_one_that_a_visit_knows() -> None:
    assert {failure.name for failure in OF_THE_SCANNER} == {
        "NO_SCANNER",
        "SCANNER_COVER_OPEN",
        "SCANNER_NO_PAPER",
        "SCANNER_JAM",
        "SCANNER_BUSY",
        "SCANNER_SILENT",
        "PAGE_UNREADABLE",
    }
