"""One tour for all end-to-end tests, with every log as loud as it gets, so that what must not be in it would be."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclasses.dataclass(frozen=True)
class Toured:
    """The folder of a tour that has ended, what it printed, and its exit status."""

    folder: Path
    status: int
    printed: str

    @property
    def settings(self) -> Path:
        return self.folder / "terminal" / "terminal.toml"

    @property
    def counter(self) -> Path:
        return self.folder / "terminal" / "counter.toml"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A text command on what the tour left behind."""
        return run_main(*arguments, "--settings", str(self.settings))


LONGEST_TOUR = 900
"""Seconds; the whole tour takes about four minutes on two idle cores."""


def run_main(*arguments: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        input=typed,
        capture_output=True,
        text=True,
        timeout=LONGEST_TOUR,
        check=False,
    )


@pytest.fixture(scope="session")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Toured:
    folder = tmp_path_factory.mktemp("tour")
    done = run_main("tour", "--out", str(folder), KIOSK_LOG="everything")
    return Toured(folder, done.returncode, done.stdout + done.stderr)
