"""Issued cards, the card's process, and clients of a private PC/SC service."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from devices.virtual.issuer import issue

SECONDS = 15


class Process:
    """A child that answers every line on its stdin by one on its stdout."""

    def __init__(self, module: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | (environment or {}),
        )

    def tell(self, line: str) -> str:
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(line + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline().rstrip("\n")
        assert answer, "the process has ended"
        return answer

    def complaint(self) -> str:
        """The next line on its stderr."""
        assert self.child.stderr
        ready, _, _ = select.select([self.child.stderr], [], [], SECONDS)
        return self.child.stderr.readline().strip() if ready else ""

    def end(self) -> int:
        """Ends its input and waits for its end; its exit status."""
        try:
            self.child.communicate(timeout=SECONDS)
        finally:
            self.child.kill()
            self.child.wait()
        return self.child.returncode


@pytest.fixture(scope="session")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issued")
    issue(folder)
    return folder


@pytest.fixture(scope="session")
def cards(issued: Path) -> Path:
    return issued / "cards"


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Starts processes that end with the test."""
    processes: list[Process] = []

    def begin(module: str, *arguments: str, environment: dict[str, str] | None = None) -> Process:
        processes.append(Process(module, *arguments, environment=environment))
        return processes[-1]

    yield begin
    for process in processes:
        if process.child.poll() is None:
            process.end()
        for pipe in (process.child.stdin, process.child.stdout, process.child.stderr):
            if pipe:
                pipe.close()


@pytest.fixture(scope="session")
def laboratory(issued: Path) -> Path:
    return issued / "laboratory"


def zone(card: Path) -> tuple[str, ...]:
    """What is printed on a card."""
    return tuple((card / "mrz.txt").read_text().split())
