"""Reads the services' files; what is wrong with one keeps that one out, and leaves the rest running."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk import catalogue_cache
from kiosk.catalogue import Catalogue, Mistake, Service
from kiosk.catalogue_checks import mistakes_of
from kiosk.catalogue_types import mistakes_of_types

_AS_TOML = "Mend it as TOML: https://toml.io"


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
        except msgspec.ValidationError:
            told = mistakes_of_types(msgspec.toml.decode(content), Service)
            mistakes.extend(Mistake(name, *one) for one in told)
            continue
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
            mistakes.append(Mistake(name, "", str(error), _AS_TOML))
            continue
        except RecursionError:
            mistakes.append(Mistake(name, "", "values stand too deep within one another", _AS_TOML))
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
