"""Reads the services' files; what is wrong with one keeps that one out, and leaves the rest running."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kiosk.catalogue import Catalogue, Mistake, Service
from kiosk.catalogue_checks import mistakes_of


def load(folder: Path) -> Catalogue:
    """Every service below `folder`, most used first; one bad file never hides the others."""
    services: list[Service] = []
    mistakes: list[Mistake] = []
    for file in sorted(folder.glob("*/*.toml")):
        name = file.relative_to(folder).as_posix()
        try:
            service = msgspec.toml.decode(file.read_bytes(), type=Service)
        except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
            mistakes.append(_unreadable(name, str(error)))
            continue
        found = [Mistake(name, *told) for told in mistakes_of(service, f"{file.parent.name}.{file.stem}")]
        mistakes.extend(found)
        if not found:
            services.append(service)
    services.sort(key=lambda service: -service.uses)
    return Catalogue(tuple(services), tuple(mistakes))


def _unreadable(file: str, error: str) -> Mistake:
    """msgspec names the place as `$.steps[0].kind` at the end of its message."""
    told, at, place = error.rpartition(" - at `")
    if not at:
        return Mistake(file, "", error, "Mend it as TOML: https://toml.io")
    return Mistake(file, place.strip("`").removeprefix("$."), told, "See docs/services.md for what may stand there")
