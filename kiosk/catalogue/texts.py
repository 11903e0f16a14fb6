"""What is wrong with the texts of a service's file: empty ones, and those that a new file still waits for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, get_args, get_origin

import msgspec

from kiosk.catalogue import Service
from kiosk.wire import Words

TO_FILL_IN: Final = "___"
"""Begins every text that `catalogue new` leaves to the analyst."""

_FILL_IN = "is still to be filled in", f"Write the text where {TO_FILL_IN} stands"
_EMPTY = "is empty", "Write the text, in both languages"


def mistakes_of_texts(service: Service) -> Iterator[tuple[str, str, str]]:
    """Key, what, remedy. A key that may be left out is left out, never left empty."""
    texts: list[tuple[str, str]] = []
    _collect(service, "", texts)
    for key, text in texts:
        if TO_FILL_IN in text:
            yield key, *_FILL_IN
        elif not text.strip():
            yield key, *_EMPTY


def _collect(value: object, key: str, texts: list[tuple[str, str]]) -> None:
    """Every text that a person may read, and every source, with its key: an entry of a list by its id, or its place."""
    if isinstance(value, Words):
        texts += ((f"{key}.ar", value.ar), (f"{key}.en", value.en))
    elif isinstance(value, str):
        texts.append((key, value))
    elif isinstance(value, msgspec.Struct):
        for name in _told(type(value)):
            part = getattr(value, name)
            if part is not None and part != ():
                _collect(part, f"{key}.{name}" if key else name, texts)
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            _collect(one, f"{key}.{one.id}" if hasattr(one, "id") else f"{key}[{place}]", texts)


@cache
def _told(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """The fields of a type that hold texts, or what holds texts: found once, not in every service."""
    fields = msgspec.structs.fields(kind)
    return tuple(field.name for field in fields if field.name == "source" or _may_hold_texts(field.type))


def _may_hold_texts(kind: Any) -> bool:
    if isinstance(kind, type):
        return issubclass(kind, msgspec.Struct)
    return get_origin(kind) is tuple or any(_may_hold_texts(part) for part in get_args(kind))
