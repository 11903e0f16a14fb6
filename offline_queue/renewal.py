"""Renews a key of the terminal: the ledger's, the receipts' or the database's. Cut short anywhere, it is begun again.

A new secret is on the disk, beside the old one, before anything names it; the ledger has the renewal on record, with
the two people who answer for it; then the secret takes its place. What was signed or sealed before stays as it is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.ports import Clock
from kiosk.settings import Settings
from kiosk.wire import KeyChange, encode_canonical, receipt_key_id
from offline_queue.database import LEDGER_FILE, DatabaseUnusable, alone_with, named_errors, open_reader
from offline_queue.database_renewal import encrypt_anew
from offline_queue.desk import QueueDesk
from offline_queue.durable import write_durably
from offline_queue.entries import EntryKind
from offline_queue.key_chain import KeyChangeWrong, make_change, stated_changes
from offline_queue.key_envelope import name_of, write_envelope
from offline_queue.key_files import secrets_folder, store_for
from offline_queue.keys import (
    DATABASE,
    NEXT,
    SECRET_BYTES,
    KeyMistake,
    load_ledger_key,
    load_receipt_key,
    load_secret,
    private_file,
)
from offline_queue.own_keys import RENEWABLE, begun_renewals, keys_in_force
from offline_queue.sealing import Sealer

Which = Literal["ledger", "receipt", "database"]
SigningKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey
CAUSE: Final = "renewal"


class Renewed(msgspec.Struct, frozen=True, kw_only=True):
    """`continued`: an earlier renewal had been cut short, and this was its end; its people are on record."""

    key: Which
    key_id: str
    continued: bool


def renew(
    settings: Settings,
    which: Which,
    by: tuple[str, str],
    clock: Clock,
    tell: Callable[[str], None] = lambda _step: None,
) -> Renewed:
    """Once the terminal's program is stopped. `tell` hears of each step when it is done.

    Raises KeyMistake, DatabaseUnusable (LedgerInUse while the program runs), EnvelopeMistake.
    """
    file = settings.folders.state / LEDGER_FILE
    if not file.is_file():
        raise DatabaseUnusable(f"{file}: there is no ledger here, and nothing to renew")
    with alone_with(file):  # nothing is made beside a running program; whoever writes below takes the lock anew
        continued = which in begun_renewals(secrets_folder(settings))
    renewal = _Renewal(settings, file, by, clock, tell)
    key_id = renewal.of_database(continued) if which == "database" else renewal.of_signing_key(which, continued)
    store_for(settings).remove(f"{RENEWABLE[which]}{NEXT}")
    tell("the renewal is at its end")
    return Renewed(key=which, key_id=key_id, continued=continued)


@dataclasses.dataclass(frozen=True, slots=True)
class _Renewal:
    settings: Settings
    file: Path
    by: tuple[str, str]
    clock: Clock
    tell: Callable[[str], None]

    def of_signing_key(self, which: Literal["ledger", "receipt"], continued: bool) -> str:
        name = RENEWABLE[which]
        beside = secrets_folder(self.settings) / f"{name}{NEXT}"
        key: SigningKey
        if continued:
            key, generation = load_ledger_key(beside) if which == "ledger" else load_receipt_key(beside)
        else:
            key, generation = self._make(which)
            self._put(f"{name}{NEXT}", private_file(key, generation), "the new key is made")
        change = make_change(self.settings.terminal.id, key, generation, self.by)
        self._enter(change)
        if which == "receipt":
            self._publish(key, generation)
        self._put(name, private_file(key, generation), "the new key is in its place")
        return change.key_id

    def of_database(self, continued: bool) -> str:
        folder = secrets_folder(self.settings)
        if continued:
            new = load_secret(folder / f"{DATABASE}{NEXT}")
        else:
            new = secrets.token_bytes(SECRET_BYTES)
            self._put(f"{DATABASE}{NEXT}", new, "the new key is made")
        old = keys_in_force(folder, self.file).database
        if old != new:
            self._enter(KeyChange(key="database", generation=0, key_id=name_of(new), by=self.by))
            self._seal((old, new))
            encrypt_anew(self.file, old, new, self.tell)
        self._put(DATABASE, new, "the new key is in its place")
        self._seal((new,))
        return name_of(new)

    def _make(self, which: Literal["ledger", "receipt"]) -> tuple[SigningKey, int]:
        keys = keys_in_force(secrets_folder(self.settings), self.file)
        if which == "ledger":
            return Ed25519PrivateKey.generate(), keys.ledger_generation + 1
        return ec.generate_private_key(ec.SECP256R1()), keys.receipt_generation + 1

    def _put(self, name: str, content: bytes, step: str) -> None:
        store_for(self.settings).put(name, content)
        self.tell(step)

    def _enter(self, change: KeyChange) -> None:
        """The entry, signed by the key that is still in force, unless an earlier try has written it."""
        desk = QueueDesk(self.settings)
        with contextlib.closing(open_reader(self.file, desk.keys.database)) as reader, named_errors(self.file):
            try:
                stated = stated_changes(reader).get(change.key)
            except KeyChangeWrong as wrong:
                raise DatabaseUnusable(f"{self.file}: an entry changes a key, and {wrong}") from wrong
        if stated is not None and (stated[1].key_id, stated[1].public_key) == (change.key_id, change.public_key):
            return
        with contextlib.closing(desk.ledger(self.clock)) as ledger:
            ledger.note(EntryKind.KEY_CHANGED, "supervisor", CAUSE, encode_canonical(change))
        self.tell("the ledger has it on record")

    def _publish(self, key: SigningKey, generation: int) -> None:
        """For `receipt verify`, beside the public keys of before: what they have signed stays genuine."""
        file = self.settings.folders.trust / f"{receipt_key_id(self.settings.terminal.id, generation)}.pem"
        encoding, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        try:
            write_durably(file, key.public_key().public_bytes(encoding, form), 0o644)
        except OSError as error:
            raise KeyMistake(f"{file}: cannot be written: {error.strerror}") from error
        self.tell("the public key is published")

    def _seal(self, keys: tuple[bytes, ...]) -> None:
        recovery = QueueDesk(self.settings).trust.recovery
        if recovery is not None:
            write_envelope(self.file, Sealer(self.settings.terminal.id, recovery), keys)
            self.tell("the envelope for the centre is written")
