"""The request that a person signs with the card, as A4 pages: Arabic at the right, the same in English at the left.

It is drawn with the letters, measures and parts of every receipt. The signature has its place on the first page,
whatever the number of pages, so that who is asked to sign and who checks it look at one spot.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from devices.printers.arabic import Line, Weight, is_right_to_left, set_line, wrap
from devices.printers.parts import baseline, gap, mark, pitch
from devices.printers.sheet import DOTS_PER_MM, POINTS_PER_DOT, Part, Sheet, stack
from kiosk.signing import Application
from kiosk.wire import Words

_WIDTH: Final = 210 * DOTS_PER_MM
_HEIGHT: Final = 297 * DOTS_PER_MM
_MARGIN: Final = 18 * DOTS_PER_MM
_INNER: Final = _WIDTH - 2 * _MARGIN
_GAP: Final = 8 * DOTS_PER_MM
_HALF: Final = (_INNER - _GAP) // 2
_TOP: Final = 18 * DOTS_PER_MM
_FOOT_TOP: Final = _HEIGHT - 20 * DOTS_PER_MM

_SMALL: Final = 27  # sizes of letters in dots, of 0.125 mm
_BODY: Final = 34
_REFERENCE_SIZE: Final = 30  # so that a UUID stands on one line
_AGENCY: Final = 38
_TITLE: Final = 54

_BOX_HEIGHT: Final = 26 * DOTS_PER_MM
_BOX_TOP: Final = _FOOT_TOP - 8 * DOTS_PER_MM - _BOX_HEIGHT
_BOX_INSET: Final = 2 * DOTS_PER_MM
_BOX_LABEL: Final = 56  # dots over the box

SIGNATURE_PAGE: Final = 0
SIGNATURE_BOX: Final[tuple[int, int, int, int]] = (
    round((_MARGIN + _BOX_INSET) * POINTS_PER_DOT),
    round((_HEIGHT - _BOX_TOP - _BOX_HEIGHT + _BOX_INSET) * POINTS_PER_DOT),
    round((_MARGIN + _INNER - _BOX_INSET) * POINTS_PER_DOT),
    round((_HEIGHT - _BOX_TOP - _BOX_INSET) * POINTS_PER_DOT),
)
"""Where the signature is seen on that page: left, bottom, right and top in points from its lower left corner."""

_REFERENCE: Final = Words(ar="الرقم المرجعي", en="Reference number")
_DATE: Final = Words(ar="التاريخ", en="Date")
_HOLDER: Final = Words(ar="صاحب الطلب", en="Applicant")
_NATIONAL_NUMBER: Final = Words(ar="الرقم الوطني", en="National number")
_SIGNATURE: Final = Words(ar="التوقيع الإلكتروني لصاحب الطلب", en="Applicant's electronic signature")
_PAGE: Final = Words(ar="صفحة {number} من {count}", en="Page {number} of {count}")


def draw_application(application: Application) -> bytes:
    """The PDF that is signed; the same request gives the same bytes. Draw on one thread only: fonts are shared."""
    pages = _pages(list(_head(application)), list(_rows(application)))
    file = io.BytesIO()
    size = (_WIDTH * POINTS_PER_DOT, _HEIGHT * POINTS_PER_DOT)
    canvas = Canvas(file, pagesize=size, invariant=1, initialFontName="Helvetica", lang="ar")
    canvas.setTitle(application.reference)
    for place, parts in enumerate(pages):
        canvas.scale(POINTS_PER_DOT, POINTS_PER_DOT)
        sheet = _Page(canvas, _HEIGHT)
        stack(*parts).draw(sheet, _TOP)
        if place == SIGNATURE_PAGE:
            _draw_signature_box(sheet)
        _draw_foot(sheet, application.reference, place + 1, len(pages))
        sheet.write_english()
        canvas.showPage()
    canvas.save()
    return file.getvalue()


class _Page(Sheet):
    """All of the Arabic is written before the English beside it: whoever copies the text out, or has it read aloud,
    gets one language after the other, and not the two mixed line by line."""

    def __init__(self, canvas: Canvas, height: int) -> None:
        super().__init__(canvas, height)
        self._english: list[tuple[Line, float, int]] = []

    def text(self, line: Line, x: float, baseline: int, *, white: bool = False) -> None:
        if x >= _WIDTH / 2:
            super().text(line, x, baseline, white=white)
        else:
            self._english.append((line, x, baseline))

    def write_english(self) -> None:
        for line, x, below in self._english:
            super().text(line, x, below)


def _pages(head: list[Part], rows: list[Part]) -> list[list[Part]]:
    """The head and as many rows as have room over the signature; the others on pages of their own."""
    pages, room = [head], _BOX_TOP - _BOX_LABEL - 4 * DOTS_PER_MM - _TOP - stack(*head).height
    for part in rows:
        if part.height > room:
            pages.append([])
            room = _FOOT_TOP - 4 * DOTS_PER_MM - _TOP
        pages[-1].append(part)
        room -= part.height
    return pages


def _head(application: Application) -> Iterator[Part]:
    yield _mark()
    yield gap(20)
    yield from _beside(application.title, "Bold", _TITLE)
    yield gap(6)
    yield from _beside(application.agency, "SemiBold", _AGENCY)
    yield gap(20)
    yield _rule(6)
    yield gap(16)


def _rows(application: Application) -> Iterator[Part]:
    """Reference and date, what is asked for, and who asks."""
    holder = Words(ar=application.holder_ar or application.holder_en, en=application.holder_en or application.holder_ar)
    yield from _row(_REFERENCE, _same(application.reference), _REFERENCE_SIZE)
    yield from _row(_DATE, _same(_day(application.stated_on)))
    for label, value in application.rows:
        yield from _row(label, value)
    yield from _row(_HOLDER, holder)
    yield from _row(_NATIONAL_NUMBER, _same(application.national_number))


def _row(label: Words, value: Words, size: int = _BODY) -> Iterator[Part]:
    """The label keeps the first line of its value beside it; the lines after it may go on over the page."""
    labels = list(_beside(label, "Medium", _SMALL))
    values = list(_beside(value, "SemiBold", size))
    yield stack(gap(12), *labels, *values[:1])
    yield from values[1:]
    yield stack(gap(10), _rule(2))


def _same(value: str) -> Words:
    """A number or a date, which reads the same in both languages."""
    return Words(ar=value, en=value)


def _beside(words: Words, weight: Weight, size: int) -> Iterator[Part]:
    """Line by line, Arabic from the right edge and English from the left one."""
    arabic = wrap(words.ar, weight, size, _HALF, rtl=is_right_to_left(words.ar))
    english = wrap(words.en, weight, size, _HALF, rtl=is_right_to_left(words.en))
    for place in range(max(len(arabic), len(english))):
        yield _line_beside(arabic[place : place + 1], english[place : place + 1], size)


def _line_beside(arabic: tuple[Line, ...], english: tuple[Line, ...], size: int) -> Part:
    def draw(sheet: Sheet, top: int) -> None:
        for line in arabic:
            sheet.text(line, _WIDTH - _MARGIN - line.width, top + baseline(size))
        for line in english:
            sheet.text(line, _MARGIN, top + baseline(size))

    return Part(pitch(size), draw)


def _mark() -> Part:
    return Part(72, lambda sheet, top: mark(sheet, _WIDTH - _MARGIN - 84, top))


def _rule(thickness: int) -> Part:
    return Part(thickness, lambda sheet, top: sheet.box(_MARGIN, top, _INNER, thickness))


def _draw_signature_box(sheet: Sheet) -> None:
    sheet.frame(_MARGIN, _BOX_TOP, _INNER, _BOX_HEIGHT, 3)
    for part in _beside(_SIGNATURE, "SemiBold", _SMALL):
        part.draw(sheet, _BOX_TOP - _BOX_LABEL)


def _draw_foot(sheet: Sheet, reference: str, number: int, count: int) -> None:
    """Which paper a single page belongs to."""
    sheet.box(_MARGIN, _FOOT_TOP, _INNER, 2)
    top = _FOOT_TOP + 8
    page = Words(ar=_PAGE.ar.format(number=number, count=count), en=_PAGE.en.format(number=number, count=count))
    for part in _beside(page, "Medium", _SMALL):
        part.draw(sheet, top)
    line = set_line(reference, "Medium", _SMALL, rtl=False)
    sheet.text(line, (_WIDTH - line.width) / 2, top + baseline(_SMALL))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
