"""Where a guarantee is tried: a fresh ledger, a centre that does what it is told, and a whole office where one is
needed."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from kiosk.transaction import TransactionState
from offline_queue.drain import Drain
from offline_queue.keys import TerminalKeys, Trust, load_terminal, load_trust
from offline_queue.ledger import SqlLedger
from tests.faults.simulated.world import World
from tests.faults.simulation import Life
from tests.offline_queue.parts import TERMINAL, VERIFY_URL, ScriptedCentre, SetClock, read_key


class Caught(AssertionError):
    """The guarantee does not hold; the text says what was found."""


def require(holds: bool, otherwise: str) -> None:
    """Raises Caught."""
    if not holds:
        raise Caught(otherwise)


@dataclasses.dataclass(slots=True)
class Bench:
    """One folder with the parts that a check takes from it."""

    folder: Path
    key_folder: Path
    clock: SetClock = dataclasses.field(default_factory=SetClock)
    keys: TerminalKeys = dataclasses.field(init=False)
    trust: Trust = dataclasses.field(init=False)
    centre: ScriptedCentre = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.keys = load_terminal(self.key_folder / "terminal")
        self.trust = load_trust(self.key_folder / "trust")
        self.centre = ScriptedCentre(read_key(self.key_folder / "centre" / "centre.key"))

    @property
    def file(self) -> Path:
        return self.folder / "ledger.db"

    @contextlib.contextmanager
    def ledger(self, file: Path | None = None, keys: TerminalKeys | None = None) -> Iterator[SqlLedger]:
        """The ledger of this bench, or another one; closed at the end, as a program that stops."""
        ledger = SqlLedger(
            file or self.file, terminal=TERMINAL, keys=keys or self.keys, clock=self.clock, verify_url=VERIFY_URL
        )
        with contextlib.closing(ledger):
            yield ledger

    @contextlib.contextmanager
    def office(self) -> Iterator[Life]:
        """A terminal with gateway, settlement, bank and the real intake, all well, and nobody dies."""
        life = Life(World(0), self.folder, self.key_folder)
        life.fate.odds, life.line.always_good, life.bank.always_well = 0.0, True, True
        with contextlib.closing(life):
            yield life

    def drain(self, ledger: SqlLedger) -> Drain:
        """Always draws the longest pause."""
        return Drain(
            ledger,
            self.centre,
            TERMINAL,
            self.clock,
            draw=lambda _low, high: high,
            monotonic=self.clock.monotonic,
        )

    def let_pass(self, drain: Drain, seconds: float) -> None:
        """Steps as the thread would."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            self.clock.move(min(max(drain.step(hurry=False), 0.001), end - self.clock.seconds))


DECIDED = frozenset({TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION})
