"""What becomes of a request at the sandbox Ministry of Justice: looked at, issued or rejected; and its certificate.

Every step is a pure function of when the request was taken and of how long a request is open; none of it is the
Ministry's own way, which is not public.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from kiosk.my_requests import RequestState
from kiosk.texts import LEGAL_TIME
from kiosk.wire import Fact, Words
from offline_queue.intake.agencies import Progress
from offline_queue.intake.agencies.issuing import Written

_LOOKED_AT: Final = Words(ar="الطلب قيد التدقيق لدى المحكمة", en="A court is looking at the request")
_ISSUED: Final = Words(ar="صدرت الشهادة", en="The certificate is issued")
_REJECTED: Final = Words(
    ar="لا تصدر الشهادة إلكترونيًا. راجع المحكمة ومعك هويتك",
    en="The certificate cannot be issued this way. Go to the court with your identity card",
)
_RETURNED: Final = Words(
    ar="يُردّ الرسم من المحكمة عند إبراز الإيصال", en="The court gives the fee back when the receipt is shown"
)

_TITLE: Final = Words(ar="شهادة عدم محكومية", en="Non-conviction certificate")
_ISSUER: Final = Words(ar="وزارة العدل (تجريبية)", en="Ministry of Justice (sandbox)")
_STATEMENT: Final = Words(ar="لا أحكام مسجّلة بحق صاحب الشهادة", en="No conviction of the holder is on record")
_NAME: Final = Words(ar="الاسم", en="Name")
_NATIONAL_NUMBER: Final = Words(ar="الرقم الوطني", en="National number")
_DATE: Final = Words(ar="تاريخ الإصدار", en="Issued on")


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was accepted: when, until when it is open, and whether something is on record."""

    applied_at: datetime
    open_until: datetime
    on_record: bool

    @property
    def is_issued(self) -> bool:
        return not self.on_record


def progress(request: Applied, now: datetime) -> tuple[Progress, ...]:
    """Every state so far, the oldest first. Half of the time nobody has begun with it."""
    half = (request.open_until - request.applied_at) / 2
    steps = [
        Progress(state=RequestState.REQUESTED, since=request.applied_at),
        Progress(state=RequestState.IN_PROGRESS, since=request.applied_at + half, words=_LOOKED_AT),
    ]
    if request.is_issued:
        steps.append(Progress(state=RequestState.ISSUED, since=request.open_until, words=_ISSUED))
    else:
        steps.append(Progress(state=RequestState.REJECTED, since=request.open_until, words=_REJECTED))
        later = request.open_until + timedelta(seconds=1)
        steps.append(Progress(state=RequestState.REFUND_DUE, since=later, words=_RETURNED))
    return tuple(step for step in steps if step.since <= now)


def certificate(holder: str, national_number: str, issued_at: datetime) -> Written:
    """What is written on the certificate of that person."""
    day = f"{issued_at.astimezone(LEGAL_TIME):%d/%m/%Y}"
    return Written(
        title=_TITLE,
        issuer=_ISSUER,
        statement=_STATEMENT,
        facts=(
            Fact(id="holder", title=_NAME, value=holder),
            Fact(id="national_number", title=_NATIONAL_NUMBER, value=national_number),
            Fact(id="issued_on", title=_DATE, value=day),
        ),
        holder=national_number,
    )
