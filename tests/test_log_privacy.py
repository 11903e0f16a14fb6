"""The search through the session's logs finds what it looks for, and fails the session that has it."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.virtual.issuer import people
from tests.log_privacy import ROOT, Fields, Listener, found_in_files, personal_fields

FIELDS = Fields(personal_fields())

NUMBER, PIN = people.SALMA.national_number, people.SALMA_PIN


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"read {NUMBER} now", {"national number"}),
        (f"{people.OMAR.surname_arabic} came", {"name"}),
        (f"{people.LAYLA.surname_latin.title()} came", {"name"}),
        (f"tried {PIN}", {"PIN"}),
        ("number=518204", {"access number"}),
        ("IDJORSPX70418209912004821<<<<<", {"document number", "machine-readable zone"}),
        (f"12:00:01.{PIN} up", set()),
        (f"12:00:01,{PIN} up", set()),
        (f"a3{PIN}ff", set()),
        ("inserted the card salma", set()),
    ],
)
def test_what_is_personal(text: str, kinds: set[str]) -> None:
    assert FIELDS.kinds_in(text) == kinds


def test_every_field_of_the_demonstration_is_looked_for() -> None:
    kinds = set(personal_fields().values())
    assert kinds == {"name", "national number", "document number", "machine-readable zone", "access number", "PIN"}


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """Outside this session's folder, whose logs are searched in earnest."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_log_files_are_searched_and_cards_are_not(elsewhere: Path) -> None:
    for name in ("a/program.log", "a/intake.log.1", "a/said", "a/complaints", "card/mrz.txt", "card/EF.DG11"):
        (elsewhere / name).parent.mkdir(exist_ok=True)
        (elsewhere / name).write_text(f"before {NUMBER} after", encoding="utf-8")
    (elsewhere / "a" / "clean.log").write_text("nothing", encoding="utf-8")
    assert found_in_files(elsewhere, FIELDS) == [
        f"a/{name} holds a national number" for name in ("complaints", "intake.log.1", "program.log", "said")
    ]


def test_a_record_is_found_by_its_arguments_and_its_exception() -> None:
    listener = Listener(FIELDS)
    for message, arguments, raised in (("read %s", (NUMBER,), None), ("failed", (), ValueError(PIN))):
        info = (type(raised), raised, None) if raised else None
        listener.emit(logging.LogRecord("cards", logging.INFO, __file__, 1, message, arguments, info))
    assert {found.partition(" in ")[0] for found in listener.found} == {
        "cards logged a national number",
        "cards logged a PIN",
    }
    assert not any(NUMBER in found or PIN in found for found in listener.found)


PLANTED = """
import logging

def test_that_writes(tmp_path):
    (tmp_path / "program.log").write_text({text!r})
    logging.getLogger("cards").warning({text!r})
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["one process", "worker"])
@pytest.mark.parametrize(("text", "status"), [(f"read {NUMBER}", 1), ("read a card", 0)])
def test_a_session_with_anything_personal_in_its_logs_fails(
    elsewhere: Path, text: str, status: int, workers: tuple[str, ...]
) -> None:
    (elsewhere / "test_planted.py").write_text(PLANTED.format(text=text), encoding="utf-8")
    options = ("-q", "-p", "tests.log_privacy", "-c", "/dev/null", "--rootdir", ".", "--basetemp", "base")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *workers, "test_planted.py"],
        cwd=elsewhere,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == status, done.stdout
    assert "1 passed" in done.stdout
    assert NUMBER not in done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if "national number" in line]
    folder = "popen-gw0/test_that_writes0" if workers else "test_that_writes0"
    assert [line.split(" a ")[0] for line in told] == (
        ["cards logged", f"{folder}/program.log holds"] if status else []
    )
