"""The printer's test page and the slip of the technician's checks, drawn by the same layout as every receipt.

The page shows what can go wrong between a fact and the paper: joined Arabic, both directions in one line, isolates,
digits, sizes and weights, a code, the width of the head, and every dot of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from devices.printers import wording
from devices.printers.arabic import Weight, isolate, set_line
from devices.printers.code import qr_code
from devices.printers.layout import foot_band, head, moment
from devices.printers.parts import (
    BODY,
    HEAD,
    NUMBER,
    STATUS,
    TOTAL,
    Side,
    baseline,
    boxed,
    centred,
    dashes,
    gap,
    pitch,
    row,
    rule,
)
from devices.printers.sheet import DOTS_PER_MM, MARGIN, PRINTABLE, Part, Sheet, stack, to_pdf
from devices.printers.wording import Language, say
from kiosk.diagnostics import Health
from kiosk.report import Report
from kiosk.technician import PrinterTest
from kiosk.wire import Words

TITLE: Final = Words(ar="صفحة فحص الطابعة", en="Printer test page")
SELF_TEST: Final = Words(ar="نتيجة فحص الجهاز", en="Terminal self-test")

# A sentence with every Arabic letter, in each of its joined shapes that a word can begin or end with.
_ARABIC: Final = "نصٌّ حكيمٌ له سرٌّ قاطعٌ وذو شأنٍ عظيمٍ مكتوبٌ على ثوبٍ أخضرَ ومغلّفٌ بجلدٍ أزرق"
_ENGLISH: Final = "The quick brown fox jumps over the lazy dog"
_DIGITS: Final = ("0123456789", "٠١٢٣٤٥٦٧٨٩")
_MIXED: Final = (
    Words(ar=f"المركبة {isolate('12-34567')} يوم {isolate('23/11/2026')} الساعة {isolate('17:46')}", en=""),
    Words(ar=f"الهاتف {isolate('+962 79 012 3456')} والمبلغ {isolate('12.500')} د.أ (16%)", en=""),
    Words(ar="", en="Received from \u2067بريد الكرك\u2069 on 23/11/2026: 12.500 JD"),
)
_SIZES: Final[tuple[tuple[int, Weight], ...]] = (
    (BODY, "Medium"),
    (STATUS, "SemiBold"),
    (HEAD, "Bold"),
    (TOTAL, "Bold"),
    (NUMBER, "Bold"),
)
_LOOK_AT: Final = (
    Words(ar="المسطرة 72 مم بالضبط، ولا ينقص طرفاها", en="The ruler is exactly 72 mm, both ends there"),
    Words(ar="لا خط أبيض في الشريط الأسود", en="No white line in the black bar"),
    Words(ar="هاتف يقرأ الرمز ويرى رقم الجهاز", en="A phone reads the code and shows the terminal"),
)
_STATES: Final = {
    Health.GOOD: Words(ar="سليم", en="Pass"),
    Health.WARNING: Words(ar="تنبيه", en="Warning"),
    Health.BAD: Words(ar="عطل", en="Failed"),
    Health.NOT_REACHED: Words(ar="لم يُفحص", en="Not reached"),
}
_MISSING: Final = Words(ar="قد لا يكون هذا الفحص كاملًا", en="This test may be incomplete")


def draw_test_page(page: PrinterTest) -> bytes:
    """A PDF of one page, in both languages whatever the screen's is."""
    return to_pdf(stack(*_test_parts(page)), f"{TITLE.en} {page.terminal}")


def draw_self_test(report: Report, office: Words, language: Language) -> bytes:
    """A PDF of one page: each check with its state and value; what is not well has its next step."""
    return to_pdf(stack(*_self_test_parts(report, office, language)), f"{SELF_TEST.en} {report.terminal}")


def code_text(page: PrinterTest) -> str:
    """What the code on the page says: which terminal printed it, and when (UTC)."""
    return f"TEST:{page.terminal}:{page.at:%Y%m%dT%H%M%SZ}"


