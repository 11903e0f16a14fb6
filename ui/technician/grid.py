"""A dense table of rows that come one by one: columns, group headings, one marked row, pages instead of scrolling."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.staff.table import Cell, Column
from ui.widgets.button import Pressable
from ui.widgets.lines import Lines

_GAP_MM = 3.6
_EDGE_MM = 3.0
_MARK_MM = 1.0
_LEAST_WRAPPED_MM = 30.0


@dataclasses.dataclass(frozen=True, slots=True)
class GridRow:
    """`group` is the words of the heading above the first row of a group; "" where the table has none."""

    id: str
    cells: tuple[Cell, ...]
    group: str = ""


class GridRowView(Pressable):
    """One row, painted in the columns that the grid gives it; the marked one has a bar at its leading edge."""

    def __init__(self, look: Look, row: GridRow, name: str, choose: Callable[[str], object] | None) -> None:
        super().__init__(look, name=f"{name}:{row.id}", accessible="")
        self.row = row
        self.widths: tuple[int, ...] = ()
        self.marked = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if choose is None:
            self.setEnabled(False)
        else:
            self.when_pressed(lambda: choose(self.row.id))
        self.show_row(row, marked=False)

    def show_row(self, row: GridRow, *, marked: bool) -> None:
        heard = ("، " if self.look.right_to_left else ", ").join(cell.text for cell in row.cells if cell.text)
        self.setAccessibleName(heard)
        self.row, self.marked = row, marked
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("primary_soft" if self.marked else "surface"))
        hair = look.px(look.tokens.line.hair)
        painter.fillRect(0, self.height() - hair, self.width(), hair, look.colour("line"))
        if self.marked:
            side = look.px(_MARK_MM)
            left = self.width() - side if look.right_to_left else 0
            painter.fillRect(left, 0, side, self.height(), look.colour("primary"))
        at = look.px(_EDGE_MM)
        for cell, width in zip(self.row.cells, self.widths, strict=True):
            if width:
                left = self.width() - at - width if look.right_to_left else at
                self._paint_cell(painter, cell, QRectF(left, 0, width, self.height()))
                at += width + look.px(_GAP_MM)
        painter.end()

    def _paint_cell(self, painter: QPainter, cell: Cell, place: QRectF) -> None:
        look, colour = self.look, cell.colour or "ink"
        if cell.icon:
            pixmap = look.icon(cell.icon, look.icon_mm, colour)
            left = place.right() - pixmap.width() if look.right_to_left else place.left()
            painter.drawPixmap(QPoint(round(left), round(place.center().y() - pixmap.height() / 2)), pixmap)
            taken = _icon_room(look, cell)
            place.adjust(0 if look.right_to_left else taken, 0, -taken if look.right_to_left else 0, 0)
        lines = Lines(cell.text, _font(look, cell), place.width(), look.direction)
        painter.setPen(look.colour(colour))
        lines.paint(painter, place.left(), place.top() + (place.height() - lines.height) / 2, place.width())


class MarkedPlace(QWidget):
    """Where the focus is while the arrow keys go through the rows: inside the marked one, so that the ring around it
    covers no other."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"marked:{name}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def stand(self, view: QWidget, inset: int) -> None:
        self.setGeometry(view.geometry().adjusted(inset, inset, -inset, -inset))
        self.setAccessibleName(view.accessibleName())
        self.show()
        self.raise_()


