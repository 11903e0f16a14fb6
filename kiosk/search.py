"""Finding a service by what a person types: titles, the words by which people look for it, agencies; both languages.

Both sides are folded to one form first: Arabic is typed with and without hamza, marks and dots at a word's end, and
digits come in three scripts (as in the Arabic search collation of Unicode CLDR, as far as services need it).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from typing import Final

from kiosk.catalogue import Service

_ALIKE: Final = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ک": "ك",
        "ء": None,
        "ـ": None,
    }
)
_ARTICLE: Final = "ال"
_LONGEST: Final = 60
"""Characters of what was typed that are looked at."""


def fold(text: str) -> str:
    """Small letters, ASCII digits, one Arabic letter for all its forms, no marks; words apart by one space."""
    return " ".join("".join(_folded(character) for character in text.casefold().translate(_ALIKE)).split())


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Mn", "Cf"}:
        return ""
    return character if character.isalnum() else " "


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    """One service, folded. Each part is the words of one text."""

    service: Service
    titles: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    agency: tuple[str, ...]
    everything: str  # all words, apart by a space


class ServiceSearch:
    """`ServiceSearch(services).find("مخال")`: folded once, asked with every key that is pressed."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._entries = tuple(_entry(service) for service in services)

    def find(self, typed: str) -> tuple[Service, ...]:
        """The services that have every typed word, the best first; all of them, in their own order, for nothing typed.

        A title that begins with it stands before a title that has it, before a word that people look for, before an
        agency; last come services that have it in the middle of a word.
        """
        words = fold(typed[:_LONGEST]).split()
        if not words:
            return tuple(entry.service for entry in self._entries)
        ranked = (
            (max(_rank(entry, word, first=at == 0) for at, word in enumerate(words)), entry) for entry in self._entries
        )
        found = sorted((rank, at, entry) for at, (rank, entry) in enumerate(ranked) if rank < _NOWHERE)
        return tuple(entry.service for _, _, entry in found)


_NOWHERE: Final = 5


def _rank(entry: _Entry, word: str, *, first: bool) -> int:
    if word.removeprefix(_ARTICLE) not in entry.everything:
        return _NOWHERE
    if first and any(_begins(title[0], word) for title in entry.titles if title):
        return 0
    if any(_begins(one, word) for title in entry.titles for one in title):
        return 1
    if any(_begins(one, word) for one in entry.others):
        return 2
    if any(_begins(one, word) for one in entry.agency):
        return 3
    return 4


def _begins(word: str, typed: str) -> bool:
    """With the article or without it, on either side."""
    return word.startswith(typed) or word.removeprefix(_ARTICLE).startswith(typed.removeprefix(_ARTICLE) or typed)


def _entry(service: Service) -> _Entry:
    titles = tuple(tuple(fold(text).split()) for text in (service.title.ar, service.title.en))
    others = _words(*service.words, service.summary.ar, service.summary.en)
    agency = _words(service.agency_name.ar, service.agency_name.en)
    everything = " ".join((*(word for title in titles for word in title), *others, *agency))
    return _Entry(service=service, titles=titles, others=others, agency=agency, everything=everything)


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(word for text in texts for word in fold(text).split())
