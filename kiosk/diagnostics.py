"""The technician's checks: each runs alone, and a check that fails becomes a value that never hides the others."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterable

import msgspec

from kiosk.wire import Words


class Health(enum.StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found: a state, the measured value with its limit, and the next step in both languages."""

    health: Health
    value: str
    limit: str = ""
    next_step: Words | None = None


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One named check. `run` takes no argument and may raise anything."""

    id: str
    title: Words
    run: Callable[[], Measured]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: Words
    measured: Measured
    milliseconds: int


def examine(checks: Iterable[Check]) -> Iterable[Finding]:
    """Runs the checks one after another and yields each finding as soon as it is there."""
    for check in checks:
        began = time.monotonic()
        try:
            measured = check.run()
        except Exception as error:  # a failed check is a value (its kind only: texts of errors may hold data)
            measured = Measured(health=Health.BAD, value=type(error).__name__)
        yield Finding(
            id=check.id,
            title=check.title,
            measured=measured,
            milliseconds=round((time.monotonic() - began) * 1000),
        )
