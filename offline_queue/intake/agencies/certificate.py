"""Draws a sandbox agency's certificate: one A4 page that says of itself, across the page, that it is a specimen.

An agency is somebody else than the terminal: nothing of the terminal's printing is used here. Letters are drawn as
outlines, joined by HarfBuzz; each cell holds one language or one number, so that no line mixes directions.
"""

from __future__ import annotations

import dataclasses
import functools
import io
from pathlib import Path
from typing import Final, Literal

import uharfbuzz
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import FILL_NON_ZERO, Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from kiosk.wire import Words

_FONTS: Final = Path(__file__).resolve().parents[3] / "assets" / "fonts"
_WIDTH, _HEIGHT = A4
_MARGIN: Final = 24 * mm
_ROW: Final = 15 * mm
_MODULE: Final = 0.75 * mm

Weight = Literal["Regular", "SemiBold", "Bold"]
Side = Literal["left", "right", "middle"]

_SPECIMEN: Final = Words(ar="نموذج تجريبي بلا قيمة", en="SANDBOX SPECIMEN WITHOUT VALUE")
_CHECK: Final = Words(ar="يُتحقق من الوثيقة بمسح الرمز", en="Scan the code to check this document")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Certificate:
    """What is written on it. `rows` are labels with values; `code` is the text of its QR symbol."""

    title: Words
    issuer: Words
    statement: Words
    rows: tuple[tuple[Words, Words], ...]
    number: str
    code: str


