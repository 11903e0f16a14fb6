"""Texts in the person's language: gettext catalogues, Arabic first, and the one formatter of everything in them.

Message ids are the English texts. Inside an Arabic text, ids, plates, dates and amounts are wrapped in Unicode
isolates (UAX #9, U+2066 to U+2069), or the bidirectional algorithm would show `12-34567` as `34567-12`.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from kiosk.money import dinars
from kiosk.set_up import SetUpMistake
from kiosk.wire import Words

Language = Literal["ar", "en"]

TRANSLATIONS: Final = Path(__file__).parent.parent / "assets" / "translations"
DOMAIN: Final = "kiosk"
LEGAL_TIME: Final = ZoneInfo("Asia/Amman")

_LRI, _RLI, _PDI = "\u2066", "\u2067", "\u2069"
_ISOLATES = re.compile("[\u2066-\u2069]")
_NO_BREAK_SPACE = "\u00a0"
_CURRENCY: Final[Mapping[Language, str]] = {"ar": "د.أ", "en": "JD"}
_UNKNOWN = "\u2013"


def message(text: str) -> str:
    """Marks a message id that stands in a table or a constant, so that the catalogue's check finds it."""
    return text


def plural_message(one: str, many: str) -> tuple[str, str]:
    """As `message`, of the two ids that `Texts.plural` takes."""
    return one, many


def without_isolates(text: str) -> str:
    """The text as it is stored, copied or compared: without the marks that only a screen or a paper needs."""
    return _ISOLATES.sub("", text)


def isolated(value: str, language: Language) -> str:
    """Any value whose own direction differs from the language's, set apart from the text around it."""
    if value.startswith((_LRI, _RLI)) or not value:
        return value
    arabic = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in value)
    if language == "ar":
        return value if arabic else f"{_LRI}{value}{_PDI}"
    return f"{_RLI}{value}{_PDI}" if arabic else value


def amount_text(fils: int, language: Language) -> str:
    """`12.500 JD`; in Arabic the number is read first and the unit follows on its left."""
    if language == "en":
        return f"{dinars(fils)}{_NO_BREAK_SPACE}{_CURRENCY[language]}"
    return f"{_RLI}{_LRI}{dinars(fils)}{_PDI}{_NO_BREAK_SPACE}{_CURRENCY[language]}{_PDI}"


def date_text(day: date, language: Language) -> str:
    """23/11/2026. Of a point in time, the day in Jordan."""
    if isinstance(day, datetime):
        day = day.astimezone(LEGAL_TIME).date()
    return isolated(f"{day.day:02d}/{day.month:02d}/{day.year:04d}", language)


class TextsMissing(SetUpMistake):
    """The compiled catalogue is not there; the message says what to run."""


class Texts:
    """All texts of one language. Calling it gives the text of a message id, its places filled."""

    def __init__(self, language: Language, folder: Path = TRANSLATIONS) -> None:
        """Raises TextsMissing where set-up has not compiled the catalogue. English is the message ids themselves."""
        self.language: Final = language
        self._catalogue: gettext.NullTranslations = gettext.NullTranslations()
        if language == "ar":
            try:
                self._catalogue = gettext.translation(DOMAIN, folder, [language])
            except OSError as error:
                raise TextsMissing(f"no {language} texts are compiled in {folder}: run `make setup`") from error

    def __call__(self, msgid: str, **values: str | int) -> str:
        """The text of `msgid`. A place without a value shows a dash: a customer must never meet a traceback."""
        return self._fill(self._catalogue.gettext(msgid), values)

    def plural(self, one: str, many: str, count: int, **values: str | int) -> str:
        """The form for `count`, which also fills the place {n}."""
        return self._fill(self._catalogue.ngettext(one, many, count), {"n": count, **values})

    def of(self, words: Words) -> str:
        """A text that is data, from a service's file or an agency."""
        return words.ar if self.language == "ar" else words.en

    @property
    def currency(self) -> str:
        return _CURRENCY[self.language]

    def number(self, fils: int) -> str:
        """`12.500`, for a column in which the currency stands by itself."""
        return self.isolated(dinars(fils))

    def amount(self, fils: int) -> str:
        return amount_text(fils, self.language)

    def date(self, day: date) -> str:
        return date_text(day, self.language)

    def time(self, moment: datetime) -> str:
        """17:46, legal time in Jordan, of an aware point in time."""
        return self.isolated(f"{moment.astimezone(LEGAL_TIME):%H:%M}")

    def date_time(self, moment: datetime) -> str:
        """Day and time; each is isolated by itself, so that an Arabic line reads the day first."""
        return f"{self.date(moment)} {self.time(moment)}"

    def masked(self, national_number: str) -> str:
        """••••••4821: the last four digits only."""
        hidden = "\u2022" * max(len(national_number) - 4, 0)
        return self.isolated(hidden + national_number[-4:] if hidden else "\u2022" * len(national_number))

    def plate(self, value: str) -> str:
        """12-34567, as it stands on the vehicle."""
        return self.isolated(value)

    def isolated(self, value: str) -> str:
        return isolated(value, self.language)

    def _fill(self, text: str, values: Mapping[str, str | int]) -> str:
        filled = {name: self.isolated(value) if isinstance(value, str) else value for name, value in values.items()}
        return text.format_map(_Places(filled)) if "{" in text else text


class _Places(dict[str, "str | int"]):
    def __missing__(self, key: str) -> str:
        return _UNKNOWN
