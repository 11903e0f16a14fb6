"""Each import rule of pyproject.toml refuses what it is there to refuse: every one is seen to fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

TRESPASSES = [
    ("Floors: ui, devices and offline_queue stand on kiosk and never see one another", "ui/idle.py", "devices.cards"),
    ("Floors: ui, devices and offline_queue stand on kiosk and never see one another", "kiosk/money.py", "ui.idle"),
    ("kiosk needs no Qt, hardware, network or SQL", "kiosk/money.py", "sqlite3"),
    ("PySide6 only in ui", "devices/diagnosis.py", "PySide6.QtCore"),
    ("smartcard only in devices.cards", "devices/diagnosis.py", "smartcard.scard"),
    ("The libraries of signing only in devices.cards.signing", "devices/diagnosis.py", "pyhanko.sign.signers"),
    ("requests only in offline_queue.gateway", "offline_queue/sync.py", "requests"),
    ("SQLCipher and sqlite-utils only in offline_queue", "ui/idle.py", "sqlite_utils"),
    ("SQLAlchemy and the ASGI framework only in offline_queue.intake", "offline_queue/sync.py", "sqlalchemy"),
    ("The drivers and the virtual parts share no code", "devices/virtual/part.py", "devices.cards.tlv"),
    ("The tour never imports the visit", "ui/tour/hand.py", "kiosk.visit"),
]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The code as it stands, to be spoilt."""
    for name in ("kiosk", "devices", "offline_queue", "ui"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_code_keeps_every_rule(house: Path) -> None:
    kept = _lint(house)
    assert kept.returncode == 0, kept.stdout
    assert "0 broken" in kept.stdout


@pytest.mark.parametrize(("rule", "trespasser", "imported"), TRESPASSES)
def test_each_rule_can_fail(house: Path, rule: str, trespasser: str, imported: str) -> None:
    file = house / trespasser
    file.write_text(f"import {imported}\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    broken = _lint(house)
    assert broken.returncode == 1
    assert f"{rule} BROKEN" in broken.stdout


def test_every_rule_is_tried() -> None:
    named = {line.split('"')[1] for line in (ROOT / "pyproject.toml").read_text().splitlines() if 'name = "' in line}
    assert named - {"service-centre-kiosk"} == {rule for rule, _, _ in TRESPASSES}
