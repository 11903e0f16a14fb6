"""The parts that receipts and slips are put together from: bands, headings, boxes, rows, amounts, the code."""

from __future__ import annotations

import dataclasses
from typing import Final

from devices.printers.arabic import Line, Weight, is_right_to_left, set_line, wrap
from devices.printers.sheet import MARGIN, PRINTABLE, WIDTH, Part, Sheet, stack
from kiosk.money import dinars

BODY: Final = 27  # sizes of letters in dots; nothing on paper is smaller than BODY
STATUS: Final = 32
HEAD: Final = 36
TOTAL: Final = 44
NUMBER: Final = 50

_STEP: Final = 4  # one step of the crow band
_BAND_PERIOD: Final = 8 * _STEP
_MARK_SCALE: Final = 3, 2  # the mark's units to dots, as a fraction that keeps its steps whole
_MARK_WIDTH: Final = 84
_MARK_HEIGHT: Final = 66
_GAP: Final = 24  # between two columns
_TAIL: Final = 4  # some letters end outside their own width, and a thermal head cuts what leaves the printable width


@dataclasses.dataclass(frozen=True, slots=True)
class Side:
    """Which way the paper reads. `start` is where reading begins: the right edge in Arabic."""

    rtl: bool

    def at_start(self, width: float, inset: float = 0) -> float:
        """The left end of something `width` wide that stands `inset` from the edge where reading begins."""
        return WIDTH - MARGIN - inset - width if self.rtl else MARGIN + inset

    def at_end(self, width: float, inset: float = 0) -> float:
        return Side(not self.rtl).at_start(width, inset)

    def paragraph(self, text: str, weight: Weight, size: int, width: float) -> tuple[Line, ...]:
        return wrap(text, weight, size, width, rtl=self.rtl)


def value_line(text: str, weight: Weight, size: int) -> Line:
    """A value in a cell of its own runs by its own first letter, so that dates and plates keep their order."""
    return set_line(text, weight, size, rtl=is_right_to_left(text))


def pitch(size: int) -> int:
    """The height of one line; Arabic marks above and below the letters need the room."""
    return round(size * 1.5)


def baseline(size: int) -> int:
    return round(size * 1.08)


def gap(height: int) -> Part:
    return Part(height, lambda _sheet, _top: None)


def rule(thickness: int = 3) -> Part:
    return Part(thickness, lambda sheet, top: sheet.box(MARGIN, top, PRINTABLE, thickness))


def dashes() -> Part:
    corners = range(MARGIN, MARGIN + PRINTABLE, 9)
    return Part(3, lambda sheet, top: sheet.boxes([(x, top, 6, 3) for x in corners]))


def crow_band() -> Part:
    """The crow-step border of Jordanian weaving: hanging steps under a bar, over the whole width of the paper."""

    def draw(sheet: Sheet, top: int) -> None:
        corners = [(0, top, WIDTH, _STEP)]
        for left in range(0, WIDTH, _BAND_PERIOD):
            for step in range(3):
                inset = _STEP * (step + 1)
                corners.append((left + inset, top + _STEP * (step + 1), _BAND_PERIOD - 2 * inset, _STEP))
        sheet.boxes(corners)

    return Part(4 * _STEP, draw)


def mark(sheet: Sheet, x: int, y: int) -> None:
    """The product's mark, an envelope whose flap is a crow-step: the shape of assets/art/mark.svg in one colour."""
    times, by = _MARK_SCALE

    def dots(units: int) -> int:
        return units * times // by

    sheet.rounded_box(x, y, _MARK_WIDTH, _MARK_HEIGHT, dots(6))
    for step in range(5):
        left = 8 + 4 * step
        sheet.box(x + dots(left), y + dots(7 + 4 * step), dots(56 - 2 * left), dots(4), white=True)


def heading(side: Side, office: str, slogan: str) -> Part:
    """The mark where reading begins, the office and the slogan beside it."""
    room = PRINTABLE - _MARK_WIDTH - _GAP - _TAIL
    lines = (*side.paragraph(office, "Bold", HEAD, room), *side.paragraph(slogan, "Medium", BODY, room))
    height = sum(pitch(line.size) for line in lines)

    def draw(sheet: Sheet, top: int) -> None:
        mark(sheet, int(side.at_start(_MARK_WIDTH)), top + 12)
        for line in lines:
            sheet.text(line, side.at_start(line.width, _MARK_WIDTH + _GAP), top + baseline(line.size))
            top += pitch(line.size)

    return Part(max(height, _MARK_HEIGHT + 24), draw)


def centred(side: Side, text: str, size: int, weight: Weight = "Medium", *, width: int = PRINTABLE - 2 * _TAIL) -> Part:
    return _centred(side.paragraph(text, weight, size, width))


def _centred(lines: tuple[Line, ...], *, white: bool = False) -> Part:
    def draw(sheet: Sheet, top: int) -> None:
        for line in lines:
            sheet.text(line, (WIDTH - line.width) / 2, top + baseline(line.size), white=white)
            top += pitch(line.size)

    return Part(sum(pitch(line.size) for line in lines), draw)


