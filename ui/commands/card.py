"""`card read` and `card watch`: what is in the reader, how it was read, and whether it is genuine."""

from __future__ import annotations

import argparse
import datetime
import getpass
import sys
from collections.abc import Callable

import msgspec

from kiosk.events import CardInserted, CardRemoved, Event, ReaderLost
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardDenied, CardReading, CompletedReading, Identity
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_columns, print_json


def read(
    arguments: argparse.Namespace,
    read_card: Callable[[str], CardReading],
    complete: Callable[[str], CompletedReading],
) -> int:
    """How the card was read, how far it is proven and why. Personal fields only on demand: what a terminal prints may
    be left lying about."""
    number = _typed_number() if arguments.ask_access_number else ""
    try:
        reading = read_card(number)
        rest = complete(number)
    except AccessNumberWanted:
        told: dict[str, object] = {
            "failure": "ACCESS_NUMBER_WANTED",
            "title": "The card opens with the number printed on it: --ask-access-number",
        }
        _print(told, as_json=arguments.json)
        return FOUND_SOMETHING_WRONG
    except ServiceFailure as failure:
        _print(_failed(failure), as_json=arguments.json)
        return FOUND_SOMETHING_WRONG
    told = _how(reading, rest)
    if arguments.show_personal:
        told |= _whose(reading.identity)
    _print(told, as_json=arguments.json)
    return FOUND_NOTHING_WRONG


def _failed(failure: ServiceFailure) -> dict[str, object]:
    proven = {"verdict": failure.verdict.value, "reasons": failure.reasons} if isinstance(failure, CardDenied) else {}
    return {
        **proven,
        "failure": failure.failure.name,
        "support_code": failure.failure.value,
        "title": FAILURES[failure.failure].title,
    }


def _how(reading: CardReading, rest: CompletedReading) -> dict[str, object]:
    return {
        "verdict": rest.verdict.value,
        "reasons": rest.reasons,
        "profile": reading.profile,
        "access": reading.access,
        "commands": rest.cost.commands,
        "bytes_sent": rest.cost.bytes_sent,
        "bytes_received": rest.cost.bytes_received,
        "milliseconds": rest.cost.milliseconds,
        "milliseconds_to_name": reading.cost.milliseconds,
        "phases": {
            phase.name: {"commands": phase.commands, "milliseconds": phase.milliseconds} for phase in rest.cost.phases
        },
    }


def _whose(identity: Identity) -> dict[str, object]:
    return {
        "national_number": identity.national_number,
        "passport": identity.passport,
        "name_arabic": identity.name_arabic,
        "name_latin": identity.name_latin,
        "birth_date": str(identity.birth_date),
        "expiry_date": str(identity.expiry_date),
    }


def _typed_number() -> str:
    """Typed unseen, or from a pipe; never an argument, which others on the machine can read (proc(5), cmdline)."""
    if sys.stdin.isatty():
        return getpass.getpass("Access number: ")
    return sys.stdin.readline().strip()


def _print(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        print_columns([(key, _words(value)) for key, value in told.items()])


def _words(value: object) -> str:
    """One line of text for a person; what is structured in JSON is told in words here."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {part['commands']} in {part['milliseconds']} ms" for name, part in value.items())
    return str(value)


def tell(event: Event, atr: str, profile: str, *, as_json: bool) -> None:
    """One line for each thing that `card watch` sees. What a card says before it is opened is nobody's: its answer to
    reset (hexadecimal), and the id of the profile that knows it, or ""."""
    told: dict[str, str] = {"at": f"{datetime.datetime.now(datetime.UTC):%H:%M:%S.%f}"[:-3]}
    match event:
        case CardInserted():
            told |= {"event": "card inserted", "atr": atr, "profile": profile or "none, tried as generic"}
        case CardRemoved():
            told |= {"event": "card removed"}
        case ReaderLost(failure=failure):
            told |= {"event": "reader lost", "failure": failure.failure.name}
        case _:
            return
    line = msgspec.json.encode(told).decode() if as_json else "  ".join(told.values())
    print(line, flush=True)
