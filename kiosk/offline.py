"""What may be taken while nothing can be delivered: which services, up to which amount, and how much may wait at once.

Whoever takes money without a line carries a risk for it: the agency may refuse later, or the terminal may be stolen
before its line is back. So each service says whether it may be taken at all, and terminal and service bound what waits.
A limit is never the person's fault, and the texts that a person meets do not make it one.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from kiosk.failures import Failure, ServiceFailure

_Whole = Annotated[int, Meta(ge=1, description="a whole number from 1")]
HALF, NEARLY, FULL = 50, 80, 100
"""The parts of a limit, in percent, at which staff are warned; at the last nothing more is taken."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """None is no limit. `greatest_fils` bounds one transaction; `count` and `sum_fils` what waits undelivered with it;
    `hours` how long the oldest of them has waited for the line."""

    greatest_fils: _Whole | None = None
    count: _Whole | None = None
    sum_fils: _Whole | None = None
    hours: _Whole | None = None


class OfflineRule(Limits, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A service's own rule, beside the terminal's. What is not `allowed` needs the line."""

    allowed: bool = False


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """What waits undelivered of one service; `service` is "" where an earlier release did not write it down.
    `oldest_at` is since when the oldest has waited for the line, in the future where an agency wants it later."""

    service: str
    count: int
    sum_fils: int
    oldest_at: datetime


class Bound(enum.StrEnum):
    COUNT = "count"
    SUM = "sum_fils"
    AGE = "hours"


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """How much of one limit is used: `used` and `limit` are transactions, fils or whole hours. `service` is "" for the
    terminal's own limits."""

    service: str
    bound: Bound
    used: int
    limit: int

    @property
    def percent(self) -> int:
        return self.used * 100 // self.limit

    @property
    def warned_at(self) -> int:
        """The highest of HALF, NEARLY and FULL that is reached; 0 below."""
        return max((level for level in (HALF, NEARLY, FULL) if self.percent >= level), default=0)


@dataclasses.dataclass(frozen=True, slots=True)
class OfflinePolicy:
    """The terminal's limits and the rules of its services, by their ids."""

    terminal: Limits
    services: Mapping[str, OfflineRule]

    def require_room(
        self, service: str, amount_fils: int, backlog: Iterable[Backlog], now: datetime, *, line_is_up: bool
    ) -> None:
        """Before any money moves. Raises ServiceFailure: OFFLINE_NOT_ALLOWED, ABOVE_OFFLINE_LIMIT, OFFLINE_FULL.

        With a line, too much may wait as well: a centre in trouble delivers nothing. But the oldest may wait for an
        agency of its own then, and one bad item must not close the terminal.
        """
        if not line_is_up:
            self.require_line_or_rule(service, amount_fils)
        rows = tuple(backlog)
        own = _sum(tuple(row for row in rows if row.service == service))
        for limits, waiting in ((self.terminal, _sum(rows)), (self._rule(service), own)):
            if waiting is not None and not _has_room(limits, waiting, amount_fils, now, line_is_up=line_is_up):
                raise ServiceFailure(Failure.OFFLINE_FULL)

    def require_line_or_rule(self, service: str, amount_fils: int) -> None:
        """Whether this service and amount may be taken without a line, whatever waits. Raises as `require_room`."""
        rule = self._rule(service)
        if not rule.allowed:
            raise ServiceFailure(Failure.OFFLINE_NOT_ALLOWED)
        bounds = (self.terminal.greatest_fils, self.terminal.sum_fils, rule.greatest_fils, rule.sum_fils)
        greatest = min((bound for bound in bounds if bound is not None), default=None)
        if greatest is not None and amount_fils > greatest:
            raise ServiceFailure(Failure.ABOVE_OFFLINE_LIMIT, limit_fils=str(greatest))

    def uses(self, backlog: Iterable[Backlog], now: datetime) -> tuple[Use, ...]:
        """Every limit that there is, the most used first."""
        rows = tuple(backlog)
        found = list(_uses("", self.terminal, _sum(rows), now))
        for row in rows:
            found += _uses(row.service, self._rule(row.service), row, now)
        return tuple(sorted(found, key=lambda use: -use.percent))

    def _rule(self, service: str) -> OfflineRule:
        return self.services.get(service, OfflineRule())


def _sum(backlog: tuple[Backlog, ...]) -> Backlog | None:
    if not backlog:
        return None
    return Backlog(
        service="",
        count=sum(row.count for row in backlog),
        sum_fils=sum(row.sum_fils for row in backlog),
        oldest_at=min(row.oldest_at for row in backlog),
    )


def _has_room(limits: Limits, waiting: Backlog, amount_fils: int, now: datetime, *, line_is_up: bool) -> bool:
    """For one transaction more, of that amount."""
    if limits.count is not None and waiting.count >= limits.count:
        return False
    if limits.sum_fils is not None and waiting.sum_fils + amount_fils > limits.sum_fils:
        return False
    return line_is_up or limits.hours is None or now - waiting.oldest_at < timedelta(hours=limits.hours)


def _uses(service: str, limits: Limits, waiting: Backlog | None, now: datetime) -> Iterator[Use]:
    hours = 0 if waiting is None else max(0, int((now - waiting.oldest_at) / timedelta(hours=1)))
    for bound, used in (
        (Bound.COUNT, waiting.count if waiting else 0),
        (Bound.SUM, waiting.sum_fils if waiting else 0),
        (Bound.AGE, hours),
    ):
        limit: int | None = getattr(limits, bound.value)
        if limit is not None:
            yield Use(service, bound, used, limit)
