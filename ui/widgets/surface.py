"""Surfaces that hold other widgets and cannot be pressed: cards and thin lines between rows."""

from __future__ import annotations

import dataclasses
from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.look import Look
from ui.widgets.painting import Box, paint_box

SurfaceKind = Literal["plain", "information", "success", "warning", "error", "unavailable"]


@dataclasses.dataclass(frozen=True, slots=True)
class _Colours:
    fill: str
    outline: str


_KINDS: dict[SurfaceKind, _Colours] = {
    "plain": _Colours("surface", "line"),
    "information": _Colours("primary_soft", "primary"),
    "success": _Colours("success_soft", "success"),
    "warning": _Colours("warning_soft", "warning_line"),
    "error": _Colours("error_soft", "error"),
    "unavailable": _Colours("sunken", "control"),
}


class Surface(QWidget):
    """`Surface(look, "plain")`: a rounded card. Put rows into `surface.rows` (a QVBoxLayout with padding), or
    replace the layout's margins and spacing. A hair line outlines it; tinted kinds outline in their own colour."""

    def __init__(self, look: Look, kind: SurfaceKind = "plain", *, padding_mm: float | None = None) -> None:
        super().__init__()
        self.look = look
        self._kind = kind
        self.setLayoutDirection(look.direction)
        padding = look.px(look.tokens.space.l if padding_mm is None else padding_mm)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(padding, padding, padding, padding)
        self.rows.setSpacing(look.px(look.tokens.space.s))

    def widen_sides(self) -> None:
        """What stands at the sides keeps the same distance from the outline as on every other card."""
        margins = self.rows.contentsMargins()
        self.rows.setContentsMargins(self.look.inset, margins.top(), self.look.inset, margins.bottom())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        colours = _KINDS[self._kind]
        painter = QPainter(self)
        paint_box(
            painter,
            QRectF(self.rect()),
            Box(
                fill=look.colour(colours.fill),
                outline=look.colour(colours.outline),
                outline_width=look.stroke(look.tokens.line.hair),
                radius=look.card_radius,
                dashed=self._kind == "unavailable",
            ),
        )
        painter.end()


class Separator(QWidget):
    """A hair line between two rows."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._colour = look.colour("line")
        self.setFixedHeight(look.px(look.tokens.line.hair))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._colour)
        painter.end()
