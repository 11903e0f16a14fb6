"""Every failure's page, drawn from the table in both languages: those that the virtual parts cannot provoke too."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from PySide6.QtGui import QImage

from kiosk.failures import Failure, Money, ServiceFailure
from kiosk.scene import Scene, State
from kiosk.texts import Language
from ui.look import Panel, Presentation
from ui.preview import preview

_MONEY = {
    Failure.PAYMENT_UNKNOWN: Money.UNKNOWN,
    Failure.PAYMENT_LATE: Money.UNKNOWN,
    Failure.NOT_SAVED: Money.RETURNED,
    Failure.RECEIPT_NOT_PRINTED: Money.COMMITTED,
    Failure.PRINTER_OUT_OF_PAPER: Money.COMMITTED,
    Failure.PRINTER_COVER_OPEN: Money.COMMITTED,
    Failure.PRINTER_SILENT: Money.COMMITTED,
    Failure.PRINTER_JAM: Money.COMMITTED,
    Failure.LINE_LOST_SENDING: Money.COMMITTED,
}
_VALUES = {
    "agency": {"ar": "إدارة السير", "en": "Traffic Department"},
    "service": {"ar": "مخالفات السير", "en": "Traffic fines"},
    "reason": {"ar": "قيد تصحيح", "en": "correction"},
}
_AMOUNT_FILS = 42_500


def pages(panel: Panel, languages: tuple[Language, ...] = ("ar", "en")) -> Iterator[tuple[str, QImage]]:
    """A name and a picture for each failure of the closed list."""
    for failure in Failure:
        for language in languages:
            name = f"{failure.value}-{failure.name.lower().replace('_', '-')}-{language}"
            yield name, preview(_scene(failure, language), panel, Presentation(language))


def _scene(failure: Failure, language: Language) -> Scene:
    values = {name: words[language] for name, words in _VALUES.items()}
    values |= {"date": "16/05/2026", "time": "17:46", "tries": "2", "minutes": "12", "limit": "50.000"}
    values |= {"number": "KRK3-000482", "reference": "K7QM-2XWD"}
    told = ServiceFailure(failure, words_ar="لا مركبة بهذا الرقم", words_en="No vehicle has this number", **values)
    return Scene(
        State.FAILED,
        visit=1,
        failure=told,
        money=_MONEY.get(failure, Money.NOTHING),
        total_fils=_AMOUNT_FILS,
        seconds=int(datetime.timedelta(minutes=1).total_seconds()),
    )
