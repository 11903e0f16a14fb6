"""What must hold at every moment of a terminal's life, and what at its end: told by ledger, bank, drawer, papers and
centre, each asked by itself."""

from __future__ import annotations

import collections
import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlite_utils import Database

from kiosk.receipt import ReceiptOutcome
from kiosk.transaction import Ids, PaymentMethod, Together, TransactionState
from offline_queue.issuing import receipt_number
from tests.faults.simulated.centre import CountingAgency
from tests.faults.simulated.counter import Bank, Paper
from tests.faults.simulated.terminal import OFFLINE
from tests.offline_queue.parts import TERMINAL

_COMMITTED: Final = frozenset({TransactionState.COMMITTED, TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION})
_DECIDED: Final = frozenset({TransactionState.ACCEPTED, TransactionState.NEEDS_ATTENTION})
_ROWS: Final = "SELECT transaction_id, state, amount_fils, receipt_number FROM transactions"
_STUCK: Final = (
    "SELECT count(*) FROM outbox JOIN transactions USING (message) "
    "WHERE state = 'committed' AND leased_until_ms IS NOT NULL"
)


class Broken(AssertionError):
    """An invariant does not hold."""


class Told(enum.Enum):
    """What the person was told of the money, if the program lived to tell."""

    NOT_YET = enum.auto()
    NOTHING_HELD = enum.auto()
    UNKNOWN = enum.auto()
    DONE = enum.auto()


@dataclasses.dataclass(slots=True)
class Sale:
    """One person's wish. `thing` is paid once in the world, whatever ids it travels under; `number` was acknowledged;
    `cash` lies in the drawer."""

    thing: str
    ids: Ids
    service: str
    amount_fils: int
    method: PaymentMethod
    told: Told = Told.NOT_YET
    number: str = ""
    cash: int = 0
    together: Together | None = None  # with others, where the person wanted several things

    @property
    def movement_id(self) -> UUID:
        return self.together.movement if self.together else self.ids.payment


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A transaction as the ledger's file has it."""

    state: TransactionState
    amount_fils: int
    number: str | None


def read_rows(connection: Database) -> dict[UUID, Row]:
    rows = connection.execute(_ROWS)
    return {UUID(row[0]): Row(TransactionState(row[1]), int(row[2]), row[3]) for row in rows}


def count_leases(connection: Database) -> int:
    return int(connection.execute(_STUCK).fetchone()[0])


