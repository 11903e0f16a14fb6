"""`main.py keys renew`: two people answer by their PINs, journal and ledger say who, and nothing secret is told."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.settings import load
from kiosk.staff import COMMAND_LINE, Role, StaffAct, StaffMember
from kiosk.wire import Words
from offline_queue.desk import QueueDesk
from offline_queue.intake.issue_keys import issue
from offline_queue.renewal import renew
from tests.e2e.conftest import ROOT

EXAMPLE = ROOT / "assets" / "deployment" / "terminal.toml"
PINS = {"huda": "271828", "hani": "314159"}
ROLES = {"huda": Role.SUPERVISOR, "hani": Role.TECHNICIAN}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal")
    issue(folder / "keys", "KRK3")
    text = EXAMPLE.read_text(encoding="utf-8")
    for key, place in (
        ("/var/lib/kiosk", "state"),
        ("/etc/kiosk/keys", "keys/terminal"),
        ("/etc/kiosk/trust", "keys/trust"),
    ):
        assert key in text
        text = text.replace(key, place, 1)
    (folder / "terminal.toml").write_text(text, encoding="utf-8")
    with QueueDesk(load(folder / "terminal.toml")).register() as register:
        for name, pin in PINS.items():
            member = StaffMember(id=name, name=Words(ar=name, en=name), role=ROLES[name])
            register.add(member, bytearray(pin.encode()), COMMAND_LINE)
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "terminal.toml"


def run(settings: Path, key: str, *by: str, pins: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{pin}\n" for pin in pins or [PINS[one] for one in by])
    command = [sys.executable, str(ROOT / "main.py"), "keys", "renew", key, "--settings", str(settings)]
    return subprocess.run(
        [*command, "--by", *by, "--pin-stdin", "--json"],
        input=typed,
        env={**os.environ, "KIOSK_LOG": "everything"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("key", "key_id"), [("ledger", "ledger-KRK3.2"), ("receipt", "receipt-KRK3.2"), ("database", "database-")]
)
def test_two_people_renew_a_key(settings: Path, key: str, key_id: str) -> None:
    loaded = load(settings)
    before = QueueDesk(loaded).keys
    done = run(settings, key, "huda", "hani")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["key"], told["key_id"].startswith(key_id), told["continued"]) == (key, True, False)
    assert "- the renewal is at its end" in done.stderr
    desk = QueueDesk(loaded)
    assert desk.verify().problems == ()
    notes = [note for note in desk.acts(10) if note.act is StaffAct.RENEWED_KEY]
    assert {(note.staff, note.detail) for note in notes} == {("huda", key), ("hani", key)}
    said = done.stdout + done.stderr
    for keys in (before, desk.keys):
        for secret in (keys.database, keys.ledger.private_bytes_raw(), *(pin.encode() for pin in PINS.values())):
            for form in (secret.hex(), base64.b64encode(secret).decode(), secret.decode("latin-1")):
                assert form not in said


def test_a_wrong_pin_renews_nothing(settings: Path) -> None:
    before = sorted((settings.parent / "keys" / "terminal").iterdir())
    done = run(settings, "ledger", "huda", "hani", pins=("271828", "000001"))
    assert (done.returncode, "not signed in" in done.stderr) == (2, True), done.stderr
    assert sorted((settings.parent / "keys" / "terminal").iterdir()) == before


def test_while_the_kiosk_runs_it_says_so(settings: Path) -> None:
    with QueueDesk(load(settings)).register():
        done = run(settings, "database", "huda", "hani")
    assert (done.returncode, "stop it first" in done.stderr) == (2, True)


def test_a_renewal_that_was_cut_short_goes_on(settings: Path) -> None:
    def cut(step: str) -> None:
        if step == "the ledger has the new key":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        renew(load(settings), "database", ("huda", "hani"), SystemClock(), cut)
    done = run(settings, "database", "huda", "hani")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["continued"] is True
    assert QueueDesk(load(settings)).verify().problems == ()
