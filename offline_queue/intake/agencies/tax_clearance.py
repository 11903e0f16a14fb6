"""A clearance at the sandbox tax department: when it is refused, when it is issued, and what its document says.

Delays and validity are provisional, and so is the form of the check number: that a clearance carries one by which
anybody can verify it is public, nothing more.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from kiosk.texts import LEGAL_TIME
from kiosk.wire import Fact, Words
from offline_queue.intake.agencies.issuing import Asked, Written

SERVICE: Final = "tax.clearance"

PURPOSES: Final = {
    "tender": Words(ar="عطاء أو مناقصة", en="Tender"),
    "bank": Words(ar="بنك أو تمويل", en="Bank or loan"),
    "sale": Words(ar="بيع أو نقل ملكية", en="Sale or transfer"),
    "official": Words(ar="معاملة رسمية أخرى", en="Another official use"),
}


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the department looks at a request, and for how long a clearance then holds."""

    issue_seconds: float
    valid_days: int


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One that was accepted. `holder` is the national number or the tax number that it is about."""

    transaction: UUID
    holder: str
    purpose: str
    requested_at: datetime


def issued_at(request: Request, terms: Terms) -> datetime:
    return request.requested_at + timedelta(seconds=terms.issue_seconds)


def is_open(request: Request, terms: Terms, now: datetime) -> bool:
    """Requested, and not yet issued."""
    return now < issued_at(request, terms)


def check_number(transaction: UUID) -> str:
    """Twelve digits in groups of four; the same for the same request, whenever it is asked for."""
    digits = f"{int.from_bytes(hashlib.sha256(transaction.bytes).digest()) % 10**12:012d}"
    return " ".join(digits[at : at + 4] for at in range(0, 12, 4))


def asked(request: Request, terms: Terms) -> Asked:
    return Asked(
        service=SERVICE,
        since=request.requested_at,
        ready_at=issued_at(request, terms),
        at_work=Words(ar="الطلب قيد التدقيق لدى الدائرة", en="The Department is looking at the request"),
        issued=Words(ar="صدرت براءة الذمة", en="The clearance is issued"),
    )


def written(request: Request, terms: Terms) -> Written:
    """What stands on the clearance. A number by which anybody can check it is on it, as the public form has it."""
    issued = issued_at(request, terms).astimezone(LEGAL_TIME).date()
    purpose = PURPOSES[request.purpose]
    facts = (
        Fact(
            id="check_number",
            title=Words(ar="رقم التحقق الإلكتروني", en="Electronic check number"),
            value=check_number(request.transaction),
        ),
        Fact(id="holder", title=Words(ar="رقم المكلّف", en="Taxpayer's number"), value=request.holder),
        Fact(id="purpose", title=Words(ar="الغرض", en="Purpose"), value=request.purpose, words=purpose),
        _day("issued_on", Words(ar="تاريخ الإصدار", en="Issued on"), issued),
        _day("valid_until", Words(ar="سارية حتى", en="Valid until"), issued + timedelta(days=terms.valid_days)),
    )
    return Written(
        title=Words(ar="براءة ذمة ضريبية", en="Tax clearance"),
        issuer=Words(ar="دائرة ضريبة الدخل والمبيعات (تجريبية)", en="Income and Sales Tax Department (sandbox)"),
        statement=Words(ar="لا مبالغ مستحقة على المكلّف", en="Nothing is due from the taxpayer"),
        facts=facts,
        holder=request.holder,
    )


def _day(name: str, title: Words, day: date) -> Fact:
    shown = f"{day:%d/%m/%Y}"
    return Fact(id=name, title=title, value=day.isoformat(), words=Words(ar=shown, en=shown))
