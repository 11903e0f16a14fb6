"""`main.py card trust`: two people bring a list in, one person a revocation list, and everybody may look."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.settings import load
from kiosk.staff import COMMAND_LINE, Role, StaffAct, StaffMember
from kiosk.wire import Words
from offline_queue.desk import QueueDesk
from offline_queue.intake.issue_keys import issue
from tests.devices.cards import issuing
from tests.devices.cards.issuing import Authority
from tests.devices.cards.trust import making
from tests.devices.cards.trust.making import ListMaker
from tests.e2e.conftest import ROOT
from ui.commands import trust as command

EXAMPLE = ROOT / "assets" / "deployment" / "terminal.toml"
PINS = {"huda": "271828", "hani": "314159", "rana": "161803", "omar": "141421"}
ROLES = {"huda": Role.SUPERVISOR, "hani": Role.TECHNICIAN, "rana": Role.CLERK, "omar": Role.TECHNICIAN}


@pytest.fixture(scope="module")
def jordan() -> Authority:
    return issuing.make_authority()


@pytest.fixture(scope="module")
def germany() -> ListMaker:
    return making.make_list_maker()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, jordan: Authority, germany: ListMaker) -> Path:
    """A terminal with four members of staff and no trust data; the files that people bring lie beside its settings."""
    folder = tmp_path_factory.mktemp("terminal")
    issue(folder / "keys", "KRK3")
    text = EXAMPLE.read_text(encoding="utf-8")
    for key, place in (
        ("/var/lib/kiosk", "state"),
        ("/etc/kiosk/keys", "keys/terminal"),
        ("/etc/kiosk/trust", "keys/trust"),
        ("/etc/kiosk/csca", "csca"),
    ):
        assert key in text
        text = text.replace(key, place, 1)
    (folder / "terminal.toml").write_text(text, encoding="utf-8")
    (folder / "csca").mkdir()
    with QueueDesk(load(folder / "terminal.toml")).register() as register:
        for name, pin in PINS.items():
            member = StaffMember(id=name, name=Words(ar=name, en=name), role=ROLES[name])
            register.add(member, bytearray(pin.encode()), COMMAND_LINE)
    now = SystemClock().now()
    listed = germany.make([jordan.der, germany.authority.der], now - timedelta(days=2))
    (folder / "new.ml").write_bytes(listed)
    (folder / "older.ml").write_bytes(germany.make([jordan.der], now - timedelta(days=3)))
    (folder / "signer.cer").write_bytes(germany.authority.der)
    (folder / "jo.crl").write_bytes(making.make_revocation_list(jordan, since=now - timedelta(days=2)))
    return folder


@pytest.fixture
def settings(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "terminal.toml"


def run(settings: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "card", "trust", *arguments, "--settings", str(settings)],
        input=typed,
        env={**os.environ, "KIOSK_LOG": "everything"},
        cwd=settings.parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


def bring(settings: Path, name: str, *by: str, pins: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    typed = "".join(f"{pin}\n" for pin in pins or [PINS[one] for one in by])
    return run(settings, "import", name, "--signer", "signer.cer", "--by", *by, "--pin-stdin", "--json", typed=typed)


def test_two_people_bring_a_list_and_one_a_revocation_list(settings: Path) -> None:
    early = run(settings, "crl", "jo.crl")
    assert (early.returncode, "no anchor for its issuer" in early.stderr) == (1, True)
    taken = bring(settings, "new.ml", "huda", "hani")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["countries"] == ["DE", "JO"]
    refused = bring(settings, "older.ml", "huda", "hani")
    assert (refused.returncode, refused.stderr.startswith("NOT TAKEN: the list of DE")) == (1, True)
    revocations = run(settings, "crl", "jo.crl", "--json")
    assert revocations.returncode == 0, revocations.stderr
    assert json.loads(revocations.stdout)["country"] == "JO"
    shown = run(settings, "list", "--json")
    assert [row["country"] for row in json.loads(shown.stdout)] == ["DE", "JO"]
    assert "huda and hani" in shown.stdout
    notes = QueueDesk(load(settings)).acts(10)
    assert {note.staff for note in notes if note.act is StaffAct.IMPORTED_TRUST} == {"huda", "hani"}
    for pin in PINS.values():
        assert not any(pin in told for done in (taken, shown) for told in (done.stdout, done.stderr))


def test_who_may_answer_for_a_list(settings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with QueueDesk(load(settings)).register() as register:

        def answer(*by: str, pin: str = "") -> tuple[bool, str]:
            people = command.two_people(register, (by[0], by[1]), lambda one: bytearray((pin or PINS[one]).encode()))
            return people is not None, capsys.readouterr().err

        assert answer("hani", "huda") == (True, "")
        for by, pin, told in (
            (("huda", "HUDA "), "", "two different people"),
            (("huda", "hani"), PINS["huda"], "not signed in: unknown or wrong"),
            (("huda", "rana"), "", "with another supervisor or a technician"),
            (("omar", "hani"), "", "a supervisor must answer"),
        ):
            passed, said = answer(*by, pin=pin)
            assert (passed, told in said) == (False, True), said


def test_a_wrong_pin_changes_nothing(settings: Path) -> None:
    done = bring(settings, "new.ml", "huda", "hani", pins=("271828", "000001"))
    assert (done.returncode, "not signed in" in done.stderr) == (2, True), done.stderr
    assert list((settings.parent / "csca").iterdir()) == []


def test_while_the_kiosk_runs_it_says_so(settings: Path) -> None:
    with QueueDesk(load(settings)).register():
        done = bring(settings, "new.ml", "huda", "hani")
    assert (done.returncode, "stop it first" in done.stderr) == (2, True)


def test_files_that_are_not_there_or_not_lists(settings: Path) -> None:
    missing = bring(settings, "none.ml", "huda", "hani")
    assert (missing.returncode, "none.ml: No such file" in missing.stderr) == (2, True)
    for arguments in (("crl", "terminal.toml"), ("import", "jo.crl", "--signer", "signer.cer", "--by", "huda", "hani")):
        done = run(settings, *arguments)
        assert (done.returncode, done.stderr.startswith("NOT TAKEN: ")) == (1, True), done.stderr
