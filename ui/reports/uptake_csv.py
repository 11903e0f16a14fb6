"""The use of the services as CSV: a line for each month, office, channel and service, for spreadsheets and programs."""

from __future__ import annotations

import csv
import io
from typing import Final

from kiosk.uptake import Outcome
from kiosk.uptake_report import Row, UptakeReport

COLUMNS: Final = (
    "month",
    "office_en",
    "office_ar",
    "channel",
    "service",
    "started",
    "finished",
    "left",
    "failed",
    "kept",
    "finished_percent",
    "median_seconds",
    "median_taps",
    "rated",
    "satisfied_percent",
    "most_left_at",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def uptake_csv(report: UptakeReport) -> bytes:
    """UTF-8 with a byte order mark, without which a spreadsheet shows Arabic as noise. What too few people stand behind
    is an empty field."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    table.writerows([_harmless(field) for field in _fields(row)] for row in report.rows)
    return text.getvalue().encode("utf-8-sig")


def _fields(row: Row) -> tuple[str | int | None, ...]:
    tally = row.tally
    outcomes = (tally.outcomes.get(outcome, 0) for outcome in (Outcome.LEFT, Outcome.FAILED, Outcome.KEPT))
    return (
        row.month,
        row.office.en,
        row.office.ar,
        row.channel.value,
        row.service,
        tally.started,
        tally.finished,
        *outcomes,
        tally.finished_percent,
        tally.seconds,
        tally.taps,
        tally.rated,
        tally.satisfied_percent,
        row.stop,
    )


def _harmless(field: str | int | None) -> str | int | None:
    """A spreadsheet would run a name that begins like a formula."""
    return f"'{field}" if isinstance(field, str) and field.startswith(_FORMULA) else field
