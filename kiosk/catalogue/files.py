"""Reads the services' files; what is wrong with one keeps that one out, and leaves the rest running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from kiosk.catalogue import Catalogue, Mistake, Service
from kiosk.catalogue import cache as catalogue_cache
from kiosk.catalogue.checks import mistakes_of
from kiosk.catalogue.rest import mistakes_of_the_rest
from kiosk.catalogue.toml import mistake_of_toml
from kiosk.catalogue.types import Told, mistakes_of_types

_READ_NOTHING = "Mend this first, then check again: nothing else of the file could be read"


def load(folder: Path, cache: Path | None = None) -> Catalogue:
    """Every service below `folder`, most used first; one bad file never hides the others. `cache` is the file in which
    what was read is kept for the next time."""
    before = catalogue_cache.read(cache) if cache is not None else {}
    kept: dict[bytes, Service] = {}
    services: list[Service] = []
    mistakes: list[Mistake] = []
    partly: list[str] = []
    for file in sorted(folder.glob("*/*.toml")):
        name, identifier = f"{file.parent.name}/{file.name}", f"{file.parent.name}.{file.stem}"
        try:
            content = file.read_bytes()
            digest = catalogue_cache.digest_of(content)
            service = before.get(digest) or msgspec.toml.decode(content, type=Service)
        except msgspec.ValidationError:
            mistakes.extend(Mistake(name, *told) for told in _every_mistake(content, identifier))
            partly.append(name)
            continue
        except (msgspec.DecodeError, UnicodeDecodeError, OSError, RecursionError) as error:
            mistakes.append(Mistake(name, *_unreadable(file, error)))
            continue
        kept[digest] = service
        found = [Mistake(name, *told) for told in mistakes_of(service, identifier)]
        mistakes.extend(found)
        if not found:
            services.append(service)
    if cache is not None and kept.keys() != before.keys():
        catalogue_cache.write(cache, kept)
    services.sort(key=lambda service: -service.uses)
    return Catalogue(tuple(services), tuple(mistakes), partly_checked=tuple(partly))


def _every_mistake(content: bytes, identifier: str) -> Iterator[Told]:
    """Of types first, and then those that do not come of them."""
    table = msgspec.toml.decode(content)
    of_types = tuple(mistakes_of_types(table, Service))
    yield from of_types
    yield from mistakes_of_the_rest(table, identifier, of_types)


def _unreadable(file: Path, error: Exception) -> Told:
    if isinstance(error, RecursionError):
        return "", "values stand too deep within one another", _READ_NOTHING
    if isinstance(error, msgspec.DecodeError):
        return mistake_of_toml(file.read_bytes(), str(error))
    return "", str(error), _READ_NOTHING
