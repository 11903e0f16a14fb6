"""Scenes at customs: a code that is proposed or typed, its value, and a declaration of which nothing is payable yet."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from kiosk import forms
from kiosk.catalogue import Step
from kiosk.scene import Scene, State
from kiosk.wire import Fact, Quote, QuoteLine, Words
from tests.ui.samples import IMPORTS, PARCEL, known

_NOW = datetime.datetime(2026, 11, 23, 14, 46, tzinfo=datetime.UTC)
NUMBER = "CP204177335DE"
_STEPS = {step.id: step for step in PARCEL.steps}


def _fact(name: str, arabic: str, english: str, value: str, *words: str) -> Fact:
    said = Words(ar=words[0], en=words[-1]) if words else None
    return Fact(id=name, title=Words(ar=arabic, en=english), value=value, words=said)


_WAITS = (
    _fact("parcel", "رقم الطرد", "Parcel number", NUMBER),
    _fact(
        "waits",
        "طرد ينتظرك",
        "A parcel waits for you",
        "2026-11-20",
        "متجر إلكتروني، ألمانيا، منذ 20/11/2026",
        "Online shop, Germany, since 20/11/2026",
    ),
)
_SENT = (
    _fact("sender", "المرسل", "Sender", "Shop", "متجر إلكتروني، ألمانيا", "Online shop, Germany"),
    _fact("contents", "المحتوى", "Contents", "Clothes", "ملابس أطفال", "Children's clothes"),
    _fact("declared", "القيمة كما كتبها المرسل", "Value, as the sender wrote it", "84500"),
)
_INSPECTED = Quote(
    quote=UUID("01936f2e-0000-7000-8000-0000000000f1"),
    agency="customs",
    service=IMPORTS.id,
    fields={"national_number": "9000000001"},
    issued_at=_NOW,
    expires_at=_NOW + datetime.timedelta(minutes=15),
    lines=(
        QuoteLine(
            id="28415:inspection",
            title=Words(ar="الرسوم", en="Duties"),
            place=None,
            occurred_on=None,
            amount_fils=0,
            payable=False,
            reason=Words(
                ar="قيد المعاينة منذ 22/11/2026، ولا يُدفع شيء قبل تحديد الرسوم. للسؤال: مركز جمرك جابر",
                en="Under inspection since 22/11/2026. Nothing is payable before it is assessed. Ask Jaber customs",
            ),
        ),
    ),
    facts=(
        _fact("declaration", "رقم البيان", "Declaration number", "28415"),
        _fact("contents", "البضاعة", "Goods", "Spare parts", "قطع غيار", "Spare parts"),
        _fact("stands", "حالة البيان", "How it stands", "inspection", "قيد المعاينة", "Under inspection"),
    ),
    provisional=True,
)


def asked(step: Step, typed: str, **changes: Any) -> Scene:
    scene: dict[str, Any] = {"service": PARCEL, "step": step, "step_number": 1, "seconds": 90, "facts": _WAITS}
    return known(State.STEPS, **{**scene, "typed": typed, **changes})


CUSTOMS_PAGES: dict[str, Scene] = {
    "code-proposed": asked(_STEPS["parcel"], NUMBER, proposed=NUMBER),
    "code-typed": asked(_STEPS["parcel"], "cp2041", proposed=NUMBER),
    "code-unknown": asked(_STEPS["parcel"], "", facts=()),
    "code-wrong": asked(_STEPS["parcel"], "cp2041", mistake=forms.ENTER_LONGER),
    "value-proposed": asked(_STEPS["value"], "84.5", proposed="84.5", facts=_SENT, step_number=2, step_count=3),
    "not-payable-yet": known(
        State.QUOTE,
        service=IMPORTS,
        answers=((IMPORTS.steps[0], "mine"),),
        quote=_INSPECTED,
        step_number=1,
        step_count=1,
        seconds=90,
    ),
}
