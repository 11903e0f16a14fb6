"""A choice of a few words side by side in one outline, the chosen one filled: as whom a person comes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Pressable


@dataclasses.dataclass(frozen=True, slots=True)
class SegmentWords:
    id: str
    words: str
    icon: str


class SegmentPart(Pressable):
    """One of them. It paints its own part of the outline that they share."""

    def __init__(self, look: Look, segment: SegmentWords, *, icons: bool) -> None:
        super().__init__(look, name=f"segment:{segment.id}", accessible=segment.words)
        self._words = segment.words
        self._icon = segment.icon if icons else ""
        self._ends = (False, False)
        self.setCheckable(True)
        self.setFont(look.font("body", strong=True))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_ends(self, *, first: bool, last: bool) -> None:
        self._ends = (first, last)

    def sizeHint(self) -> QSize:
        look = self.look
        metrics = QFontMetricsF(self.font())
        icon = look.px(look.icon_mm) + look.px(2.0) if self._icon else 0
        width = round(metrics.horizontalAdvance(self._words)) + icon + 2 * look.px(4.0)
        return QSize(width, max(look.px(look.tokens.size.tool), round(metrics.height()) + look.px(0.6)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, width = self.look, self.look.outline
        radius = look.px(look.tokens.radius.control)
        filled = self.isChecked() or self.isDown()
        right = look.right_to_left
        outer_left, outer_right = (self._ends[1], self._ends[0]) if right else self._ends
        box = QRectF(self.rect()).adjusted(
            width / 2 if outer_left else -2 * radius,
            width / 2,
            -width / 2 if outer_right else 2 * radius,
            -width / 2,
        )
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.fillPath(path, look.colour("primary" if filled else "surface"))
        painter.setPen(QPen(look.colour("control"), width))
        painter.drawPath(path)
        ink = "on_primary" if filled else "ink"
        if not filled and not self._ends[1]:
            x = 0.0 if right else self.width() - width
            painter.fillRect(QRectF(x, width, width, self.height() - 2 * width), look.colour("line"))
        self._paint_words(painter, ink)
        painter.end()

    def _paint_words(self, painter: QPainter, ink: str) -> None:
        look, gap = self.look, self.look.px(2.0)
        text = QFontMetricsF(self.font()).horizontalAdvance(self._words)
        icon = look.icon(self._icon, look.icon_mm, ink) if self._icon else None
        whole = text + (icon.width() + gap if icon else 0)
        left = (self.width() - whole) / 2
        right = look.right_to_left
        if icon is not None:
            x = left + text + gap if right else left
            painter.drawPixmap(round(x), (self.height() - icon.height()) // 2, icon)
        at = left if right or icon is None else left + icon.width() + gap
        painter.setPen(look.colour(ink))
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        painter.drawText(round(at), round((self.height() + metrics.ascent() - metrics.descent()) / 2), self._words)


class SegmentBar(QWidget):
    """`SegmentBar(look, segments, "citizen", choose)`: parts named `segment:citizen`; `choose` gets the id. `icons`
    False leaves the icons out, where there is no room for them."""

    def __init__(
        self,
        look: Look,
        segments: tuple[SegmentWords, ...],
        chosen: str,
        choose: Callable[[str], object],
        *,
        icons: bool = True,
    ) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        for place, segment in enumerate(segments):
            part = SegmentPart(look, segment, icons=icons)
            part.show_ends(first=place == 0, last=place == len(segments) - 1)
            part.setChecked(segment.id == chosen)
            part.when_pressed(partial(choose, segment.id))
            line.addWidget(part)
