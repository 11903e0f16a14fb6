"""The virtual printer, asked by an IPP library that it shares no code with."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from pyipp import IPP
from pyipp.enums import IppOperation

from devices.virtual import printer as virtual
from devices.virtual.part import PartFailed
from devices.virtual.printer import FAULTS, VirtualPrinter


def ask(url: str, operation: IppOperation, document: bytes = b"", **attributes: object) -> dict[str, Any]:
    async def asking() -> dict[str, Any]:
        async with IPP(url) as printer:
            operation_attributes = {name.replace("_", "-"): value for name, value in attributes.items()}
            message = {"operation-attributes-tag": operation_attributes, "data": document}
            return await printer.execute(operation, message)

    return asyncio.run(asking())


def reasons(url: str) -> str:
    wanted = ["printer-state-reasons"]
    said = ask(url, IppOperation.GET_PRINTER_ATTRIBUTES, requested_attributes=wanted)["printers"][0]
    return str(said["printer-state-reasons"])


def print_page(printer: VirtualPrinter, name: str) -> None:
    job = ask(
        printer.url, IppOperation.PRINT_JOB, b"%PDF " + name.encode(), job_name=name, document_format="application/pdf"
    )
    number = job["jobs"][0]["job-id"]
    while ask(printer.url, IppOperation.GET_JOB_ATTRIBUTES, job_id=number)["jobs"][0]["job-state"] < 7:
        pass


def living(groups: tuple[int, ...]) -> list[int]:
    """The processes of these groups that still run; one that has ended may still wait for its parent to notice."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, group = status.read_text().rpartition(")")[2].split()[:3]
            if int(group) in groups and state != "Z":
                found.append(int(status.parent.name))
    return found


def test_pages_come_out_in_their_order(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path / "with a space and 'quotes'") as printer:
        assert printer.printed() == []
        for name in ("one", "two; rm -rf /", "$(three)"):
            print_page(printer, name)
        assert [page.read_bytes() for page in printer.printed()] == [
            b"%PDF one",
            b"%PDF two; rm -rf /",
            b"%PDF $(three)",
        ]


def test_it_reports_each_fault_until_it_is_over(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path) as printer:
        for fault in (*FAULTS, FAULTS[0]):
            printer.set_fault(fault)
            assert reasons(printer.url).startswith(fault)
        printer.set_fault(None)
        assert reasons(printer.url) == "none"
        print_page(printer, "after it")
        assert len(printer.printed()) == 1


def test_an_unknown_fault_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="on-fire"):
        VirtualPrinter(tmp_path).set_fault("on-fire")


def test_two_printers_stand_side_by_side(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path / "a") as one, VirtualPrinter(tmp_path / "b") as other:
        assert one.url != other.url
        other.set_fault("cover-open")
        print_page(one, "page")
        assert (len(one.printed()), len(other.printed())) == (1, 0)


def test_its_processes_end_with_it_even_in_a_fault(tmp_path: Path) -> None:
    printer = VirtualPrinter(tmp_path)
    printer.start()
    printer.set_fault("media-jam")
    groups = printer.process_ids()
    assert len(living(groups)) >= 3  # the print head holds a page
    printer.close()
    printer.close()
    until = time.monotonic() + 5
    while living(groups):
        assert time.monotonic() < until


def test_it_starts_again_in_the_same_folder_with_its_pages_and_without_its_fault(tmp_path: Path) -> None:
    with VirtualPrinter(tmp_path) as printer:
        print_page(printer, "page")
        printer.set_fault("media-empty")
    with VirtualPrinter(tmp_path) as printer:
        assert reasons(printer.url) == "none"
        print_page(printer, "another")
        assert [page.read_bytes() for page in printer.printed()] == [b"%PDF page", b"%PDF another"]


def test_a_missing_program_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(virtual, "_SYSTEM_FOLDERS", str(tmp_path))
    with pytest.raises(PartFailed, match="apt-get install cups-ipp-utils"):
        VirtualPrinter(tmp_path).start()
