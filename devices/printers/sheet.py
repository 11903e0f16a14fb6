"""The 80 mm paper as a surface of dots: 8 dots per mm, black or nothing, measured from the top left corner.

Everything but letters lies on whole dots, so that a thermal head prints it as it was drawn.
"""

from __future__ import annotations

import dataclasses
import io
import math
from collections.abc import Callable, Sequence
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from devices.printers.arabic import Line

DOTS_PER_MM: Final = 8
WIDTH: Final = 80 * DOTS_PER_MM
PRINTABLE: Final = 72 * DOTS_PER_MM
MARGIN: Final = (WIDTH - PRINTABLE) // 2
POINTS_PER_DOT: Final = 72 / 25.4 / DOTS_PER_MM
_HAIR: Final = 0.02


class Sheet:
    """Draws on one page. Distances are dots, y grows downwards; `white` draws on a black ground."""

    def __init__(self, canvas: Canvas, height: int) -> None:
        self._canvas = canvas
        self._height = height

    def box(self, x: int, y: int, width: int, height: int, *, white: bool = False) -> None:
        """A renderer may widen a rectangle to every pixel that it touches: a hair less keeps it off its neighbours."""
        self._ink(white)
        bottom = self._height - y - height
        self._canvas.rect(x + _HAIR, bottom + _HAIR, width - 2 * _HAIR, height - 2 * _HAIR, stroke=0, fill=1)

    def frame(self, x: int, y: int, width: int, height: int, thickness: int) -> None:
        self.box(x, y, width, height)
        self.box(x + thickness, y + thickness, width - 2 * thickness, height - 2 * thickness, white=True)

    def rounded_box(self, x: int, y: int, width: int, height: int, radius: int) -> None:
        self._ink(white=False)
        self._canvas.roundRect(x, self._height - y - height, width, height, radius, stroke=0, fill=1)

    def boxes(self, corners: Sequence[tuple[int, int, int, int]]) -> None:
        """Many boxes (x, y, width, height) as one shape, so that no seam shows between them."""
        self._ink(white=False)
        path = self._canvas.beginPath()
        for x, y, width, height in corners:
            path.rect(x, self._height - y - height, width, height)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def text(self, line: Line, x: float, baseline: int, *, white: bool = False) -> None:
        """`x` is the line's left end. A line already stands in the order of the paper."""
        if line.width == 0:
            return
        self._ink(white)
        self._canvas.setFont(line.font, line.size)
        self._canvas.drawString(round(x), self._height - baseline, line.glyphs)

    def _ink(self, white: bool) -> None:
        self._canvas.setFillGray(1 if white else 0)


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Part:
    """One piece of the paper, as wide as the paper: how many dots high, and how it is drawn from a given y."""

    height: int
    draw: Callable[[Sheet, int], None]


def stack(*parts: Part) -> Part:
    """Parts one under another, as one part."""

    def draw(sheet: Sheet, top: int) -> None:
        for part in parts:
            part.draw(sheet, top)
            top += part.height

    return Part(sum(part.height for part in parts), draw)


def to_pdf(part: Part, title: str) -> bytes:
    """One page, exactly as long as its content. The same content gives the same bytes."""
    size = [math.floor(dots * POINTS_PER_DOT * 1e4) / 1e4 for dots in (WIDTH, part.height)]  # no dot more by rounding
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size, invariant=1, initialFontName="Helvetica")
    canvas.setTitle(title)
    canvas.scale(POINTS_PER_DOT, POINTS_PER_DOT)
    part.draw(Sheet(canvas, part.height), 0)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
