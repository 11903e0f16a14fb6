"""The technician's checks: each runs alone, and a check that fails becomes a value that never hides the others.

Everything is said in both languages, because a technician may read one and pass the other on by telephone. Nothing
here is personal: a check measures parts, never people.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec

from kiosk.ports import Clock
from kiosk.texts import Language, isolated
from kiosk.wire import Words


class Health(enum.StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    NOT_REACHED = "not_reached"  # only of a step: an earlier one ended the check


class Group(enum.StrEnum):
    """What a check belongs to; the order is that of every list."""

    CARD = "card"
    PRINTING = "printing"
    NETWORK = "network"
    LEDGER = "ledger"
    DATA = "data"
    MACHINE = "machine"


GROUP_TITLES: Final[Mapping[Group, Words]] = {
    Group.CARD: Words(ar="البطاقة", en="Card"),
    Group.PRINTING: Words(ar="الطباعة والدفع", en="Printing and payment"),
    Group.NETWORK: Words(ar="الشبكة", en="Network"),
    Group.LEDGER: Words(ar="السجل والقرص", en="Ledger and disk"),
    Group.DATA: Words(ar="البيانات", en="Data"),
    Group.MACHINE: Words(ar="الحاسوب", en="Machine"),
}


class StepFound(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a check that goes through several, such as name, connection, secure channel."""

    title: Words
    health: Health
    value: Words


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one check found: a state, the measured value beside its limit, and the next step.

    `value` is a short line for the table. `meaning` says what follows for the people who are served; `code` is the
    support code of the failure that they would see.
    """

    health: Health
    value: Words
    limit: Words | None = None
    meaning: Words | None = None
    next_step: Words | None = None
    steps: tuple[StepFound, ...] = ()
    code: str = ""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One named check. `run` takes no argument, may block and may raise anything."""

    id: str
    group: Group
    title: Words
    run: Callable[[], Measured]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found, when it ended (UTC), and how long it took."""

    id: str
    group: Group
    title: Words
    measured: Measured
    at: datetime
    milliseconds: int


class Examination:
    """The checks of one terminal: the screen, the command line and the saved report all ask this list."""

    def __init__(self, checks: tuple[Check, ...], clock: Clock) -> None:
        self.checks: Final = tuple(sorted(checks, key=lambda check: tuple(Group).index(check.group)))
        self._clock = clock

    def run(self, check: Check) -> Finding:
        """Runs one check, on any thread; never raises."""
        began = time.monotonic()
        try:
            measured = check.run()
        except Exception as error:  # a failed check is a value (its kind only: texts of errors may hold data)
            measured = Measured(
                health=Health.BAD,
                value=told("انتهى الفحص بسبب {kind}", "the check ended with {kind}", kind=type(error).__name__),
                next_step=CALL_CENTRE,
            )
        return Finding(
            id=check.id,
            group=check.group,
            title=check.title,
            measured=measured,
            at=self._clock.now(),
            milliseconds=round((time.monotonic() - began) * 1000),
        )

    def findings(self) -> Iterator[Finding]:
        """Runs the checks one after another, in the order of their groups, and yields each finding as it is there."""
        return map(self.run, self.checks)


CALL_CENTRE: Final = Words(ar="اتصل بالمركز واذكر هذه النتيجة", en="Call the centre and name this result")
OFFLINE_SERVES: Final = Words(
    ar="تستمر الخدمة دون اتصال ضمن الحدود. لا يضيع شيء.",
    en="People are still served offline, within the limits. Nothing is lost.",
)


# ---------------------------------------------------------------- saying what was measured


def told(arabic: str, english: str, **values: object) -> Words:
    """Both languages with the same values in their places, each set apart from the text around it (UAX #9). A value
    that is `Words` already stands in its own language."""
    return Words(ar=_filled(arabic, "ar", values), en=_filled(english, "en", values))


def same(value: object) -> Words:
    """A value that is written alike in both languages: a name, a size, a version."""
    return told("{value}", "{value}", value=value)


def counted(count: int, arabic: tuple[str, str, str, str], english: tuple[str, str]) -> Words:
    """`count` with its noun: in Arabic one, two, 3 to 10, and 11 to 99 and more (CLDR's forms; {n} is the number);
    in English one and more."""
    last = count % 100
    form = 0 if count == 1 else 1 if count == 2 else 2 if 3 <= last <= 10 else 3
    return told(arabic[form], english[0 if count == 1 else 1], n=count)


def milliseconds(count: float) -> Words:
    return told("{n}\u00a0م.ث", "{n}\u00a0ms", n=round(count))


def seconds(count: float, digits: int = 1) -> Words:
    return told("{n}\u00a0ث", "{n}\u00a0s", n=f"{count:.{digits}f}")


def gigabytes(size: int) -> Words:
    """`size` in bytes, in units of 10^9."""
    return told("{n}\u00a0غ.ب", "{n}\u00a0GB", n=f"{size / 1e9:.1f}")


DAYS: Final = ("يوم واحد", "يومان", "{n} أيام", "{n} يومًا"), ("{n} day", "{n} days")
MINUTES: Final = ("دقيقة واحدة", "دقيقتان", "{n} دقائق", "{n} دقيقة"), ("{n} min", "{n} min")


def joined(*parts: Words) -> Words:
    """One after another, with commas."""
    return Words(ar="، ".join(part.ar for part in parts), en=", ".join(part.en for part in parts))


def worst(steps: tuple[StepFound, ...]) -> Health:
    """A step that was not reached says nothing of its own."""
    found = {step.health for step in steps}
    return next((health for health in (Health.BAD, Health.WARNING) if health in found), Health.GOOD)


def at_least(amount: Words) -> Words:
    return told("{amount} على الأقل", "at least {amount}", amount=amount)


def at_most(amount: Words) -> Words:
    return told("{amount} على الأكثر", "at most {amount}", amount=amount)


def _filled(text: str, language: Language, values: Mapping[str, object]) -> str:
    return text.format(**{name: _in(language, value) for name, value in values.items()})


def _in(language: Language, value: object) -> str:
    if isinstance(value, Words):
        return value.ar if language == "ar" else value.en
    return isolated(str(value), language)
