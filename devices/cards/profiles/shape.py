"""Every place in which a TOML table differs from its type: msgspec's own decoding ends at the first."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping

import msgspec


class Mistake(typing.NamedTuple):
    """What is wrong with a profile: the key (`access.order`), and what is said of it with its remedy."""

    key: str
    message: str


def mistakes_of_shape(raw: object, kind: type[msgspec.Struct], key: str = "") -> Iterator[Mistake]:
    """What `msgspec.convert(raw, kind)` would refuse, key by key; nothing if it would succeed."""
    if not isinstance(raw, Mapping):
        yield Mistake(key, "is a value; it must be a table")
        return
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in raw:
        if name not in fields:
            close = difflib.get_close_matches(str(name), fields, n=1)
            yield Mistake(_below(key, name), f"is not known; {f'write {close[0]}' if close else 'leave it out'}")
    for name, field in fields.items():
        if name in raw:
            yield from _mistakes_of_value(raw[name], hints[name], _below(key, name))
        elif field.required:
            remedy = _remedy(hints[name]) or f"; add {_below(key, name)}"
            yield Mistake(_below(key, name), f"is missing{remedy}")


def _mistakes_of_value(value: object, hint: object, key: str) -> Iterator[Mistake]:
    bare = _bare(hint)
    table = _table(bare)
    entry = _table(typing.get_args(bare)[0]) if typing.get_origin(bare) is tuple else None
    if table is not None and isinstance(value, Mapping):
        yield from mistakes_of_shape(value, table, key)
    elif entry is not None and isinstance(value, list) and value:
        for place, one in enumerate(value):
            yield from mistakes_of_shape(one, entry, f"{key}[{place}]")
    else:
        yield from _mistakes_of_plain(value, hint, key)


def _mistakes_of_plain(value: object, hint: object, key: str) -> Iterator[Mistake]:
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        # A pattern is for the machine; its description says the same to people.
        told = "is not of this form" if "regex" in str(error) else str(error).replace(" - at `$", ", at `")
        yield Mistake(key, told + _remedy(hint))


def _bare(hint: object) -> object:
    """`hint` without its annotations, and without None as the other choice."""
    if typing.get_origin(hint) is typing.Annotated:
        return _bare(typing.get_args(hint)[0])
    chosen = _without_none(hint)
    return hint if chosen is hint else _bare(chosen)


def _without_none(hint: object) -> object:
    if typing.get_origin(hint) not in {types.UnionType, typing.Union}:
        return hint
    choices = [part for part in typing.get_args(hint) if part is not types.NoneType]
    return choices[0] if len(choices) == 1 else hint


def _table(kind: object) -> type[msgspec.Struct] | None:
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _remedy(hint: object) -> str:
    described = (part.description for part in typing.get_args(_without_none(hint)) if isinstance(part, msgspec.Meta))
    return next((f"; it must be {text}" for text in described if text), "")


def _below(key: str, name: object) -> str:
    return f"{key}.{name}" if key else str(name)
