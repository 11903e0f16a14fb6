"""Reads the services' files; what is wrong with one keeps that one out, and leaves the rest running."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk import catalogue_cache
from kiosk.catalogue import Catalogue, Mistake, Service
from kiosk.catalogue_checks import mistakes_of

_TOO_DEEP = "values stand too deep within one another"


def load(folder: Path, cache: Path | None = None) -> Catalogue:
    """Every service below `folder`, most used first; one bad file never hides the others. `cache` is the file in which
    what was read is kept for the next time."""
    before = catalogue_cache.read(cache) if cache is not None else {}
    kept: dict[bytes, Service] = {}
    services: list[Service] = []
    mistakes: list[Mistake] = []
    for file in sorted(folder.glob("*/*.toml")):
        name = f"{file.parent.name}/{file.name}"
        try:
            content = file.read_bytes()
            digest = catalogue_cache.digest_of(content)
            service = before.get(digest) or msgspec.toml.decode(content, type=Service)
        except RecursionError:
            mistakes.append(_unreadable(name, _TOO_DEEP))
            continue
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
            mistakes.append(_unreadable(name, str(error)))
            continue
        kept[digest] = service
        found = [Mistake(name, *told) for told in mistakes_of(service, f"{file.parent.name}.{file.stem}")]
        mistakes.extend(found)
        if not found:
            services.append(service)
    if cache is not None and kept.keys() != before.keys():
        catalogue_cache.write(cache, kept)
    services.sort(key=lambda service: -service.uses)
    return Catalogue(tuple(services), tuple(mistakes))


def _unreadable(file: str, error: str) -> Mistake:
    """msgspec names the place as `$.steps[0].kind` at the end of its message."""
    told, at, place = error.rpartition(" - at `")
    if not at:
        return Mistake(file, "", error, "Mend it as TOML: https://toml.io")
    return Mistake(file, place.strip("`").removeprefix("$."), told, "See docs/analyst.md for what may stand there")
