"""Wrong files at the start: one clear text in both languages, exit status 2, no traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.catalogue.files import load
from tests.e2e.conftest import ROOT, run_main

EXAMPLE = ROOT / "assets" / "deployment" / "terminal.toml"
FINES = ROOT / "assets" / "services" / "traffic" / "fines.toml"


def _settings(tmp_path: Path, old: str, new: str) -> Path:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "terminal.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[gateway]", "[gateway]\ncolour = 'red'", "colour"),
        ("diagonal_inches = ", "diagonal_inches = 'wide' #", "diagonal_inches"),
        ("[gateway]", "[gateway", "terminal.toml"),
        ('id = "KRK3"', 'id = "karak 3"', "terminal.id"),
        ("https://intake.example", "http://intake.example", "gateway.url"),
        ("ipp://127.0.0.1", "http://127.0.0.1", "printer.url"),
        ("https://receipts.example/v", "https://receipts.example/" + 40 * "v", "receipts.verify_url"),
        ("https://receipts.example/v", "https://receipts.example/v#", "receipts.verify_url"),
    ],
)
def test_a_wrong_settings_file_is_named_with_its_key_in_both_languages(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    done = run_main("queue", "status", "--settings", str(_settings(tmp_path, old, new)))
    assert done.returncode == 2
    assert named in done.stderr
    assert "not set up" in done.stderr
    assert "غير مفعّل" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_settings_and_missing_keys_are_said(tmp_path: Path) -> None:
    missing = run_main("queue", "status", "--settings", str(tmp_path / "none.toml"))
    assert missing.returncode == 2
    assert "none.toml" in missing.stderr
    copied = tmp_path / "terminal.toml"
    shutil.copy(EXAMPLE, copied)
    keyless = run_main("queue", "status", "--settings", str(copied))
    assert keyless.returncode == 2
    assert "ledger.key" in keyless.stderr
    assert "Traceback" not in keyless.stderr


def test_a_terminal_that_cannot_start_shows_a_page_until_it_is_told_to_end(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "[gateway]", "[gate]")
    command = [sys.executable, str(ROOT / "main.py"), "run", "--settings", str(settings)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as kiosk:
        assert kiosk.stderr is not None
        told = [kiosk.stderr.readline() for _ in range(3)]
        assert kiosk.poll() is None
        kiosk.terminate()
        rest = kiosk.stderr.read()
    assert "gate" in told[0]
    assert "غير مفعّل" in told[2]
    assert "Traceback" not in rest
    assert kiosk.returncode == 2


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("minutes = 2", "minutes = 2\ncolour = 'red'", "colour"),
        ("minutes = 2", "minutes = 'two'", "minutes"),
        ('when = { search_by = "other" }', 'when = { search_by = "boat" }', "boat"),
        ('unless = { search_by = "mine" }', 'unless = { search_by = "boat" }', "boat"),
        ('number = "owner"', 'number = "plate"', "national_number"),
        ('answer = "other"', 'answer = "nobody"', "nobody"),
        ('by = "search_by"', 'by = "plate"', "enquiry"),
        ('id = "traffic.fines"', 'id = "traffic.fine"', "traffic.fine"),
    ],
)
def test_a_wrong_service_file_is_named_and_does_not_hide_the_others(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    good = FINES.read_text(encoding="utf-8")
    assert old in good
    for agency, text in (("traffic", good), ("broken", good.replace(old, new, 1))):
        (tmp_path / agency).mkdir()
        (tmp_path / agency / "fines.toml").write_text(text, encoding="utf-8")
    catalogue = load(tmp_path)
    assert [service.id for service in catalogue.services] == ["traffic.fines"]
    assert {mistake.file for mistake in catalogue.mistakes} == {"broken/fines.toml"}
    assert any(named in mistake.message for mistake in catalogue.mistakes)


def test_bytes_that_are_no_text_are_a_mistake_too(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "y.toml").write_bytes(b"\xff\xfe\x00")
    assert [mistake.file for mistake in load(tmp_path).mistakes] == ["x/y.toml"]
