"""Papers that are no receipts: each says, in both languages, what is true and where to go on with which reference."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from kiosk.corrections import OBJECTIONS, REASONS, Attention, Corrected, Disputed
from kiosk.my_requests import IssuedDocument
from kiosk.parked import Parked
from kiosk.receipt import Slip
from kiosk.texts import Texts, without_isolates
from kiosk.transaction import PaymentMethod
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

METHODS: Final = {
    PaymentMethod.BANK_CARD: Words(ar="رُدّ إلى البطاقة البنكية", en="Refunded to the bank card"),
    PaymentMethod.CASH: Words(ar="رُدّ نقدًا", en="Given back in cash"),
    PaymentMethod.NONE: Words(ar="أُلغيت، ولم يُدفع عنها شيء", en="Taken back: nothing was paid for it"),
}
_REFUSED: Final = Words(ar="لم تقبلها الجهة", en="The agency did not accept it")
_GIVEN_BACK: Final = Words(ar="قسيمة تصحيح: رُدّ المبلغ", en="Correction: money given back")
_TAKEN_BACK: Final = Words(ar="قسيمة تصحيح: أُلغي الطلب", en="Correction: request taken back")
_CORRECTED: Final = Words(ar="قسيمة تصحيح: أُرسلت مصحَّحة", en="Correction: sent corrected")
_DISPUTED: Final = Words(ar="اعتراض المكتب على قيد", en="The office disputes an entry")
_RECEIPT: Final = Words(ar="رقم الإيصال الأصلي", en="Original receipt")
_NEW_RECEIPT: Final = Words(ar="الإيصال الجديد", en="New receipt")
_SERVICE: Final = Words(ar="الخدمة", en="Service")
_AGENCY_SAYS: Final = Words(ar="قول الجهة", en="The agency says")
_DONE: Final = Words(ar="ما جرى", en="What was done")
_AS_NEW: Final = Words(ar="نُقل المبلغ إلى معاملة جديدة", en="The money was carried over")
_REASON: Final = Words(ar="السبب", en="Reason")
_REQUESTED_BY: Final = Words(ar="طلبه", en="Requested by")
_APPROVED_BY: Final = Words(ar="وافق عليه المشرف", en="Supervisor")
_DISPUTED_BY: Final = Words(ar="المعترض", en="Disputed by")
_ENTRY: Final = Words(ar="رقم القيد", en="Entry number")
_DISPUTED_PAPER: Final = Words(ar="الورقة المعترض عليها", en="Disputed paper")
_DISPUTED_ENTRY: Final = Words(ar="القيد المعترض عليه", en="Disputed entry")
_PAID: Final = Words(ar="المدفوع", en="Paid")
_RETURNED: Final = Words(ar="المردود", en="Returned")
_CARRIED_OVER: Final = Words(ar="المنقول", en="Carried over")
_EXPLAINED: Final = Words(
    ar="المبلغ محفوظ ومسجّل. يمكن رده أو إرسال المعاملة مصحّحة، بموافقة مشرف، عند إبراز هذه القسيمة.",
    en="The money is recorded and safe. It can be given back, or the request sent corrected, with a supervisor. Show "
    "this slip.",
)
_REFUND_CHECKED: Final = Words(
    ar="رد المبلغ قيد التحقق لدى جهاز الدفع، ويكتمل تلقائيًا. لا يُطلب مرة أخرى.",
    en="The refund is being checked at the payment terminal and completes by itself. Do not ask for it again.",
)
_MAY_DISPUTE: Final = Words(
    ar="للمكتب أن يعترض على هذا التصحيح: يُدخل المشرف الاعتراض من الشباك، ويصل إلى المركز مع القيود.",
    en="The office may dispute this correction: a supervisor enters it at the counter, and it reaches the centre with "
    "the entries.",
)
_DISPUTE_GOES: Final = Words(
    ar="يصل هذا الاعتراض إلى المركز مع القيود، ولا يغيّر أي مبلغ.",
    en="This dispute reaches the centre with the entries. It changes no amount.",
)


_ISSUED: Final = Words(ar="صدرت الوثيقة", en="The document is issued")
_ISSUED_ON: Final = Words(ar="تاريخ الإصدار", en="Issued on")
_FETCH_PAGE: Final = Words(
    ar="يُتحقق من الوثيقة بمسح الرمز. تُطبع صفحتها الكاملة بالبطاقة في أي مكتب فيه طابعة وثائق.",
    en="Scan the code to check the document. Its full page is printed with your card at any office with a document "
    "printer.",
)


def payment_checked(reference: str, now: datetime, office: Words) -> Slip:
    """For a payment of which nobody knows yet whether the money was taken."""
    return _slip(reference, now, office, _PAYMENT_CHECKED)


def kept(parked: Parked, now: datetime, office: Words) -> Slip:
    """For a case that was parked."""
    day = without_isolates(Texts("en").date(parked.until))
    words = Words(ar=_KEPT.ar.format(date=day), en=_KEPT.en.format(date=day))
    return _slip(parked.reference, now, office, words)


# ---------------------------------------------------------------- of a refused transaction


def explained(item: Attention, now: datetime, office: Words, service: Words) -> Slip:
    """The agency's own words, for the person to take along."""
    rows = (
        (_RECEIPT, _same(item.receipt_number)),
        (_SERVICE, service),
        (_AGENCY_SAYS, Words(ar=item.words_ar or item.code, en=item.words_en or item.code)),
    )
    slip = _slip(item.receipt_number, now, office, _EXPLAINED)
    return msgspec.structs.replace(slip, heading=_REFUSED, rows=rows, amount=(_PAID, item.amount_fils))


