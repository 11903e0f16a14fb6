"""Scenes of a subscription: only what is open is offered, and what comes of a change that costs nothing."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from kiosk.scene import Scene, State
from kiosk.transaction import PaymentMethod
from kiosk.wire import Fact, Quote, Words
from tests.ui.samples import SUBSCRIPTION, known

_NOW = datetime.datetime(2026, 11, 23, 14, 46, tzinfo=datetime.UTC)
ACTION, WAGE, _ = SUBSCRIPTION.steps


def _fact(identifier: str, arabic: str, english: str, value: str, *words: str) -> Fact:
    said = Words(ar=words[0], en=words[-1]) if words else None
    return Fact(id=identifier, title=Words(ar=arabic, en=english), value=value, words=said)


_ON_FILE = (
    _fact("standing", "الاشتراك", "Subscription", "active", "مدفوع حتى نهاية 08/2026", "Paid to the end of 08/2026"),
    _fact("wage", "الأجر الحالي", "Present wage", "350000", "350.000 د.أ", "350.000 JD"),
    _fact("due", "المستحق الآن", "Due now", "124338", "124.338 د.أ", "124.338 JD"),
    _fact("actions", "الإجراءات", "Actions", "pay stop"),
)
_CHANGED = Quote(
    quote=UUID("01936f2e-0000-7000-8000-0000000000d2"),
    agency="social_security",
    service=SUBSCRIPTION.id,
    fields={"national_number": "9000000001"},
    issued_at=_NOW,
    expires_at=_NOW + datetime.timedelta(minutes=15),
    lines=(),
    provisional=True,
    facts=(
        _fact("contribution", "الاشتراك الجديد", "New contribution", "61250", "61.250 د.أ", "61.250 JD"),
        _fact("from", "ابتداءً من شهر", "From the month", "2026-11", "11/2026"),
    ),
)


def changed(state: State, **moment: Any) -> Scene:
    """That moment of a change of the wage, which is free and accepted at once."""
    answers = ((ACTION, "change"), (WAGE, "350000"))
    scene: dict[str, Any] = {"service": SUBSCRIPTION, "answers": answers, "quote": _CHANGED, "seconds": 90}
    return known(state, **{**scene, "method": PaymentMethod.NONE, **moment})


SUBSCRIPTION_PAGES: dict[str, Scene] = {
    "open-options": known(
        State.STEPS, service=SUBSCRIPTION, step=ACTION, step_number=1, typed="pay", facts=_ON_FILE, seconds=90
    ),
    "check-changed": changed(State.CHECK_ANSWERS),
}
