"""A terminal sells on a disk that refuses: full, failing, or read only from some moment on.

    python -m tests.faults.faulty_disk KEYS FILE TOLD

is the terminal's process; `sell_on` runs it under strace, which has the kernel answer the chosen calls on the ledger's
files with an error. The process tells what its caller would be shown, and ends like a crash at the first refusal.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from kiosk.catalogue import offline_policy
from kiosk.events import Event, PartFailed
from kiosk.failures import Money, ServiceFailure
from kiosk.settlement import Settlement
from kiosk.transaction import movement_of
from kiosk.wire import Words
from offline_queue.database import DatabaseUnusable
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from tests.contracts.fake_payment import FakePayment
from tests.faults.recording import ROOT
from tests.kiosk.parts import LIMITS, SERVICES, ScriptedDelivery, ScriptedPrinter
from tests.offline_queue.parts import FACTS, TERMINAL, VERIFY_URL, SetClock, agreement

SALES: Final = 4
_PATIENCE_SECONDS: Final = 60


class Told(msgspec.Struct):
    """What a terminal told. `refused` names the step, `money` what the person was told of it; `unusable` is what staff
    are told where the ledger does not open."""

    committed: list[str] = []
    receipts: int = 0
    refused: str = ""
    failure: str = ""
    money: Money | None = None
    refused_transaction: str = ""
    moves: int = 0
    unusable: str = ""


def sell_on(keys: Path, file: Path, fault: str) -> Told:
    """`fault` is what strace injects, e.g. `pwrite64:error=ENOSPC:when=9+`. Raises where the process fell over."""
    told = file.with_name("told")
    only = [part for name in (file, f"{file}-wal", f"{file}-journal") for part in ("-P", str(name))]
    strace = ["strace", "-f", "-qqq", "-o", os.devnull, *only, "-e", f"inject={fault}"]
    ended = subprocess.run(
        [*strace, sys.executable, "-m", "tests.faults.faulty_disk", str(keys), str(file), str(told)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    if ended.returncode != 0:
        raise AssertionError(f"{fault}: status {ended.returncode}: {ended.stderr[-2000:]}")
    return msgspec.json.decode(told.read_bytes(), type=Told)


def sell_until_refused(keys: Path, file: Path) -> Told:
    told = Told()
    try:
        ledger = SqlLedger(
            file, terminal=TERMINAL, keys=load_terminal(keys / "terminal"), clock=SetClock(), verify_url=VERIFY_URL
        )
    except DatabaseUnusable as unusable:
        told.unusable = str(unusable)
        return told
    payments, printer = FakePayment(), ScriptedPrinter()
    office, offline = Words(ar="", en=""), offline_policy(SERVICES, LIMITS)
    settlement = Settlement(ledger, payments, ScriptedDelivery(), printer, SetClock(), office, offline)
    for _ in range(SALES):
        _sell(settlement, told)
        told.receipts = len(printer.receipts)
        if told.refused:
            break
    return told


def _sell(settlement: Settlement, told: Told) -> None:
    agreed = agreement()
    ids, movement = agreed.ids, movement_of([agreed])
    steps: dict[str, Callable[[], Event]] = {
        "prepare": lambda: settlement.prepare(agreed),
        "authorise": lambda: settlement.authorise(movement),
        "capture": lambda: settlement.capture(movement),
        "commit": lambda: settlement.commit(movement),
        "receipt": lambda: settlement.receipt(ids, settlement.ledger.outcome_of(ids.transaction), FACTS),
    }
    for name, step in steps.items():
        try:
            event = step()
            failed = event if isinstance(event, PartFailed) else None
        except ServiceFailure as failure:  # before any money, or after the commit: the visit shows the same page
            failed = PartFailed(failure)
        if failed is not None:
            told.refused, told.failure, told.money = name, failed.failure.failure.name, failed.money
            told.refused_transaction = str(ids.transaction)
            assert isinstance(settlement.payments, FakePayment)
            told.moves = settlement.payments.moves(ids.payment)
            return
        if name == "commit":
            told.committed.append(str(ids.transaction))


def main() -> None:
    keys, file, told = map(Path, sys.argv[1:])
    answer = sell_until_refused(keys, file)
    told.write_bytes(msgspec.json.encode(answer))
    os._exit(0)  # without closing anything


if __name__ == "__main__":
    main()
