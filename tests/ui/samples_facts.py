"""A licence that is renewed: one fee, and beside it what the agency goes by."""

from __future__ import annotations

import datetime
from uuid import UUID

from kiosk.scene import Scene, State
from kiosk.wire import Fact, Quote, QuoteLine, Words
from tests.ui.samples import LICENCE, known

_NOW = datetime.datetime(2026, 11, 23, 14, 46, tzinfo=datetime.UTC)


def _fact(name: str, title: Words, arabic: str, english: str) -> Fact:
    return Fact(id=name, title=title, value=english, words=Words(ar=arabic, en=english))


FACTS = (
    _fact("until", Words(ar="تُجدد حتى", en="Renewed until"), "14/12/2027", "14/12/2027"),
    _fact("vehicle", Words(ar="نوع المركبة", en="Kind of vehicle"), "سيارة دفع رباعي، 2025", "Off-road car, 2025"),
    _fact("grade", Words(ar="فئة الرسم", en="Fee class"), "القيمة حتى 25 ألف دينار", "Value up to 25,000 JD"),
    _fact(
        "in_order",
        Words(ar="الشروط", en="In order"),
        "مستوفاة: الفحص والتأمين، ولا مخالفات",
        "Inspection, insurance, no fines",
    ),
)
QUOTE = Quote(
    quote=UUID("01936f2e-0000-7000-8000-0000000000e1"),
    agency="licensing",
    service=LICENCE.id,
    fields={"plate": "25-31400", "national_number": "9000000001"},
    issued_at=_NOW,
    expires_at=_NOW + datetime.timedelta(minutes=15),
    lines=(
        QuoteLine(
            id="annual",
            title=Words(ar="رسم الترخيص لسنة", en="Licence fee for a year"),
            place=None,
            occurred_on=None,
            amount_fils=93_750,
            payable=True,
            reason=Words(ar="أقل بنسبة 25% للمركبة الهجينة", en="25% less for a hybrid"),
        ),
    ),
    facts=FACTS,
    provisional=True,
)
ANSWERS = ((LICENCE.steps[0], "25-31400"),)

FACT_PAGES: dict[str, Scene] = {
    "facts-check": known(
        State.CHECK_ANSWERS,
        service=LICENCE,
        answers=ANSWERS,
        quote=QUOTE,
        picked=("annual",),
        total_fils=93_750,
        seconds=90,
    )
}
