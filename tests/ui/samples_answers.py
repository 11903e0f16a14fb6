"""Scenes of every kind of question beside choice and plate, with what an agency told, and with what is to be put
right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from kiosk import forms
from kiosk.catalogue import Option, Step
from kiosk.pricing import quote_of
from kiosk.scene import Scene, State
from kiosk.wire import Fact, Words
from tests.ui.samples import BOX, known

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
_STEPS = {step.id: step for step in BOX.steps}
PAID_UNTIL = Fact(
    id="paid_until",
    title=Words(ar="مدفوع حتى", en="Paid until"),
    value="2026-12-31",
    words=Words(ar="31/12/2026", en="31/12/2026"),
)
_LEAST = Fact(id="least", title=Words(ar="أقل أجر", en="Least wage"), value="290000")
_MOST = Fact(id="most", title=Words(ar="أعلى أجر", en="Greatest wage"), value="1914000")

WAGE = Step(
    id="wage",
    kind="amount",
    title=Words(ar="ما الأجر الذي تشترك على أساسه؟", en="On which wage do you subscribe?"),
    label=Words(ar="الأجر", en="Wage"),
    least_by="least",
    most_by="most",
)
BIRTH = Step(
    id="since",
    kind="date",
    title=Words(ar="متى بدأت عملك الحالي؟", en="When did your present work begin?"),
    hint=Words(ar="اليوم ثم الشهر ثم السنة", en="Day, month, year"),
    label=Words(ar="بداية العمل", en="Since"),
    most=0,
)
PHONE = Step(
    id="phone",
    kind="phone",
    optional=True,
    title=Words(ar="إلى أي رقم نرسل رسالة؟", en="To which number do we send a message?"),
    label=Words(ar="الهاتف", en="Phone"),
)
ADDRESS = Step(
    id="address",
    kind="text",
    title=Words(ar="إلى أي عنوان تُرسل الشهادة؟", en="To which address is the certificate sent?"),
    hint=Words(ar="الحي والشارع ورقم البناء", en="Quarter, street and number of the building"),
    label=Words(ar="العنوان", en="Address"),
)
DECLARATION = Step(
    id="declaration",
    kind="declaration",
    title=Words(ar="أقرّ بما يلي", en="I declare the following"),
    label=Words(ar="الإقرار", en="Declaration"),
    statement=Words(
        ar="لست خاضعًا لتأمين آخر، ولا أتقاضى راتبًا تقاعديًا. أعلم أن الاشتراك يُلغى إن كان ذلك غير صحيح.",
        en="I am not insured otherwise, and I receive no pension. I know that the subscription ends if this is not so.",
    ),
)


def asked(step: Step, typed: str = "", mistake: str = "", **changes: Any) -> Scene:
    scene: dict[str, Any] = {"service": BOX, "step": step, "step_number": 2, "step_count": 4, "seconds": 90}
    return known(State.STEPS, **{**scene, "typed": typed, "mistake": mistake, **changes})


def priced() -> Scene:
    """Medium, two years; its handling is waived."""
    quote = quote_of(BOX, {"size": "medium", "years": "2"}, UUID(int=9), NOW, "kiosk")
    answers = ((_STEPS["box"], "1234"), (_STEPS["size"], "medium"), (_STEPS["years"], "2"))
    scene: dict[str, Any] = {"service": BOX, "answers": answers, "quote": quote, "total_fils": 50_000, "seconds": 90}
    return known(State.CHECK_ANSWERS, **scene, picked=tuple(line.id for line in quote.lines))


_GOVERNORATES = (
    ("amman", "العاصمة", "Amman"),
    ("balqa", "البلقاء", "Balqa"),
    ("zarqa", "الزرقاء", "Zarqa"),
    ("madaba", "مادبا", "Madaba"),
    ("irbid", "إربد", "Irbid"),
    ("mafraq", "المفرق", "Mafraq"),
    ("jerash", "جرش", "Jerash"),
    ("ajloun", "عجلون", "Ajloun"),
    ("karak", "الكرك", "Karak"),
    ("tafilah", "الطفيلة", "Tafilah"),
    ("maan", "معان", "Ma'an"),
    ("aqaba", "العقبة", "Aqaba"),
)
GOVERNORATE = Step(
    id="governorate",
    kind="choice",
    title=Words(ar="في أي محافظة؟", en="In which governorate?"),
    label=Words(ar="المحافظة", en="Governorate"),
    options=tuple(Option(id=name, title=Words(ar=arabic, en=english)) for name, arabic, english in _GOVERNORATES),
)
ANSWER_PAGES: dict[str, Scene] = {
    "check-priced": priced(),
    "answer-number": asked(_STEPS["box"], "1234"),
    "answer-number-wrong": asked(_STEPS["years"], "", forms.ENTER_WHOLE_NUMBER),
    "answer-known": asked(_STEPS["size"], "medium", facts=(PAID_UNTIL,)),
    "answer-amount": asked(WAGE, "350.5", facts=(_LEAST, _MOST)),
    "answer-amount-wrong": asked(WAGE, "1", forms.ENTER_MORE, facts=(_LEAST, _MOST)),
    "answer-date": asked(BIRTH, "0109202"),
    "answer-phone": asked(PHONE, "0790123456"),
    "answer-many": asked(GOVERNORATE, "zarqa"),
    "answer-text": asked(ADDRESS, "الكرك، المرج، شارع"),
    "answer-text-wrong": asked(ADDRESS, "", forms.ENTER_TEXT),
    "answer-declaration": asked(DECLARATION),
    "answer-declaration-wrong": asked(DECLARATION, "", forms.AGREE_FIRST),
}
