"""What a terminal puts before people: its services in the order of use, bundles of them, and what to promote now."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from kiosk.catalogue import Segment, Service
from kiosk.counter import IdentifiedBy
from kiosk.identity import Identity
from kiosk.offers import Bundle, Offers, Season
from kiosk.search import ServiceSearch
from kiosk.texts import LEGAL_TIME

if TYPE_CHECKING:
    from kiosk.ports import Clock, ServiceUses

HOME_COUNTRY: Final = "JOR"

_WEIGHT_OF_ALL: Final = 200
"""As many uses as the country's figures count for: a new terminal shows the country's order, and after some weeks what
people come to this one for."""

_MOST_PROMOTED: Final = 4
_LEAST_USES_TO_TELL: Final = 20
"""Before so many uses, what "is used most here" would be chance, and could tell of single visits."""


@dataclasses.dataclass(frozen=True, slots=True)
class Promoted:
    """One service for the idle page, and why: its season, or that people use it here."""

    service: str
    because: Literal["season", "used here"]


@dataclasses.dataclass(frozen=True, slots=True)
class Front:
    """What stands before people until it is read again. `search` is over these services; its index is made where the
    front is read, away from the screen."""

    services: tuple[Service, ...]
    bundles: tuple[Bundle, ...] = ()
    promoted: tuple[Promoted, ...] = ()
    search: ServiceSearch | None = None


NOTHING_SHOWN: Final = Front(())


def segment_of(identity: Identity | None) -> Segment:
    """The home that a person's document opens: a foreign one is a resident's. Whoever comes for a business or an office
    says so."""
    foreign = identity is not None and identity.issuing_state not in {"", HOME_COUNTRY}
    return "resident" if foreign else "citizen"


def may_be_had(service: Service, identity: Identity | None, identified_by: IdentifiedBy) -> bool:
    """Whether it may be had with what the person is known by. Before anybody is known, everything may."""
    if identity is None:
        return True
    if service.card_only and identified_by is IdentifiedBy.DOCUMENT:
        return False
    return ("passport" if identity.passport else "national") in service.cards


def front_of(services: tuple[Service, ...], offers: Offers, uses: ServiceUses, clock: Clock) -> Callable[[], Front]:
    """Reads the front anew each time it is called: the uses have changed, or the month has."""

    def read() -> Front:
        counts = uses.uses_of_services()
        today = clock.now().astimezone(LEGAL_TIME).date()
        ordered = by_use(services, counts)
        shown = promoted(ordered, offers.seasons, counts, today)
        return Front(ordered, offers.bundles, shown, ServiceSearch(ordered))

    return read


def by_use(services: tuple[Service, ...], counts: Mapping[str, int]) -> tuple[Service, ...]:
    """Most used first: the country's figures, and more and more what people use at this terminal."""
    country = sum(service.uses for service in services) or 1
    here = sum(counts.get(service.id, 0) for service in services)

    def share(service: Service) -> float:
        expected = _WEIGHT_OF_ALL * service.uses / country
        return (counts.get(service.id, 0) + expected) / (here + _WEIGHT_OF_ALL)

    return tuple(sorted(services, key=share, reverse=True))


def promoted(
    ordered: tuple[Service, ...], seasons: Iterable[Season], counts: Mapping[str, int], today: datetime.date
) -> tuple[Promoted, ...]:
    """What is in season, most used first; then what people use here. No service twice, and few in all."""
    in_season = {name for season in seasons if today.month in season.months for name in season.services}
    found = [Promoted(service.id, "season") for service in ordered if service.id in in_season]
    if sum(counts.values()) >= _LEAST_USES_TO_TELL:
        used = sorted((service.id for service in ordered if counts.get(service.id)), key=lambda name: -counts[name])
        found += [Promoted(name, "used here") for name in used if name not in in_season]
    return tuple(found[:_MOST_PROMOTED])
