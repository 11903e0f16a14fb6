"""`main.py staff`: the first member, the PIN's ways in, and what it says while the kiosk owns the ledger."""

from __future__ import annotations

import getpass
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import SystemClock
from kiosk.settings import load
from kiosk.staff import SignInRefused, StaffMistake
from offline_queue.desk import QueueDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.ledger import SqlLedger
from tests.e2e.conftest import ROOT
from ui.commands import staff as command

EXAMPLE = ROOT / "assets" / "deployment" / "terminal.toml"
PIN = "271828"
RANA = ("rana", "--role", "clerk", "--name-ar", "رنا", "--name-en", "Rana", "--pin-stdin")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    issue(tmp_path / "keys", "KRK3")
    text = EXAMPLE.read_text(encoding="utf-8")
    for key, place in (
        ("/var/lib/kiosk", "state"),
        ("/etc/kiosk/keys", "keys/terminal"),
        ("/etc/kiosk/trust", "keys/trust"),
    ):
        assert key in text
        text = text.replace(key, str(tmp_path / place), 1)
    file = tmp_path / "terminal.toml"
    file.write_text(text, encoding="utf-8")
    return file


def run(settings: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """As who has logged every word, and in a session without a terminal of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "staff", *arguments, "--settings", str(settings)],
        input=typed,
        env={**os.environ, "KIOSK_LOG": "everything"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


def ledger_of(settings: Path) -> SqlLedger:
    loaded = load(settings)
    return SqlLedger(
        loaded.folders.state / "ledger.db",
        terminal=loaded.terminal.id,
        keys=QueueDesk(loaded).keys,
        clock=SystemClock(),
        verify_url=loaded.receipts.verify_url,
    )


def listed(settings: Path) -> list[dict[str, Any]]:
    done = run(settings, "list", "--json")
    assert done.returncode == 0, done.stderr
    members: list[dict[str, Any]] = json.loads(done.stdout)
    return members


def test_the_first_member_is_added_and_signs_in(settings: Path) -> None:
    done = run(settings, "add", *RANA, typed=f"{PIN}\n")
    assert done.returncode == 0, done.stderr
    assert PIN not in done.stdout + done.stderr
    (member,) = listed(settings)
    assert member == {
        "id": "rana",
        "name": {"ar": "رنا", "en": "Rana"},
        "role": "clerk",
        "active": True,
        "locked_until": None,
    }
    ledger = ledger_of(settings)
    assert ledger.staff.sign_in("rana", bytearray(PIN.encode())).id == "rana"
    ledger.close()
    said = run(settings, "acts").stdout.splitlines()
    assert [line.split()[1:] for line in said[1:]] == [["rana", "signed_in", "-"], ["command-line", "added", "rana"]]


def test_while_the_kiosk_runs_it_reads_and_says_what_to_stop(settings: Path) -> None:
    assert run(settings, "add", *RANA, typed=PIN).returncode == 0
    running = ledger_of(settings)
    try:
        assert [member["id"] for member in listed(settings)] == ["rana"]
        assert run(settings, "acts", "--json").returncode == 0
        for arguments in (("add", "hani", *RANA[1:]), ("unlock", "rana"), ("pin", "rana", "--pin-stdin")):
            refused = run(settings, *arguments, typed=PIN)
            assert refused.returncode == 2
            assert "stop it first" in refused.stderr
            assert "Traceback" not in refused.stderr
    finally:
        running.close()


def test_a_lock_is_listed_and_opened(settings: Path) -> None:
    assert run(settings, "add", *RANA, typed=PIN).returncode == 0
    ledger = ledger_of(settings)
    for _ in range(5):
        with pytest.raises(SignInRefused):
            ledger.staff.sign_in("rana", bytearray(b"314159"))
    ledger.close()
    until = datetime.fromisoformat(listed(settings)[0]["locked_until"])
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(minutes=5)
    assert run(settings, "unlock", "rana").returncode == 0
    assert listed(settings)[0]["locked_until"] is None


def test_who_leaves_signs_in_no_more_and_a_new_pin_is_given(settings: Path) -> None:
    assert run(settings, "add", *RANA, typed=PIN).returncode == 0
    assert run(settings, "deactivate", "rana").returncode == 0
    assert listed(settings)[0]["active"] is False
    assert run(settings, "activate", "rana").returncode == 0
    assert run(settings, "pin", "rana", "--pin-stdin", typed="١٦١٨٠٣\n").returncode == 0
    ledger = ledger_of(settings)
    assert ledger.staff.sign_in("rana", bytearray(b"161803")).id == "rana"
    ledger.close()


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", *RANA), "123456\n", "Choose digits"),
        (("add", *RANA), "", "Enter 6 to 12 digits"),
        (("add", "Rana!", *RANA[1:]), PIN, "small letters"),
        (("add", "rana", "--role", "clerk", "--pin-stdin"), PIN, "--name-ar"),
        (("add", "--pin-stdin"), PIN, "--role"),
        (("unlock", "nobody"), "", "nobody"),
        (("unlock",), "", "nobody on the register"),
        (("add", "rana", "--role", "director"), "", "director"),
    ],
)
def test_what_cannot_be_done_is_said(settings: Path, arguments: tuple[str, ...], typed: str, said: str) -> None:
    done = run(settings, *arguments, typed=typed)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert PIN not in done.stderr


def test_a_terminal_without_members_says_how_to_begin(settings: Path) -> None:
    ledger_of(settings).close()
    done = run(settings, "list")
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "nobody")


# ---------------------------------------------------------------- the PIN's ways in


class Drip(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes, step: int) -> None:
        self.content, self.step = content, step

    def readinto(self, buffer: Any) -> int:
        size = min(self.step, len(buffer))
        given, self.content = self.content[:size], self.content[size:]
        buffer[: len(given)] = given
        return len(given)


@pytest.mark.parametrize("step", [1, 4, 200])
@pytest.mark.parametrize(
    ("content", "pin"),
    [(b"271828\n", b"271828"), (b"271828\r\n", b"271828"), (b"271828", b"271828"), (b"", b""), (b"\n", b"")],
)
def test_a_line_of_standard_input_is_the_pin(content: bytes, pin: bytes, step: int) -> None:
    assert command.pin_from(Drip(content, step)) == pin


def test_a_line_without_end_ends() -> None:
    assert len(command.pin_from(Drip(b"1" * 10_000, 100))) == 256


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What will be typed, in this order."""
    answers: list[str] = []
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: answers.pop(0))
    yield answers
    assert answers == []


def test_a_pin_is_asked_until_it_may_be_used_and_then_again(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    asked += ["123456", "2718", PIN, PIN]
    assert command.pin_twice() == bytearray(PIN.encode())
    assert capsys.readouterr().err.count("\n") == 2


def test_two_different_pins_are_none(asked: list[str]) -> None:
    asked += [PIN, "161803"]
    with pytest.raises(StaffMistake) as mistake:
        command.pin_twice()
    assert PIN not in str(mistake.value)
