"""How the services are used, summed up: pure functions from records to counts, medians and shares.

Where fewer than FEWEST people stand behind a median, a share or a place, it is left out: among so few somebody might
know who it was.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Final, TypeVar

from kiosk.feedback import SATISFIED, Satisfaction, WhyUnhappy
from kiosk.uptake import Channel, Outcome, Uptake
from kiosk.wire import Words

FEWEST: Final = 5

Key = TypeVar("Key", bound=Hashable)


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """`outcomes` count every errand. The medians are of those that were finished, None where those are too few; so is
    `ratings` where too few people said how it was."""

    outcomes: Mapping[Outcome, int]
    seconds: int | None
    taps: int | None
    ratings: Mapping[Satisfaction, int] | None

    @property
    def started(self) -> int:
        return sum(self.outcomes.values())

    @property
    def finished(self) -> int:
        return self.outcomes.get(Outcome.FINISHED, 0)

    @property
    def finished_percent(self) -> int:
        return round(100 * self.finished / self.started) if self.started else 0

    @property
    def rated(self) -> int | None:
        return None if self.ratings is None else sum(self.ratings.values())

    @property
    def satisfied_percent(self) -> int | None:
        """Of those who answered, who said excellent or good."""
        if self.ratings is None:
            return None
        return round(100 * sum(self.ratings.get(answer, 0) for answer in SATISFIED) / sum(self.ratings.values()))


@dataclasses.dataclass(frozen=True, slots=True)
class Stop:
    """How many people came no further than this page of this service, in LEFT or FAILED."""

    service: str
    page: str
    people: int


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One line of the table for machines: one service in one channel of one office in one month."""

    month: str
    office: Words
    channel: Channel
    service: str
    tally: Tally
    stop: str


@dataclasses.dataclass(frozen=True, slots=True)
class UptakeReport:
    """Of all records of these days, both included. Services and offices are in the order of their use, months in the
    order of time; `offices` are by their English name."""

    first: date
    last: date
    total: Tally
    services: Mapping[str, Tally]
    offices: Mapping[str, Tally]
    office_names: Mapping[str, Words]
    channels: Mapping[Channel, Tally]
    months: Mapping[str, Tally]
    stops: tuple[Stop, ...]
    reasons: Mapping[WhyUnhappy, int]
    rows: tuple[Row, ...]


def sum_up(records: Iterable[Uptake], first: date, last: date) -> UptakeReport:
    chosen = [record for record in records if first <= record.day <= last]
    return UptakeReport(
        first=first,
        last=last,
        total=tally(chosen),
        services=_most_used(chosen, lambda record: record.service),
        offices=_most_used(chosen, lambda record: record.office_en),
        office_names={record.office_en: Words(ar=record.office_ar, en=record.office_en) for record in chosen},
        channels=_most_used(chosen, lambda record: record.channel),
        months=dict(sorted(_most_used(chosen, month_of).items())),
        stops=stops(chosen),
        reasons=_reasons(chosen),
        rows=_rows(chosen),
    )


def tally(records: list[Uptake]) -> Tally:
    finished = [record for record in records if record.outcome is Outcome.FINISHED]
    enough = len(finished) >= FEWEST
    ratings = Counter(record.satisfaction for record in records if record.satisfaction is not None)
    return Tally(
        outcomes=Counter(record.outcome for record in records),
        seconds=round(statistics.median(record.seconds for record in finished)) if enough else None,
        taps=round(statistics.median(record.taps for record in finished)) if enough else None,
        ratings=dict(ratings) if ratings.total() >= FEWEST else None,
    )


def stops(records: Iterable[Uptake]) -> tuple[Stop, ...]:
    """The places where most came no further, the first of them first."""
    given_up = {Outcome.LEFT, Outcome.FAILED}
    counted = Counter((record.service, record.page) for record in records if record.outcome in given_up)
    return tuple(
        Stop(service, page, people)
        for (service, page), people in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if people >= FEWEST
    )


def month_of(record: Uptake) -> str:
    """2026-11."""
    return f"{record.day:%Y-%m}"


def _reasons(records: Iterable[Uptake]) -> dict[WhyUnhappy, int]:
    counted = Counter(record.reason for record in records if record.reason is not None)
    return dict(counted.most_common()) if counted.total() >= FEWEST else {}


def _grouped(records: Iterable[Uptake], key: Callable[[Uptake], Key]) -> dict[Key, list[Uptake]]:
    groups: defaultdict[Key, list[Uptake]] = defaultdict(list)
    for record in records:
        groups[key(record)].append(record)
    return groups


def _most_used(records: Iterable[Uptake], key: Callable[[Uptake], Key]) -> dict[Key, Tally]:
    groups = sorted(_grouped(records, key).items(), key=lambda group: (-len(group[1]), str(group[0])))
    return {name: tally(members) for name, members in groups}


def _rows(records: Iterable[Uptake]) -> tuple[Row, ...]:
    groups = _grouped(
        records, lambda record: (month_of(record), record.office_en, record.office_ar, record.channel, record.service)
    )
    rows = []
    for (month, english, arabic, channel, service), members in sorted(groups.items()):
        first = next(iter(stops(members)), None)
        name = Words(ar=arabic, en=english)
        rows.append(Row(month, name, channel, service, tally(members), first.page if first else ""))
    return tuple(rows)
