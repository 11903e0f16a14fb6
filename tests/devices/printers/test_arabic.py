"""Arabic on paper: the order of runs, joined letters, mirrored brackets, pictures as another engine's."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFilter
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage, QPainter
from reportlab.pdfbase import pdfmetrics

from devices.printers.arabic import Line, is_right_to_left, isolate, runs, set_line, wrap
from devices.printers.preview import raster
from devices.printers.sheet import Part, to_pdf

FONT = Path(__file__).resolve().parents[3] / "assets" / "fonts" / "IBMPlexSansArabic-Regular.ttf"
SAMPLES = (
    "تجديد بطاقة شخصية (ID Card Renewal)",
    "المجموع 1,250.000 + 16% ضريبة",
    "الأَرْدُنّ مُحَمَّد",
    "سُجّلت دون اتصال، عمّان",
    f"هاتف: {isolate('+962-6-1234567')} فرع عمّان/الدوّار 3",
    f"نسخة 1 من إيصال {isolate('23/11/2026 10:46')}",
    "١٢٫٥٠٠ دينار",
)


def picture(line: Line) -> Image.Image:
    """What the paper shows of one line, cut to its ink, black on white."""
    pdf = to_pdf(Part(120, lambda sheet, top: sheet.text(line, 20, top + 70)), "line")
    return ink(raster(pdf).convert("L"))


def ink(image: Image.Image) -> Image.Image:
    return image.crop(ImageChops.invert(image).getbbox())


def likeness(one: Image.Image, other: Image.Image) -> float:
    """The share of their ink that two pictures of one line have in common (0 to 1). Engines round the places of letters
    differently, so widths are made equal, and ink one dot away counts."""
    left, right = ImageChops.invert(one), ImageChops.invert(other.resize(one.size, Image.Resampling.NEAREST))

    def found_in(ink: Image.Image, there: Image.Image) -> float:
        both = ImageChops.darker(ink, there.filter(ImageFilter.MaxFilter(3))).histogram()[255]
        return both / ink.histogram()[255]

    return min(found_in(left, right), found_in(right, left))


def by_qt(text: str, *, rtl: bool) -> Image.Image:
    """The same line by Qt's text engine, with bidi and shaping of its own."""
    family = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(FONT)))[0]
    font = QFont(family)
    font.setPixelSize(32)
    font.setWeight(QFont.Weight.Normal)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    image = QImage(640, 120, QImage.Format.Format_Grayscale8)
    image.fill(255)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
    painter.drawText(0, 0, 620, 110, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextSingleLine, text)
    painter.end()
    grey = Image.frombytes("L", (640, 120), bytes(image.constBits()), "raw", "L", image.bytesPerLine())
    return ink(grey.point(lambda value: 255 if value >= 128 else 0))


def glyphs(text: str, *, rtl: bool = True) -> list[int]:
    """The font's glyph numbers, from left to right on the paper."""
    line = set_line(text, "Regular", 40, rtl=rtl)
    return [pdfmetrics.getFont(line.font).face.charToGlyph[ord(letter)] for letter in line.glyphs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("المبلغ: 12.500 د.أ (JOD)", [(1, ")"), (2, "JOD"), (1, " د.أ ("), (2, "12.500"), (1, "المبلغ: ")]),
        ("هاتف +962-6-1234567", [(2, "1234567"), (1, "-"), (2, "6"), (1, "-"), (2, "962"), (1, "هاتف +")]),
        (f"هاتف {isolate('+962-6-1234567')}", [(2, "+962-6-1234567"), (1, "هاتف ")]),
        ("abc", [(2, "abc")]),
        ("ضريبة 16%", [(1, "%"), (2, "16"), (1, "ضريبة ")]),  # UAX #9, W2: why values are isolated
        (f"ضريبة {isolate('16%')}", [(2, "16%"), (1, "ضريبة ")]),
        ("", []),
    ],
)
def test_runs_stand_in_the_order_of_the_paper(text: str, expected: list[tuple[int, str]]) -> None:
    assert runs(text, rtl=True) == expected


