"""Where a terminal's secrets lie: systemd credentials that only this machine can open, or a folder for development.

Credentials (systemd.exec(5), LoadCredentialEncrypted=) come to the program decrypted, in a folder of memory that only
its unit sees, named by $CREDENTIALS_DIRECTORY; on the disk they are encrypted, bound to the TPM of this machine by
`systemd-creds encrypt --with-key=tpm2`. A secret never stands in an argument, in the environment or in a log.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final, Protocol

from kiosk.settings import Settings
from offline_queue.durable import remove_durably, write_durably
from offline_queue.keys import KeyMistake

CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"
PREFIX: Final = "kiosk."
"""Before the names of the encrypted files, in a folder that all units of the machine share."""

_SYSTEMD_CREDS: Final = "systemd-creds"
_SECONDS: Final = 60.0  # a TPM is slow, and may be busy


class KeyStore(Protocol):
    """Where a renewed secret is put. Both calls are on the disk when they return, and raise KeyMistake."""

    def put(self, name: str, content: bytes) -> None: ...

    def remove(self, name: str) -> None: ...


def secrets_folder(settings: Settings) -> Path:
    """Where the secrets are read. Raises KeyMistake where the settings say credentials, and there are none: a terminal
    in service never falls back to a folder."""
    if settings.secrets.source == "folder":
        return settings.folders.keys
    folder = os.environ.get(CREDENTIALS)
    if not folder:
        raise KeyMistake(
            "`secrets.source` is credentials, and systemd has given none: start this by its unit, or by kiosk-command"
        )
    return Path(folder)


def store_for(settings: Settings) -> KeyStore:
    """Where they are written."""
    if settings.secrets.source == "folder":
        return FolderStore(settings.folders.keys)
    return CredentialStore(settings.folders.keys, settings.secrets.bound_to)


class FolderStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        try:
            write_durably(self._folder / name, content, 0o600)
        except OSError as error:
            raise KeyMistake(f"{self._folder / name}: cannot be written: {error.strerror}") from error

    def remove(self, name: str) -> None:
        try:
            remove_durably(self._folder / name)
        except OSError as error:
            raise KeyMistake(f"{self._folder / name}: cannot be removed: {error.strerror}") from error


class CredentialStore:
    """Needs root, and the machine's TPM where `bound_to` names it. What is put takes effect at the next start of the
    unit: $CREDENTIALS_DIRECTORY never changes under a running program."""

    def __init__(self, folder: Path, bound_to: str, program: str = _SYSTEMD_CREDS) -> None:
        self._folder = folder
        self._bound_to = bound_to
        self._program = program

    def put(self, name: str, content: bytes) -> None:
        file = self._folder / f"{PREFIX}{name}"
        command = [self._program, "encrypt", f"--with-key={self._bound_to}", f"--name={name}", "-", "-"]
        try:
            made = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=True)
            write_durably(file, made.stdout, 0o600)
        except subprocess.SubprocessError:
            raise KeyMistake(
                f"{file}: {self._program} could not encrypt it to {self._bound_to}; is this root?"
            ) from None
        except OSError as error:
            raise KeyMistake(f"{file}: cannot be written: {error.strerror}") from error

    def remove(self, name: str) -> None:
        FolderStore(self._folder).remove(f"{PREFIX}{name}")