class Grid(QWidget):
    """`Grid(look, columns, name="check", choose=...)`, then `set_rows(rows, marked)`.

    It takes the room that it is given, and shows the page on which the marked row stands; `turn` looks at another.
    `choose` None is a table that only tells.

    Signals:
        paged(): another page is shown, or there are more or fewer of them.
    """

    paged = Signal()

    def __init__(
        self, look: Look, columns: tuple[Column, ...], *, name: str, choose: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self.look = look
        self.page = 0
        self._columns, self._name, self._choose = columns, name, choose
        self._rows: tuple[GridRow, ...] = ()
        self._marked = ""
        self._pages: list[tuple[int, int]] = [(0, 0)]
        self._views: list[GridRowView] = []
        self._headings: list[tuple[int, str]] = []
        self._widths: tuple[int, ...] = ()
        self._used = 0
        self.marked_place = MarkedPlace(name, self)
        self.setObjectName(f"grid:{name}")
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_rows(self, rows: tuple[GridRow, ...], marked: str = "") -> None:
        if (rows, marked) == (self._rows, self._marked):
            return
        follow = marked != self._marked or not self._rows
        self._rows, self._marked = rows, marked
        self._arrange(follow=follow)

    def pages(self) -> int:
        return len(self._pages)

    def turn(self, by: int) -> None:
        page = min(max(0, self.page + by), self.pages() - 1)
        if page != self.page:
            self.page = page
            self._arrange(follow=False)
            self.paged.emit()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(60.0), self._head_height() + 3 * self._row_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(follow=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        whole = QRectF(0, 0, self.width(), self._used)
        painter.fillRect(whole, look.colour("surface"))
        painter.fillRect(0, 0, self.width(), self._head_height(), look.colour("sunken"))
        painter.setPen(look.colour("ink2"))
        at = look.px(_EDGE_MM)
        for column, width in zip(self._columns, self._widths, strict=False):
            if width:
                left = self.width() - at - width if look.right_to_left else at
                lines = Lines(column.title, look.font("body", strong=True), None, look.direction)
                lines.paint(painter, left, (self._head_height() - lines.height) / 2, width)
                at += width + look.px(_GAP_MM)
        for top, words in self._headings:
            painter.fillRect(0, top, self.width(), self._heading_height(), look.colour("ground"))
            lines = Lines(words, look.font("body", strong=True), None, look.direction)
            edge = look.px(_EDGE_MM)
            down = top + (self._heading_height() - lines.height) / 2
            lines.paint(painter, edge, down, self.width() - 2 * edge)
        painter.setPen(QPen(look.colour("line"), look.stroke(look.tokens.line.hair)))
        painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _arrange(self, *, follow: bool) -> None:
        """Breaks the rows into pages of the present size and puts this page's in their places."""
        before = (self.page, len(self._pages))
        self._widths = self._fitted(self.width())
        heights = self._loosened([self._measured(row) for row in self._rows])
        self._pages = self._broken(heights)
        if follow:
            place = next((at for at, row in enumerate(self._rows) if row.id == self._marked), 0)
            self.page = next((at for at, (start, end) in enumerate(self._pages) if start <= place < end), 0)
        self.page = min(self.page, len(self._pages) - 1)
        self._place(heights)
        self.update()
        if before != (self.page, len(self._pages)):
            self.paged.emit()

    def _loosened(self, heights: list[int]) -> list[int]:
        """Rows as high as the design asks for, where all of them still stand on one page."""
        groups = len({row.group for row in self._rows if row.group})
        spare = self.height() - 2 - self._head_height() - groups * self._heading_height() - sum(heights)
        if spare <= 0 or not heights:
            return heights
        most = self.look.px(self.look.tokens.size.staff.table_row_grouped)
        return [max(height, min(most, height + spare // len(heights))) for height in heights]

    def _broken(self, heights: list[int]) -> list[tuple[int, int]]:
        pages, start, used, group = [], 0, self._head_height(), ""
        for at, row in enumerate(self._rows):
            first = at == start or row.group != group
            needed = heights[at] + (self._heading_height() if row.group and first else 0)
            if used + needed > self.height() - 2 and at > start:
                pages.append((start, at))
                start, used = at, self._head_height()
                needed = heights[at] + (self._heading_height() if row.group else 0)
            used += needed
            group = row.group
        return [*pages, (start, len(self._rows))]

    def _place(self, heights: list[int]) -> None:
        start, end = self._pages[self.page]
        shown = self._rows[start:end]
        if [view.row.id for view in self._views] != [row.id for row in shown]:
            self._renew(shown)
        self._headings = []
        top, group = self._head_height(), ""
        for place, (view, row) in enumerate(zip(self._views, shown, strict=True)):
            if row.group and (place == 0 or row.group != group):
                self._headings.append((top, row.group))
                top += self._heading_height()
            group = row.group
            view.widths = self._widths
            view.show_row(row, marked=bool(self._marked) and row.id == self._marked)
            view.setGeometry(1, top, self.width() - 2, heights[start + place])
            top += heights[start + place]
        self._used = top + 1
        marked = next((view for view in self._views if view.marked), None)
        if marked is None or self._choose is None:
            self.marked_place.hide()
        else:
            line = self.look.tokens.line
            self.marked_place.stand(marked, self.look.px(line.focus + line.focus_gap))

    def _renew(self, shown: tuple[GridRow, ...]) -> None:
        for view in self._views:
            view.hide()
            view.setParent(None)
            view.deleteLater()
        self._views = [GridRowView(self.look, row, self._name, self._choose) for row in shown]
        for view in self._views:
            view.setParent(self)
            view.show()

    def _measured(self, row: GridRow) -> int:
        look = self.look
        heights = [
            Lines(cell.text, _font(look, cell), width - _icon_room(look, cell), look.direction).height
            for cell, width in zip(row.cells, self._widths, strict=True)
            if width
        ]
        tallest = round(max(heights, default=0))
        broken = tallest > 1.5 * look.line_height("body")  # two lines keep clear of the ring around the row
        return max(self._row_height(), tallest + look.px(2.6 if broken else 0.8))

    def _row_height(self) -> int:
        return self.look.px(self.look.tokens.size.staff.table_row_grouped * 0.72)

    def _head_height(self) -> int:
        return max(self.look.px(self.look.tokens.size.staff.table_row * 0.76), self.look.line_height("body"))

    def _heading_height(self) -> int:
        return max(self.look.px(6.6), self.look.line_height("body"))

    def _fitted(self, width: int) -> tuple[int, ...]:
        """Columns leave one by one until the rest has room; those that wrap share what is left."""
        look, gap = self.look, self.look.px(_GAP_MM)
        natural = [self._natural(at) for at in range(len(self._columns))]
        kept = set(range(len(natural)))
        least = look.px(_LEAST_WRAPPED_MM)

        def wanted(at: int) -> int:
            return min(natural[at], least) if self._columns[at].wraps else natural[at]

        def spare() -> int:
            return width - 2 * look.px(_EDGE_MM) - gap * (len(kept) - 1) - sum(wanted(at) for at in kept)

        for at in sorted(kept, key=lambda at: -self._columns[at].leaves):
            if spare() >= 0 or not self._columns[at].leaves:
                break
            kept.discard(at)
        wrapping = [at for at in kept if self._columns[at].wraps]
        missing = {at: natural[at] - wanted(at) for at in wrapping}
        left, lacking = max(0, spare()), sum(missing.values())
        share = min(1.0, left / lacking) if lacking else 0.0
        over = max(0, left - lacking) // len(wrapping) if wrapping else 0
        return tuple(
            0 if at not in kept else wanted(at) + (int(missing[at] * share) + over if at in missing else 0)
            for at in range(len(natural))
        )

    def _natural(self, at: int) -> int:
        """The width of a column with every word on one line; the same for every page of the table."""
        look = self.look
        widest = QFontMetricsF(look.font("body", strong=True)).horizontalAdvance(self._columns[at].title)
        for row in self._rows:
            cell = row.cells[at]
            advance = QFontMetricsF(_font(look, cell)).horizontalAdvance(cell.text)
            widest = max(widest, advance + _icon_room(look, cell))
        return round(widest) + 3


def _font(look: Look, cell: Cell) -> QFont:
    return look.font("body", strong=cell.strong)


def _icon_room(look: Look, cell: Cell) -> int:
    return look.px(look.icon_mm) + look.px(1.4) if cell.icon else 0
