"""The way to a PKCS #11 module: which one, and what comes of a child that does not answer as it should."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.cards.signing import module
from kiosk.failures import Failure, ServiceFailure
from tests.devices.cards.processes import ROOT

OPENSC = "opensc-pkcs11.so"
QUESTION = (b"certificates", b"/no/module.so", b"A reader", *[b""] * 5)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Another program in the child's place."""

    def put(text: str) -> None:
        file = tmp_path / "child.py"
        file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(module, "_WORKER", file)

    return put


def ask(seconds: float = 5.0, pin: bytes = b"") -> list[bytes]:
    return module.ask(QUESTION, bytearray(pin), module.Stop(), seconds=seconds)


def failure_of(act: Callable[[], object]) -> Failure:
    with pytest.raises(ServiceFailure) as caught:
        act()
    return caught.value.failure


def test_a_module_is_found_by_its_name_where_the_system_keeps_its_libraries() -> None:
    assert module.find_module(OPENSC).name.startswith("opensc-pkcs11")
    assert failure_of(lambda: module.find_module("no-such-pkcs11.so")) is Failure.SIGNING_FAILED


def test_the_configured_module_goes_before(tmp_path: Path) -> None:
    own = tmp_path / "own.so"
    own.touch()
    assert module.find_module(OPENSC, own) == own
    assert failure_of(lambda: module.find_module(OPENSC, tmp_path / "missing.so")) is Failure.SIGNING_FAILED


def test_a_module_that_cannot_be_loaded_is_one_word() -> None:
    (word,) = ask()
    assert word.startswith(b"failed ")
    assert b"/no/module.so" not in word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "raise SystemExit(1)",
        "import os; os.kill(os.getpid(), 11)",
        "print(end=chr(0) + chr(9) + 'short')",
        "import sys; sys.stdout.write('x' * 300_000)",
    ],
    ids=["silent", "failed", "crashed", "cut short", "endless"],
)
def test_a_child_without_a_whole_answer(child: Callable[[str], None], text: str) -> None:
    child(text)
    assert failure_of(ask) is Failure.SIGNING_FAILED


def test_a_child_that_never_answers(child: Callable[[str], None]) -> None:
    child("import signal; signal.pause()")
    assert failure_of(lambda: ask(seconds=0.2)) is Failure.CARD_TIMEOUT


def test_what_is_pulled_stays_pulled() -> None:
    stop = module.Stop()
    stop.pull()
    assert failure_of(lambda: module.ask(QUESTION, bytearray(), stop)) is Failure.CARD_CANCELLED


def test_the_pin_comes_last_and_the_environment_is_left_behind(
    child: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENSC_DEBUG", "9")
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", "/run/elsewhere")
    child(
        """
import os, sys
told = sys.stdin.buffer.read()
for field in (told[-6:], b",".join(sorted(map(os.fsencode, os.environ)))):
    sys.stdout.buffer.write(len(field).to_bytes(2, "big") + field)
"""
    )
    told, names = ask(pin=b"2718")
    assert told == b"\x00\x042718"
    assert set(names.split(b",")) - {b"LC_CTYPE"} == {b"PCSCLITE_CSOCK_NAME"}  # Python sets that one itself (PEP 538)


def test_nothing_of_it_is_imported_by_the_program_before_somebody_signs() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import main, sys, devices.cards.signing.card; print(sorted(sys.modules))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "'devices.cards.signing.card'" in told.stdout
    assert "pyhanko" not in told.stdout
    assert "'pkcs11'" not in told.stdout
