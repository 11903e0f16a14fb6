"""Finding a service by what a person types: titles, the words by which people look for it, agencies; both languages.

Both sides are folded to one form first: Arabic is typed with and without hamza, marks and dots at a word's end, and
digits come in three scripts (as in the Arabic search collation of Unicode CLDR, as far as services need it). Where
nothing has what was typed, typing errors are forgiven (`kiosk.edits`).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Final

from kiosk import edits
from kiosk.catalogue import Service

_ALIKE: Final = {
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
    "ظ": "ض",  # alike in speech, and often confused in writing; no two words of ours differ by it (a test looks)
    "ء": "",
    "ـ": "",
}


class _Folding(dict[int, str]):
    """What each character becomes, as `str.translate` wants it; learnt when a character is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDED: Final = _Folding()
_ARTICLE: Final = "ال"
_LONGEST: Final = 60
"""Characters of what was typed that are looked at."""

_LONGEST_INSIDE: Final = 2
"""Letters from which on a word is also looked for in the middle of others."""


def fold(text: str) -> str:
    """Small letters, ASCII digits, one Arabic letter for all its forms, no marks; words apart by one space."""
    return " ".join(text.casefold().translate(_FOLDED).split())


def _folded(character: str) -> str:
    if character in _ALIKE:
        return _ALIKE[character]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Mn", "Cf"}:
        return ""
    return character if character.isalnum() else " "


def words_like(text: str, typed: str) -> frozenset[int]:
    """The places, from 0, of the words of `text` that begin as one of the typed words does: to be marked for the eye.
    With forgiveness, as in the search; words are what spaces part."""
    wanted = fold(typed[:_LONGEST]).split()
    found = set()
    for place, word in enumerate(text.split()):
        parts = fold(word).split()
        if any(_begins(part, one) for part in parts for one in wanted):
            found.add(place)
    if not found:
        for place, word in enumerate(text.split()):
            near = (edits.errors(one, fold(word), edits.forgiven(one)) <= edits.forgiven(one) for one in wanted)
            if any(near):
                found.add(place)
    return frozenset(found)


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """The services, the best first. `forgiven`: none has the words as typed; these have words like them."""

    services: tuple[Service, ...]
    forgiven: bool = False


Ranks = Mapping[int, int]
"""By a service's place: how well it has a word; 0 is best."""

_FIRST_OF_TITLE, _TITLE, _OTHER, _AGENCY, _INSIDE, _ERROR = 0, 1, 2, 3, 4, 8
"""One error counts more than any place that a word can stand at."""


class ServiceSearch:
    """`ServiceSearch(services).find("مخال")`: folded and indexed once, asked with every key that is pressed."""

    def __init__(self, services: tuple[Service, ...]) -> None:
        self._services = services
        places: dict[str, dict[int, int]] = {}
        for at, service in enumerate(services):
            for word, rank in _words_of(service):
                for key in {word, word.removeprefix(_ARTICLE) or word}:
                    ranks = places.setdefault(key, {})
                    ranks[at] = min(rank, ranks.get(at, rank))
        self._words = sorted(places)
        self._ranks = [places[word] for word in self._words]
        self._letters = [edits.letters_of(word) for word in self._words]

    def find(self, typed: str) -> tuple[Service, ...]:
        """The services that have every typed word, the best first; all of them, in their own order, for nothing typed.

        A title that begins with it stands before a title that has it, before a word that people look for, before an
        agency; last come services that have it in the middle of a word.
        """
        return self.look_up(typed).services

    def look_up(self, typed: str) -> Found:
        """As `find`; where no service has every word as typed, those with the fewest typing errors."""
        words = fold(typed[:_LONGEST]).split()
        if not words:
            return Found(self._services)
        exact = [self._exact(word) for word in words]
        if found := self._best(exact):
            return Found(found)
        near = [{**self._near(word), **ranks} for word, ranks in zip(words, exact, strict=True)]
        return Found(self._best(near), forgiven=True)

    def _best(self, ranks: list[dict[int, int]]) -> tuple[Service, ...]:
        """Those that have all the words: by their errors, then by the worst place of a word."""
        first, *others = ranks
        scored = []
        for at, rank in first.items():
            all_ranks = [rank, *(max(other[at], _TITLE) for other in others if at in other)]
            if len(all_ranks) == len(ranks):
                scored.append((sum(one // _ERROR for one in all_ranks), max(one % _ERROR for one in all_ranks), at))
        scored.sort()
        return tuple(self._services[at] for _, _, at in scored)

    def _exact(self, word: str) -> dict[int, int]:
        """With the article or without it, on either side."""
        found: dict[int, int] = {}
        bare = word.removeprefix(_ARTICLE) or word
        for key in {word, bare}:
            for place in self._beginning(key):
                _take(found, self._ranks[place], 0)
        if len(bare) >= _LONGEST_INSIDE:
            for place, other in enumerate(self._words):
                if bare in other:
                    for at in self._ranks[place]:
                        found.setdefault(at, _INSIDE)
        return found

    def _beginning(self, key: str) -> Iterator[int]:
        for place in range(bisect_left(self._words, key), len(self._words)):
            if not self._words[place].startswith(key):
                return
            yield place

    def _near(self, word: str) -> dict[int, int]:
        bare = word.removeprefix(_ARTICLE) or word
        most = edits.forgiven(bare)
        found: dict[int, int] = {}
        if most:
            wanted = edits.letters_of(bare)
            for place, letters in enumerate(self._letters):
                if (wanted & ~letters).bit_count() <= most:
                    count = edits.errors(bare, self._words[place], most)
                    if count <= most:
                        _take(found, self._ranks[place], count * _ERROR)
        return found


def _take(found: dict[int, int], ranks: Ranks, more: int) -> None:
    for at, rank in ranks.items():
        known = found.get(at)
        if known is None or rank + more < known:
            found[at] = rank + more


def _begins(word: str, typed: str) -> bool:
    return word.startswith(typed) or word.removeprefix(_ARTICLE).startswith(typed.removeprefix(_ARTICLE) or typed)


def _words_of(service: Service) -> Iterator[tuple[str, int]]:
    """Each word, folded, with the rank of the place where it stands."""
    for title in (service.title.ar, service.title.en):
        for place, word in enumerate(fold(title).split()):
            yield word, _TITLE if place else _FIRST_OF_TITLE
    for text in (*service.words, service.summary.ar, service.summary.en):
        for word in fold(text).split():
            yield word, _OTHER
    for name in (service.agency_name.ar, service.agency_name.en):
        for word in fold(name).split():
            yield word, _AGENCY
