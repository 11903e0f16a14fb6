"""What of a service's file is of a type that may not stand there: every mistake, where decoding stops at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

from kiosk.catalogue import Service
from kiosk.fees import Condition
from kiosk.money import FILS_PER_DINAR

_SEE_PAGE: Final = "See docs/analyst.md for what may stand there"

_NAMES: Final = {
    "`int`": "a whole number",
    "`float`": "a number with a point",
    "`str`": "a text in quotes",
    "`bool`": "true or false",
    "`array`": "a list in [ ]",
    "`object`": "a table, as { ar = ..., en = ... }",
    "`date`": "a date without quotes",
}
"""How an analyst calls what TOML has."""

Told = tuple[str, str, str]
"""The key, what is wrong with it, and what to do."""


_OF_THE_TOP: Final = frozenset(Service.__struct_fields__)
_MOST_DINARS: Final = 100_000.0

ASK_THE_RANGE: Final = "Ask the range first, as a choice (docs/analyst.md, Fees by brackets)"
"""What is done where somebody would compare a number in a condition."""


def mistakes_of_types(value: object, kind: Any, key: str = "") -> Iterator[Told]:
    """`value` as TOML has it, against the type `kind`."""
    if (wanted := without_none(kind)) is not kind:
        yield from mistakes_of_types(value, wanted, key)
    elif kind == Condition and isinstance(value, dict):
        yield from _of_condition(value, key)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        yield from _of_table(value, kind, key)
    elif get_origin(kind) is tuple and isinstance(value, list):
        for place, one in enumerate(value):
            yield from mistakes_of_types(one, get_args(kind)[0], place_of(key, place, one))
    else:
        yield from _of_value(value, kind, key)


def without_none(kind: Any) -> Any:
    """The type that a key has where it is there."""
    parts = [part for part in get_args(kind) if part is not type(None)]
    return parts[0] if len(parts) == 1 and type(None) in get_args(kind) else kind


def place_of(key: str, place: int, one: object) -> str:
    """How an entry of the list `key` is called: by its id, or by its place."""
    name = one.get("id") if isinstance(one, dict) else None
    return f"{key}.{name}" if isinstance(name, str) else f"{key}[{place}]"


def _of_table(table: Mapping[str, object], kind: type[msgspec.Struct], key: str) -> Iterator[Told]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    before = f"{key}." if key else ""
    for name, value in table.items():
        if name in fields:
            yield from mistakes_of_types(value, fields[name].type, before + name)
        elif key and name in _OF_THE_TOP:
            yield before + name, f"{name} belongs to the top", "Write it before the first ["
        else:
            like = get_close_matches(name, fields.keys() - table.keys(), 1)
            remedy = f"Perhaps {like[0]} is meant" if like else f"Leave it out. {_SEE_PAGE}"
            yield before + name, "is no key that may stand here", remedy
    for name, field in fields.items():
        if field.required and name not in table:
            yield before + name, "is missing", f"Write it. {_SEE_PAGE}"


def _of_condition(condition: Mapping[str, object], key: str) -> Iterator[Told]:
    for step, wanted in condition.items():
        if not isinstance(wanted, str) and not (
            isinstance(wanted, list) and all(isinstance(one, str) for one in wanted)
        ):
            what = (
                f"waits for {step} = {str(wanted).lower()}; a condition can only name a choice, its options in quotes"
            )
            yield f"{key}.{step}", what, ASK_THE_RANGE


def _of_value(value: object, kind: Any, key: str) -> Iterator[Told]:
    if isinstance(value, float) and 0 <= value <= _MOST_DINARS and key.endswith("_fils"):
        yield key, "Fils, not dinars", f"{_as_dinars(value)} dinars are {round(value * FILS_PER_DINAR):_}"
        return
    try:
        msgspec.convert(value, kind, builtin_types=(datetime, date, time), str_keys=True)
    except msgspec.ValidationError as error:
        if allowed := allowed_of(kind):
            like = get_close_matches(str(value), allowed, 1)
            remedy = f"Perhaps {like[0]} is meant; there are: " if like else "Use one of: "
            yield key, f"{_written(value)} is none of the words that may stand here", remedy + ", ".join(allowed)
            return
        told, _, _ = str(error).partition(" - at `")
        for name, words in _NAMES.items():
            told = told.replace(name, words)
        yield key, told, _SEE_PAGE


def allowed_of(kind: Any) -> tuple[str, ...]:
    """The words that may stand there, where a type has some."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(one.value) for one in kind)
    return get_args(kind) if get_origin(kind) is Literal else ()


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _as_dinars(value: float) -> str:
    return f"{value:.0f}" if value == round(value) else f"{value:.3f}"
