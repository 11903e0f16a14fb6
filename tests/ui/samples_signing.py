"""Scenes of signing: the card is asked, every number of tries, a PIN that does not match, and a reader with keys."""

from __future__ import annotations

import dataclasses
import datetime

from kiosk.failures import FAILURES, Failure
from kiosk.scene import Scene, State
from kiosk.signing import Application, PinCondition, PinRules, PinState, SigningScene, no_pin_to_give
from kiosk.wire import Words
from tests.ui.samples import PERSON, known

APPLICATION = Application(
    title=Words(ar="طلب شهادة عدم محكومية", en="Application for a non-conviction certificate"),
    agency=Words(ar="وزارة العدل", en="Ministry of Justice"),
    rows=(
        (Words(ar="الغرض", en="Purpose"), Words(ar="تقديم لجهة عمل", en="For an employer")),
        (Words(ar="لغة الشهادة", en="Language"), Words(ar="العربية", en="Arabic")),
        (Words(ar="رقم الهاتف", en="Phone"), Words(ar="07 9012 3456", en="07 9012 3456")),
    ),
    reference="K7QM-2XWD",
    stated_on=datetime.date(2026, 11, 23),
    holder_ar=PERSON.name_arabic,
    holder_en=PERSON.name_latin,
    national_number=PERSON.national_number,
)
OFFICE = Words(ar="مكتب الأحوال المدنية", en="A Civil Status office")
WRONG = FAILURES[Failure.PIN_WRONG].title


def signing(
    tries: int | None = 3, *, answered: bool = True, fewest: int = 4, most: int = 12, **changes: object
) -> Scene:
    """`answered` False: the card has not said yet how its PIN stands. `tries` None: it does not tell. `fewest` and
    `most` are digits of the PIN."""
    rules = PinRules(fewest, most, OFFICE)
    condition = PinCondition.UNKNOWN if tries is None else PinCondition.READY
    scene = SigningScene(
        application=APPLICATION,
        pin=PinState(condition, rules, tries) if answered else None,
        at_reader=False,
        mistake="",
        last_try_agreed=False,
        working=not answered,
    )
    shown = dataclasses.replace(scene, **changes)  # type: ignore[arg-type]  # the tests name real fields
    return known(State.SIGNING, signing=shown, seconds=90)


def no_pin(failure: Failure) -> Scene:
    """Of a card whose PIN is blocked, or was never set."""
    told = no_pin_to_give(failure, PinRules(4, 12, OFFICE))
    return known(State.FAILED, failure=told, stopped_at=State.SIGNING, seconds=60)


SIGNING_PAGES: dict[str, Scene] = {
    "sign-asking": signing(answered=False),
    "sign": signing(),
    "sign-untold": signing(None),
    "sign-two-tries": signing(2),
    "sign-wrong": signing(2, mistake=WRONG),
    "sign-last-try": signing(1),
    "sign-last-try-wrong": signing(1, mistake=WRONG),
    "sign-last-try-agreed": signing(1, last_try_agreed=True),
    "sign-working": signing(working=True),
    "sign-at-reader": signing(at_reader=True),
    "sign-at-reader-wrong": signing(2, at_reader=True, mistake=WRONG),
    "sign-at-reader-working": signing(at_reader=True, working=True),
}
