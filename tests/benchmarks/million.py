"""What a commit, the next due item and a start cost in a ledger of a million entries, beside one of a thousand.

The long ledger takes some minutes to make, so it is kept in `build/`, and made anew when the tables change. The
ledger's own code makes it; only that many calls share one transaction, and so one sync.
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlite_utils import Database

from kiosk.receipt import PrintState, ReceiptOutcome
from kiosk.wire import Item
from offline_queue.database import LedgerDatabase
from offline_queue.keys import load_terminal
from offline_queue.ledger import SqlLedger
from offline_queue.schema import MIGRATIONS
from tests.benchmarks.figures import Figure
from tests.offline_queue.parts import (
    FACTS,
    TERMINAL,
    VERIFY_URL,
    SetClock,
    agreement,
    centre_signs,
    pay,
    read_key,
    sell,
)

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
KEYS = ROOT / "build" / "demo" / "keys"
KEPT = ROOT / "build" / "bench-million"
SHORT, LONG = 1_000, 1_000_000
AT_ONCE = 3_000  # calls that share a transaction while a ledger is made
ROUNDS = 150
STARTS = 15
SEED = 20261127
GOAL = 1.2


def measure() -> Iterator[Figure]:
    long = _long_ledger()
    with contextlib.ExitStack() as parts:
        files = {"short": KEPT / "short" / "ledger.db", "long": long}
        _remove(files["short"].parent)
        _make(files["short"], SHORT)
        took = _measured(files, parts)
    told, worst = [], 0.0
    for act in ("commit", "next due", "start"):
        short_ms, long_ms = (statistics.median(took[size, act]) for size in ("short", "long"))
        worst = max(worst, long_ms / short_ms)
        told.append(f"{act} {long_ms:.2f} ms over {short_ms:.2f} ms")
    yield Figure(
        name="ledger_million_ratio",
        value=worst,
        unit="x",
        goal=GOAL,
        how=f"medians in a ledger of {LONG:,} entries over one of {SHORT:,}, interleaved in random order, {ROUNDS} "
        f"rounds ({STARTS} starts, with the check of the chain's tail); the worst of: {', '.join(told)}",
    )


def _measured(files: dict[str, Path], parts: contextlib.ExitStack) -> dict[tuple[str, str], list[float]]:
    order = random.Random(SEED)
    took: dict[tuple[str, str], list[float]] = {}
    for _ in range(STARTS):
        for size in order.sample(sorted(files), 2):
            ledger = _timed(took, size, "start", lambda size=size: _open(files[size]))  # type: ignore[misc]
            ledger.close()
    ledgers = {size: _open(file) for size, file in files.items()}
    for ledger in ledgers.values():
        parts.callback(ledger.close)
    for _ in range(ROUNDS):
        for size in order.sample(sorted(ledgers), 2):
            ledger = ledgers[size]
            ids = pay(ledger, agreement())
            _timed(took, size, "commit", lambda: ledger.commit(ids.transaction, "visit"))  # noqa: B023 -- called at once
            (item,) = _timed(took, size, "next due", lambda: _next_due(ledger))  # noqa: B023 -- called at once
            _accept(ledger, item.transaction)
    return took


def _accept(ledger: SqlLedger, transaction: UUID) -> None:
    answer, proof = centre_signs(read_key(KEYS / "centre" / "centre.key"), transaction)
    ledger.record_decision(answer, msgspec.json.encode(proof))


def _next_due(ledger: SqlLedger) -> tuple[Item, ...]:
    assert ledger.outbox.next_due_ms(0) == 0
    return ledger.outbox.lease(0, limit=100, limit_bytes=256 * 1024)


def _timed(took: dict[tuple[str, str], list[float]], size: str, act: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    answer = work()
    took.setdefault((size, act), []).append((time.perf_counter() - began) * 1000)
    return answer


def _open(file: Path) -> SqlLedger:
    keys = load_terminal(KEYS / "terminal")
    return SqlLedger(file, terminal=TERMINAL, keys=keys, clock=SetClock(), verify_url=VERIFY_URL)


# -- making them


def _long_ledger() -> Path:
    """The kept one, if it is whole and of these tables and keys."""
    keys = (KEYS / "terminal" / "ledger.key").read_bytes().hex()[-32:]
    file, stamp, wanted = KEPT / "long" / "ledger.db", KEPT / "long" / "made", f"{LONG} {_tables()} {keys}"
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != wanted:
        _remove(file.parent)
        _make(file, LONG)
        stamp.write_text(wanted, encoding="ascii")
    return file


def _tables() -> str:
    return hashlib.sha256("".join(statement for tables in MIGRATIONS for statement in tables).encode()).hexdigest()


def _remove(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def _make(file: Path, entries: int) -> None:
    ledger = _open(file)
    centre = read_key(KEYS / "centre" / "centre.key")
    database = ledger._database
    try:
        while _length(database) < entries:
            with _one_transaction(database):
                for _ in range(min(AT_ONCE, max(1, (entries - _length(database)) // 7))):
                    _settled_sale(ledger, centre)
    finally:
        ledger.close()


@contextlib.contextmanager
def _one_transaction(database: LedgerDatabase) -> Iterator[None]:
    """What the ledger asks meanwhile is done on its thread, within one transaction that ends with one sync."""
    lane, connection = database._lane, database._connection
    lane.call(lambda: connection.execute("BEGIN IMMEDIATE"))
    kept = database._transact
    # The one way to share it: no caller of the ledger is meant to.
    database._transact = lambda begin, work: work(connection)  # type: ignore[method-assign]
    try:
        yield
    finally:
        database._transact = kept  # type: ignore[method-assign]
        lane.call(lambda: connection.execute("COMMIT"))


def _length(database: LedgerDatabase) -> int:
    return database.read(_last_sequence)


def _last_sequence(connection: Database) -> int:
    return int(connection.execute("SELECT coalesce(max(sequence), 0) FROM entries").fetchone()[0])


def _settled_sale(ledger: SqlLedger, centre: Ed25519PrivateKey) -> None:
    """Seven entries: prepared, authorised, captured, committed, receipt, print, accepted."""
    ids = sell(ledger)
    receipt = ledger.issue_receipt(ids.transaction, ReceiptOutcome.AWAITING_DELIVERY, FACTS)
    ledger.record_print(receipt.number, 0, PrintState.CONFIRMED)
    answer, proof = centre_signs(centre, ids.transaction)
    ledger.record_decision(answer, msgspec.json.encode(proof))
