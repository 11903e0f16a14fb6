"""What stands on paper besides the facts, in both languages; the words are those agreed for the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from kiosk.mode import Mode
from kiosk.receipt import ReceiptOutcome
from kiosk.transaction import PaymentMethod
from kiosk.wire import Words

Language = Literal["ar", "en"]

CENTRE: Final = Words(ar="مركز خدمات بريد {office}", en="{office} Post service centre")
SLOGAN: Final = Words(ar="حكومتي بخدمتي", en="My government at my service")
OUTCOMES: Final[Mapping[ReceiptOutcome, tuple[Words, ...]]] = {
    ReceiptOutcome.ACCEPTED: (Words(ar="سُلّمت إلى الجهة وقُبلت", en="Delivered and accepted"),),
    ReceiptOutcome.AWAITING_DELIVERY: (
        Words(ar="سُجّلت دون اتصال", en="Taken offline"),
        Words(ar="بانتظار التسليم إلى الجهة", en="Awaiting delivery"),
    ),
    ReceiptOutcome.NEEDS_ATTENTION: (
        Words(ar="سُلّمت إلى الجهة", en="Delivered to the agency"),
        Words(ar="بحاجة إلى متابعة", en="Needs attention"),
    ),
}
OUTCOMES_OF_REQUESTS: Final[Mapping[ReceiptOutcome, tuple[Words, ...]]] = {
    **OUTCOMES,
    ReceiptOutcome.ACCEPTED: (Words(ar="طلب مسجّل لدى الجهة", en="Requested from the agency"),),
}
RECEIPT_NUMBER: Final = Words(ar="رقم الإيصال", en="Receipt number")
DATE_AND_TIME: Final = Words(ar="التاريخ والوقت", en="Date and time")
PAID_AT: Final = Words(ar="وقت الدفع", en="Time of payment")
SERVICE: Final = Words(ar="الخدمة", en="Service")
AGENCY: Final = Words(ar="الجهة", en="Agency")
NATIONAL_NUMBER: Final = Words(ar="الرقم الوطني", en="National number")
PASSPORT: Final = Words(ar="جواز السفر", en="Passport")
PAID_BY: Final = Words(ar="طريقة الدفع", en="Paid by")
SERVED_AT: Final = Words(ar="مكان الخدمة", en="Served at")
TERMINAL: Final = Words(ar="الجهاز {terminal}", en="Terminal {terminal}")
METHODS: Final[Mapping[PaymentMethod, Words]] = {
    PaymentMethod.BANK_CARD: Words(ar="بطاقة بنكية", en="Bank card"),
    PaymentMethod.CASH: Words(ar="نقدًا", en="Cash"),
    PaymentMethod.NONE: Words(ar="دون رسم", en="No fee"),
}
RECORDED_AT: Final = Words(ar="وقت التسجيل", en="Time of recording")
CURRENCY: Final = Words(ar="د.أ", en="JD")
TOTAL: Final = Words(ar="المجموع", en="Total")
TENDERED: Final = Words(ar="المقبوض", en="Received")
CHANGE: Final = Words(ar="الباقي", en="Change")
IN_WORDS: Final = Words(ar="فقط {words} لا غير", en="{words}")
OF_A_REQUEST: Final = Words(
    ar="إيصال بطلب: ما طُلب تصدره الجهة", en="A receipt of a request: the agency issues what was requested"
)
PROVISIONAL: Final = Words(ar="رسم غير نهائي: قد يتغير", en="Provisional fee: may change")
CHECK: Final = Words(ar="للتحقق: وجّه كاميرا الهاتف إلى الرمز", en="To verify, point a phone camera at the code")
SENT_BY_ITSELF: Final = Words(ar="تُرسل تلقائيًا. احتفظ بالإيصال", en="It is sent by itself. Keep this receipt")
TAKE_CARD: Final = Words(ar="خذ بطاقتك من القارئ", en="Take your card")
TAKE_PASSPORT: Final = Words(ar="خذ جواز سفرك من القارئ", en="Take your passport")
FEEDBACK: Final = Words(ar="للاقتراح أو الشكوى: بخدمتكم", en="Suggestions, complaints: Bekhedmetkom")
NO_VALUE: Final[Mapping[Mode, Words]] = {
    Mode.DEMONSTRATION: Words(ar="للعرض فقط: لا قيمة له", en="Demonstration only: no value"),
    Mode.TRAINING: Words(ar="للتدريب فقط: لا قيمة له", en="Training only: no value"),
}
COPY_MARK: Final = "نسخة / COPY {n}"
COPY_OF: Final = Words(ar="نسخة {n} من إيصال {date}", en="Copy {n} of the receipt of {date}")
SLIP: Final = Words(ar="قسيمة: لا تثبت دفعًا", en="Slip: no proof of payment")
REFERENCE: Final = Words(ar="الرقم المرجعي", en="Reference number")


def say(words: Words, language: Language, **values: str) -> str:
    text = words.ar if language == "ar" else words.en
    return text.format(**values) if values else text
