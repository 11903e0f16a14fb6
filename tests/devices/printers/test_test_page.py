"""The printer's test page: what stands on it, read back from its dots, and printed by a real IPP printer."""

from __future__ import annotations

from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from PIL.Image import Image

from devices.printers.arabic import Line
from devices.printers.ipp import IppReceiptPrinter
from devices.printers.preview import raster, read_code
from devices.printers.sheet import DOTS_PER_MM, MARGIN, PRINTABLE, WIDTH, Sheet
from devices.printers.test_page import code_text, draw_self_test, draw_test_page
from devices.virtual.printer import VirtualPrinter
from kiosk.clock import SystemClock
from kiosk.diagnostics import Examination
from kiosk.receipt import PrintState
from kiosk.report import Report
from kiosk.technician import PrinterTest
from kiosk.wire import Words
from tests.ui.technician.parts import OFFICE, sample_checks, sample_report

PAGE = PrinterTest(terminal="KRK3", office=OFFICE, at=datetime(2026, 11, 23, 7, 46, 12, tzinfo=UTC))


@pytest.fixture(scope="module")
def dots() -> Image:
    return raster(draw_test_page(PAGE))


@pytest.fixture
def report() -> Report:
    return sample_report(tuple(Examination(sample_checks(), SystemClock()).findings()))


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line that is drawn, its letters as they stand from left to right."""
    drawn: list[str] = []
    write = Sheet.text

    def noting(sheet: Sheet, line: Line, x: float, baseline: int, *, white: bool = False) -> None:
        drawn.append(normalize("NFKC", line.glyphs))
        write(sheet, line, x, baseline, white=white)

    monkeypatch.setattr(Sheet, "text", noting)
    return drawn


def _black(dots: Image, y: int) -> list[int]:
    return [x for x in range(dots.width) if not dots.getpixel((x, y))]


def test_the_code_is_read_back_from_the_dots() -> None:
    assert read_code(draw_test_page(PAGE)) == code_text(PAGE) == "TEST:KRK3:20261123T074612Z"


def test_both_languages_and_both_directions_are_on_it(texts: list[str]) -> None:
    draw_test_page(PAGE)
    assert "The quick brown fox jumps over the lazy dog" in texts
    assert "0123456789" in texts
    assert "٠١٢٣٤٥٦٧٨٩" in texts
    # An isolated plate keeps its order inside an Arabic line, which itself runs from the right.
    (mixed,) = [text for text in texts if "12-34567" in text]
    assert mixed.startswith("17:46")
    assert mixed.endswith("ةبكرملا")


def test_it_names_terminal_and_time_in_jordan(texts: list[str]) -> None:
    draw_test_page(PAGE)
    assert any("KRK3" in text for text in texts)
    assert "23/11/2026 10:46" in texts


def test_the_ruler_is_as_wide_as_what_prints(dots: Image) -> None:
    """Its line is the first from end to end that has nothing but ticks below it."""
    whole = list(range(MARGIN, MARGIN + PRINTABLE))
    rows = [y for y in range(dots.height) if _black(dots, y) == whole]
    ruler = next(y for y in rows if y + 3 < dots.height and 60 < len(_black(dots, y + 3)) < 200)
    ticks = _black(dots, ruler + 3)
    assert (ticks[0], ticks[-1]) == (MARGIN, MARGIN + PRINTABLE - 1)
    starts = [x for x in ticks if x - 1 not in ticks]
    assert len(starts) == PRINTABLE // DOTS_PER_MM + 1


def test_the_black_bar_uses_every_dot_of_the_head(dots: Image) -> None:
    whole = list(range(MARGIN, MARGIN + PRINTABLE))
    longest = run = 0
    for y in range(dots.height):
        run = run + 1 if _black(dots, y) == whole else 0
        longest = max(longest, run)
    assert longest >= 48


def test_it_fits_the_paper(dots: Image) -> None:
    assert dots.width == WIDTH


@pytest.mark.parametrize(("language", "failed"), [("ar", "عطل"), ("en", "Failed")])
def test_the_self_test_tells_each_check_and_what_to_do(
    report: Report, texts: list[str], language: str, failed: str
) -> None:
    draw_self_test(report, OFFICE, "ar" if language == "ar" else "en")
    told = "\n".join(texts)
    shown = failed if language == "en" else failed[::-1]
    assert shown in told
    assert "IBM Plex Sans Arabic" in told
    if language == "en":
        assert "Check the router." in told
        assert "This test may be incomplete" in texts


def test_both_are_printed_by_ipp(virtual_printer: VirtualPrinter, report: Report) -> None:
    printer = IppReceiptPrinter(virtual_printer.url)
    try:
        assert printer.print_test_page(PAGE) is PrintState.CONFIRMED
        assert printer.print_self_test(report, Words(ar="الكرك", en="Karak")) is PrintState.CONFIRMED
        # Asked for again it comes out again: a test that is not printed tests nothing.
        again = PrinterTest(terminal=PAGE.terminal, office=OFFICE, at=datetime(2026, 11, 23, 7, 47, tzinfo=UTC))
        assert printer.print_test_page(again) is PrintState.CONFIRMED
    finally:
        printer.close()
    assert len(virtual_printer.printed()) == 3
