"""Papers that prove no payment: each says, in both languages, what is true and where to go on with which reference."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from kiosk.parked import Parked
from kiosk.receipt import Slip
from kiosk.texts import Texts, without_isolates
from kiosk.wire import Words

_PAYMENT_CHECKED: Final = Words(
    ar="نتيجة الدفع قيد التحقق. إن دُفع المبلغ سُجّلت المعاملة أو رُدّ المبلغ. لا حاجة إلى الدفع مرة أخرى.",
    en="The payment is being checked. Money taken is recorded or refunded. Do not pay again.",
)
_KEPT: Final = Words(
    ar="حُفظ الطلب. يمكن إكماله حتى {date} بالبطاقة وهذا الرقم المرجعي، من أي شباك أو من الجهاز نفسه. لم يُدفع شيء.",
    en="The request is saved. Finish it by {date} with your card and this reference, at any window or at this "
    "terminal. Nothing was paid.",
)


def payment_checked(reference: str, now: datetime, office: Words) -> Slip:
    """For a payment of which nobody knows yet whether the money was taken."""
    return _slip(reference, now, office, _PAYMENT_CHECKED)


def kept(parked: Parked, now: datetime, office: Words) -> Slip:
    """For a case that was parked."""
    day = without_isolates(Texts("en").date(parked.until))
    words = Words(ar=_KEPT.ar.format(date=day), en=_KEPT.en.format(date=day))
    return _slip(parked.reference, now, office, words)


def _slip(reference: str, now: datetime, office: Words, words: Words) -> Slip:
    return Slip(
        reference=reference,
        written_at=now,
        office_ar=office.ar,
        office_en=office.en,
        text_ar=words.ar,
        text_en=words.en,
    )
