"""No part outlives the program that started it, even one that could not say farewell."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys, time
from pathlib import Path
from devices.virtual.part import Part
from devices.virtual.pcsc import VirtualReaderService
from devices.virtual.printer import VirtualPrinter

folder = Path(sys.argv[1])
service = VirtualReaderService()
service.start()
printer = VirtualPrinter(folder / "printer")
printer.start()
scanner = Part("scanner", (sys.executable, "-m", "devices.virtual.scanner"), folder / "scanner.log")
deaf = Part("deaf", ("sh", "-c", "echo listening on 1; exec sleep 600"), folder / "deaf.log", commands=False)
for part in (scanner, deaf):
    part.start()
    part.ready()
print(service.pid, *printer.process_ids(), scanner.pid, deaf.pid, flush=True)
time.sleep(600)  # as if it worked on: the test ends it
"""

LONGEST_SECONDS = 20.0


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGABRT])
def test_every_part_ends_with_a_program_that_ended_without_a_farewell(tmp_path: Path, way: signal.Signals) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with ExitStack() as opened:
        left_behind = opened.enter_context(tempfile.TemporaryDirectory(prefix="k-"))  # sockets' paths are short
        environment = {**os.environ, "TMPDIR": left_behind}
        program = opened.enter_context(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        )
        assert program.stdout is not None
        numbers = [int(number) for number in program.stdout.readline().split()]
        assert len(numbers) == 5
        parts = [os.pidfd_open(number) for number in numbers]
        for part in parts:
            opened.callback(os.close, part)
        program.send_signal(way)
        program.wait()
        assert program.stdout.read() == b""  # nobody holds what it wrote to
        for number, part in zip(numbers, parts, strict=True):
            assert select.select([part], [], [], LONGEST_SECONDS)[0], f"{number} of {numbers} lives on"
