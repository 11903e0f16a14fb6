"""Secrets come from the folder or from systemd's credentials, as the settings say, and are never told to a program."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import msgspec
import pytest

from kiosk.settings import Folders, Secrets, Settings, load
from offline_queue.desk import QueueDesk
from offline_queue.key_files import CredentialStore, FolderStore, secrets_folder, store_for
from offline_queue.keys import KeyMistake
from tests.offline_queue.parts import TERMINAL

ROOT = Path(__file__).resolve().parents[2]
SECRET = bytes(range(200, 232))
STAND_IN = """#!/bin/sh
printf '%s\\n' "$@" > "$(dirname "$0")/told"
env > "$(dirname "$0")/environment"
printf 'encrypted:'
tr '\\310-\\347' 'a-z0-5'
"""
"""As systemd-creds: the secret comes in by standard input and leaves changed by standard output."""


@pytest.fixture
def settings(key_folder: Path, tmp_path: Path) -> Settings:
    folders = Folders(state=tmp_path / "state", keys=key_folder / "terminal", trust=key_folder / "trust")
    return msgspec.structs.replace(load(ROOT / "assets" / "deployment" / "terminal.toml"), folders=folders)


def with_credentials(settings: Settings, folder: Path) -> Settings:
    return msgspec.structs.replace(
        settings,
        secrets=Secrets(source="credentials"),
        folders=msgspec.structs.replace(settings.folders, keys=folder),
    )


def test_credentials_are_read_where_systemd_put_them(
    settings: Settings, key_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mode of the files is systemd's affair: it may show the mask of an access list."""
    given = tmp_path / "credentials"
    shutil.copytree(key_folder / "terminal", given)
    (given / "ledger.key").chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    desk = QueueDesk(with_credentials(settings, tmp_path / "encrypted"))
    assert desk.keys.ledger.public_key() == desk.trust.ledgers[TERMINAL]
    assert desk.warnings() == ()


def test_a_terminal_in_service_never_falls_back_to_the_folder(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    in_service = with_credentials(settings, settings.folders.keys)
    with pytest.raises(KeyMistake, match="systemd has given none"):
        QueueDesk(in_service)


def test_a_folder_is_not_left_for_credentials_that_are_somebody_elses(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secrets_folder(settings) == settings.folders.keys
    assert isinstance(store_for(settings), FolderStore)


def test_a_folder_is_said_loudly(settings: Settings) -> None:
    (warning,) = QueueDesk(settings).warnings()
    assert "THE SECRETS OF THIS TERMINAL LIE IN A FOLDER" in warning


def test_a_folder_is_no_news_in_a_demonstration(settings: Settings) -> None:
    shown = msgspec.structs.replace(settings.terminal, demonstration=True)
    assert QueueDesk(msgspec.structs.replace(settings, terminal=shown)).warnings() == ()


def test_a_folders_secret_is_replaced_whole_and_for_its_user_only(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("database.key", b"old")
    store.put("database.key", SECRET)
    assert [file.name for file in tmp_path.iterdir()] == ["database.key"]
    assert (tmp_path / "database.key").read_bytes() == SECRET
    assert stat.S_IMODE((tmp_path / "database.key").stat().st_mode) == 0o600
    store.remove("database.key")
    store.remove("database.key")
    assert list(tmp_path.iterdir()) == []


def test_a_credential_is_encrypted_without_being_told_to_a_program(tmp_path: Path) -> None:
    program = tmp_path / "systemd-creds"
    program.write_text(STAND_IN)
    program.chmod(0o700)
    folder = tmp_path / "encrypted"
    folder.mkdir()
    CredentialStore(folder, "tpm2", str(program)).put("database.key", SECRET)
    told = (tmp_path / "told").read_text().split()
    assert told == ["encrypt", "--with-key=tpm2", "--name=database.key", "-", "-"]
    (made,) = folder.iterdir()
    assert made.name == "kiosk.database.key"
    assert made.read_bytes().startswith(b"encrypted:")
    assert SECRET not in made.read_bytes()
    assert SECRET not in (tmp_path / "environment").read_bytes()
    CredentialStore(folder, "tpm2", str(program)).remove("database.key")
    assert list(folder.iterdir()) == []


def test_what_cannot_be_encrypted_is_named_and_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "kiosk.database.key").write_bytes(b"old")
    for program in ("false", str(tmp_path / "no such program")):
        with pytest.raises(KeyMistake) as refused:
            CredentialStore(tmp_path, "tpm2", program).put("database.key", SECRET)
        assert "kiosk.database.key" in str(refused.value)
        assert repr(SECRET)[2:10] not in str(refused.value)
    assert (tmp_path / "kiosk.database.key").read_bytes() == b"old"
