"""The drill: a terminal's keys are gone, and from its ledger and the envelope the centre has everything back."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from kiosk.clock import SystemClock
from kiosk.settings import Folders, Gateway, Settings, load
from offline_queue.database import DatabaseUnusable, LedgerDatabase
from offline_queue.desk import QueueDesk
from offline_queue.drain import Drain
from offline_queue.intake.inspect import stored
from offline_queue.intake.issue_keys import issue
from offline_queue.intake.recover import Recovery, load_recovery_key, recover
from offline_queue.key_envelope import EnvelopeMistake, envelope_file, open_envelope, read_envelope
from offline_queue.keys import KeyMistake
from offline_queue.renewal import renew
from offline_queue.sealing import CannotOpen
from tests.offline_queue.intake.parts import running
from tests.offline_queue.parts import TERMINAL, agreement, pay, sell
from tests.offline_queue.test_privacy import assert_clean

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-W", "error", "-m", "offline_queue.intake.recover"]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a terminal leaves: two transactions that the centre has answered for, two that never arrived, one that was
    only prepared, and a renewed ledger key that the centre has not heard of. Then its key folder is deleted."""
    folder = tmp_path_factory.mktemp("left")
    issue(folder / "keys", TERMINAL)
    settings = settings_in(folder)
    with running(folder / "keys", folder / "intake.db") as server:
        desk = QueueDesk(settings)
        gateway = desk.gateway(f"https://127.0.0.1:{server.port}")
        with contextlib.closing(gateway), contextlib.closing(desk.ledger(SystemClock())) as ledger:
            for _ in range(2):
                sell(ledger)
            Drain(ledger, gateway, TERMINAL, SystemClock()).step(hurry=True)
            assert ledger.waiting() == 0
            sell(ledger)
    renew(settings, "ledger", ("huda", "hani"), SystemClock())
    with contextlib.closing(QueueDesk(settings).ledger(SystemClock())) as ledger:
        sell(ledger)
        pay(ledger, agreement())
        # Its log is copied too: whoever lost the keys did not shut the program down first.
        shutil.copytree(folder / "state", folder / "found")
    shutil.rmtree(folder / "keys" / "terminal")
    return folder


def settings_in(folder: Path) -> Settings:
    keys = folder / "keys"
    folders = Folders(state=folder / "state", keys=keys / "terminal", trust=keys / "trust")
    gateway = Gateway(url="https://localhost:9", authority=keys / "tls" / "authority.pem")
    example = load(ROOT / "assets" / "deployment" / "terminal.toml")
    return msgspec.structs.replace(example, folders=folders, gateway=gateway)


@pytest.fixture
def found(left: Path, tmp_path: Path) -> Path:
    """A copy for this test."""
    shutil.copytree(left, tmp_path, dirs_exist_ok=True)
    return tmp_path


def drill(folder: Path, deliver_to: Path | None = None) -> Recovery:
    return recover(folder / "found" / "ledger.db", folder / "keys", folder / "out", deliver_to)


def test_everything_is_there_without_the_terminals_keys(found: Path) -> None:
    assert not (found / "keys" / "terminal").exists()
    assert (found / "found" / "ledger.db-wal").stat().st_size > 0
    before = {file.name: file.read_bytes() for file in (found / "found").iterdir()}
    recovered = drill(found)
    assert (recovered.terminal, recovered.sound, recovered.problems) == (TERMINAL, True, ())
    assert (recovered.committed, recovered.amount_fils, recovered.undelivered) == (4, 4 * 42_500, 2)
    assert [one.receipt_number for one in recovered.transactions] == [f"KRK3-00000{number}" for number in range(1, 5)]
    assert {one.body for one in recovered.transactions} == {"ledger"}
    assert {file.name: file.read_bytes() for file in (found / "found").iterdir()} == before, "evidence is not touched"


def test_what_never_arrived_is_taken_in_once(found: Path) -> None:
    """Their agency does not know this made-up fine: kept and decided they are all the same."""
    database = found / "intake.db"
    ids = [one.transaction for one in drill(found).transactions]
    assert {one.transaction for one in stored(database)} == set(ids[:2])
    first = drill(found, database)
    assert [bool(one.answer) for one in first.transactions] == [False, False, True, True]
    assert [one.transaction for one in stored(database)] == ids
    before = stored(database)
    again = drill(found, database)
    assert [one.answer for one in again.transactions][2:] == [one.answer for one in first.transactions][2:]
    assert stored(database) == before


def test_a_body_that_has_left_comes_from_what_was_sealed(found: Path) -> None:
    file = found / "state" / "ledger.db"
    (key,) = open_envelope(read_envelope(file), load_recovery_key(found / "keys" / "centre" / "recovery.key"))
    with contextlib.closing(LedgerDatabase(file, key)) as ledger:
        ledger.write(
            lambda connection: connection.execute(
                "DELETE FROM bodies WHERE hash IN (SELECT body_hash FROM transactions WHERE state = 'committed')"
            )
        )
    shutil.copytree(found / "state", found / "found", dirs_exist_ok=True)
    recovered = recover(file, found / "keys", found / "out", found / "intake.db")
    assert [one.body for one in recovered.transactions] == ["ledger", "ledger", "sealed", "sealed"]
    assert len(stored(found / "intake.db")) == 4


def test_by_hand(found: Path) -> None:
    done = by_command(found)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["committed"], told["undelivered"]) == (4, 2)
    assert json.loads((found / "out" / "recovered.json").read_text()) == told
    for text in (done.stdout, done.stderr):
        assert_clean(text)
    (found / "keys" / "centre" / "recovery.key").unlink()
    done = by_command(found)
    assert (done.returncode, "recovery.key: an X25519 private key belongs here" in done.stderr) == (2, True)


def by_command(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "--ledger", "found/ledger.db", "--keys", "keys", "--out", "out", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_changed_ledger_is_not_sound(found: Path) -> None:
    """Another terminal's first key is trusted under this one's name: no entry is proven by it."""
    trust = found / "keys" / "trust"
    (trust / "ledger-KRK3.pem").write_bytes((trust / "ledger-KRK1.pem").read_bytes())
    recovered = drill(found)
    assert not recovered.sound
    assert recovered.problems


def test_what_is_missing_is_named(found: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    issue(other, TERMINAL)
    with pytest.raises(CannotOpen, match="no database key of KRK3 was sealed to this recovery key"):
        recover(found / "found" / "ledger.db", other, found / "out")
    shutil.copyfile(found / "keys" / "trust" / "centre.pem", found / "keys" / "centre" / "recovery.key")
    with pytest.raises(KeyMistake, match="an X25519 private key belongs here"):
        drill(found)
    shutil.copyfile(other / "centre" / "recovery.key", found / "keys" / "centre" / "recovery.key")
    with pytest.raises(CannotOpen):
        drill(found)
    envelope_file(found / "found" / "ledger.db").unlink()
    with pytest.raises(EnvelopeMistake, match="key-for-centre: cannot be read"):
        drill(found)


def test_a_lost_database_file_is_lost(found: Path) -> None:
    """The envelope alone opens nothing; docs say what is left then."""
    (found / "found" / "ledger.db").unlink()
    with pytest.raises(DatabaseUnusable, match="there is no ledger here"):
        drill(found)


def test_an_envelope_of_another_file_opens_nothing(found: Path) -> None:
    (found / "found" / "ledger.db").write_bytes(bytes(4096))
    with pytest.raises(DatabaseUnusable, match=r"no key of ledger\.db\.key-for-centre opens this ledger"):
        drill(found)
