"""The technician's check of the document scanner: three steps, each with its own answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.scanners import diagnosis
from devices.scanners.diagnosis import document_scanner
from devices.virtual.part import Part
from kiosk.diagnostics import Health, Measured
from kiosk.failures import OF_THE_SCANNER
from kiosk.settings import DocumentScanner
from tests.devices.scanners.free_port import free_port


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Part]:
    log = Path(tmp_path_factory.mktemp("scanner"), "scanner.log")
    part = Part("scanner", [sys.executable, "-m", "devices.virtual.scanner"], log)
    part.start()
    part.ready()
    yield part
    part.stop()


def examined(port: int) -> Measured:
    (check,) = document_scanner(DocumentScanner(url=f"http://127.0.0.1:{port}/eSCL"))
    assert check.id == "document_scanner"
    return check.run()


def steps(found: Measured) -> list[Health]:
    return [step.health for step in found.steps]


def test_one_that_is_well_answers_offers_and_scans(machine: Part) -> None:
    machine.obey("page 0")
    found = examined(machine.port)
    assert (found.health, steps(found)) == (Health.GOOD, [Health.GOOD] * 3)
    assert "Invented Feeder 1" in found.steps[1].value.en
    assert "200" in found.steps[1].value.en


@pytest.mark.parametrize(
    ("wrong", "health", "said"), [("no-paper", Health.WARNING, "no paper"), ("jam", Health.BAD, "paper jam")]
)
def test_what_keeps_it_from_scanning_is_the_last_step(machine: Part, wrong: str, health: Health, said: str) -> None:
    machine.obey(wrong)
    found = examined(machine.port)
    assert (found.health, steps(found)) == (health, [Health.GOOD, Health.GOOD, health])
    assert said in found.value.en
    assert found.code
    assert found.next_step is not None


def test_nobody_at_the_address_ends_it_at_once() -> None:
    found = examined(free_port())
    assert steps(found) == [Health.BAD, Health.NOT_REACHED, Health.NOT_REACHED]


def test_a_terminal_without_one_is_not_examined_for_it() -> None:
    assert document_scanner(None) == ()


def test_every_failure_has_its_words() -> None:
    assert OF_THE_SCANNER == set(diagnosis._FOUND) == set(diagnosis._NEXT)
