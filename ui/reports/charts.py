"""Charts as inline SVG: bars and columns of stacked parts. Plain shapes, no script, legible in print.

Every chart says in words what it shows (`title`), because a picture alone tells nothing to who listens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from html import escape

_HEAD = 22.0  # above the columns, for their figures
_FOOT = 26.0  # below them, for their names
_WIDEST_COLUMN = 64.0


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar; `colour` is a class of the page's style sheet."""

    amount: int
    colour: str


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of stacked parts, the first at the bottom, with its name below and a figure above."""

    name: str
    figure: str
    parts: tuple[Part, ...]


def bar(parts: Sequence[Part], whole: int, title: str, *, mirrored: bool, height: float = 14.0) -> str:
    """A horizontal bar over the width of its place, of which `whole` is the full length; it grows from the right where
    the text does."""
    shapes, at = [], 0.0
    for part in parts:
        width = 1000.0 * part.amount / whole if whole else 0.0
        left = 1000.0 - at - width if mirrored else at
        if width:
            shapes.append(f'<rect class="{part.colour}" x="{left:.1f}" width="{width:.1f}" height="{height}"/>')
        at += width
    return (
        f'<svg class="bar" viewBox="0 0 1000 {height}" preserveAspectRatio="none" role="img" height="{height}">'
        f'<title>{escape(title)}</title><rect class="track" width="1000" height="{height}"/>{"".join(shapes)}</svg>'
    )


def columns(bars: Sequence[Column], title: str, *, width: float = 960.0, height: float = 230.0) -> str:
    """Columns over time, from left to right in both languages."""
    most = max((sum(part.amount for part in column.parts) for column in bars), default=0) or 1
    room = width / max(len(bars), 1)
    wide = min(_WIDEST_COLUMN, room * 0.6)
    floor, scale = height - _FOOT, (height - _HEAD - _FOOT) / most
    shapes = [f'<line class="floor" x1="0" x2="{width}" y1="{floor}" y2="{floor}"/>']
    for place, column in enumerate(bars):
        middle, top = (place + 0.5) * room, floor
        for part in column.parts:
            tall = part.amount * scale
            top -= tall
            shapes.append(
                f'<rect class="{part.colour}" x="{middle - wide / 2:.1f}" y="{top:.1f}" width="{wide:.1f}" '
                f'height="{tall:.1f}"/>'
            )
        shapes.append(f'<text class="figure" x="{middle:.1f}" y="{top - 7:.1f}">{escape(column.figure)}</text>')
        shapes.append(f'<text class="name" x="{middle:.1f}" y="{floor + 19:.1f}">{escape(column.name)}</text>')
    return (
        f'<svg class="columns" viewBox="0 0 {width} {height}" role="img" direction="ltr">'
        f"<title>{escape(title)}</title>{''.join(shapes)}</svg>"
    )
