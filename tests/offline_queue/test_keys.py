"""Keys are checked before anything starts, and a mistake is said by file and never by content."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from offline_queue.intake.issue_keys import AGENCIES
from offline_queue.keys import KeyMistake, load_terminal, load_trust
from tests.offline_queue.parts import TERMINAL


@pytest.fixture
def copy(key_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(key_folder, tmp_path / "keys")
    return tmp_path / "keys"


def test_the_issued_keys_load(key_folder: Path) -> None:
    keys, trust = load_terminal(key_folder / "terminal"), load_trust(key_folder / "trust")
    assert keys.warnings == ()
    assert keys.ledger.public_key() == trust.ledgers[TERMINAL]
    assert (len(keys.database), len(keys.holder)) == (32, 32)
    assert set(trust.agencies) == set(AGENCIES)
    assert "TerminalKeys object at" in repr(keys)


def test_a_secret_that_others_may_read_is_said_loudly(copy: Path) -> None:
    (copy / "terminal" / "holder.key").chmod(0o640)
    (warning,) = load_terminal(copy / "terminal").warnings
    assert "holder.key: OTHER USERS OF THIS MACHINE MAY USE THIS SECRET (mode 0640)" in warning


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("terminal/ledger.key", None, "missing ledger.key"),
        ("terminal/database.key", None, "missing database.key"),
        ("terminal/ledger.key", "terminal/receipt.key", "ledger.key: an Ed25519 private key belongs here"),
        ("terminal/receipt.key", "terminal/ledger.key", "receipt.key: a P-256 private key belongs here"),
        ("terminal/ledger.key", "trust/centre.pem", "no private key in PEM"),
        ("terminal/database.key", b"short", "holds 5 bytes; 32 belong here"),
        ("trust/centre.pem", None, "missing centre.pem"),
        ("trust/centre.pem", b"nonsense", "no public key in PEM"),
        ("trust/agency-traffic.pem", f"trust/receipt-{TERMINAL}.pem", "an Ed25519 public key belongs here"),
    ],
)
def test_what_is_wrong_is_named(copy: Path, name: str, content: str | bytes | None, said: str) -> None:
    file = copy / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content if isinstance(content, bytes) else (copy / content).read_bytes())
    load: Callable[[Path], object] = load_terminal if name.startswith("terminal") else load_trust
    with pytest.raises(KeyMistake, match=said) as caught:
        load(file.parent)
    assert "PRIVATE KEY-----" not in str(caught.value)
