"""What every document scanner behind `kiosk.ports.DocumentScanner` keeps to: the driver against the virtual scanner."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.scanners import EsclScanner
from devices.virtual.part import Part
from kiosk.documents import LARGEST_PAGE_BYTES, ScannedPage
from kiosk.failures import OF_THE_SCANNER, Failure, ServiceFailure
from kiosk.ports import DocumentScanner
from tests.devices.scanners.free_port import free_port


@pytest.fixture(scope="module", params=["feeder", "glass", "camera"])
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    kind = [] if request.param == "feeder" else [f"--{request.param}"]
    command = [sys.executable, "-m", "devices.virtual.scanner", *kind]
    part = Part("scanner", command, Path(tmp_path_factory.mktemp("scanner"), "scanner.log"))
    part.start()
    part.ready()
    yield part
    part.stop()


@pytest.fixture
def scanner(machine: Part) -> DocumentScanner:
    machine.obey("page 0")
    machine.obey("slow 0")
    return EsclScanner(f"http://127.0.0.1:{machine.port}/eSCL", page_seconds=20, answer_seconds=2)


def scan(scanner: DocumentScanner) -> ScannedPage:
    return scanner.scan(threading.Event())


def failure_of(scanner: DocumentScanner) -> Failure:
    with pytest.raises(ServiceFailure) as failed:
        scan(scanner)
    return failed.value.failure


def counted(machine: Part, what: str) -> int:
    return int(json.loads(machine.tell("list"))[what])


def test_a_page_is_small_enough_to_be_delivered_and_has_its_picture(scanner: DocumentScanner) -> None:
    page = scan(scanner)
    assert 20_000 < len(page.jpeg) <= LARGEST_PAGE_BYTES
    assert page.preview is not None
    assert len(page.preview.pixels) == 3 * page.preview.width * page.preview.height


def test_each_call_gives_the_page_that_lies_in_it_now(scanner: DocumentScanner, machine: Part) -> None:
    first, second = scan(scanner), scan(scanner)
    assert first.sha256 != second.sha256
    machine.obey("page 0")
    assert scan(scanner) == first


@pytest.mark.parametrize(
    ("wrong", "failure"),
    [
        ("busy", Failure.SCANNER_BUSY),
        ("silent", Failure.SCANNER_SILENT),
        ("drop", Failure.SCANNER_SILENT),
        ("rubbish", Failure.PAGE_UNREADABLE),
        ("huge", Failure.PAGE_UNREADABLE),
        ("bomb", Failure.PAGE_UNREADABLE),
    ],
)
def test_each_fault_has_its_failure_and_is_over_with_it(
    scanner: DocumentScanner, machine: Part, wrong: str, failure: Failure
) -> None:
    machine.obey(wrong)
    assert failure_of(scanner) is failure
    assert failure in OF_THE_SCANNER
    machine.obey("well")
    assert scan(scanner).jpeg


@pytest.mark.parametrize(
    ("wrong", "failure"),
    [
        ("no-paper", Failure.SCANNER_NO_PAPER),
        ("jam", Failure.SCANNER_JAM),
        ("cover", Failure.SCANNER_COVER_OPEN),
    ],
)
def test_what_is_wrong_with_a_feeder_is_told_before_it_is_asked_to_scan(
    scanner: DocumentScanner, machine: Part, request: pytest.FixtureRequest, wrong: str, failure: Failure
) -> None:
    if "camera" in request.node.name or (wrong == "no-paper" and "glass" in request.node.name):
        machine.obey(wrong)
        assert scan(scanner).jpeg, "where no paper lies in the feeder, the glass is meant; a camera has none"
        return
    before = counted(machine, "jobs")
    machine.obey(wrong)
    assert failure_of(scanner) is failure
    assert counted(machine, "jobs") == before


def test_whoever_stops_is_heard_at_once_and_leaves_no_job_behind(scanner: DocumentScanner, machine: Part) -> None:
    machine.obey("slow 15000")
    before, stop, began = counted(machine, "cancelled"), threading.Event(), time.monotonic()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(ServiceFailure):
        scanner.scan(stop)
    assert time.monotonic() - began < 5
    assert counted(machine, "cancelled") == before + 1
    machine.obey("slow 0")
    assert scan(scanner).jpeg


def test_a_page_that_never_comes_is_given_up(machine: Part) -> None:
    machine.obey("page 0")
    machine.obey("slow 15000")
    hasty = EsclScanner(f"http://127.0.0.1:{machine.port}/eSCL", page_seconds=0.5, answer_seconds=2)
    assert failure_of(hasty) is Failure.SCANNER_SILENT


def test_nobody_at_the_address_is_no_scanner() -> None:
    assert failure_of(EsclScanner(f"http://127.0.0.1:{free_port()}/eSCL")) is Failure.NO_SCANNER