def test_a_left_to_right_line_keeps_an_arabic_name_in_its_place() -> None:
    assert runs("Copy نسخة 2", rtl=False) == [(0, "Copy "), (2, "2"), (1, "نسخة ")]
    assert runs(f"Copy نسخة {isolate('2')}", rtl=False)[0] == (0, "Copy ")


def test_letters_join() -> None:
    joined, apart = glyphs("بيت"), [glyphs(letter)[0] for letter in "تيب"]
    assert len(joined) == len(apart) == 3
    assert all(one != other for one, other in zip(joined, apart, strict=True))


def test_lam_alef_is_one_shape() -> None:
    assert len(glyphs("لا")) == 1


def test_brackets_are_mirrored_where_the_text_runs_right_to_left() -> None:
    opening, closing = glyphs("(", rtl=False)[0], glyphs(")", rtl=False)[0]
    line = glyphs("(أ)")
    assert (line[0], line[-1]) == (opening, closing)


def test_arabic_indic_digits_keep_their_order() -> None:
    digits = [glyphs(digit, rtl=False)[0] for digit in "١٢"]
    line = glyphs("المجموع ١٢")
    assert line[:2] == digits


def test_marks_take_no_room() -> None:
    assert set_line("مُحَمَّد", "Regular", 40, rtl=True).width == set_line("محمد", "Regular", 40, rtl=True).width


def test_marks_are_moved_to_their_letters() -> None:
    line = set_line("كُ", "Regular", 40, rtl=True)
    places = [(glyph.x_offset, glyph.y_offset) for glyph in line.glyphs.__shapeData__]
    assert len(places) == 2
    assert set(places) != {(0, 0)}


@pytest.mark.parametrize(
    ("text", "rtl"), [("12-34567", False), ("", False), ("+962 ت", True), ("(ID) بطاقة", False), ("٣", False)]
)
def test_a_cell_runs_by_its_first_letter(text: str, rtl: bool) -> None:
    assert is_right_to_left(text) is rtl


def test_a_line_shows_nothing_personal_in_its_repr() -> None:
    assert "4821" not in repr(set_line("4821", "Regular", 40, rtl=False))


@pytest.mark.parametrize("text", SAMPLES)
def test_the_picture_is_that_of_another_engine(text: str, qapp: QGuiApplication) -> None:
    assert likeness(picture(set_line(text, "Regular", 32, rtl=True)), by_qt(text, rtl=True)) > 0.85


@pytest.mark.parametrize("text", SAMPLES)
def test_the_likeness_tells_a_wrong_picture(text: str, qapp: QGuiApplication) -> None:
    """Guards the test above: unjoined letters, or the other direction, do not pass as alike."""
    ours = picture(set_line(text, "Regular", 32, rtl=True))
    assert likeness(ours, by_qt("\u200c".join(text[::-1]), rtl=False)) < 0.6


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=80), st.booleans())
def test_any_text_can_be_set_and_broken(text: str, rtl: bool) -> None:
    assert set_line(text, "Regular", 27, rtl=rtl).width >= 0
    lines = wrap(text, "Regular", 27, 200, rtl=rtl)
    assert bool(lines) == bool(text.split())


def test_lines_break_between_words_and_lose_none() -> None:
    words = "إدارة ترخيص السواقين والمركبات في محافظة العاصمة"
    lines = wrap(words, "Regular", 27, 250, rtl=True)
    assert len(lines) > 1
    assert all(line.width <= 250 for line in lines)
    spaces = len(lines) - 1
    whole = set_line(words, "Regular", 27, rtl=True)
    assert sum(len(line.glyphs) for line in lines) + spaces == len(whole.glyphs)


def test_a_word_longer_than_the_line_is_broken() -> None:
    lines = wrap("x" * 100, "Regular", 27, 200, rtl=False)
    assert sum(len(line.glyphs) for line in lines) == 100
    assert all(line.width <= 200 for line in lines)
