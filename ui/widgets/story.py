"""What happened, one under the other: each line a sign on a thread, a sentence, and what follows from it."""

from __future__ import annotations

import dataclasses
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.layouts import column
from ui.widgets.text import Text

StoryState = Literal["done", "now", "waiting", "attention", "to_come"]

_SIGN_MM = 11.0


@dataclasses.dataclass(frozen=True, slots=True)
class _Sign:
    fill: str
    outline: str
    ink: str
    icon: str


_SIGNS: dict[StoryState, _Sign] = {
    "done": _Sign("success", "success", "on_primary", "check"),
    "now": _Sign("primary", "primary", "on_primary", "printer"),
    "waiting": _Sign("warning_soft", "warning_line", "warning", "clock"),
    "attention": _Sign("warning_soft", "warning_line", "warning", "triangle-alert"),
    "to_come": _Sign("surface", "control", "ink2", "clock"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class StoryLine:
    """`icon` replaces the state's own sign."""

    state: StoryState
    text: str
    detail: str = ""
    icon: str = ""


class Story(QWidget):
    """`Story(look, (StoryLine("done", "The amount was paid", "23/11/2026"), ...))`."""

    def __init__(self, look: Look, lines: tuple[StoryLine, ...]) -> None:
        super().__init__()
        self._look = look
        self._signs: list[StorySign] = []
        self.setLayoutDirection(look.direction)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look.px(look.tokens.space.m))
        grid.setVerticalSpacing(look.px(look.tokens.space.s))
        grid.setColumnStretch(1, 1)
        for place, line in enumerate(lines):
            sign = StorySign(look, line)
            self._signs.append(sign)
            words = column(look, Text(look, line.text, strong=True), gap_mm=0.0)
            if line.detail:
                words.addWidget(Text(look, line.detail, colour="ink2"))
            grid.addWidget(sign, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(words, place, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The thread from sign to sign, under them."""
        del event
        look = self._look
        painter = QPainter(self)
        width = look.px(0.9)
        for upper, lower in zip(self._signs, self._signs[1:], strict=False):
            middle = upper.geometry().center().x() + 0.5
            top, bottom = upper.geometry().center().y(), lower.geometry().center().y()
            painter.fillRect(QRectF(middle - width / 2, top, width, bottom - top), look.colour("edge"))
        painter.end()


class StorySign(QWidget):
    """A disc with the state's sign; state is shape and icon as well as colour."""

    def __init__(self, look: Look, line: StoryLine) -> None:
        super().__init__()
        self._look = look
        self._sign = _SIGNS[line.state]
        self._icon = line.icon or self._sign.icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = max(self._look.px(_SIGN_MM), round(self._look.line_height("body")))
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        pen = QPen(look.colour(self._sign.outline), look.stroke(look.tokens.line.field))
        inset = pen.widthF() / 2
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(look.colour(self._sign.fill))
        painter.drawEllipse(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
        icon = look.icon(self._icon, self.width() * 0.6 / look.panel.pixels_per_mm, self._sign.ink)
        painter.drawPixmap((self.width() - icon.width()) // 2, (self.height() - icon.height()) // 2, icon)
        painter.end()
