"""The technician's report: what was found, what is in force, which versions; for the screen, `diagnose` and a file.

It holds no personal data: checks measure parts, settings name places, and neither knows a person.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from kiosk.diagnostics import Finding
from kiosk.facts import Fact
from kiosk.texts import without_isolates
from kiosk.wire import Words

MAY_BE_INCOMPLETE: Final = Words(
    ar="ما في هذا التقرير صحيح وقت كتابته، وقد لا يكون كاملًا.",
    en="What this report says held when it was written. It may be incomplete.",
)

REPORTS: Final = "reports"
"""The folder, beside the ledger, that reports are saved in."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A check that had not ended has no finding. Times are UTC."""

    terminal: str
    made_at: datetime
    note: Words = MAY_BE_INCOMPLETE
    findings: tuple[Finding, ...]
    settings: tuple[Fact, ...]
    versions: tuple[Fact, ...]


def encode(report: Report) -> str:
    """Indented JSON, without the marks that only a screen or a paper needs."""
    return without_isolates(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())


def save(report: Report, state: Path) -> Path:
    """Writes it whole or not at all, readable by the terminal's own user only; the file's path. Raises OSError."""
    folder = state / REPORTS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"diagnosis-{report.terminal}-{report.made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
    begun = file.with_suffix(".part")
    with os.fdopen(os.open(begun, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
        stream.write(encode(report) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    begun.replace(file)
    return file
