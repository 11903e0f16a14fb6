"""Which office each terminal stands in: the centre's own knowledge, in `offices.toml` beside the terminals' keys.

The file names each terminal with the id of its office, for example `KRK3 = "karak"`. What a caller says of itself
counts for nothing. A terminal that is not named delivers and enquires like any other, and can call nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from offline_queue.keys import KeyMistake

OFFICES_FILE = "offices.toml"

OfficeId = Annotated[str, Meta(pattern="^[a-z0-9-]{1,32}$")]

log = logging.getLogger("intake")


class NoOffice(Exception):
    """The terminal stands in no office that the centre knows of."""


class Offices:
    """`stations` maps a terminal's id to its office's."""

    def __init__(self, stations: Mapping[str, str]) -> None:
        self._stations = dict(stations)

    def colleagues(self, terminal: str) -> tuple[str, ...]:
        """All terminals of this one's office, itself among them. Raises NoOffice."""
        office = self._stations.get(terminal)
        if office is None:
            raise NoOffice
        return tuple(other for other, its in self._stations.items() if its == office)


def load_offices(trust: Path) -> Offices:
    """Without the file the intake starts all the same: deliveries must not wait for it. Raises KeyMistake where the
    file is there and cannot be used."""
    file = trust / OFFICES_FILE
    try:
        stations = msgspec.toml.decode(file.read_bytes(), type=dict[str, OfficeId])
    except FileNotFoundError:
        log.warning("%s: missing; no terminal can call a clerk", file)
        return Offices({})
    except OSError as error:
        raise KeyMistake(f"{file}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KeyMistake(f'{file}: each line names a terminal and its office, as KRK3 = "karak": {error}') from None
    return Offices(stations)