def refund_checked(item: Attention, now: datetime, office: Words) -> Slip:
    """The payment terminal did not say whether the money is back."""
    return _slip(item.receipt_number, now, office, _REFUND_CHECKED)


def corrected(done: Corrected, office: Words, service: Words) -> Slip:
    """What was taken back, why, and who answers for it."""
    reversal = done.reversal
    refunded = reversal.corrected_by is None
    rows = [
        (_RECEIPT, _same(reversal.receipt_number)),
        (_SERVICE, service),
        (_DONE, METHODS[reversal.method] if refunded else _AS_NEW),
        (_REASON, REASONS[reversal.reason]),
        (_REQUESTED_BY, reversal.requested_by.name),
        (_APPROVED_BY, reversal.approved_by.name),
        (_ENTRY, _same(str(done.sequence))),
    ]
    if not refunded:
        rows.insert(3, (_NEW_RECEIPT, _same(done.new_receipt)))
    slip = _slip(done.number, done.written_at, office, _MAY_DISPUTE)
    free = reversal.method is PaymentMethod.NONE
    given_back = _TAKEN_BACK if free else _GIVEN_BACK
    return msgspec.structs.replace(
        slip,
        heading=given_back if refunded else _CORRECTED,
        rows=tuple(rows),
        amount=None if free else (_RETURNED if refunded else _CARRIED_OVER, reversal.amount_fils),
    )


def disputed(said: Disputed, office: Words, service: Words) -> Slip:
    dispute = said.dispute
    rows = (
        (_DISPUTED_PAPER, _same(dispute.receipt_number)),
        (_DISPUTED_ENTRY, _same(str(dispute.entry))),
        (_SERVICE, service),
        (_REASON, OBJECTIONS[dispute.objection]),
        (_DISPUTED_BY, dispute.by.name),
        (_ENTRY, _same(str(said.sequence))),
    )
    slip = _slip(said.number, said.written_at, office, _DISPUTE_GOES)
    return msgspec.structs.replace(slip, heading=_DISPUTED, rows=rows)


# ---------------------------------------------------------------- of an issued document


def document(issued: IssuedDocument, now: datetime, office: Words, service: Words) -> Slip:
    """Where only receipts are printed: the code that proves the document, and where its page comes from."""
    rows = ((_SERVICE, service), (_ISSUED_ON, _same(_day(issued.issued_at))))
    slip = _slip(issued.number, now, office, _FETCH_PAGE)
    return msgspec.structs.replace(slip, heading=_ISSUED, rows=rows, code=issued.code)


def _day(moment: datetime) -> str:
    return without_isolates(Texts("en").date(moment))


def _same(text: str) -> Words:
    """A number reads the same in both languages."""
    return Words(ar=text, en=text)


def _slip(reference: str, now: datetime, office: Words, words: Words) -> Slip:
    return Slip(
        reference=reference,
        written_at=now,
        office_ar=office.ar,
        office_en=office.en,
        text_ar=words.ar,
        text_en=words.en,
    )
