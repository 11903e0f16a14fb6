"""What pages of tiles have in common: a grid that is filled page by page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.browsing_page import BrowsingPage
from ui.pages.page import Send
from ui.widgets.fitting_grid import FittingGrid
from ui.widgets.pager import PageOf
from ui.widgets.tile import Tile, TileWords

_ROWS = {3: 2, 2: 2, 1: 3}  # rows of tiles by columns: 6, 4 or 3 tiles on a page
_TILE_HIGHEST_MM = 64.0
_ROW_HIGHEST_MM = 40.0  # a tile that is one line across the page


@dataclasses.dataclass(frozen=True, slots=True)
class TileEntry:
    """A tile that may be shown: its object name, its words, and what a press does."""

    name: str
    words: TileWords
    act: Callable[[], object]


class TilesPage(BrowsingPage):
    """Subclasses put a heading into `content` and then call `show_tiles`."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._entries: Sequence[TileEntry] = ()
        self._number = 1
        self._grid: FittingGrid | None = None

    def show_tiles(self, entries: Sequence[TileEntry]) -> None:
        """One tile alone does not stand lost in a third of the page."""
        look = self.look
        self._entries = entries
        columns = min(look.tile_columns, 2) if len(entries) < 3 else look.tile_columns
        highest = _TILE_HIGHEST_MM if look.tile_columns > 1 else _ROW_HIGHEST_MM
        self._grid = FittingGrid(look, columns=columns, most_rows=_ROWS[look.tile_columns], highest_mm=highest)
        self._grid.fitted.connect(self._refit)
        self.content.addWidget(self._grid, 1)
        self._number = min(self.scene.browsing.number, self.page_count())
        self._fill()

    def pager(self) -> PageOf | None:
        count = self.page_count()
        return PageOf(self._number, count, self._turn) if count > 1 else None

    def page_count(self) -> int:
        return max(1, -(-len(self._entries) // self._grid.room)) if self._grid is not None else 1

    def _fill(self) -> None:
        if self._grid is None:
            return
        words = [entry.words for entry in self._entries]
        tallest = {max(range(len(words)), key=lambda at: len(measure(words[at]))) for measure in _LONG} if words else ()
        self._grid.show_tiles(len(words), self._made, (self._number - 1) * self._grid.room, sorted(tallest))

    def _made(self, at: int) -> Tile:
        entry = self._entries[at]
        tile = Tile(self.look, entry.name, entry.words)
        tile.when_pressed(entry.act)
        return tile

    @Slot(int)
    def _refit(self, _room: int) -> None:
        self._number = min(self._number, self.page_count())
        self.bar_changed.emit()

    def _turn(self, number: int) -> None:
        self._number = number
        self.scene = dataclasses.replace(self.scene, browsing=dataclasses.replace(self.scene.browsing, number=number))
        self._fill()
        self.bar_changed.emit()


_LONG: tuple[Callable[[TileWords], str], ...] = (
    lambda words: words.title,
    lambda words: words.summary,
    lambda words: words.title + words.summary,
)
"""By what a tile may be the tallest."""


def per_page(look: Look) -> int:
    """Tiles on a page where nothing takes their room."""
    return look.tile_columns * _ROWS[look.tile_columns]
