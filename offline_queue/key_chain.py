"""Which key signs a terminal's entries at which place: the first one is trusted, each later one is proven by the chain.

See `kiosk.wire` for the rule. The same code reads a terminal's own ledger and, at the centre, a `KeyNotice`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from sqlite_utils import Database

from kiosk.wire import ENTRY_CONTEXT, ChangedKey, Entry, KeyChange, Signed, ledger_key_id, proof_of, receipt_key_id
from offline_queue.entries import EntryKind, digest
from offline_queue.signing import WrongSignature, open_signed

_ECDSA: Final = ec.ECDSA(hashes.SHA256())
_CHANGES: Final = (
    "SELECT canonical, key_id, signature, content FROM entries LEFT JOIN bodies ON bodies.hash = entries.body_hash "
    "WHERE kind = 'key_changed' ORDER BY sequence"
)


class KeyChangeWrong(Exception):
    """An entry that says that a key was changed and does not prove it. The text names no key's content."""


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerKey:
    """The key of the entries behind `since`; the first one's is 0."""

    public: Ed25519PublicKey
    id: str
    generation: int
    since: int


class KeyChain:
    """Follows one terminal's keys. `keys` are its ledger keys so far, the last one in force."""

    def __init__(self, terminal: str, first: Ed25519PublicKey) -> None:
        self._terminal = terminal
        self.keys = [LedgerKey(first, ledger_key_id(terminal), 1, 0)]
        self._taken = 0
        self.receipt_generation = 1
        self.receipt_key: bytes | None = None
        """DER; None while it is the first one, which the ledger does not name."""

    @property
    def in_force(self) -> LedgerKey:
        return self.keys[-1]

    def open(self, signed: Signed) -> bytes:
        """The payload of the chain's next entry. Raises WrongSignature."""
        return open_signed(signed, ENTRY_CONTEXT, self.in_force.public, self.in_force.id)

    def follow(self, entry: Entry, body: bytes | None) -> KeyChange:
        """Takes the change that a proven `key_changed` entry makes. Raises KeyChangeWrong."""
        change = read_change(entry, body)
        if change.key == "ledger":
            public = self._proven(change, self.in_force.generation, ledger_key_id)
            if not isinstance(public, Ed25519PublicKey):
                raise KeyChangeWrong("names a ledger key of another kind")
            self.keys.append(LedgerKey(public, change.key_id, change.generation, entry.sequence))
        elif change.key == "receipt":
            self._proven(change, self.receipt_generation, receipt_key_id)
            self.receipt_generation, self.receipt_key = change.generation, change.public_key
        return change

    def take(self, changed: ChangedKey) -> tuple[Entry, KeyChange]:
        """One change of a notice or of the ledger, its signature included. Raises KeyChangeWrong; takes all or none."""
        try:
            entry = msgspec.json.decode(self.open(changed.entry), type=Entry)
        except WrongSignature as wrong:
            raise KeyChangeWrong(f"was not signed by the key before it: {wrong}") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise KeyChangeWrong("cannot be read") from None
        if entry.terminal != self._terminal or entry.kind != EntryKind.KEY_CHANGED:
            raise KeyChangeWrong("is no change of this terminal's keys")
        if entry.sequence <= self._taken:
            raise KeyChangeWrong("stands before the change that it should follow")
        change = self.follow(entry, changed.body)
        self._taken = entry.sequence
        return entry, change

    def _proven(self, change: KeyChange, generation: int, id_of: Callable[[str, int], str]) -> object:
        """The new public key, whose holder has signed for it."""
        if change.generation != generation + 1 or change.key_id != id_of(self._terminal, change.generation):
            raise KeyChangeWrong(f"is not the key after generation {generation}")
        try:
            public = load_der_public_key(change.public_key)
            message = proof_of(self._terminal, change.key_id, change.public_key)
            if isinstance(public, Ed25519PublicKey):
                public.verify(change.proof, message)
            elif isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
                public.verify(change.proof, message, _ECDSA)
            else:
                raise KeyChangeWrong("names a key of an unknown kind")
        except (ValueError, UnsupportedAlgorithm):
            raise KeyChangeWrong("its public key cannot be read") from None
        except InvalidSignature:
            raise KeyChangeWrong("whoever made it did not hold the new key") from None
        return public


def read_change(entry: Entry, body: bytes | None) -> KeyChange:
    """Raises KeyChangeWrong."""
    if body is None or digest(body) != entry.body_hash:
        raise KeyChangeWrong("its body, which names the new key, is missing or was changed")
    try:
        return msgspec.json.decode(body, type=KeyChange)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise KeyChangeWrong("its body cannot be read") from None


def make_change(
    terminal: str, key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey, generation: int, by: tuple[str, str]
) -> KeyChange:
    """The body of the entry by which `key` comes into force."""
    public = public_der(key)
    if isinstance(key, Ed25519PrivateKey):
        key_id = ledger_key_id(terminal, generation)
        proof = key.sign(proof_of(terminal, key_id, public))
        return KeyChange(key="ledger", generation=generation, key_id=key_id, public_key=public, proof=proof, by=by)
    key_id = receipt_key_id(terminal, generation)
    proof = key.sign(proof_of(terminal, key_id, public), _ECDSA)
    return KeyChange(key="receipt", generation=generation, key_id=key_id, public_key=public, proof=proof, by=by)


def public_der(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def load_changes(connection: Database) -> tuple[ChangedKey, ...]:
    """Every change of a key that the ledger has on record, as it lies there; a body that is gone is empty."""
    return tuple(
        ChangedKey(entry=Signed(payload=row[0], key_id=row[1], signature=row[2]), body=row[3] or b"")
        for row in connection.execute(_CHANGES)
    )


def delivered_changes(connection: Database) -> tuple[ChangedKey, ...]:
    """Those of a `KeyNotice`: a database key is no concern of the centre's intake."""
    return tuple(
        changed
        for changed in load_changes(connection)
        if read_change(msgspec.json.decode(changed.entry.payload, type=Entry), changed.body).key != "database"
    )


def stated_changes(connection: Database) -> dict[str, tuple[Entry, KeyChange]]:
    """The last change of each kind of key, by what the ledger says of itself and without proof: which of its own keys
    a terminal uses. Raises KeyChangeWrong."""
    last: dict[str, tuple[Entry, KeyChange]] = {}
    for changed in load_changes(connection):
        try:
            entry = msgspec.json.decode(changed.entry.payload, type=Entry)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise KeyChangeWrong("cannot be read") from None
        change = read_change(entry, changed.body)
        last[change.key] = entry, change
    return last


def is_next_to_sign(connection: Database, terminal: str, key: Ed25519PrivateKey, generation: int) -> bool:
    """Whether the ledger's next entry is this key's: the last change names it, and it has signed what follows that."""
    row = connection.execute(
        "SELECT canonical, key_id, signature FROM entries ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return generation == 1
    signed = Signed(payload=row[0], key_id=row[1], signature=row[2])
    try:
        last = msgspec.json.decode(signed.payload, type=Entry)
        changed = stated_changes(connection).get("ledger")
        if changed is None:
            if generation != 1:
                return False
        else:
            entry, change = changed
            if (change.generation, change.public_key) != (generation, public_der(key)):
                return False
            if last.sequence == entry.sequence:  # the key before has signed this one
                return last.terminal == terminal
        open_signed(signed, ENTRY_CONTEXT, key.public_key(), ledger_key_id(terminal, generation))
    except (WrongSignature, KeyChangeWrong, msgspec.DecodeError, UnicodeDecodeError):
        return False
    return last.terminal == terminal
