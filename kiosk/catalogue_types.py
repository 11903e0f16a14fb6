"""What of a service's file is of a type that may not stand there: every mistake, where decoding stops at the first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, Final, Literal, get_args, get_origin

import msgspec

_SEE_PAGE: Final = "See docs/analyst.md for what may stand there"

_NAMES: Final = {
    "`int`": "a whole number",
    "`str`": "a text in quotes",
    "`bool`": "true or false",
    "`array`": "a list in [ ]",
    "`object`": "a table, as { ar = ..., en = ... }",
    "`date`": "a date without quotes",
}
"""How an analyst calls what TOML has."""

Told = tuple[str, str, str]
"""The key, what is wrong with it, and what to do."""


def mistakes_of_types(value: object, kind: Any, key: str = "") -> Iterator[Told]:
    """`value` as TOML has it, against the type `kind`."""
    parts = [part for part in get_args(kind) if part is not type(None)] if type(None) in get_args(kind) else []
    if len(parts) == 1:
        yield from mistakes_of_types(value, parts[0], key)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        yield from _of_table(value, kind, key)
    elif get_origin(kind) is tuple and isinstance(value, list):
        for place, one in enumerate(value):
            yield from mistakes_of_types(one, get_args(kind)[0], _place(key, place, one))
    else:
        yield from _of_value(value, kind, key)


def _place(key: str, place: int, one: object) -> str:
    name = one.get("id") if isinstance(one, dict) else None
    return f"{key}.{name}" if isinstance(name, str) else f"{key}[{place}]"


def _of_table(table: Mapping[str, object], kind: type[msgspec.Struct], key: str) -> Iterator[Told]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    before = f"{key}." if key else ""
    for name, value in table.items():
        if name in fields:
            yield from mistakes_of_types(value, fields[name].type, before + name)
        else:
            like = get_close_matches(name, fields.keys() - table.keys(), 1)
            remedy = f"Perhaps {like[0]} is meant" if like else f"Leave it out. {_SEE_PAGE}"
            yield before + name, "is no key that may stand here", remedy
    for name, field in fields.items():
        if field.required and name not in table:
            yield before + name, "is missing", f"Write it. {_SEE_PAGE}"


def _of_value(value: object, kind: Any, key: str) -> Iterator[Told]:
    try:
        msgspec.convert(value, kind, builtin_types=(datetime, date, time), str_keys=True)
    except msgspec.ValidationError as error:
        told, _, _ = str(error).partition(" - at `")
        for name, words in _NAMES.items():
            told = told.replace(name, words)
        allowed = get_args(kind) if get_origin(kind) is Literal else ()
        yield key, told, f"Use one of: {', '.join(allowed)}" if allowed else _SEE_PAGE