@dataclasses.dataclass(frozen=True, slots=True)
class Witnesses:
    """Whoever knows something, beside the ledger."""

    sales: Mapping[UUID, Sale]
    bank: Bank
    papers: Sequence[Paper]
    agencies: Sequence[CountingAgency]

    def check(self, rows: Mapping[UUID, Row]) -> None:
        """At any moment. Raises Broken."""
        self._nothing_lost(rows)
        self._numbers(rows)
        self._money(rows)
        self._papers(rows)
        self._effects(rows)

    def check_end(self, rows: Mapping[UUID, Row]) -> None:
        """Once the line was good long enough. Raises Broken."""
        self.check(rows)
        for transaction, sale in self.sales.items():
            row, taken = rows.get(transaction), self._taken(sale)
            if row is None or row.state is TransactionState.VOIDED:
                _require(taken == 0, f"{sale.thing}: {taken} fils were taken for nothing")
                continue
            _require(row.state in _DECIDED, f"{sale.thing}: still {row.state}")
            _require(taken == sale.amount_fils, f"{sale.thing}: {taken} fils taken, {sale.amount_fils} committed")
            _require(sale.told is not Told.NOTHING_HELD, f"{sale.thing}: committed, and nothing was held, it was said")
            done = sum(agency.effects.get(sale.thing, 0) for agency in self.agencies)
            accepted = row.state is TransactionState.ACCEPTED
            _require(done == int(accepted), f"{sale.thing}: {row.state}, and done {done} times")
        committed = sum(row.amount_fils for row in rows.values() if row.state in _COMMITTED)
        accounts = self.bank.accounts.values()
        captured = sum(account.captured for account in accounts) + sum(sale.cash for sale in self.sales.values())
        refunded = sum(account.refunded for account in accounts)
        _require(captured == committed + refunded, f"captured {captured}, committed {committed}, refunded {refunded}")

    def _nothing_lost(self, rows: Mapping[UUID, Row]) -> None:
        for transaction, sale in self.sales.items():
            if sale.number:
                row = rows.get(transaction)
                _require(row is not None and row.state in _COMMITTED, f"{sale.thing}: acknowledged, and lost")
                _require(row is not None and row.number == sale.number, f"{sale.thing}: has not its number any more")
        _require(rows.keys() <= self.sales.keys(), "the ledger holds what nobody asked for")

    def _numbers(self, rows: Mapping[UUID, Row]) -> None:
        given = sorted(row.number or "" for row in rows.values() if row.state in _COMMITTED)
        due = [receipt_number(TERMINAL, count) for count in range(1, len(given) + 1)]
        _require(given == due, "receipt numbers have a gap, or one was given twice")

    def _money(self, rows: Mapping[UUID, Row]) -> None:
        for transaction, row in rows.items():
            sale = self.sales[transaction]
            if row.state in _COMMITTED:
                _require(self._taken(sale) == row.amount_fils, f"{sale.thing}: committed without its money")
            elif row.state is TransactionState.VOIDED and sale.method is PaymentMethod.BANK_CARD:
                _require(self.bank.held(sale.movement_id) == 0, f"{sale.thing}: void, and the bank has the money")

    def _papers(self, rows: Mapping[UUID, Row]) -> None:
        owners: dict[str, UUID] = {}
        for paper in self.papers:
            row = rows.get(paper.transaction)
            _require(row is not None and row.number == paper.number, f"paper {paper.number} has no record")
            _require(
                owners.setdefault(paper.number, paper.transaction) == paper.transaction, "one number on two papers"
            )
            if paper.outcome is ReceiptOutcome.ACCEPTED:
                thing = self.sales[paper.transaction].thing
                done = sum(agency.effects.get(thing, 0) for agency in self.agencies)
                _require(done == 1, f"paper {paper.number} says accepted, and it was done {done} times")

    def _effects(self, rows: Mapping[UUID, Row]) -> None:
        done = sum((collections.Counter(agency.effects) for agency in self.agencies), collections.Counter[str]())
        for thing, count in done.items():
            _require(count == 1, f"{thing}: done {count} times at the agency")
        for agency in self.agencies:
            for transaction in agency.decisions:
                row = rows.get(transaction)
                _require(row is not None and row.state in _COMMITTED, f"{transaction}: delivered, and not committed")

    def _taken(self, sale: Sale) -> int:
        """Of what was paid together, its own share of a movement that is here whole."""
        if sale.method is PaymentMethod.CASH:
            return sale.cash
        held = self.bank.held(sale.movement_id)
        if sale.together is None:
            return held
        _require(held in {0, sale.together.total_fils}, f"{sale.thing}: of {sale.together.total_fils} {held} are here")
        return sale.amount_fils if held else 0


def check_room(sale: Sale, waiting: Sequence[Sale], *, line_is_up: bool) -> None:
    """The offline limits in plain arithmetic, where a sale was let through. Raises Broken."""
    terminal, rule = OFFLINE.terminal, OFFLINE.services[sale.service]
    assert terminal.count is not None
    assert terminal.sum_fils is not None
    _require(len(waiting) < terminal.count, "more waits than may")
    total = sum(other.amount_fils for other in waiting) + sale.amount_fils
    _require(total <= terminal.sum_fils, "more money waits than may")
    own = sum(other.service == sale.service for other in waiting)
    _require(rule.count is None or own < rule.count, "more of one service waits than may")
    too_much = rule.greatest_fils is not None and sale.amount_fils > rule.greatest_fils
    _require(line_is_up or not too_much, "too much was taken without a line")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)
