"""Workers that share a suite begin with the longest files, and what one finds at its end fails the whole run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = ("-q", "-p", "tests.workers", "-p", "no:randomly", "-c", "/dev/null", "-W", "error", "--rootdir", ".")
WORKERS = ("-n", "1", "--dist", "loadfile", "--no-loadscope-reorder")

UNCLOSED = """
def test_that_leaves_a_file_open(request):
    class Tangled:
        pass

    tangled = Tangled()
    tangled.itself, tangled.file = tangled, open(__file__)
    request.config.kept = tangled
"""
ENDS = """
def pytest_sessionfinish(session):
    vars(session.config).pop("kept", None)
"""
ONE = """
import pathlib
import pytest

pytestmark = {mark}

def test_one():
    with pathlib.Path({began!r}).open("a") as began:
        began.write({name!r} + "\\n")
"""


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, *options],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.mark.parametrize("workers", [(), WORKERS], ids=["one process", "workers"])
def test_a_file_that_nobody_closed_fails_the_run(elsewhere: Path, workers: tuple[str, ...]) -> None:
    """Python complains as the file is freed, after the last test."""
    (elsewhere / "conftest.py").write_text(ENDS, encoding="utf-8")
    (elsewhere / "test_unclosed.py").write_text(UNCLOSED, encoding="utf-8")
    done = run(elsewhere, *workers)
    assert "1 passed" in done.stdout
    assert done.returncode != 0
    assert "unclosed file" in (done.stdout if workers else done.stderr)


def test_the_longest_files_begin_first(elsewhere: Path) -> None:
    seconds = {"a": 0, "b": 30, "c": 0, "d": 200, "e": 60}
    for name, how_long in seconds.items():
        mark = f"pytest.mark.long(seconds={how_long})" if how_long else "[]"
        text = ONE.format(mark=mark, began=str(elsewhere / "began"), name=name)
        (elsewhere / f"test_{name}.py").write_text(text, encoding="utf-8")
    assert run(elsewhere, *WORKERS).returncode == 0
    assert (elsewhere / "began").read_text(encoding="utf-8").split() == ["d", "e", "b", "a", "c"]
