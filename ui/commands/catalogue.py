"""`catalogue check`, `list`, `price` and `new`: the services as data, for the people who write their files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec

from kiosk.catalogue import Catalogue, Mistake, Service
from kiosk.catalogue.scaffold import NotScaffolded, scaffold
from kiosk.catalogue.warnings import warnings_of
from kiosk.fees import Tariff, in_force
from kiosk.texts import LEGAL_TIME
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG, USED_WRONGLY, catalogue_price
from ui.commands.output import print_columns, print_json


def run(arguments: argparse.Namespace, folder: Path, read: Callable[[], Catalogue], now: datetime) -> int:
    """`read` reads the files below `folder`; what is in force is told of the day of `now` in Jordan."""
    if arguments.what == "new":
        return new(arguments.id, arguments.like, folder, read)
    if arguments.what == "price":
        return _price(arguments, read(), now)
    act = check if arguments.what == "check" else list_services
    return act(read(), now, as_json=arguments.json)


def _price(arguments: argparse.Namespace, catalogue: Catalogue, now: datetime) -> int:
    try:
        return catalogue_price.run(arguments, catalogue, now)
    except catalogue_price.NoPrice as reason:
        print(reason, file=sys.stderr)
        return USED_WRONGLY


# ---------------------------------------------------------------- check


def check(catalogue: Catalogue, now: datetime, *, as_json: bool) -> int:
    """Every mistake, what is probably not meant, and what rests on facts that nobody has confirmed; status 1 where
    there is a mistake."""
    warnings = tuple(_warnings(catalogue))
    provisional = tuple(service for service in catalogue.services if service.provisional)
    unpriced = tuple(service.id for service in catalogue.services if _has_no_price(service, now))
    if as_json:
        print_json(
            {
                "services": [service.id for service in catalogue.services],
                "provisional": [service.id for service in provisional],
                "provisional_fees": [_told(tariff, service) for service, tariff in _provisional_fees(catalogue)],
                "without_tariff_today": unpriced,
                "mistakes": [msgspec.to_builtins(mistake) for mistake in catalogue.mistakes],
                "partly_checked": catalogue.partly_checked,
                "warnings": [msgspec.to_builtins(warning) for warning in warnings],
            }
        )
    else:
        for mistake in catalogue.mistakes:
            print(f"{mistake.file}: {mistake.message}")
        for file in catalogue.partly_checked:
            print(f"{file}: mend these first, then check again: what depends on them could not be checked")
        for warning in warnings:
            print(f"WARNING {warning.file}: {warning.message}")
        counted = f"services: {len(catalogue.services)}, mistakes: {len(catalogue.mistakes)}"
        print(f"{counted}, warnings: {len(warnings)}")
        _print_provisional(catalogue, provisional)
        if unpriced:
            print(f"no tariff is in force today, and nobody can be served: {', '.join(unpriced)}")
    return FOUND_SOMETHING_WRONG if catalogue.mistakes or not catalogue.services else FOUND_NOTHING_WRONG


def _warnings(catalogue: Catalogue) -> Iterator[Mistake]:
    for service in catalogue.services:
        for told in warnings_of(service):
            yield Mistake(f"{service.id.replace('.', '/')}.toml", *told)


def _print_provisional(catalogue: Catalogue, provisional: tuple[Service, ...]) -> None:
    if not provisional:
        return
    print("\nprovisional: in the demonstration and in training only, a terminal in service keeps them out")
    fees = [(service.id, f"{tariff.id} ({_days(tariff)})") for service, tariff in _provisional_fees(catalogue)]
    told = {identifier for identifier, _ in fees}
    stated = [(service.id, "the agency states what is due") for service in provisional if service.id not in told]
    print_columns([("  " + identifier, fee) for identifier, fee in (*fees, *stated)])


def _provisional_fees(catalogue: Catalogue) -> Iterator[tuple[Service, Tariff]]:
    for service in catalogue.services:
        for tariff in service.tariffs:
            if tariff.provisional:
                yield service, tariff


def _told(tariff: Tariff, service: Service) -> dict[str, object]:
    return {
        "service": service.id,
        "tariff": tariff.id,
        "first_day": tariff.first_day,
        "last_day": tariff.last_day,
        "source": msgspec.to_builtins(tariff.source),
    }


def _days(tariff: Tariff) -> str:
    return f"from {tariff.first_day}" + (f" to {tariff.last_day}" if tariff.last_day else "")


def _has_no_price(service: Service, now: datetime) -> bool:
    return service.has_tariff and in_force(service.tariffs, now) is None


# ---------------------------------------------------------------- list


def list_services(catalogue: Catalogue, now: datetime, *, as_json: bool) -> int:
    """With the tariff of today, and those whose last day is past."""
    today = now.astimezone(LEGAL_TIME).date()
    if as_json:
        print_json(
            [
                {
                    **msgspec.to_builtins(service),
                    "tariff_in_force": _tariff_today(service, now),
                    "tariffs_expired": _expired(service, today),
                }
                for service in catalogue.services
            ]
        )
    else:
        head = ("SERVICE", "TITLE", "AGENCY", "FOR", "PROVISIONAL", "TARIFF TODAY", "EXPIRED")
        print_columns([head, *(_row(service, now, today) for service in catalogue.services)])
    return FOUND_NOTHING_WRONG


def _row(service: Service, now: datetime, today: date) -> tuple[str, ...]:
    return (
        service.id,
        service.title.en,
        service.agency_name.en,
        ",".join(service.segments),
        "provisional" if service.provisional else "-",
        (_tariff_today(service, now) or "none") if service.has_tariff else "the agency's quote",
        ",".join(_expired(service, today)) or "-",
    )


def _tariff_today(service: Service, now: datetime) -> str | None:
    tariff = in_force(service.tariffs, now)
    return tariff.id if tariff else None


def _expired(service: Service, today: date) -> list[str]:
    return [tariff.id for tariff in service.tariffs if tariff.last_day is not None and tariff.last_day < today]


# ---------------------------------------------------------------- new


def new(identifier: str, like: str, folder: Path, read: Callable[[], Catalogue]) -> int:
    """Writes the file, and says what is left to be filled in; a file that is there stays as it is."""
    try:
        file = scaffold(identifier, like, folder, read().services)
    except NotScaffolded as reason:
        print(reason, file=sys.stderr)
        return USED_WRONGLY
    name = file.relative_to(folder).as_posix()
    left = [mistake.key for mistake in read().mistakes if mistake.file == name]
    places = dict.fromkeys(key.removesuffix(".ar").removesuffix(".en") for key in left)
    print(
        f"{file}\n{len(places)} places are to be filled in, most in both languages; each begins with ___ in the file:"
    )
    for place in places:
        print(f"  {place}")
    print("then: python main.py catalogue check")
    return FOUND_NOTHING_WRONG