def draw_certificate(certificate: Certificate) -> bytes:
    """A PDF of one page; the same content gives the same bytes."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(certificate.number)
    _draw_specimen(canvas)
    canvas.setFillGray(0)
    top = _draw_title(canvas, certificate)
    canvas.setLineWidth(1.2)
    canvas.line(_MARGIN, top, _WIDTH - _MARGIN, top)
    top -= 14 * mm
    for label, value in certificate.rows:
        _draw_row(canvas, label, value, top)
        top -= _ROW
    top -= 12 * mm
    _write(canvas, certificate.statement.ar, (_WIDTH / 2, top), 15, "SemiBold", side="middle")
    _write(canvas, certificate.statement.en, (_WIDTH / 2, top - 8 * mm), 11, "SemiBold", side="middle")
    _draw_code(canvas, certificate)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw_title(canvas: Canvas, certificate: Certificate) -> float:
    """Who issues it, and what it is; how far down that goes."""
    middle, top = _WIDTH / 2, _HEIGHT - 34 * mm
    _write(canvas, certificate.issuer.ar, (middle, top), 13, "SemiBold", side="middle")
    _write(canvas, certificate.issuer.en, (middle, top - 6 * mm), 9, "SemiBold", side="middle")
    _write(canvas, certificate.title.ar, (middle, top - 20 * mm), 24, "Bold", side="middle")
    _write(canvas, certificate.title.en, (middle, top - 29 * mm), 16, "Bold", side="middle")
    return float(top - 40 * mm)


def _draw_row(canvas: Canvas, label: Words, value: Words, top: float) -> None:
    """Arabic from the right edge, English from the left; a number, which is the same in both, stands at both."""
    right = _WIDTH - _MARGIN
    canvas.setFillGray(0.35)
    _write(canvas, label.ar, (right, top), 10, "Regular", side="right")
    _write(canvas, label.en, (_MARGIN, top), 10, "Regular", side="left")
    canvas.setFillGray(0)
    _write(canvas, value.ar, (right, top - 6 * mm), 13, "SemiBold", side="right")
    _write(canvas, value.en, (_MARGIN, top - 6 * mm), 13, "SemiBold", side="left")


def _draw_specimen(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillGray(0.88)
    canvas.translate(_WIDTH / 2, _HEIGHT / 2)
    canvas.rotate(52)
    _write(canvas, _SPECIMEN.ar, (0, 10), 44, "Bold", side="middle")
    _write(canvas, _SPECIMEN.en, (0, -34), 27, "Bold", side="middle")
    canvas.restoreState()


def _draw_code(canvas: Canvas, certificate: Certificate) -> None:
    """In its own white field, so that what lies across the page does not run through it."""
    modules = _modules(certificate.code)
    side, quiet = len(modules) * _MODULE, 4 * _MODULE
    left, bottom = (_WIDTH - side) / 2, 40 * mm
    canvas.setFillGray(1)
    canvas.rect(left - quiet, bottom - quiet, side + 2 * quiet, side + 2 * quiet, stroke=0, fill=1)
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for y, line in enumerate(modules):
        for x, black in enumerate(line):
            if black:
                path.rect(left + x * _MODULE, bottom + side - (y + 1) * _MODULE, _MODULE, _MODULE)
    canvas.drawPath(path, stroke=0, fill=1)
    _write(canvas, _CHECK.ar, (_WIDTH / 2, 29 * mm), 11, "Regular", side="middle")
    _write(canvas, _CHECK.en, (_WIDTH / 2, 23 * mm), 9, "Regular", side="middle")
    _write(canvas, certificate.number, (_WIDTH / 2, 15 * mm), 11, "SemiBold", side="middle")


def _modules(text: str) -> list[list[bool]]:
    """`address#CODE`: the address as bytes, the base32 after it in the denser alphanumeric mode."""
    address, mark, rest = text.partition("#")
    symbol = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(QRData((address + mark).encode(), MODE_8BIT_BYTE), optimize=0)
    symbol.add_data(QRData(rest.encode(), MODE_ALPHA_NUM), optimize=0)
    symbol.make(fit=True)
    modules: list[list[bool]] = symbol.get_matrix()
    return modules


# ---------------------------------------------------------------- letters


class _Outline:
    """Takes a glyph's outline from HarfBuzz and puts it into a path, from (x, y), in points."""

    def __init__(self, path: PDFPathObject, x: float, y: float, scale: float) -> None:
        self._path, self._x, self._y, self._scale = path, x, y, scale
        self._at = (0.0, 0.0)

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802  the pen's own names
        self._at = point
        self._path.moveTo(*self._placed(point))

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._at = point
        self._path.lineTo(*self._placed(point))

    def qCurveTo(self, control: tuple[float, float], point: tuple[float, float]) -> None:  # noqa: N802
        """As the cubic curve that is the same."""
        first, second = (
            (end[0] + 2 / 3 * (control[0] - end[0]), end[1] + 2 / 3 * (control[1] - end[1]))
            for end in (self._at, point)
        )
        self.curveTo(first, second, point)

    def curveTo(self, first: tuple[float, float], second: tuple[float, float], point: tuple[float, float]) -> None:  # noqa: N802
        self._at = point
        self._path.curveTo(*self._placed(first), *self._placed(second), *self._placed(point))

    def closePath(self) -> None:  # noqa: N802
        self._path.close()

    def _placed(self, point: tuple[float, float]) -> tuple[float, float]:
        return self._x + point[0] * self._scale, self._y + point[1] * self._scale


@functools.cache
def _font(weight: Weight) -> tuple[uharfbuzz.Font, int]:
    face = uharfbuzz.Face((_FONTS / f"IBMPlexSansArabic-{weight}.ttf").read_bytes())
    return uharfbuzz.Font(face), face.upem


def _write(canvas: Canvas, text: str, at: tuple[float, float], size: float, weight: Weight, *, side: Side) -> None:
    """One line of one direction; `at` is where its left end, right end or middle stands on the line."""
    font, units = _font(weight)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    scale = size / units
    width = sum(position.x_advance for position in buffer.glyph_positions) * scale
    (x, y), path = at, canvas.beginPath()
    left = x - {"left": 0.0, "right": width, "middle": width / 2}[side]
    for glyph, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        pen = _Outline(path, left + position.x_offset * scale, y + position.y_offset * scale, scale)
        font.draw_glyph_with_pen(glyph.codepoint, pen)
        left += position.x_advance * scale
    canvas.drawPath(path, stroke=0, fill=1, fillMode=FILL_NON_ZERO)  # letters that join lie over one another
