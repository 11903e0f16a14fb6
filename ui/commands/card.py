"""`card read` and `card watch`: what is in the reader, how it was read, and whether it is genuine."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from kiosk.events import CardInserted, CardRemoved, Event, ReaderLost
from kiosk.failures import FAILURES, ServiceFailure
from kiosk.identity import AccessNumberWanted, CardReading
from ui.commands import FOUND_NOTHING_WRONG, FOUND_SOMETHING_WRONG
from ui.commands.output import print_columns, print_json


def read(
    read_card: Callable[[str], CardReading], *, as_json: bool, show_personal: bool, ask_access_number: bool
) -> int:
    """Personal fields only on demand: what a terminal prints may be left lying about."""
    try:
        reading = read_card(_typed_number() if ask_access_number else "")
    except AccessNumberWanted:
        told: dict[str, object] = {
            "failure": "ACCESS_NUMBER_WANTED",
            "title": "The card opens with the number printed on it: --ask-access-number",
        }
        _print(told, as_json=as_json)
        return FOUND_SOMETHING_WRONG
    except ServiceFailure as failure:
        told = {
            "failure": failure.failure.name,
            "support_code": failure.failure.value,
            "title": FAILURES[failure.failure].title,
        }
        _print(told, as_json=as_json)
        return FOUND_SOMETHING_WRONG
    told = {
        "verdict": reading.verdict.value,
        "reasons": ", ".join(reading.reasons) or "none",
        "profile": reading.profile,
        "access": reading.access,
        "commands": reading.cost.commands,
        "bytes_sent": reading.cost.bytes_sent,
        "bytes_received": reading.cost.bytes_received,
        "milliseconds": reading.cost.milliseconds,
    }
    if show_personal:
        identity = reading.identity
        told |= {
            "national_number": identity.national_number,
            "name_arabic": identity.name_arabic,
            "name_latin": identity.name_latin,
            "birth_date": str(identity.birth_date),
            "expiry_date": str(identity.expiry_date),
        }
    _print(told, as_json=as_json)
    return FOUND_NOTHING_WRONG


def _typed_number() -> str:
    """Typed unseen, or from a pipe; never an argument, which others on the machine can read (proc(5), cmdline)."""
    if sys.stdin.isatty():
        return getpass.getpass("Access number: ")
    return sys.stdin.readline().strip()


def _print(told: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        print_columns([(key, str(value)) for key, value in told.items()])


def tell(event: Event) -> None:
    """One line for each thing that `card watch` sees."""
    match event:
        case CardInserted():
            print("card inserted", flush=True)
        case CardRemoved():
            print("card removed", flush=True)
        case ReaderLost(failure=failure):
            print(f"reader lost: {failure.failure.name}", flush=True)
