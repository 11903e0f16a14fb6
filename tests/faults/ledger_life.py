"""A short life of a terminal's ledger, lived by the production code while its file operations are recorded.

    python -m tests.faults.ledger_life KEYS FILE MARK CHAPTER [SYNCHRONOUS]

After every call that has returned, the mark is told how far the ledger is: what must be there after any later power
cut. The chapters follow one another, each in a process of its own, so that a restart is part of the life.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import msgspec
from sqlite_utils import Database

from kiosk.receipt import PrintState, Receipt, ReceiptOutcome
from kiosk.transaction import Ids, PaymentState, movement_of
from offline_queue import database
from offline_queue.entries import last_place
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.offline_queue.parts import (
    FACTS,
    TERMINAL,
    VERIFY_URL,
    SetClock,
    agreement,
    basket,
    centre_signs,
    read_key,
)

CHECKPOINT_PAGES: Final = 30
"""Instead of SQLite's 1,000, in one chapter: so that a short life has many checkpoints and a log that begins anew."""

APPLICATION: Final = bytes(range(256)) * 80
"""Stands for a signed application: a body of several pages."""


class Acknowledged(msgspec.Struct, frozen=True):
    """What was so when a call had returned. `number` and `code` are of the receipt that it gave, if it gave one."""

    call: str
    entries: int
    last_hash: str
    number: str = ""
    code: str = ""


class Life:
    """Calls the ledger, and tells the mark what has returned."""

    def __init__(self, keys: Path, file: Path, mark: IO[bytes]) -> None:
        self._centre = read_key(keys / "centre" / "centre.key")
        self._mark = mark
        self.ledger = SqlLedger(
            file, terminal=TERMINAL, keys=load_terminal(keys / "terminal"), clock=SetClock(), verify_url=VERIFY_URL
        )

    def sell(self, *, signed_application: bytes = b"") -> Ids:
        agreed = agreement(signed_application=signed_application)
        ids = agreed.ids
        self.ledger.prepare(agreed)
        self._tell("prepare")
        for state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
            self.ledger.record_payment(ids.payment, ids.transaction, state, "visit")
            self._tell("payment")
        number = self.ledger.commit(ids.transaction, "visit").receipt_number
        self._tell("commit", number)
        return ids

    def sell_together(self) -> None:
        """A basket: two that are paid, and one that is free."""
        agreed = basket(20_000, 5_000, 0)
        movement = movement_of(agreed)
        self.ledger.prepare(*agreed)
        self._tell("prepare")
        for state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
            self.ledger.record_movement(movement, state, "visit")
            self._tell("payment")
        commitments = self.ledger.commit_together(movement.transactions, "visit")
        self._tell("commit", commitments[-1].receipt_number)

    def hand_out(self, ids: Ids) -> None:
        receipt = self.ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
        self._tell("receipt", receipt.number, receipt)
        self.ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
        self._tell("print")

    def change_mind(self) -> None:
        agreed = agreement()
        self.ledger.prepare(agreed)
        self.ledger.void(agreed.ids.transaction, "visit")
        self._tell("void")

    def decide(self, ids: Ids, result: str) -> None:
        self.ledger.outbox.lease(0, limit=1, limit_bytes=1)
        answer, proof = centre_signs(self._centre, ids.transaction, result)
        self.ledger.record_decision(answer, msgspec.json.encode(proof))
        self._tell("decision")

    def _tell(self, call: str, number: str = "", receipt: Receipt | None = None) -> None:
        entries, last_hash = self.ledger._database.read(last_place)
        said = Acknowledged(call, entries, last_hash, number, receipt.code if receipt else "")
        self._mark.write(msgspec.json.encode(said) + b"\n")


def first_day(life: Life) -> None:
    """From no file at all to a closed one."""
    life.hand_out(life.sell())
    life.sell()
    life.ledger.close()


def busy_day(life: Life) -> None:
    """Ends without closing anything, as a crash does."""
    life.ledger._database.read(lambda connection: connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"))
    first = life.sell(signed_application=APPLICATION)
    life.change_mind()
    second = life.sell()
    life.sell_together()
    life.decide(first, "accepted")
    life.decide(second, "rejected")
    life.hand_out(life.sell())
    os._exit(0)


def day_after(life: Life) -> None:
    """Begins on the log that the crash has left."""
    life.hand_out(life.sell())
    life.ledger.close()


def restart_only(life: Life) -> None:
    life.ledger.close()


CHAPTERS: Final[dict[str, Callable[[Life], None]]] = {
    chapter.__name__: chapter for chapter in (first_day, busy_day, day_after, restart_only)
}
WHOLE_LIFE: Final = (first_day.__name__, busy_day.__name__, day_after.__name__)


def weaken(synchronous: str) -> None:
    """For the control: the ledger as it would be with less than `synchronous=FULL`."""
    strong = database._open_writer

    def weak(file: Path, key: bytes) -> Database:
        connection = strong(file, key)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        return connection

    database._open_writer = weak


def main() -> None:
    keys, file, mark, chapter, *synchronous = sys.argv[1:]
    if synchronous:
        weaken(synchronous[0])
    with Path(mark).open("ab", buffering=0) as told:
        CHAPTERS[chapter](Life(Path(keys), Path(file), told))


if __name__ == "__main__":
    main()
