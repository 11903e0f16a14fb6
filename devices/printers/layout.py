"""The one layout of receipts and slips: typed facts in, one page of 80 mm paper out.

Words and figures follow `devices.printers.wording`; times on paper are legal time in Jordan.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from devices.printers import wording
from devices.printers.arabic import isolate
from devices.printers.code import qr_code
from devices.printers.parts import (
    BODY,
    HEAD,
    STATUS,
    Side,
    amounts,
    boxed,
    centred,
    crow_band,
    dashes,
    figure,
    gap,
    heading,
    inverted,
    row,
    rule,
    total,
)
from devices.printers.sheet import Part, stack, to_pdf
from devices.printers.wording import Language, say
from kiosk.mode import Mode
from kiosk.receipt import Receipt, ReceiptFacts, ReceiptOutcome, Slip
from kiosk.transaction import PaymentMethod
from kiosk.words import amount_in_words

_LEGAL_TIME: Final = ZoneInfo("Asia/Amman")


def draw_receipt(receipt: Receipt, language: Language, *, mode: Mode = Mode.SERVICE) -> bytes:
    """A PDF of one page; `mode` tells whether it has any value. Draw on one thread only: fonts are shared."""
    return to_pdf(stack(*_receipt_parts(receipt, language, mode)), receipt.number)


def draw_slip(slip: Slip, language: Language, *, mode: Mode = Mode.SERVICE) -> bytes:
    """A PDF of one page that says of itself that it proves no payment, or what became of one."""
    return to_pdf(stack(*_slip_parts(slip, language, mode)), slip.reference)


def warm_up() -> None:
    """Loads the fonts and what the QR code needs, so that the first receipt is as fast as the next."""
    side = Side(rtl=True)
    parts = [heading(side, say(wording.SLIP, "ar"), say(wording.SLOGAN, "ar")), qr_code("https://example.test/#A")]
    to_pdf(stack(*parts, row(side, say(wording.TOTAL, "ar"), say(wording.CURRENCY, "ar"))), "")


def _receipt_parts(receipt: Receipt, language: Language, mode: Mode) -> Iterator[Part]:
    side = Side(rtl=language == "ar")
    facts = receipt.facts
    yield from head(side, facts.office_ar if side.rtl else facts.office_en, language, mode)
    if receipt.copy:
        yield from _copy_mark(side, receipt, language)
    outcomes = wording.OUTCOMES_OF_REQUESTS if facts.request else wording.OUTCOMES
    outcome = tuple(say(words, language) for words in outcomes[receipt.outcome])
    yield boxed(side, outcome, STATUS, "Bold", thickness=4, padding=14)
    yield gap(14)
    yield centred(side, say(wording.RECEIPT_NUMBER, language), BODY)
    yield figure(receipt.number)
    yield rule()
    yield gap(14)
    for label, value in _rows(receipt, language):
        yield row(side, label, value)
    yield gap(8)
    yield dashes()
    yield gap(10)
    yield from _money(side, receipt, language)
    yield from _check(side, receipt, language)
    if facts.card_in_reader:
        yield gap(10)
        taken = wording.TAKE_PASSPORT if receipt.by_passport else wording.TAKE_CARD
        yield centred(side, say(taken, language), STATUS, "SemiBold")
    yield from _foot(side, language, mode)


def _slip_parts(slip: Slip, language: Language, mode: Mode) -> Iterator[Part]:
    side = Side(rtl=language == "ar")
    yield from head(side, slip.office_ar if side.rtl else slip.office_en, language, mode)
    yield boxed(side, (say(slip.heading or wording.SLIP, language),), STATUS, "Bold", thickness=4, padding=14)
    yield gap(14)
    yield centred(side, say(wording.REFERENCE, language), BODY)
    yield figure(slip.reference)
    yield rule()
    yield gap(14)
    yield row(side, say(wording.DATE_AND_TIME, language), moment(slip.written_at))
    for label, value in slip.rows:
        yield row(side, say(label, language), say(value, language))
    if slip.amount is not None:
        label, fils = slip.amount
        yield gap(8)
        yield total(side, say(label, language), fils, say(wording.CURRENCY, language))
    yield gap(10)
    if slip.code:
        yield qr_code(slip.code)
    yield centred(side, slip.text_ar if side.rtl else slip.text_en, STATUS, "SemiBold")
    yield gap(14)
    yield dashes()
    yield from _foot(side, language, mode)


def head(side: Side, office: str, language: Language, mode: Mode = Mode.SERVICE) -> Iterator[Part]:
    """Band, mark, office and slogan, as on every paper."""
    yield gap(16)
    yield crow_band()
    yield gap(24)
    yield heading(side, say(wording.CENTRE, language, office=office), say(wording.SLOGAN, language))
    yield gap(14)
    if mode is Mode.TRAINING:
        yield from _training_mark(side)


def _training_mark(side: Side) -> Iterator[Part]:
    """On top and in both languages, as a copy's mark: whoever finds the paper must see it."""
    for words in (wording.NO_VALUE[Mode.TRAINING].ar, wording.NO_VALUE[Mode.TRAINING].en):
        yield inverted(side, words, HEAD)
    yield gap(10)


