"""What of a service's file can still be checked where some of it is of a wrong type, so that all is told in one run.

What does not decode is left out; where it has to be there, something that fits stands in for it. A mistake that may
come of that alone is not told: it would lead the analyst astray.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from kiosk.catalogue import Service
from kiosk.catalogue.checks import mistakes_of
from kiosk.catalogue.types import Told, allowed_of, without_none
from kiosk.fees import Condition
from kiosk.wire import Words

_NOTHING: Final = object()
_LISTS: Final = frozenset({"steps", "tariffs", "lookups"})
"""Where one of these is no list of tables, whatever names its entries would seem to be wrong."""

_ENTRY: Final = re.compile(r"\[\d+\]$")


def mistakes_of_the_rest(table: Mapping[str, object], identifier: str, of_types: Iterable[Told]) -> Iterator[Told]:
    """Beside `of_types`, those that `kiosk.catalogue.checks` finds in what is left of the file `table`."""
    wrong = [key for key, _, _ in of_types]
    if _LISTS & {_ENTRY.sub("", key) for key in wrong}:
        return
    try:
        service = msgspec.convert(_sound(table, Service, ""), Service, builtin_types=(datetime, date, time))
    except msgspec.ValidationError:
        return
    for found, what, remedy in mistakes_of(service, identifier):
        key = found.replace(".[", "[")
        if not any(_may_come_of(key, other) for other in wrong):
            yield key, what, remedy


def _may_come_of(key: str, wrong: str) -> bool:
    """A mistake at `key`: it is at what is wrong, within it or around it. Nearly all of a step depends on its kind, and
    on a tariff's days how the others follow one another."""
    if wrong.startswith("tariffs.") and wrong.endswith("_day"):
        return key.endswith("_day")
    around = wrong.removesuffix(".kind")
    return key == around or _within(key, around) or _within(around, key)


def _within(key: str, other: str) -> bool:
    return key.startswith((f"{other}.", f"{other}["))


def _sound(value: object, kind: Any, name: str) -> Any:
    """What of `value` decodes as the type `kind`; _NOTHING where nothing does. `name` is for an entry without id."""
    kind = without_none(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        return _sound_table(value, kind, name)
    if kind == Condition and isinstance(value, dict):
        return {step: wanted for step, wanted in value.items() if _fits({step: wanted}, kind)}
    if get_origin(kind) is tuple and isinstance(value, list):
        entries = (_sound(one, get_args(kind)[0], f"[{place}]") for place, one in enumerate(value))
        return [entry for entry in entries if entry is not _NOTHING]
    if _fits(value, kind):
        return value
    return next(iter(get_close_matches(str(value), allowed_of(kind), 1)), _NOTHING)


def _sound_table(table: Mapping[str, object], kind: type[msgspec.Struct], name: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(kind):
        value = _sound(table[field.name], field.type, "") if field.name in table else _NOTHING
        if value is _NOTHING and field.required:
            value = name if field.name == "id" else _stand_in(field.type)
        if value is not _NOTHING:
            found[field.name] = value
    return found


def _stand_in(kind: Any) -> object:
    if kind is Words:
        return {"ar": "?", "en": "?"}
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return []
    return next((one for one in ("?", 1, True, date(2026, 1, 1)) if _fits(one, kind)), _NOTHING)


def _fits(value: object, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind, builtin_types=(datetime, date, time), str_keys=True)
    except msgspec.ValidationError:
        return False
    return True
