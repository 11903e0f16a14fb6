"""Scenes of amounts that are due, each paid by itself: what they are for, why one is more, and a credit instead."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import msgspec

from kiosk.catalogue import Step
from kiosk.scene import Scene, State
from kiosk.wire import Fact, Quote, QuoteLine, Words
from tests.ui.samples import FINES, known

_NOW = datetime.datetime(2026, 11, 23, 14, 46, tzinfo=datetime.UTC)

COMPANY = Step(
    id="company",
    kind="number",
    title=Words(ar="ما الرقم الوطني للشركة؟", en="What is the company's national number?"),
    label=Words(ar="الرقم الوطني للشركة", en="Company national number"),
    most=999_999_999,
)
DUES = msgspec.structs.replace(
    FINES,
    id="companies.dues",
    title=Words(ar="تجديد رخص شركة", en="Renew company licences"),
    agency_name=Words(ar="دائرة مراقبة الشركات", en="Companies Control Department"),
    line_word="due",
    steps=(COMPANY,),
    for_others=None,
)
CREDIT = Fact(
    id="credit",
    title=Words(ar="رصيد دائن لك", en="Credit in your favour"),
    value="64250",
    words=Words(ar="64.250 د.أ", en="64.250 JD"),
)


def _due(name: str, arabic: str, english: str, fils: int, **changed: Any) -> QuoteLine:
    line = QuoteLine(
        id=name,
        title=Words(ar=arabic, en=english),
        place=Words(ar="أمانة عمّان الكبرى", en="Greater Amman Municipality"),
        occurred_on=None,
        amount_fils=fils,
        payable=True,
    )
    return msgspec.structs.replace(line, **changed)


_LATE = Words(ar="منها غرامة تأخير 4.000 د.أ", en="With a late surcharge of 4.000 JD")
_AWAITED = Words(ar="بانتظار الكشف، لا تُدفع هنا", en="Awaits inspection, not paid here")
LINES = (
    _due("trade", "رخصة المهن 2027", "Profession licence 2027", 60_000),
    _due("health", "رخصة الصحة 2026", "Health licence 2026", 44_000, reason=_LATE),
    _due("safety", "شهادة السلامة العامة", "Public safety certificate", 25_000, reason=_AWAITED, payable=False),
)
QUOTE = Quote(
    quote=UUID("01936f2e-0000-7000-8000-0000000000d1"),
    agency="traffic",
    service=DUES.id,
    fields={"company": "200012345", "national_number": "9000000001"},
    issued_at=_NOW,
    expires_at=_NOW + datetime.timedelta(minutes=15),
    lines=LINES,
    provisional=True,
)


def _owed(state: State, quote: Quote = QUOTE, picked: tuple[str, ...] = ("trade", "health")) -> Scene:
    return known(
        state,
        service=DUES,
        answers=((COMPANY, "200012345"),),
        quote=quote,
        picked=picked,
        total_fils=sum(line.amount_fils for line in quote.lines if line.id in picked),
        step_number=2,
        step_count=2,
        seconds=90,
    )


DUE_PAGES: dict[str, Scene] = {
    "due": _owed(State.QUOTE),
    "due-none": _owed(State.QUOTE, msgspec.structs.replace(QUOTE, lines=(), facts=(CREDIT,)), ()),
    "due-elsewhere": _owed(State.QUOTE, msgspec.structs.replace(QUOTE, lines=LINES[2:]), ()),
    "due-check": _owed(State.CHECK_ANSWERS),
}
