"""The check of the texts: `python -m kiosk.texts_check` says what is untranslated, unused or worded wrongly.

It reads the message ids out of the code by Babel's own extractor: the calls `texts(...)`, `texts.plural(...)` and the
markers `message(...)` and `plural_message(...)`, and the table of failures, whose texts are data.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from kiosk.failures import FAILURES, MONEY_TEXTS
from kiosk.texts import DOMAIN, TRANSLATIONS

MessageId = str | tuple[str, str]

ROOT: Final = Path(__file__).parent.parent
FOLDERS: Final = ("kiosk", "ui", "main.py")
KEYWORDS: Final = {"texts": None, "_texts": None, "message": None, "plural": (1, 2), "plural_message": (1, 2)}

# Babel 2.18 writes another order of the last two forms for Arabic; this one is CLDR's: 11 to 99, then the rest.
PLURAL_FORMS: Final = "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"

# Words that blame, beg or threaten; a text says what to do instead.
BANNED_ARABIC: Final = ("خطأ", "غير صالح", "عذرًا", "نأسف", "يُرجى", "يرجى", "الرجاء", "فشل")
BANNED_ENGLISH: Final = re.compile(r"\b(invalid|error|sorry|please|forbidden|submit|ok)\b", re.IGNORECASE)

_PLACE = re.compile(r"\{(\w*)\}")
_COUNTED_FORMS = slice(3, 6)  # zero, one and two may say the number in words


def used_in_code(root: Path = ROOT) -> set[MessageId]:
    """Every message id that the code asks for."""
    tables = ((entry.title, entry.advice, entry.staff) for entry in FAILURES.values())
    found: set[MessageId] = {text for texts in tables for text in texts if text}
    found.update(MONEY_TEXTS.values())
    for place in FOLDERS:
        for file in _sources(root / place):
            for _, identifier, _, _ in extract_from_file("python", file, keywords=KEYWORDS):
                found.add(identifier if isinstance(identifier, str) else (identifier[0], identifier[1]))
    return found


def _sources(place: Path) -> Iterable[Path]:
    return sorted(place.rglob("*.py")) if place.is_dir() else [place] if place.exists() else []


def arabic_catalogue(folder: Path = TRANSLATIONS) -> Catalog:
    with (folder / "ar" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale="ar", domain=DOMAIN)


def complaints(used: set[MessageId], catalogue: Catalog) -> Iterator[str]:
    """What is wrong, one line each; nothing where all is well."""
    if catalogue.num_plurals != 6 or catalogue.plural_expr != PLURAL_FORMS:
        yield "the header Plural-Forms is not the six forms of Arabic in CLDR's order"
    translated = {_identifier(entry): entry for entry in catalogue if entry.id}
    yield from (f"not in the catalogue: {identifier!r}" for identifier in sorted(used - set(translated), key=str))
    yield from (f"in no code: {identifier!r}" for identifier in sorted(set(translated) - used, key=str))
    for identifier, entry in translated.items():
        yield from _of_entry(identifier, entry)


def _identifier(entry: Message) -> MessageId:
    return entry.id if isinstance(entry.id, str) else (entry.id[0], entry.id[1])


def _of_entry(identifier: MessageId, entry: Message) -> Iterator[str]:
    english = (identifier,) if isinstance(identifier, str) else identifier
    arabic = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
    if entry.fuzzy:
        yield f"marked fuzzy: {identifier!r}"
    if len(arabic) != (1 if isinstance(identifier, str) else 6) or not all(arabic):
        yield f"a form is missing: {identifier!r}"
    for text in english:
        if BANNED_ENGLISH.search(text):
            yield f"a banned word: {text!r}"
    for text in arabic:
        if any(word in text for word in BANNED_ARABIC):
            yield f"a banned word: {text!r}"
    places = set().union(*(_PLACE.findall(text) for text in english))
    for at, text in enumerate(arabic):
        here = set(_PLACE.findall(text))
        counted = isinstance(identifier, str) or at in range(6)[_COUNTED_FORMS]
        if here != places and (counted or here != places - {"n"}):
            yield f"places differ: {text!r} and {identifier!r}"


def main() -> int:
    found = list(complaints(used_in_code(), arabic_catalogue()))
    for complaint in found:
        print(f"texts: {complaint}", file=sys.stderr)  # noqa: T201 - this module is a command
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