def _copy_mark(side: Side, receipt: Receipt, language: Language) -> Iterator[Part]:
    """On top and in both languages, so that no copy passes for an original whoever looks at it."""
    words = say(wording.COPY_OF, language)
    yield inverted(side, wording.COPY_MARK.format(n=receipt.copy), HEAD)
    yield centred(side, words.format(n=receipt.copy, date=isolate(_day(receipt.issued_at))), BODY, "SemiBold")
    yield gap(10)


def _rows(receipt: Receipt, language: Language) -> Iterator[tuple[str, str]]:
    facts: ReceiptFacts = receipt.facts
    rtl = language == "ar"
    yield say(wording.DATE_AND_TIME, language), moment(receipt.issued_at)  # as signed in the code
    if moment(receipt.paid_at) != moment(receipt.issued_at):
        free = receipt.method is PaymentMethod.NONE
        yield say(wording.RECORDED_AT if free else wording.PAID_AT, language), moment(receipt.paid_at)
    yield say(wording.SERVICE, language), facts.service_ar if rtl else facts.service_en
    yield say(wording.AGENCY, language), facts.agency_ar if rtl else facts.agency_en
    known_by = wording.PASSPORT if receipt.by_passport else wording.NATIONAL_NUMBER
    yield say(known_by, language), receipt.national_number_masked
    for label_ar, label_en, value in facts.rows:
        yield label_ar if rtl else label_en, value
    if receipt.method is not PaymentMethod.NONE:
        yield say(wording.PAID_BY, language), say(wording.METHODS[receipt.method], language)
    yield say(wording.SERVED_AT, language), say(wording.TERMINAL, language).format(terminal=receipt.terminal)


def _money(side: Side, receipt: Receipt, language: Language) -> Iterator[Part]:
    if receipt.method is PaymentMethod.NONE:
        yield boxed(side, (say(wording.METHODS[receipt.method], language),), STATUS, "SemiBold", thickness=2, padding=8)
    else:
        yield from _amounts(side, receipt, language)
    if receipt.facts.request:
        yield centred(side, say(wording.OF_A_REQUEST, language), BODY, "SemiBold")
    if receipt.facts.provisional:
        yield centred(side, say(wording.PROVISIONAL, language), BODY, "SemiBold")


def _amounts(side: Side, receipt: Receipt, language: Language) -> Iterator[Part]:
    currency = say(wording.CURRENCY, language)
    lines = tuple((line.title_ar if side.rtl else line.title_en, line.amount_fils) for line in receipt.lines)
    yield amounts(side, lines, currency)
    yield gap(8)
    yield total(side, say(wording.TOTAL, language), receipt.total_fils, currency)
    if (tendered := receipt.facts.tendered_fils) is not None:
        change = (say(wording.CHANGE, language), tendered - receipt.total_fils)
        yield gap(8)
        yield amounts(side, ((say(wording.TENDERED, language), tendered), change), currency)
    yield gap(8)
    words = amount_in_words(receipt.total_fils, language)
    sentence = say(wording.IN_WORDS, language).format(words=words)
    yield centred(side, sentence[0].upper() + sentence[1:], BODY)


def _check(side: Side, receipt: Receipt, language: Language) -> Iterator[Part]:
    yield qr_code(receipt.code)
    yield centred(side, say(wording.CHECK, language), BODY, "SemiBold")
    if receipt.outcome is ReceiptOutcome.AWAITING_DELIVERY:
        yield centred(side, say(wording.SENT_BY_ITSELF, language), BODY)
    yield gap(10)
    yield dashes()


def _foot(side: Side, language: Language, mode: Mode) -> Iterator[Part]:
    yield gap(10)
    yield centred(side, say(wording.FEEDBACK, language), BODY)
    yield gap(10)
    if mode in wording.NO_VALUE:
        yield boxed(side, (say(wording.NO_VALUE[mode], language),), BODY, "Medium", thickness=2, padding=4)
        yield gap(14)
    yield from foot_band()


def foot_band() -> Iterator[Part]:
    yield gap(6)
    yield crow_band()
    yield gap(16)


def moment(time: datetime) -> str:
    """Day and time in Jordan of an aware point in time."""
    return f"{time.astimezone(_LEGAL_TIME):%d/%m/%Y %H:%M}"


def _day(time: datetime) -> str:
    return f"{time.astimezone(_LEGAL_TIME):%d/%m/%Y}"
