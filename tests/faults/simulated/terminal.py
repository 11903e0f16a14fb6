"""One terminal: the production parts on a real encrypted file, killed anywhere and started again on what is on disk."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from sqlite_utils import Database

from kiosk.offline import Limits, OfflinePolicy, OfflineRule
from kiosk.settings import Gateway
from kiosk.settlement import Settlement
from kiosk.transaction import DeliveryOutcome, TransactionState
from kiosk.wire import Words
from offline_queue.database import LedgerDatabase
from offline_queue.drain import Drain, Pace
from offline_queue.keys import TerminalKeys, Trust
from offline_queue.ledger import SqlLedger
from tests.faults.simulated.counter import Bank, Printer
from tests.faults.simulated.line import Line, SimulatedGateway
from tests.faults.simulated.world import Fate, World, WrongClock
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, AtOnce

T = TypeVar("T")

PACE: Final = Pace(cap=600.0, probe_up=1800.0, probe_down=600.0, items=12, bytes=48 * 1024)
"""Probes are rarer and batches smaller than on a terminal: days go by in seconds, and still there are many batches."""

OFFLINE: Final = OfflinePolicy(
    Limits(count=25, sum_fils=900_000),
    {
        "traffic.fines": OfflineRule(allowed=True, greatest_fils=60_000),
        "justice.certificate": OfflineRule(allowed=True, count=6),
    },
)
_FILES: Final = ("ledger.db", "ledger.db-wal")
_SETTINGS: Final = Gateway(url="https://centre.test", authority=Path("authority.pem"))
_UNDECIDED: Final = frozenset({TransactionState.COMMITTED, TransactionState.SENT})


class Terminal:
    """`ledger`, `drain` and `settlement` are the ones of the present run of the program."""

    def __init__(
        self, world: World, folder: Path, keys: TerminalKeys, trust: Trust, line: Line, bank: Bank, fate: Fate
    ) -> None:
        self.world, self.clock = world, WrongClock(world)
        self.keys, self.trust = keys, trust
        self.bank, self.printer = bank, Printer(world, fate)
        self.starts = 0
        self._folder, self._line, self._fate = folder, line, fate
        self._opened: SqlLedger | None = None
        fate.at_death = self._keep_what_is_on_disk
        self._life = folder / "life-0"
        self.start()

    @property
    def file(self) -> Path:
        return self._life / "ledger.db"

    def start(self) -> None:
        """The program begins, on whatever lies there. May be killed itself."""
        self.starts += 1
        self.ledger = SqlLedger(
            self.file,
            terminal=TERMINAL,
            keys=self.keys,
            clock=self.clock,
            verify_url=VERIFY_URL,
            recovery=self.trust.recovery,
        )
        self._opened = self.ledger
        self.ledger._scribe.monotonic_ns = lambda: round(self.world.seconds * 1e9)
        self.ledger._scribe.boot_id = "simulated"
        _make_mortal(self.ledger._database, self._fate)
        self.gateway = SimulatedGateway(
            _SETTINGS, terminal=TERMINAL, key=self.keys.ledger, trust=self.trust, clock=self.clock
        )
        self.gateway.line = self._line
        self.drain = Drain(
            self.ledger,
            self.gateway,
            TERMINAL,
            self.clock,
            pace=PACE,
            draw=self.world.chance("drain").uniform,
            monotonic=self.world.monotonic,
            beside=AtOnce(),
        )
        self.settlement = Settlement(
            ledger=self.ledger,
            payments=self.bank,
            delivery=StepwiseDelivery(self),
            printer=self.printer,
            clock=self.clock,
            office=Words(ar="الكرك", en="Karak"),
            offline=OFFLINE,
            pause=self.world.pass_time,
        )

    def bury(self) -> None:
        """What was in memory is gone; what lay on disk at that moment is what the next start finds."""
        self.close()
        dead, self._life = self._life, self._next_life()
        shutil.rmtree(dead)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def fill_disk(self, *, full: bool) -> None:
        """SQLite itself refuses to grow the file then: SQLITE_FULL."""
        self.ledger._database.read(lambda connection: _limit_pages(connection, full=full))

    def _keep_what_is_on_disk(self) -> None:
        """As the kernel has it after a kill: what the last COMMIT wrote, and a transaction that was open is not."""
        place = self._next_life()
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name in _FILES:
            if (self._life / name).exists():
                shutil.copyfile(self._life / name, place / name)

    def _next_life(self) -> Path:
        return self._folder / f"life-{self.starts}"


@dataclasses.dataclass(frozen=True, slots=True)
class StepwiseDelivery:
    """`kiosk.ports.Delivery` as `offline_queue.sync.Sync` is, without its thread: the same steps in turn."""

    terminal: Terminal

    def line_is_up(self) -> bool:
        return self.terminal.drain.line_is_up

    def wake(self) -> None:
        self.terminal.drain.step(hurry=True)

    def wait_for_answer(self, transaction: UUID, seconds: float) -> DeliveryOutcome:
        world, drain = self.terminal.world, self.terminal.drain
        deadline = world.seconds + seconds
        while True:
            pause = drain.step(hurry=True, first=(transaction,))
            outcome = self.terminal.ledger.outcome_of(transaction)
            in_vain = drain.on_hold or not drain.line_is_up
            if outcome.state not in _UNDECIDED or in_vain or world.seconds >= deadline:
                return outcome
            world.pass_time(min(max(pause, 0.5), deadline - world.seconds + 0.001))


def _make_mortal(database: LedgerDatabase, fate: Fate) -> None:
    """The program may die before a transaction, within it, and when its COMMIT has returned and nobody knows yet."""
    write = database.write

    def mortal(work: Callable[[Database], T]) -> T:
        def to_its_end(connection: Database) -> T:
            answer = work(connection)
            fate.pass_by("within a transaction")
            return answer

        fate.pass_by("before a transaction")
        answer = write(to_its_end)
        fate.pass_by("after a COMMIT")
        return answer

    database.write = mortal  # type: ignore[method-assign]  # the one seam of the file: everything written goes through


def _limit_pages(connection: Database, *, full: bool) -> None:
    pages = connection.execute("PRAGMA page_count").fetchone()[0] if full else 1_073_741_823
    connection.execute(f"PRAGMA max_page_count = {pages}")
