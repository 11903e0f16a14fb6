"""A new service's file: from the template or after another service, with marks where an analyst has to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kiosk.catalogue import Service
from kiosk.catalogue.texts import TO_FILL_IN
from kiosk.wire import Words

TEMPLATE: Final = "template.toml"
"""Beside the agencies' folders, where it is no service itself."""

_IDENTIFIER: Final = re.compile(r"([a-z][a-z0-9_]{0,39})\.([a-z][a-z0-9_]{0,39})")
_KEY: Final = re.compile(r"([a-z_]+) *= *(.*)")
_OF_TEMPLATE: Final = "agency.service"
_HINTS: Final = {
    "title": Words(ar="عنوان الخدمة", en="the service's title"),
    "summary": Words(ar="ماذا تفعل الخدمة، في سطر", en="what it does, in one line"),
    "cost": Words(ar="كم تكلّف", en="what it costs"),
    "result": Words(ar="ماذا يُستلم", en="what one gets"),
    "level": Words(ar="متى", en="how soon"),
    "agency_name": Words(ar="اسم الجهة", en="the agency's name"),
    "source": Words(ar="المصدر", en="the source"),
}


class NotScaffolded(Exception):
    """No file was written; the text says why."""


def scaffold(identifier: str, like: str, folder: Path, services: Iterable[Service]) -> Path:
    """The file that was written, `folder/AGENCY/SERVICE.toml`. `like` is another service's id, or "" for the template.
    Raises NotScaffolded; a file that exists is never touched."""
    named = _IDENTIFIER.fullmatch(identifier)
    if named is None:
        raise NotScaffolded(f"{identifier!r}: write AGENCY.SERVICE in small letters, digits and _, as library.card")
    agency, service = named.groups()
    name = next((known.agency_name for known in services if known.agency == agency), None)
    lines = _lines(_model(like, folder), identifier, agency, name)
    text = "\n".join(lines).replace(f'id = "{_dashed(like or _OF_TEMPLATE)}-', f'id = "{_dashed(identifier)}-') + "\n"
    file = folder / agency / f"{service}.toml"
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise NotScaffolded(f"{file} exists, and stays as it is") from None
    except OSError as error:
        raise NotScaffolded(f"{file} cannot be written: {error.strerror}") from error
    return file


def _dashed(identifier: str) -> str:
    """As tariffs are named: `post-box-2026`."""
    return identifier.replace(".", "-").replace("_", "-")


def _model(like: str, folder: Path) -> list[str]:
    """The lines of the file that it is made after, without that one's own comment at the top."""
    file = folder / TEMPLATE
    if like:
        if _IDENTIFIER.fullmatch(like) is None:
            raise NotScaffolded(f"{like!r} is no service's id")
        file = folder / f"{like.replace('.', '/')}.toml"
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise NotScaffolded(
            f"{like or file}: there is no such service; `catalogue list` shows those there are"
        ) from None
    if not like:
        return lines
    first = next((place for place, line in enumerate(lines) if line and not line.startswith("#")), 0)
    return [f"# {TO_FILL_IN} Made after {like}: go through every line, texts, steps and fees alike.", *lines[first:]]


def _lines(model: list[str], identifier: str, agency: str, name: Words | None) -> Iterator[str]:
    """The model's lines, its names exchanged and its own words marked. Before the first table stand the service's own
    keys; below, only sources and what is confirmed change."""
    own = True
    for line in model:
        own = own and not line.startswith("[")
        found = _KEY.match(line)
        key, value = found.groups() if found else ("", "")
        if key == "provisional":
            yield "provisional = true"
        elif key == "source" or (own and key in _HINTS):
            yield f"{key} = {_filled(key, value, name)}"
        elif own and key in {"id", "agency"}:
            yield f'{key} = "{identifier if key == "id" else agency}"'
        elif own and key == "words" and value.endswith("]"):
            yield "words = []                                  # other words by which people look for it"
        elif not (own and key == "uses"):
            yield line


def _filled(key: str, value: str, name: Words | None) -> str:
    if key == "agency_name" and name is not None:
        return f'{{ ar = "{name.ar}", en = "{name.en}" }}'
    hint = _HINTS[key]
    if value.startswith("{"):
        return f'{{ ar = "{TO_FILL_IN} {hint.ar}", en = "{TO_FILL_IN} {hint.en}" }}'
    return f'"{TO_FILL_IN} {hint.en}"'
