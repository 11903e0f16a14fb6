"""`card sign`, as a clerk or a technician types it: the PIN from a pipe, and in no log however loud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from devices.virtual.pcsc import READERS
from devices.virtual.settings_file import Surroundings, settings_text
from tests.devices.cards.signing.conftest import PIN, WRONG, Desk
from tests.e2e.conftest import run_main


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """Of a terminal whose reader is all that answers."""
    around = Surroundings(
        terminal="KRK9",
        own="terminal",
        reader=READERS[0],
        assisted=False,
        keys=tmp_path,
        cards=tmp_path,
        state=tmp_path,
        gateway_port=9,
        scanner_port=9,
        document_scanner_port=9,
        payment_port=9,
        printer_url="ipp://127.0.0.1:9/",
    )
    file = tmp_path / "terminal.toml"
    file.write_text(settings_text(around), encoding="utf-8")
    return file


@pytest.fixture
def application(tmp_path: Path) -> Path:
    file = tmp_path / "application.pdf"
    canvas = Canvas(str(file))
    canvas.drawString(100, 700, "An application")
    canvas.save()
    return file


def run(desk: Desk, settings: Path, *files: Path, pin: str) -> tuple[int, str, str]:
    names = [str(file) for file in files]
    arguments = ("card", "sign", *names, "--json", "--settings", str(settings))
    done = run_main(*arguments, typed=f"{pin}\n", KIOSK_LOG="everything", **desk.environment)
    assert pin not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def told(output: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(output)
    return said


def test_a_wrong_pin_then_the_right_one(desk: Desk, salma: Path, settings: Path, application: Path) -> None:
    desk.insert(salma)
    signed = application.with_name("signed.pdf")
    status, output, _ = run(desk, settings, application, signed, pin=WRONG)
    said = told(output)
    assert (status, said["failure"], said["tries_before"], said["tries_after"]) == (1, "PIN_WRONG", 3, 2)
    assert not signed.exists()
    status, output, _ = run(desk, settings, application, signed, pin=PIN)
    said = told(output)
    assert (status, said["signed"], said["tries_before"], said["tries_after"]) == (0, str(signed), 2, 3)
    assert said["profile"] == "pkcs15"
    assert signed.read_bytes().startswith(application.read_bytes())


def test_used_wrongly(desk: Desk, settings: Path, application: Path) -> None:
    status, output, complaint = run(desk, settings, application, pin=PIN)
    assert (status, output) == (2, "")
    assert "the following arguments are required: OUT" in complaint
