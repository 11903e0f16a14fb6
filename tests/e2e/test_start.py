"""The first second of `main.py run`: what is imported when, what a card in that second meets, how it can be ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from devices.virtual.settings_file import Surroundings, settings_text
from devices.virtual.stage import Stage
from tests.e2e.conftest import ROOT

KEYS = ROOT / "build" / "demo" / "keys"
CARDS = ROOT / "build" / "demo" / "cards"

# What only printing, a card's reading, the centre or the tools need. Each costs the start tens of milliseconds or MB.
NEVER_AT_IDLE = ("reportlab", "uharfbuzz", "pypdfium2", "PIL", "fpdf", "qrcode", "zxingcpp", "babel", "litestar")
NEVER_BEFORE_THE_PAGE = (*NEVER_AT_IDLE, "requests", "urllib3", "sqlite_utils", "sqlcipher3", "cryptography")
NOT_YET = ("smartcard", "asn1crypto", "kiosk.visit", "ui.app", "devices", "offline_queue")
"""Needed as soon as the page stands, and not before."""


@contextlib.contextmanager
def _started(settings: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    command = [sys.executable, "-m", "tests.e2e.watched_start", str(settings)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as kiosk:
        try:
            assert kiosk.stdout is not None
            yield kiosk, kiosk.stdout
        finally:
            kiosk.terminate()


def _until(told: IO[str], moment: str) -> str:
    for line in told:
        if line.startswith(moment):
            return line.removeprefix(moment).strip()
    raise AssertionError(f"it ended before {moment!r}")


def _packages(told: IO[str], moment: str) -> set[str]:
    modules: list[str] = json.loads(_until(told, moment))
    return {*modules, *(module.split(".")[0] for module in modules)}


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A terminal whose printer, payment terminal, scanner and centre do not answer: none is waited for."""
    nowhere = Surroundings(
        terminal="KRK3",
        own="terminal",
        reader="Virtual PCD",
        assisted=False,
        keys=KEYS,
        cards=CARDS,
        state=tmp_path / "state",
        gateway_port=1,
        scanner_port=1,
        document_scanner_port=1,
        payment_port=1,
        printer_url="ipp://127.0.0.1:1/ipp/print",
    )
    file = tmp_path / "terminal.toml"
    file.write_text(settings_text(nowhere), encoding="utf-8")
    return file


def test_the_first_page_needs_neither_the_parts_nor_their_libraries(settings: Path) -> None:
    with _started(settings) as (_, told):
        imported = _packages(told, "painted")
    assert "ui.pages.idle" in imported
    assert imported.isdisjoint({*NEVER_BEFORE_THE_PAGE, *NOT_YET})


def test_a_terminal_that_waits_has_imported_nothing_that_only_a_visit_needs(settings: Path) -> None:
    with _started(settings) as (_, told):
        imported = _packages(told, "open")
    assert {"sqlcipher3", "smartcard", "ui.app"} <= imported
    assert imported.isdisjoint(NEVER_AT_IDLE)


def test_the_text_of_the_modules_is_not_kept_in_memory(settings: Path) -> None:
    """See ui.source_texts; another PySide may look for it by another name."""
    with _started(settings) as (_, told):
        kept = int(_until(told, "texts"))
    assert kept < 100, "of some 500 modules: those that this test itself imports with PySide before the kiosk does"


@pytest.mark.parametrize("moment", ["painted", "open"])
def test_a_start_that_is_told_to_end_ends_in_order(settings: Path, moment: str) -> None:
    with _started(settings) as (kiosk, told):
        _until(told, moment)
        kiosk.send_signal(signal.SIGTERM)
        _, complaints = kiosk.communicate(timeout=30)
    assert kiosk.returncode == 0
    assert "Traceback" not in complaints


def test_a_ledger_that_cannot_be_opened_turns_the_idle_page_into_one_that_says_so(settings: Path) -> None:
    (settings.parent / "state").mkdir()
    (settings.parent / "state" / "ledger.db").write_bytes(b"no database" * 1000)
    with _started(settings) as (kiosk, told):
        _until(told, "painted")
        assert kiosk.stderr is not None
        assert any("ledger.db" in said for said in kiosk.stderr)
        kiosk.send_signal(signal.SIGTERM)
        kiosk.communicate(timeout=30)
    assert kiosk.returncode == 2


@pytest.mark.parametrize("moment", ["before it starts", "painted", "open"])
def test_a_card_of_the_first_second_is_read_once(tmp_path: Path, moment: str) -> None:
    intake = [sys.executable, "-m", "offline_queue.intake", "--keys", str(KEYS)]
    with Stage(tmp_path, intake, keys=KEYS, cards=CARDS) as stage:
        if moment == "before it starts":
            stage.insert_card("salma")
        with _started(stage.settings_file, **stage.environment) as (_, told):
            if moment != "before it starts":
                _until(told, moment)
                stage.insert_card("salma")
            if moment != "open":
                _until(told, "open")
            pages = []
            while "choosing_service" not in pages:
                pages.append(_until(told, "page"))
    assert pages[-2:] == ["identifying", "choosing_service"]
    assert pages.count("identifying") == 1
