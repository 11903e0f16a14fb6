"""A COMMIT whose fsync was refused may be on disk all the same: no money is given back on the word of that error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2
from sqlite_utils import Database

from kiosk.failures import Failure, InDoubt, ServiceFailure
from kiosk.transaction import PaymentState
from offline_queue.database import LedgerDatabase
from offline_queue.keys import TerminalKeys
from offline_queue.ledger import SqlLedger
from tests.offline_queue.conftest import OpenLedger
from tests.offline_queue.parts import agreement, pay
from tests.offline_queue.test_database import assert_sound, run

REFUSED = """
import ctypes, os, platform, struct, sys
from pathlib import Path
from kiosk.events import PartFailed
from kiosk.catalogue import offline_policy
from kiosk.settlement import Settlement
from kiosk.transaction import PaymentState, movement_of
from kiosk.wire import Words
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.contracts.fake_payment import FakePayment
from tests.kiosk.parts import LIMITS, SERVICES, ScriptedDelivery, ScriptedPrinter
from tests.offline_queue.parts import SetClock, agreement, pay

def refuse_fsync():
    '''The kernel answers EIO to fsync and fdatasync of this thread from now on (seccomp(2), classic BPF).'''
    fsync, fdatasync = {"x86_64": (74, 75), "aarch64": (82, 83)}[platform.machine()]
    program = b"".join(struct.pack("HBBI", *line) for line in (
        (0x20, 0, 0, 0), (0x15, 1, 0, fsync), (0x15, 0, 1, fdatasync), (6, 0, 0, 0x50005), (6, 0, 0, 0x7FFF0000)))
    code = ctypes.create_string_buffer(program)
    filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 5, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, filter, 0, 0) == 0

folder, file = Path(sys.argv[1]), Path(sys.argv[2])
ledger = SqlLedger(file, terminal="KRK3", keys=load_terminal(folder), clock=SetClock(), verify_url="https://v.test/r")
agreed, payments = agreement(), FakePayment()
ids = pay(ledger, agreed)
payments.authorise(ids.payment, agreed.total_fils)
payments.capture(ids.payment)
ledger._database._lane.call(refuse_fsync)
printer = ScriptedPrinter()
office, offline = Words(ar="", en=""), offline_policy(SERVICES, LIMITS)
settlement = Settlement(ledger, payments, ScriptedDelivery(), printer, SetClock(), office, offline)
event = settlement.commit(movement_of([agreed]))
assert isinstance(event, PartFailed), event
print(event.money, payments.moves(ids.payment), len(printer.slips), ledger.waiting(), flush=True)
os._exit(9)
"""


class Refusing:
    """Stands before the connection and refuses COMMIT, after it was undone, with that name of SQLite's."""

    def __init__(self, real: Database, name: str) -> None:
        self._real, self.conn, self._name = real, real.conn, name

    def execute(self, sql: str, *rest: Any) -> object:
        if sql != "COMMIT":
            return self._real.execute(sql, *rest)
        error = dbapi2.OperationalError()
        error.sqlite_errorname = self._name
        raise error


def refusal(database: LedgerDatabase, name: str, ledger: SqlLedger) -> ServiceFailure:
    real = database._connection
    database._connection = Refusing(real, name)  # type: ignore[assignment]
    try:
        with pytest.raises(ServiceFailure) as refused:
            ledger.prepare(agreement())
    finally:
        database._connection = real
    assert refused.value.failure is Failure.NOT_SAVED
    return refused.value


def test_a_commit_that_is_found_after_the_restart_was_not_refunded(
    open_ledger: OpenLedger, ledger_file: Path, key_folder: Path, terminal_keys: TerminalKeys
) -> None:
    ended = run(REFUSED, key_folder / "terminal", ledger_file)
    assert ended.returncode == 9, ended.stderr[-2000:]
    assert ended.stdout.split() == ["unknown", "1", "1", "0"]
    assert "SQLITE_IOERR" in ended.stderr
    ledger = open_ledger()
    assert (ledger.waiting(), ledger.unfinished()) == (1, ())
    assert_sound(ledger_file, terminal_keys)


def test_a_full_disk_and_a_busy_file_leave_no_doubt(ledger: SqlLedger) -> None:
    for name in ("SQLITE_FULL", "SQLITE_BUSY"):
        assert not isinstance(refusal(ledger._database, name, ledger), InDoubt)


def test_doubt_stays_until_something_was_written_over_it(ledger: SqlLedger) -> None:
    database = ledger._database
    ids = pay(ledger, agreement())
    assert isinstance(refusal(database, "SQLITE_IOERR", ledger), InDoubt)
    assert isinstance(refusal(database, "SQLITE_FULL", ledger), InDoubt)
    ledger.record_payment(ids.payment, ids.transaction, PaymentState.CAPTURED, "visit")  # known: writes nothing
    assert ledger.waiting() == 0
    assert isinstance(refusal(database, "SQLITE_FULL", ledger), InDoubt)
    ledger.commit(ids.transaction, "visit")
    assert not isinstance(refusal(database, "SQLITE_FULL", ledger), InDoubt)
