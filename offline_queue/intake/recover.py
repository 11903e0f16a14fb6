"""`python -m offline_queue.intake.recover`: opens the ledger of a terminal whose keys are lost, at the centre.

The ledger's file and the envelope beside it are all that is needed from the terminal; the recovery key and the public
keys are the centre's. The files are copied first and never written. What it prints and keeps names ids, amounts and
receipts, and nothing personal; with `--deliver-to` it gives the intake what never arrived: the same bytes under the
same ids, so that what did arrive, or arrives later by another way, is the same transaction.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import shutil
import sys
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy.exc import DatabaseError
from sqlite_utils import Database

from kiosk.set_up import SetUpMistake
from kiosk.transaction import TransactionState
from kiosk.wire import ItemAnswer
from offline_queue.chain import Problem
from offline_queue.database import DatabaseUnusable, connect_alone, named_errors, open_reader
from offline_queue.intake.recovered_items import Found, deliver, find
from offline_queue.intake.terminal_keys import NoticeRefused
from offline_queue.key_chain import delivered_changes
from offline_queue.key_envelope import Envelope, envelope_file, open_envelope, read_envelope
from offline_queue.keys import KeyMistake, load_trust
from offline_queue.projection import load_rows
from offline_queue.sealing import CannotOpen
from offline_queue.verify import verify

REPORT = "recovered.json"


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """One committed transaction. `answer` is what the intake said, where it was delivered now; `body` is
    `recovered_items.Found.source`."""

    message: int
    transaction: UUID
    receipt_number: str
    amount_fils: int
    committed_at: str
    state: TransactionState
    body: str
    answer: str = ""


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """`undelivered` counts those that the ledger has no answer of the centre's for."""

    terminal: str
    entries: int
    sound: bool
    problems: tuple[Problem, ...]
    committed: int
    amount_fils: int
    undelivered: int
    transactions: tuple[Recovered, ...]


def recover(ledger: Path, keys: Path, out: Path, deliver_to: Path | None = None) -> Recovery:
    """`keys` is the centre's folder, as issue_keys makes it. Raises EnvelopeMistake, KeyMistake, DatabaseUnusable,
    CannotOpen, NoticeRefused, OSError; the database's own errors where `deliver_to` cannot be used."""
    private = load_recovery_key(keys / "centre" / "recovery.key")
    trust = load_trust(keys / "trust")
    envelope = read_envelope(ledger)
    terminal = envelope.terminal
    first = trust.ledgers.get(terminal)
    if first is None:
        raise KeyMistake(f"{keys / 'trust'}: no ledger key of {terminal}, without which nothing is proven")
    copy = _copy(ledger, out)
    with contextlib.closing(_open(copy, envelope, private)) as reader, named_errors(copy):
        verification = verify(reader, terminal, first, trust.centre)
        rows = load_rows(reader, "WHERE message IS NOT NULL ORDER BY message")
        found = [find(reader, row, terminal, private) for row in rows]
        changes = delivered_changes(reader)
    answers = deliver(keys, deliver_to, terminal, changes, found) if deliver_to else {}
    return Recovery(
        terminal=terminal,
        entries=verification.entries,
        sound=verification.sound,
        problems=verification.problems,
        committed=len(rows),
        amount_fils=sum(row.amount_fils for row in rows),
        undelivered=sum(row.state is TransactionState.COMMITTED for row in rows),
        transactions=tuple(_told(one, answers.get(one.row.transaction_id)) for one in found),
    )


def load_recovery_key(file: Path) -> X25519PrivateKey:
    """Raises KeyMistake."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise KeyMistake(f"{file}: an X25519 private key belongs here")
    return key


def _copy(ledger: Path, out: Path) -> Path:
    """The ledger with its log: a terminal that lost its power has its last entries there."""
    if not ledger.is_file():
        raise DatabaseUnusable(f"{ledger}: there is no ledger here")
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy = out / ledger.name
    for suffix in ("", "-wal"):
        source, target = ledger.with_name(ledger.name + suffix), copy.with_name(copy.name + suffix)
        target.unlink(missing_ok=True)
        if source.is_file():
            shutil.copyfile(source, target)
            target.chmod(0o600)
    copy.with_name(f"{copy.name}-shm").unlink(missing_ok=True)
    return copy


def _open(copy: Path, envelope: Envelope, private: X25519PrivateKey) -> Database:
    """By whichever of the envelope's keys opens it: during a renewal there are two."""
    for key in open_envelope(envelope, private):
        with contextlib.suppress(DatabaseUnusable), named_errors(copy):
            connect_alone(copy, key).close()  # as a writer first: what a power cut left of the log is brought in
            return open_reader(copy, key)
    raise DatabaseUnusable(f"{copy}: no key of {envelope_file(copy).name} opens this ledger, or the file is damaged")


def _told(found: Found, answer: ItemAnswer | None) -> Recovered:
    row = found.row
    return Recovered(
        message=row.message or 0,
        transaction=row.transaction_id,
        receipt_number=row.receipt_number or "",
        amount_fils=row.amount_fils,
        committed_at=row.committed_at or "",
        state=row.state,
        body=found.source,
        answer=f"{answer.result} {answer.code or answer.reference}".strip() if answer else "",
    )


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m offline_queue.intake.recover",
        description="Opens the ledger of a terminal whose keys are lost. Ids, amounts and receipts are listed; with "
        "--deliver-to the intake gets what never arrived. Status 1 where the ledger is not sound or an item is not "
        "accepted.",
    )
    parser.add_argument("--ledger", type=Path, required=True, metavar="FILE", help="with its envelope beside it")
    parser.add_argument(
        "--keys", type=Path, required=True, metavar="DIR", help="the centre's, as issue_keys makes them"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=f"for the copy and {REPORT}")
    parser.add_argument("--deliver-to", type=Path, metavar="FILE", help="the intake's database")
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


def main() -> int:
    """Status 0, 1 where something is missing or wrong, 2 where nothing could be opened."""
    chosen = arguments().parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    try:
        found = recover(chosen.ledger, chosen.keys, chosen.out, chosen.deliver_to)
        (chosen.out / REPORT).write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    except (SetUpMistake, CannotOpen, NoticeRefused, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except DatabaseError as error:
        sys.stderr.write(f"{chosen.deliver_to}: {type(error.orig).__name__}\n")
        return 2
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n" if chosen.json else _table(found))
    return 0 if found.sound and not any(_is_lost(one) for one in found.transactions) else 1


def _is_lost(one: Recovered) -> bool:
    """Money was taken, the centre has decided nothing, and it could not be given what it needs to."""
    return one.state is TransactionState.COMMITTED and (
        one.body == "nowhere" or one.answer.startswith(("conflict", "rejected", "retry_later"))
    )


def _table(found: Recovery) -> str:
    lines = [
        f"{found.terminal}: {found.entries} entries, {'sound' if found.sound else 'NOT SOUND'}",
        *(f"  {problem.place}: {problem.what}" for problem in found.problems),
        f"{found.committed} committed, {found.amount_fils} fils; {found.undelivered} without an answer of the centre's",
    ]
    lines += [
        f"  {one.message:6} {one.receipt_number} {one.transaction} {one.amount_fils:9} {one.state} {one.answer or '-'}"
        for one in found.transactions
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
