"""As many tiles as there is room for, and no more are made: of hundreds of services, six come before the eyes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.pressable_card import PressableCard

Make = Callable[[int], PressableCard]
"""Makes the tile at a place, from 0."""


class FittingGrid(QWidget):
    """`FittingGrid(look, columns=3, most_rows=2, highest_mm=64)`; then `show_tiles(count, make, first, tallest)`.

    Rows share the height, none higher than `highest_mm`; without it they are as high as their words need. `tallest` are
    the places with the longest words, so that every page of the same tiles has room for as many. Signals:
        fitted(int): how many there is room for, each time that changes.
    """

    fitted = Signal(int)

    def __init__(
        self, look: Look, *, columns: int, most_rows: int | None = None, highest_mm: float | None = None
    ) -> None:
        super().__init__()
        self._look = look
        self._columns = columns
        self._most_rows = most_rows
        self._highest = look.px(highest_mm) if highest_mm else 0
        self._gap = look.px(4.6 if look.wide else look.tokens.space.target_gap)
        self._count = self._first = 0
        self._room = 0 if most_rows is None else most_rows * columns
        self._tallest: Sequence[int] = ()
        self._make: Make | None = None
        self._placed = False  # before a layout has placed it, its size says nothing
        self._tiles: list[PressableCard] = []
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if self._highest and most_rows is not None:
            self.setMaximumHeight(most_rows * self._highest + (most_rows - 1) * self._gap)

    @property
    def room(self) -> int:
        """How many tiles stand on one page."""
        return self._room

    def show_tiles(self, count: int, make: Make, first: int = 0, tallest: Sequence[int] = ()) -> None:
        self._count, self._make, self._first, self._tallest = count, make, first, tallest
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(100.0), self._look.px(40.0))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(60.0), self._look.px(20.0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._placed = True
        self._arrange()

    def _arrange(self) -> None:
        while self._tiles:
            _throw_away(self._tiles.pop())
        if self._make is None or not self._count or not self._placed:
            return
        width = (self.width() - (self._columns - 1) * self._gap) // self._columns
        needed = max((self._measured(at, width) for at in self._tallest), default=0)
        rows = self._rows(needed) if needed else self._most_rows or 1
        last = min(self._count, self._first + rows * self._columns)
        for at in range(self._first, last):
            self._tiles.append(self._made(at))
        needed = max([needed, *(_height_of(tile, width) for tile in self._tiles)])
        share = (self.height() - (rows - 1) * self._gap) // rows
        self._place(width, max(needed, min(share, self._highest)))
        if rows * self._columns != self._room:
            self._room = rows * self._columns
            self.fitted.emit(self._room)

    def _rows(self, height: int) -> int:
        rows = max(1, (self.height() + self._gap) // (height + self._gap))
        return rows if self._most_rows is None else min(rows, self._most_rows)

    def _measured(self, at: int, width: int) -> int:
        """Pixels of height that the tile at that place needs."""
        tile = self._made(at)
        height = _height_of(tile, width)
        _throw_away(tile)
        return height

    def _made(self, at: int) -> PressableCard:
        assert self._make is not None
        tile = self._make(at)
        tile.setParent(self)
        return tile

    def _place(self, width: int, height: int) -> None:
        for at, tile in enumerate(self._tiles):
            row, place = divmod(at, self._columns)
            column = self._columns - 1 - place if self._look.right_to_left else place
            tile.setGeometry(QRect(column * (width + self._gap), row * (height + self._gap), width, height))
            tile.show()


def _height_of(tile: PressableCard, width: int) -> int:
    return max(tile.heightForWidth(width), tile.minimumSizeHint().height())


def _throw_away(tile: PressableCard) -> None:
    tile.hide()
    tile.setParent(None)
    tile.deleteLater()
