"""What is offered beside single services, as data: bundles of them, and which are promoted in which months."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar, get_args

import msgspec

from kiosk.catalogue import Mistake, Segment, Service
from kiosk.wire import Words

SEGMENTS: Final[tuple[Segment, ...]] = get_args(Segment)

_File = TypeVar("_File")
_Offer = TypeVar("_Offer", "Bundle", "Season")


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Services that are often wanted together, opened one after the other. It proposes: each is its own service."""

    id: str
    title: Words
    summary: Words
    icon: str
    segment: Segment
    services: tuple[str, ...]


class Season(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The months, from 1 to 12, in which these services are promoted."""

    months: tuple[int, ...]
    services: tuple[str, ...]


class _BundleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    bundles: tuple[Bundle, ...] = ()


class _PromotionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seasons: tuple[Season, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Offers:
    """Both files, and what is wrong with them. A bundle or a season that names no service is left out."""

    bundles: tuple[Bundle, ...] = ()
    seasons: tuple[Season, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def load_offers(bundles: Path, promotions: Path, services: Iterable[Service]) -> Offers:
    """Reads both files; a bad one leaves its offers out, and says so."""
    known = {service.id for service in services}
    mistakes: list[Mistake] = []
    bundled = _read(bundles, _BundleFile, mistakes) or _BundleFile()
    seasons = _read(promotions, _PromotionFile, mistakes) or _PromotionFile()
    mistakes += [Mistake(bundles.name, *told) for told in _mistakes_of_bundles(bundled.bundles, known)]
    mistakes += [Mistake(promotions.name, *told) for told in _mistakes_of_seasons(seasons.seasons, known)]
    within = [_within(bundle, known) for bundle in bundled.bundles]
    in_season = [_within(season, known) for season in seasons.seasons]
    return Offers(
        tuple(bundle for bundle in within if len(bundle.services) > 1),
        tuple(season for season in in_season if season.services),
        tuple(mistakes),
    )


def _read(file: Path, kind: type[_File], mistakes: list[Mistake]) -> _File | None:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=kind)
    except FileNotFoundError:
        return None  # nothing is offered
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        mistakes.append(Mistake(file.name, "", str(error), "The file's own first lines say what may stand there"))
        return None


def _within(offer: _Offer, known: set[str]) -> _Offer:
    return msgspec.structs.replace(offer, services=tuple(name for name in offer.services if name in known))


_Told = tuple[str, str, str]
"""Key, what is wrong, remedy."""


def _mistakes_of_bundles(bundles: tuple[Bundle, ...], known: set[str]) -> Iterator[_Told]:
    if len({bundle.id for bundle in bundles}) != len(bundles):
        yield "bundles", "two share one id", "Give each its own"
    for bundle in bundles:
        yield from _unknown(f"bundles.{bundle.id}.services", bundle.services, known)
        if len(bundle.services) < 2:
            yield f"bundles.{bundle.id}.services", "one service is no bundle", "Name two or more"


def _mistakes_of_seasons(seasons: tuple[Season, ...], known: set[str]) -> Iterator[_Told]:
    for place, season in enumerate(seasons):
        yield from _unknown(f"seasons[{place}].services", season.services, known)
        if not season.months or not all(1 <= month <= 12 for month in season.months):
            yield f"seasons[{place}].months", "not all are months", "Give whole numbers from 1 to 12"


def _unknown(key: str, names: tuple[str, ...], known: set[str]) -> Iterator[_Told]:
    for name in names:
        if name not in known:
            yield key, f"{name!r} is no service that was loaded", "`catalogue list` shows those there are"
