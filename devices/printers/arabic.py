"""Sets one line of Arabic, Latin or mixed text: order by the bidi algorithm (UAX #9), joining by HarfBuzz.

reportlab draws what it is given from left to right, letter by letter. So a line is cut into runs of one direction, the
runs are brought into the order in which they stand on paper, and each is shaped on its own, in its own direction
(which also mirrors brackets). Its own path for right-to-left text turns Arabic-Indic digits and mixed lines round.

Nothing is cached here: lines hold what a person's receipt says, and must be gone when it is printed.
Uses internals of reportlab; its version is pinned, and the tests hold what they are for.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from pathlib import Path
from typing import Final, Literal

import uharfbuzz
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import ShapeData, ShapedStr, TTFont

Weight = Literal["Regular", "Medium", "SemiBold", "Bold"]

_FONTS: Final = Path(__file__).resolve().parents[2] / "assets" / "fonts"
_CONTROLS: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One line ready to be drawn from its left end; `width` in the unit of `size`."""

    glyphs: ShapedStr
    font: str
    size: int
    width: float


def isolate(value: str) -> str:
    """Keeps a date, a number or a plate in one piece, left to right, within a sentence (UAX #9, LRI and PDI)."""
    return f"\u2066{value}\u2069"


def is_right_to_left(text: str) -> bool:
    """The direction of the first letter (UAX #9, P2 and P3); text without a letter runs left to right."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in kinds if kind in {"L", "R", "AL"}), False)


def set_line(text: str, weight: Weight, size: int, *, rtl: bool) -> Line:
    """Shapes one line. Line feeds and other white space become single spaces."""
    font = _font(weight)
    glyphs = ShapedStr("", shapeData=[])
    for level, run in runs(" ".join(text.split()), rtl=rtl):
        glyphs += _shape(run, font, rtl=level % 2 == 1)
    advance: float = sum(glyph.x_advance for glyph in glyphs.__shapeData__)
    return Line(glyphs, font.fontName, size, advance * size / 1000)


def wrap(text: str, weight: Weight, size: int, width: float, *, rtl: bool) -> tuple[Line, ...]:
    """Breaks text between words into lines of at most `width`; a longer word is broken where the line ends."""
    lines: list[str] = []
    rest = text.split()
    while rest:
        taken = 0
        while taken < len(rest) and _fits(" ".join(rest[: taken + 1]), weight, size, width):
            taken += 1
        if taken == 0:
            word = rest[0]
            taken_letters = next((n for n in range(len(word) - 1, 1, -1) if _fits(word[:n], weight, size, width)), 1)
            rest[0:1] = [part for part in (word[:taken_letters], word[taken_letters:]) if part]
            taken = 1
        lines.append(" ".join(rest[:taken]))
        rest = rest[taken:]
    return tuple(set_line(line, weight, size, rtl=rtl) for line in lines)


def runs(text: str, *, rtl: bool) -> list[tuple[int, str]]:
    """Embedding level and letters of each run, in the order of the paper from left to right (UAX #9, rule L2)."""
    paragraph = BidiParagraph(text, base_direction=TextDirection.RTL if rtl else TextDirection.LTR)
    paragraph.reorder_resolved_levels()
    found: list[tuple[int, str]] = []
    for letter in sorted(paragraph.characters, key=lambda letter: letter.character_index):
        if letter.character in _CONTROLS:
            continue
        if found and found[-1][0] == letter.embedding_level:
            found[-1] = (found[-1][0], found[-1][1] + letter.character)
        else:
            found.append((letter.embedding_level, letter.character))
    levels = [level for level, _ in found]
    lowest_odd = min((level for level in levels if level % 2), default=max(levels, default=0) + 1)
    for level in range(max(levels, default=0), lowest_odd - 1, -1):
        _reverse_from(found, level)
    return found


def _reverse_from(found: list[tuple[int, str]], level: int) -> None:
    """Turns round every stretch of runs at this level or above."""
    start = 0
    while start < len(found):
        end = start
        while end < len(found) and found[end][0] >= level:
            end += 1
        found[start:end] = found[start:end][::-1]
        start = max(end, start + 1)


def _fits(text: str, weight: Weight, size: int, width: float) -> bool:
    return set_line(text, weight, size, rtl=is_right_to_left(text)).width <= width


@functools.cache
def _font(weight: Weight) -> TTFont:
    """Loads one of the four weights. reportlab keeps fonts for the whole process: draw on one thread only."""
    font = TTFont(f"IBMPlexSansArabic-{weight}", _FONTS / f"IBMPlexSansArabic-{weight}.ttf")
    pdfmetrics.registerFont(font)
    return font


def _shape(text: str, font: TTFont, *, rtl: bool) -> ShapedStr:
    """One run as glyphs from left to right. A glyph that no character stands for gets a private one."""
    shaper = font.hbFont(10)  # first: it also makes room for private characters
    buffer = uharfbuzz.Buffer()
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    uharfbuzz.shape(shaper, buffer)
    letters = ""
    shapes: list[ShapeData] = []
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if glyph.codepoint in font.face.glyphToChar:
            code = font.face.glyphToChar[glyph.codepoint][0]
        else:
            code = font.hbAddPrivate(shaper.glyph_to_string(glyph.codepoint), glyph.codepoint, place.x_advance)
        measures = (place.x_advance, place.y_advance, place.x_offset, place.y_offset)
        shapes.append(ShapeData(glyph.cluster, *map(font.pdfScale, measures), font.face.charWidths[code]))
        letters += chr(code)
    return ShapedStr(letters, shapeData=shapes)