def _test_parts(page: PrinterTest) -> Iterator[Part]:
    arabic, latin = Side(rtl=True), Side(rtl=False)
    yield from head(arabic, page.office.ar, "ar")
    yield boxed(arabic, (TITLE.ar, TITLE.en), STATUS, "Bold", thickness=4, padding=10)
    yield gap(10)
    yield row(arabic, say(wording.DATE_AND_TIME, "ar"), moment(page.at))
    yield row(latin, say(wording.SERVED_AT, "en"), say(wording.TERMINAL, "en", terminal=page.terminal))
    yield dashes()
    yield centred(arabic, _ARABIC, BODY)
    yield centred(latin, _ENGLISH, BODY)
    for digits in _DIGITS:
        yield centred(latin, digits, BODY, "Bold")
    for words in _MIXED:
        yield centred(arabic, words.ar, BODY) if words.ar else centred(latin, words.en, BODY)
    yield dashes()
    for size, weight in _SIZES:
        yield centred(arabic, f"حجم الحرف Size {size}", size, weight)
    yield rule(1)
    yield gap(4)
    yield rule(2)
    yield gap(8)
    yield ruler()
    yield black_bar()
    yield gap(8)
    yield dot_fields()
    yield qr_code(code_text(page))
    for words in _LOOK_AT:
        yield centred(arabic, words.ar, BODY)
        yield centred(latin, words.en, BODY)
    yield from foot_band()


def ruler() -> Part:
    """72 mm from the first dot that prints to the last: a tick each millimetre, a number each centimetre."""
    high = 40

    def draw(sheet: Sheet, top: int) -> None:
        below = top + 2  # one shape over another would be cut out of it
        ticks = [
            (
                MARGIN + mm * DOTS_PER_MM - (2 if mm else 0),
                below,
                2,
                high if mm % 10 == 0 else 26 if mm % 5 == 0 else 14,
            )
            for mm in range(PRINTABLE // DOTS_PER_MM + 1)
        ]
        sheet.boxes([(MARGIN, top, PRINTABLE, 2), *ticks])
        for centimetre in range(1, PRINTABLE // DOTS_PER_MM // 10 + 1):
            number = set_line(str(centimetre * 10), "Medium", BODY, rtl=False)
            x = MARGIN + centimetre * 10 * DOTS_PER_MM - number.width / 2
            sheet.text(number, x, below + high + baseline(BODY))

    return Part(2 + high + pitch(BODY), draw)


def black_bar() -> Part:
    """Every dot of the head at once: one that is dead leaves a white line along the paper."""
    return Part(48, lambda sheet, top: sheet.box(MARGIN, top, PRINTABLE, 48))


def dot_fields() -> Part:
    """Chequered fields of 4, 2 and 1 dots: the finest shows whether dots run into each other."""
    high, wide = 32, PRINTABLE // 3

    def draw(sheet: Sheet, top: int) -> None:
        for place, side in enumerate((4, 2, 1)):
            left = MARGIN + place * wide
            sheet.boxes(
                [
                    (x, y, side, side)
                    for line, y in enumerate(range(top, top + high, side))
                    for x in range(left + (line % 2) * side, left + wide - side, 2 * side)
                ]
            )

    return Part(high, draw)


def _self_test_parts(report: Report, office: Words, language: Language) -> Iterator[Part]:
    side = Side(rtl=language == "ar")
    yield from head(side, say(office, language), language)
    yield boxed(side, (say(SELF_TEST, language),), STATUS, "Bold", thickness=4, padding=10)
    yield gap(10)
    yield row(side, say(wording.DATE_AND_TIME, language), moment(report.made_at))
    yield row(side, say(wording.SERVED_AT, language), say(wording.TERMINAL, language, terminal=report.terminal))
    yield dashes()
    for finding in report.findings:
        state = say(_STATES[finding.measured.health], language)
        yield row(side, say(finding.title, language), f"{state}: {say(finding.measured.value, language)}")
        if finding.measured.health is not Health.GOOD and finding.measured.next_step is not None:
            yield centred(side, say(finding.measured.next_step, language), BODY, "SemiBold")
    yield dashes()
    for fact in report.versions:
        yield row(side, fact.name, fact.value)
    yield centred(side, say(_MISSING, language), BODY)
    yield from foot_band()
