"""The terminal's own keys as the ledger has them in force, also after a renewal that a power cut has ended half way.

While a renewal is under way, the new secret lies beside the old one (`NAME.next`). Which of the two counts is not the
files' to say: for a signing key it is the ledger's last `key_changed` entry, for the database key it is which of the
two opens the ledger. Nothing is written here; `keys renew` brings the rest of the renewal to its end.
"""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

from sqlite_utils import Database

from kiosk.settings import Settings
from kiosk.wire import RECOVERY_KEY, Entry, KeyChange
from offline_queue.database import LEDGER_FILE, DatabaseUnusable, named_errors, open_reader
from offline_queue.key_chain import KeyChangeWrong, public_der, stated_changes
from offline_queue.key_files import secrets_folder
from offline_queue.keys import (
    DATABASE,
    LEDGER,
    NEXT,
    RECEIPT,
    KeyMistake,
    TerminalKeys,
    Trust,
    load_ledger_key,
    load_receipt_key,
    load_secret,
    load_terminal,
)

RENEWABLE = {"ledger": LEDGER, "receipt": RECEIPT, "database": DATABASE}
"""The files that `keys renew` is about, by the words of the command."""


def own_keys(settings: Settings) -> TerminalKeys:
    """Raises KeyMistake."""
    keys = keys_in_force(secrets_folder(settings), settings.folders.state / LEDGER_FILE)
    # systemd keeps its folder from others by itself; the mode there may be the mask of an access list.
    return dataclasses.replace(keys, warnings=()) if settings.secrets.source == "credentials" else keys


def begun_renewals(folder: Path) -> tuple[str, ...]:
    """The renewals that are not at their end."""
    return tuple(which for which, name in RENEWABLE.items() if (folder / f"{name}{NEXT}").is_file())


def key_warnings(settings: Settings, trust: Trust) -> tuple[str, ...]:
    """For the log at the start; the technician's check says the same. Training's keys are worth nothing,
    and a demonstration's lie in a folder always."""
    if settings.terminal.training:
        return ()
    found: list[str] = []
    if settings.secrets.source == "folder" and not settings.terminal.demonstration:
        found.append(
            f"{settings.folders.keys}: THE SECRETS OF THIS TERMINAL LIE IN A FOLDER, as is meant for development: "
            "whoever has the disk has them. In service they are systemd credentials (docs/technician.md)"
        )
    if trust.recovery is None:
        found.append(
            f"{settings.folders.trust}: missing {RECOVERY_KEY}.pem: nothing is sealed to the centre, and who loses the "
            "database key loses the ledger"
        )
    found += [
        f"the renewal of the {which} key was cut short: run `keys renew {which}` again"
        for which in begun_renewals(secrets_folder(settings))
    ]
    return tuple(found)


def keys_in_force(folder: Path, ledger: Path) -> TerminalKeys:
    """Raises KeyMistake."""
    begun = begun_renewals(folder)
    if not begun or not ledger.is_file():
        return load_terminal(folder)
    renewed = [DATABASE] if "database" in begun and _opens(ledger, load_secret(folder / f"{DATABASE}{NEXT}")) else []
    database = load_terminal(folder, renewed).database
    try:
        with contextlib.closing(open_reader(ledger, database)) as reader, named_errors(ledger):
            renewed += _entered(reader, folder, begun)
    except DatabaseUnusable:  # is said by whoever opens the ledger
        pass
    return load_terminal(folder, renewed)


def _opens(ledger: Path, key: bytes) -> bool:
    try:
        open_reader(ledger, key).close()
    except DatabaseUnusable:
        return False
    return True


def _entered(reader: Database, folder: Path, begun: tuple[str, ...]) -> list[str]:
    """The signing keys beside the old ones that the ledger already names."""
    try:
        stated = stated_changes(reader)
    except KeyChangeWrong as wrong:
        raise KeyMistake(f"{folder}: a renewal was begun, and the ledger does not say which key counts") from wrong
    found: list[str] = []
    if "ledger" in begun and _names(stated.get("ledger"), public_der(load_ledger_key(folder / f"{LEDGER}{NEXT}")[0])):
        found.append(LEDGER)
    if "receipt" in begun and _names(
        stated.get("receipt"), public_der(load_receipt_key(folder / f"{RECEIPT}{NEXT}")[0])
    ):
        found.append(RECEIPT)
    return found


def _names(changed: tuple[Entry, KeyChange] | None, public: bytes) -> bool:
    return changed is not None and changed[1].public_key == public
