"""A small ledger as each released schema wrote it, kept as text in `releases/`; and the command that adds the newest.

    python -m tests.offline_queue.released

writes `releases/N.sql` with the code of today: run it when a schema is released, and never again for that schema. A
ledger of it holds transactions of every kind: waiting, tried once, accepted, needing attention, voided, half done. It
is signed with keys that are derived here, so that no key lies in the repository.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from sqlcipher3 import dbapi2

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.staff import COMMAND_LINE
from kiosk.transaction import PaymentState, TransactionState
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import (
    FACTS,
    NOW,
    TERMINAL,
    VERIFY_URL,
    SetClock,
    agreement,
    centre_signs,
    read_key,
    sell,
)
from tests.offline_queue.test_database import RANA
from tests.offline_queue.test_parked import UNTIL, draft

FOLDER: Final = Path(__file__).with_name("releases")
RELEASES: Final = tuple(sorted(FOLDER.glob("*.sql"), key=lambda file: int(file.stem)))
PIN: Final = b"271828"


def make_keys(folder: Path) -> None:
    """The keys of the fixtures, in the folders that `offline_queue.intake.issue_keys` makes."""
    for name in ("terminal", "trust", "centre"):
        (folder / name).mkdir(parents=True)
    ledger, centre = (Ed25519PrivateKey.from_private_bytes(_derive(name)) for name in ("ledger", "centre"))
    receipt = ec.derive_private_key(int.from_bytes(_derive("receipt")) >> 1, ec.SECP256R1())
    for file, key in (
        ("terminal/ledger.key", ledger),
        ("terminal/receipt.key", receipt),
        ("centre/centre.key", centre),
    ):
        (folder / file).write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for name, public in ((f"ledger-{TERMINAL}", ledger.public_key()), ("centre", centre.public_key())):
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "trust" / f"{name}.pem").write_bytes(pem)
    for name in ("database", "holder"):
        (folder / "terminal" / f"{name}.key").write_bytes(_derive(name))
    for secret in (folder / "terminal").iterdir():
        secret.chmod(0o600)


def load(release: Path, file: Path, key: bytes) -> None:
    """The fixture as the encrypted file that a terminal of that release left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with _connected(file, key) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # made for a test, and in a moment
        connection.executescript(release.read_text(encoding="utf-8"))


def live(ledger: SqlLedger, centre: Ed25519PrivateKey) -> None:
    """Transactions of every kind, somebody at the counter, and a request that was stopped half way."""
    ledger._scribe.boot_id = "fixture"  # of no machine
    ledger.staff.add(RANA, bytearray(PIN), COMMAND_LINE)
    ledger.parked.park(draft(), UNTIL, RANA.id)
    accepted, refused, tried = (sell(ledger, fils) for fils in (42_500, 20_000, 15_750))
    for ids, result in ((accepted, "accepted"), (refused, "rejected")):
        answer, proof = centre_signs(centre, ids.transaction, result)
        ledger.record_decision(answer, msgspec.json.encode(proof))
    ledger.outbox.lease(round(NOW.timestamp() * 1000), limit=1, limit_bytes=1)
    for fils in (30_000, 7_250):
        sell(ledger, fils)
    assert ledger.outcome_of(tried.transaction).state is TransactionState.SENT
    for ids, outcome in ((accepted, ReceiptOutcome.ACCEPTED), (tried, ReceiptOutcome.AWAITING_DELIVERY)):
        receipt = ledger.issue_receipt(ids.transaction, outcome, FACTS)
        ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    voided, half_done = agreement(12_000), agreement(9_000)
    for agreed in (voided, half_done):
        ledger.prepare(agreed)
    ledger.void(voided.ids.transaction, "visit")
    ledger.record_payment(half_done.ids.payment, half_done.ids.transaction, PaymentState.AUTHORISED, "visit")


def dump(file: Path, key: bytes) -> Iterator[str]:
    """The statements that make the file anew. What is JSON inside is written as text, so that people can read it."""
    with _connected(file, key) as connection:
        yield from (
            f"{sql.strip()};" for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        )
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")
            for row in rows.fetchall():
                yield f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(map(_literal, row))});"
        yield f"PRAGMA user_version = {connection.execute('PRAGMA user_version').fetchone()[0]};"


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        make_keys(folder)
        keys, file = load_terminal(folder / "terminal"), folder / "ledger.db"
        ledger = SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)
        with contextlib.closing(ledger):
            live(ledger, read_key(folder / "centre" / "centre.key"))
        statements = list(dump(file, keys.database))
    version = statements[-1].rpartition(" ")[2].rstrip(";")
    release = FOLDER / f"{version}.sql"
    if release.exists():
        print(f"{release}: this schema has its fixture, and what a release wrote is never written anew")  # noqa: T201
        return 1
    release.write_text(f"-- A small ledger as schema {version} wrote it.\n" + "\n".join(statements) + "\n", "utf-8")
    print(release)  # noqa: T201
    return 0


@contextlib.contextmanager
def _connected(file: Path, key: bytes) -> Iterator[Any]:
    connection = dbapi2.connect(str(file), isolation_level=None)
    try:
        connection.set_key(f"x'{key.hex()}'")
        yield connection
    finally:
        connection.close()


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        return f"CAST({_quoted(value.decode())} AS BLOB)" if value.startswith(b"{") else f"X'{value.hex()}'"
    return "NULL" if value is None else _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _derive(name: str) -> bytes:
    return hashlib.sha256(f"fixture of released schemas: {name}".encode()).digest()


if __name__ == "__main__":
    sys.exit(main())