def figure(text: str) -> Part:
    """A number that people read out: always left to right, as large as the paper allows."""
    line = set_line(text, "Bold", NUMBER, rtl=False)
    if line.width > PRINTABLE:
        line = set_line(text, "Bold", HEAD, rtl=False)
    return _centred((line,))


def boxed(side: Side, texts: tuple[str, ...], size: int, weight: Weight, *, thickness: int, padding: int) -> Part:
    width = PRINTABLE - 2 * (padding + thickness)
    content = stack(*(centred(side, text, size, weight, width=width) for text in texts))
    height = content.height + 2 * padding

    def draw(sheet: Sheet, top: int) -> None:
        sheet.frame(MARGIN, top, PRINTABLE, height, thickness)
        content.draw(sheet, top + padding)

    return Part(height, draw)


def inverted(side: Side, text: str, size: int) -> Part:
    """White letters on a black bar."""
    content = _centred(side.paragraph(text, "Bold", size, PRINTABLE - 2 * _GAP), white=True)
    height = content.height + 16

    def draw(sheet: Sheet, top: int) -> None:
        sheet.box(MARGIN, top, PRINTABLE, height)
        content.draw(sheet, top + 8)

    return Part(height, draw)


def row(side: Side, label: str, value: str) -> Part:
    """Label where reading begins, value at the other edge; what is too long for one line goes on below."""
    names = side.paragraph(label, "Medium", BODY, PRINTABLE * 2 / 5)
    room = PRINTABLE - _GAP - 2 * _TAIL - max((name.width for name in names), default=0)
    values = _value_lines(value, room)

    def draw(sheet: Sheet, top: int) -> None:
        for number, name in enumerate(names):
            sheet.text(name, side.at_start(name.width, _TAIL), top + 4 + baseline(BODY) + number * pitch(BODY))
        for number, line in enumerate(values):
            sheet.text(line, side.at_end(line.width, _TAIL), top + 4 + baseline(BODY) + number * pitch(BODY))

    return Part(max(len(names), len(values), 1) * pitch(BODY) + 8, draw)


def _value_lines(value: str, room: float) -> tuple[Line, ...]:
    """Words in both languages that find no room beside each other stand below each other, each in its own direction."""
    beside = wrap(value, "Bold", BODY, room, rtl=is_right_to_left(value))
    if len(beside) == 1:
        return beside
    each = (wrap(part, "Bold", BODY, room, rtl=is_right_to_left(part)) for part in value.split(" / "))
    return tuple(line for lines in each for line in lines)


def amounts(side: Side, lines: tuple[tuple[str, int], ...], currency: str) -> Part:
    """Titles and amounts in fils. All amounts end at one place, so that their decimal points stand in one column."""
    unit = value_line(currency, "Bold", BODY)
    figures = [set_line(dinars(fils), "Bold", BODY, rtl=False) for _, fils in lines]
    widest = max((amount.width for amount in figures), default=0)
    taken = unit.width + 14 + widest
    titles = [side.paragraph(title, "Medium", BODY, PRINTABLE - _GAP - 2 * _TAIL - taken) for title, _ in lines]
    right = side.at_end(taken, _TAIL) + (taken if side.rtl else widest)

    def draw(sheet: Sheet, top: int) -> None:
        for title, amount in zip(titles, figures, strict=True):
            base = top + 4 + baseline(BODY)
            for number, line in enumerate(title):
                sheet.text(line, side.at_start(line.width, _TAIL), base + number * pitch(BODY))
            sheet.text(amount, right - amount.width, base)
            sheet.text(unit, side.at_end(unit.width, _TAIL), base)
            top += _lines_high(title)

    return Part(sum(_lines_high(title) for title in titles), draw)


def _lines_high(lines: tuple[Line, ...]) -> int:
    return max(len(lines), 1) * pitch(BODY) + 8


def total(side: Side, label: str, fils: int, currency: str) -> Part:
    """The one amount that matters, white on a black bar."""
    inset, space = 20, 14
    for size in (TOTAL, HEAD, STATUS, BODY):
        name = set_line(label, "Bold", size, rtl=side.rtl)
        unit = value_line(currency, "Bold", size)
        amount = set_line(dinars(fils), "Bold", size, rtl=False)
        if name.width + _GAP + amount.width + space + unit.width <= PRINTABLE - 2 * inset:
            break

    def draw(sheet: Sheet, top: int) -> None:
        sheet.box(MARGIN, top, PRINTABLE, 78)
        sheet.text(name, side.at_start(name.width, inset), top + 54, white=True)
        sheet.text(unit, side.at_end(unit.width, inset), top + 54, white=True)
        sheet.text(amount, side.at_end(amount.width, inset + unit.width + space), top + 54, white=True)

    return Part(78, draw)
