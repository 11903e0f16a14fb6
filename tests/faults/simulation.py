"""Days of a terminal in seconds: one seed drives clock, chance, line, bank, printer, and where the program is killed.

    python -m tests.faults.simulation [--seeds 1000] [--seed N] [--days D]

What is simulated stands around the production code, never in its place: the ledger and its SQL on a real encrypted
file, outbox, drain, gateway, settlement and recovery on this side; intake, its checks and its SQLite on the other.
Nothing sleeps. What fails prints the end of its story and the command that lives it again; status 1 then.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import hashlib
import logging
import secrets
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch
from uuid import UUID

from kiosk.events import Authorised, Captured, Committed, DeliveryDecided, Event, PartFailed
from kiosk.failures import Money, ServiceFailure
from kiosk.receipt import outcome_on_paper
from kiosk.recovery import Resolution, by_movement, resolve, settle_cash
from kiosk.transaction import (
    AgreedLine,
    Agreement,
    DeliveryOutcome,
    Ids,
    Movement,
    PaymentMethod,
    PaymentState,
    Together,
    TransactionState,
    movement_of,
)
from offline_queue import database, gateway
from offline_queue.database import open_reader
from offline_queue.keys import load_terminal, load_trust
from offline_queue.verify import verify
from tests.faults.power_cuts import KEYS, memory_folder
from tests.faults.simulated.centre import Intake
from tests.faults.simulated.counter import Bank
from tests.faults.simulated.invariants import Broken, Row, Sale, Told, Witnesses, check_room, count_leases, read_rows
from tests.faults.simulated.line import Line
from tests.faults.simulated.terminal import Terminal
from tests.faults.simulated.world import Fate, Killed, OwnThread, World, make_id
from tests.offline_queue.parts import FACTS, PLANTED_NAME, PLANTED_NUMBER, TERMINAL, read_key

DAY: Final = 86_400.0
_OPEN_SECONDS: Final = 9 * 3600.0
_BETWEEN_CUSTOMERS: Final = 900.0
_DEATHS: Final = (0.001, 0.004, 0.016)
"""How likely the program dies at each of the points that it passes, some forty in a sale; one of these for a life."""

_LONG_ENOUGH: Final = 8 * 3600.0
"""With a good line and a right clock everything is decided by then: nothing is put off for more than an hour."""

_JUMPS: Final = (timedelta(minutes=3), timedelta(hours=5), timedelta(days=400))


@dataclasses.dataclass(frozen=True, slots=True)
class Lived:
    """One life that held, in figures; `trace` is the same whenever the seed is."""

    seed: int
    sales: int
    committed: int
    attention: int
    deaths: dict[str, int]
    refused: int
    trace: str


@dataclasses.dataclass(slots=True)
class Failed(Exception):
    """A life that did not hold: what broke, the end of its story, and how to live it again."""

    what: str
    story: str
    command: str

    def __str__(self) -> str:
        return f"{self.story}\n{self.what}\n{self.command}"


def live(seed: int, days: float, keys: Path = KEYS) -> Lived:
    """Lives one life. Raises Failed."""
    world = World(seed)
    with memory_folder() as folder, _own_time(world):
        life = Life(world, folder, keys)
        try:
            return life.live(days)
        except (Broken, Killed) as broken:
            command = f"python -m tests.faults.simulation --seed {seed} --days {days:g}"
            raise Failed(f"{type(broken).__name__}: {broken}", world.end_of_story(), command) from broken
        finally:
            life.close()


@contextlib.contextmanager
def _own_time(world: World) -> Iterator[None]:
    """The gateway measures how long the centre takes to answer; all else gets its time handed in. And no thread."""
    own_time = types.SimpleNamespace(monotonic=world.monotonic)
    with patch.object(gateway, "time", own_time), patch.object(database, "Lane", OwnThread):
        yield


class Life:
    """One terminal with everything around it."""

    def __init__(self, world: World, folder: Path, keys: Path) -> None:
        self.world = world
        trust = load_trust(keys / "trust")
        self.fate = Fate(world, world.chance("deaths").choice(_DEATHS))
        self.intake = Intake(world, folder / "intake.db", read_key(keys / "centre" / "centre.key"), trust)
        self.line = Line(world, self.intake, self.fate)
        self.bank = Bank(world, self.fate)
        self.terminal = Terminal(
            world, folder, load_terminal(keys / "terminal"), trust, self.line, self.bank, self.fate
        )
        self.sales: dict[UUID, Sale] = {}
        self.witnesses = Witnesses(self.sales, self.bank, self.terminal.printer.papers, self.intake.agencies)
        self.refused = 0
        self._chance = world.chance("life")
        self._baskets = world.chance("baskets")

    def close(self) -> None:
        self.terminal.close()
        self.intake.close()

    def live(self, days: float) -> Lived:
        while self.world.seconds < days * DAY:
            self._survive(self._wait_for_somebody)
            self._survive(self._serve)
            self.witnesses.check(self._rows())
        self._come_to_rest()
        states = [row.state for row in self._rows().values()]
        return Lived(
            seed=self.world.seed,
            sales=len(self.sales),
            committed=sum(bool(row.number) for row in self._rows().values()),
            attention=states.count(TransactionState.NEEDS_ATTENTION),
            deaths=self.fate.deaths,
            refused=self.refused,
            trace=self._trace(),
        )

    # -- the program, and its deaths

    def _survive(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Killed:
            self._begin_again()

    def _begin_again(self) -> None:
        while True:
            self.terminal.bury()
            self.world.pass_time(self._chance.uniform(20, 900))
            try:
                self.terminal.start()
                self.witnesses.check(self._rows())
                self._at_rest()
            except Killed:
                continue
            return

    def _at_rest(self) -> None:
        """As `Terminal.resolve_unfinished`, and then what staff do."""
        terminal = self.terminal
        if any(item.resolution is Resolution.COMMITTED for item in resolve(terminal.ledger, self.bank)):
            terminal.drain.step(hurry=True)
        with contextlib.suppress(ServiceFailure):
            self._clerk_settles_cash()
            self._clerk_prints()

    def _clerk_settles_cash(self) -> None:
        for items in by_movement(self.terminal.ledger.unfinished()):
            if items[0].method is PaymentMethod.CASH and items[0].payment is PaymentState.CAPTURED:
                sales = [self.sales[item.ids.transaction] for item in items]
                if self._chance.random() < 0.3:
                    _hand_back(sales)
                settle_cash(items, self.terminal.ledger, kept=sales[0].cash > 0, cause="clerk")
        for transaction, row in self._rows().items():
            if row.state is TransactionState.VOIDED:  # what was handed over, and is on no record, goes back
                self.sales[transaction].cash = 0

    def _clerk_prints(self) -> None:
        for item in self.terminal.ledger.unresolved():
            if item.receipt_number is not None:
                outcome = outcome_on_paper(self.terminal.ledger.outcome_of(item.ids.transaction))
                receipt = self.terminal.ledger.issue_receipt(item.ids.transaction, outcome, FACTS)
                self.terminal.settlement.print(receipt)

    # -- a day

    def _wait_for_somebody(self) -> None:
        self._at_rest()
        until = self.world.seconds + self._chance.expovariate(1 / _BETWEEN_CUSTOMERS)
        if until % DAY > _OPEN_SECONDS:
            until += DAY - until % DAY
        if self._chance.random() < 0.08:
            self._set_clock()
        self.terminal.fill_disk(full=self._chance.random() < 0.02)
        self.deliver_until(until)

    def deliver_until(self, until: float) -> None:
        while self.world.seconds < until:
            pause = self.terminal.drain.step(hurry=False)
            self.world.pass_time(min(max(pause, 0.01), max(until - self.world.seconds, 0.01)))

    def _set_clock(self) -> None:
        ahead = self._chance.choice((timedelta(), self._chance.choice((-1, 1)) * self._chance.choice(_JUMPS)))
        self.terminal.clock.ahead = ahead
        self.world.tell(f"the terminal's clock is {ahead} ahead")

    def _serve(self) -> None:
        sales = self._somebody_comes()
        settlement = self.terminal.settlement
        rows, line_is_up = self._rows(), self.terminal.drain.line_is_up
        waiting = [self.sales[id_] for id_, row in rows.items() if row.state is TransactionState.COMMITTED]
        self.sales |= {sale.ids.transaction: sale for sale in sales}
        agreed = [self._agreement(sale) for sale in sales]
        try:
            settlement.prepare(*agreed)
        except ServiceFailure as refused:
            self.refused += 1
            self._end(sales, Told.NOTHING_HELD, refused.failure.name)
            return
        for place, sale in enumerate(sales):
            check_room(sale, [*waiting, *sales[:place]], line_is_up=line_is_up)
        movement = movement_of(agreed)
        event = self._pay(sales, movement)
        if isinstance(event, Captured):
            event = settlement.commit(movement, sales[0].method)
        if isinstance(event, PartFailed):
            self._end(sales, self._told(sales, event.money), event.failure.failure.name)
            return
        assert isinstance(event, Committed)
        for sale, commitment in zip(sales, event.commitments, strict=True):
            sale.number = commitment.receipt_number
        self._end(sales, Told.DONE, sales[0].number)
        self._hand_out(sales, line_is_up=event.line_is_up)

    def _hand_out(self, sales: Sequence[Sale], *, line_is_up: bool) -> None:
        """Each has its own paper, decided after the same wait."""
        settlement = self.terminal.settlement
        outcomes = (DeliveryOutcome(state=TransactionState.COMMITTED),) * len(sales)
        if line_is_up:
            decided = settlement.await_answer(*(sale.ids.transaction for sale in sales))
            assert isinstance(decided, DeliveryDecided)
            outcomes = decided.outcomes
        for sale, outcome in zip(sales, outcomes, strict=True):
            with contextlib.suppress(ServiceFailure):  # a full disk: staff see it among the unprinted
                settlement.receipt(sale.ids, outcome, FACTS)

    def _pay(self, sales: Sequence[Sale], movement: Movement) -> Event:
        settlement = self.terminal.settlement
        self.deliver_until(self.world.seconds + self._chance.uniform(1, 60))
        if self._chance.random() < 0.03:
            return settlement.withdraw(movement)
        if sales[0].method is PaymentMethod.CASH:
            for sale in sales:
                sale.cash = sale.amount_fils
            return settlement.take_cash(movement, movement.amount_fils + 5_000)
        event = settlement.authorise(movement)
        if not isinstance(event, Authorised):
            return event
        if self._chance.random() < 0.02:
            return settlement.cancel(movement)
        self.deliver_until(self.world.seconds + 0.5)
        return settlement.capture(movement)

    def _told(self, sales: Sequence[Sale], money: Money) -> Told:
        if money is Money.CASH_IN_HAND:
            _hand_back(sales)
        return Told.UNKNOWN if money is Money.UNKNOWN else Told.NOTHING_HELD

    def _end(self, sales: Sequence[Sale], told: Told, why: str) -> None:
        for sale in sales:
            sale.told = told
            self.world.tell(f"{sale.thing}: {told.name}, {why}")

    def _somebody_comes(self) -> list[Sale]:
        """For one thing; now and then for several, which are paid at once."""
        first = self._sale(make_id(self.world), 0)
        count = self._baskets.choice((2, 2, 3)) if self._baskets.random() < 0.2 else 1
        more = [self._sale(first.ids.basket, place, first.method) for place in range(1, count)]
        sales = [first, *more]
        if more:
            total = sum(sale.amount_fils for sale in sales)
            together = Together(movement=first.ids.basket, total_fils=total, count=count)
            for sale in sales:
                sale.together = together
        return sales

    def _sale(self, basket: UUID, place: int, method: PaymentMethod | None = None) -> Sale:
        ids = Ids(basket=basket, transaction=make_id(self.world), payment=make_id(self.world))
        traffic = self._chance.random() < 0.8
        return Sale(
            thing=f"F-{len(self.sales) + 1 + place:05d}",
            ids=ids,
            service="traffic.fines" if traffic else "justice.certificate",
            amount_fils=self._chance.randrange(1_000, 75_000),
            method=self._chance.choice((PaymentMethod.BANK_CARD, PaymentMethod.BANK_CARD, PaymentMethod.CASH))
            if method is None
            else method,
        )

    def _agreement(self, sale: Sale) -> Agreement:
        pages = self._chance.randrange(5_000, 60_000) if self._chance.random() < 0.1 else 0
        return Agreement(
            ids=sale.ids,
            service=sale.service,
            agency=sale.service.partition(".")[0],
            national_number=PLANTED_NUMBER,
            person_name=PLANTED_NAME,
            answers={},
            lines=(AgreedLine(id=sale.thing, title_ar="سرعة", title_en="Speed", amount_fils=sale.amount_fils),),
            total_fils=sale.amount_fils,
            method=sale.method,
            quote=b"",
            agreed_at=self.terminal.clock.now(),
            signed_application=self._chance.randbytes(pages),
            together=sale.together,
        )

    # -- the end

    def _come_to_rest(self) -> None:
        """The line is good, the clock right, the bank answers: soon nothing waits, and everybody agrees."""
        self.world.tell("all is well from here on")
        self.fate.odds, self.line.always_good, self.bank.always_well = 0.0, True, True
        self.terminal.clock.ahead = timedelta()
        self.terminal.fill_disk(full=False)
        deadline = self.world.seconds + _LONG_ENOUGH
        while self.world.seconds < deadline:
            self._at_rest()
            self.deliver_until(self.world.seconds + 900)
            if not self.terminal.ledger.waiting() and not self.terminal.ledger.unfinished():
                break
        self.witnesses.check_end(self._rows())
        if leases := self.terminal.ledger._database.read(count_leases):
            raise Broken(f"{leases} leases stick")
        self._verify()

    def _verify(self) -> None:
        terminal = self.terminal
        own, centre = terminal.trust.ledgers[TERMINAL], terminal.trust.centre
        with contextlib.closing(open_reader(terminal.file, terminal.keys.database)) as reader:
            found = verify(reader, TERMINAL, own, centre, terminal.gateway)
        if found.problems:
            raise Broken(f"{found.problems[0].place}: {found.problems[0].what}")
        if found.centre is None or not found.centre.same:
            raise Broken("the centre does not hold exactly what this ledger delivered")

    def _rows(self) -> dict[UUID, Row]:
        return self.terminal.ledger._database.read(read_rows)

    def _trace(self) -> str:
        story = hashlib.sha256("\n".join(self.world.story).encode())
        for transaction, row in sorted(self._rows().items()):
            story.update(f"{transaction} {row.state} {row.number}".encode())
        return story.hexdigest()[:16]


def _hand_back(sales: Sequence[Sale]) -> None:
    for sale in sales:
        sale.cash = 0


def main() -> int:
    arguments = argparse.ArgumentParser(description="Days of a terminal in seconds.")
    arguments.add_argument("--seeds", type=int, default=20, help="how many lives")
    arguments.add_argument("--seed", type=int, help="this life alone")
    arguments.add_argument("--days", type=float, default=3.0)
    chosen = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    first = secrets.randbelow(1_000_000) if chosen.seed is None else chosen.seed
    seeds = range(first, first + (chosen.seeds if chosen.seed is None else 1))
    failed, began, lives = 0, time.monotonic(), list[Lived]()
    for seed in seeds:
        try:
            lives.append(live(seed, chosen.days))
        except Failed as life:
            failed += 1
            print(life, flush=True)  # noqa: T201
    print(summary(lives, failed, time.monotonic() - began))  # noqa: T201
    return 1 if failed else 0


def summary(lives: list[Lived], failed: int, seconds: float) -> str:
    """What a campaign lived through."""
    deaths = sum(sum(life.deaths.values()) for life in lives)
    sales, committed = sum(life.sales for life in lives), sum(life.committed for life in lives)
    attention, refused = sum(life.attention for life in lives), sum(life.refused for life in lives)
    return (
        f"{len(lives)} lives held, {failed} failed, in {seconds:.0f} s: {sales} people, {committed} sales committed, "
        f"{attention} refused by their agency, {refused} not begun, {deaths} deaths of the program"
    )


if __name__ == "__main__":
    sys.exit(main())
