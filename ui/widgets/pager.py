"""Going through what does not fit on one page: Previous, "Page 1 of 4", Next. Nothing here scrolls."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Button
from ui.widgets.joined_row import JoinedRow
from ui.widgets.text import Text


@dataclasses.dataclass(frozen=True, slots=True)
class PageOf:
    """Page `number` (from 1) of `count`; `turn` is called with the number that is wanted."""

    number: int
    count: int
    turn: Callable[[int], object]


class Pager(QWidget):
    """`Pager(look, PageOf(1, 4, turn))`: buttons named `previous` and `next`; at the ends they are disabled."""

    def __init__(self, look: Look, page: PageOf) -> None:
        super().__init__()
        texts = look.texts
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(look.tokens.space.m))
        slim = not look.medium
        before = Button(look, texts("Previous"), name="previous", icon="" if slim else "chevron-left")
        after = Button(look, texts("Next"), name="next", arrow="" if slim else "chevron-right")
        before.setEnabled(page.number > 1)
        after.setEnabled(page.number < page.count)
        before.when_pressed(partial(_turn, page, page.number - 1))
        after.when_pressed(partial(_turn, page, page.number + 1))
        if slim:
            words = texts.isolated(f"{page.number} / {page.count}")
        else:
            words = texts("Page {number} of {count}", number=page.number, count=page.count)
        line.addWidget(before)
        line.addWidget(Text(look, words, strong=True, wrap=False))
        line.addWidget(after)


def _turn(page: PageOf, number: int) -> None:
    page.turn(number)


class PagedColumn(QWidget):
    """`PagedColumn(look, rows, gap_mm=2)`: shows as many of the rows as there is room for, and a pager under them
    where that is not all. Rows keep the height that they need; a row is never cut. Joined rows follow one another
    without a gap, and each page rounds off the part of their card that it shows.

    Signals:
        shown_all(): the last of the rows has come before the person's eyes; once.
    """

    shown_all = Signal()

    def __init__(self, look: Look, rows: list[QWidget], *, gap_mm: float = 2.0) -> None:
        super().__init__()
        self._look = look
        self._rows = rows
        self._gap = look.px(gap_mm)
        self._number = 1
        self._shown = range(0)
        self._seen: set[int] = set()
        self._pager: Pager | None = None
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for entry in rows:
            entry.setParent(self)

    def sizeHint(self) -> QSize:
        hints = [entry.sizeHint() for entry in self._rows]
        width = max((hint.width() for hint in hints), default=0)
        return QSize(width, sum(hint.height() for hint in hints) + sum(self._gaps()))

    def minimumSizeHint(self) -> QSize:
        least = max((entry.minimumSizeHint().width() for entry in self._rows), default=0)
        return QSize(least, self._look.px(self._look.tokens.size.choice_row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._note_seen()

    def _arrange(self) -> None:
        heights = [self._height_of(entry) for entry in self._rows]
        gaps = self._gaps()
        groups = _groups(heights, gaps, self.height())
        if len(groups) > 1:
            foot = self._look.once("pager: height", self._pager_height) + self._gap
            groups = _groups(heights, gaps, self.height() - foot)
        self._number = min(self._number, len(groups))
        self._show_pager(len(groups))
        self._shown = shown = groups[self._number - 1]
        top = 0
        for place, entry in enumerate(self._rows):
            if place in shown:
                top += gaps[place] if place > shown.start else 0
                entry.setGeometry(QRect(0, top, self.width(), heights[place]))
                top += heights[place]
                if isinstance(entry, JoinedRow):
                    entry.show_ends(first=not self._follows(place, shown), last=not self._follows(place + 1, shown))
            entry.setVisible(place in shown)
        self._note_seen()

    def _note_seen(self) -> None:
        """Before it is visible, its size is not the one that a person sees it at."""
        if not self.isVisible() or len(self._seen) == len(self._rows):
            return
        self._seen.update(self._shown)
        if len(self._seen) == len(self._rows):
            self.shown_all.emit()

    def _pager_height(self) -> int:
        return Pager(self._look, PageOf(1, 2, _nowhere)).sizeHint().height()

    def _follows(self, place: int, shown: range) -> bool:
        """Whether the row at `place` goes on with the card of the row before it."""
        return place in shown and place > shown.start and self._joined(place)

    def _joined(self, place: int) -> bool:
        return place > 0 and all(isinstance(entry, JoinedRow) for entry in self._rows[place - 1 : place + 1])

    def _gaps(self) -> list[int]:
        """The pixels before each row."""
        return [0 if place == 0 or self._joined(place) else self._gap for place in range(len(self._rows))]

    def _height_of(self, entry: QWidget) -> int:
        if entry.hasHeightForWidth():
            return max(entry.heightForWidth(self.width()), entry.minimumSizeHint().height())
        return entry.sizeHint().height()

    def _show_pager(self, count: int) -> None:
        if self._pager is not None:
            self._pager.setParent(None)
            self._pager.deleteLater()
            self._pager = None
        if count < 2:
            return
        self._pager = Pager(self._look, PageOf(self._number, count, self._turn))
        self._pager.setParent(self)
        hint = self._pager.sizeHint()
        left = 0 if self._look.right_to_left else self.width() - hint.width()
        self._pager.setGeometry(left, self.height() - hint.height(), hint.width(), hint.height())
        self._pager.show()

    def _turn(self, number: int) -> None:
        self._number = number
        self._arrange()


def _groups(heights: list[int], gaps: list[int], room: int) -> list[range]:
    """Which rows stand on which page: as many as fit, at least one. `gaps` are the pixels before each row."""
    groups: list[range] = []
    start = used = 0
    for place, height in enumerate(heights):
        if place > start and used + gaps[place] + height > room:
            groups.append(range(start, place))
            start, used = place, 0
        used += height + (gaps[place] if place > start else 0)
    return [*groups, range(start, len(heights))]


def _nowhere(_number: int) -> None:
    return None
