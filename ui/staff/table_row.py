"""One row of a dense table: its box, its key and its cells, painted in the columns that the table gives it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from ui.look import Look
from ui.staff.key_cap import cap_size, paint_cap
from ui.widgets.button import Pressable
from ui.widgets.lines import Lines

GAP_MM = 3.6
EDGE_MM = 3.0


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """`numbers`: the column ends at one edge, so that the points of amounts stand under one another. `wraps`: takes
    what is left, and breaks its words. `leaves`: where there is too little room, the highest goes first; 0 stays."""

    title: str
    numbers: bool = False
    wraps: bool = False
    leaves: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    text: str
    strong: bool = False
    colour: str = ""  # of the theme; "" is the row's own
    icon: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """`ticked` None is a row that has no box; `press` is what its key or a click does, None for a row that only tells.
    `sign` stands in the box's place. `marked`: the one that Enter takes; `key` is its cap instead of a number."""

    id: str
    cells: tuple[Cell, ...]
    ticked: bool | None = None
    press: Callable[[], object] | None = None
    sign: str = ""
    marked: bool = False
    key: str = ""


class RowView(Pressable):
    """One row, painted in the columns that the table gives it."""

    def __init__(self, look: Look, row: Row, key: str, name: str) -> None:
        heard = ("، " if look.right_to_left else ", ").join(cell.text for cell in row.cells if cell.text)
        super().__init__(look, name=f"{name}:{row.id}", accessible=heard)
        self.row, self.key = row, key
        self.widths: tuple[int, ...] = ()
        self.lead = 0
        self.last = False
        self._heights: dict[tuple[int, ...], int] = {}
        if row.ticked is not None:
            self.setCheckable(True)
            self.setChecked(row.ticked)
        if row.press is None:
            self.setEnabled(False)
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            self.when_pressed(row.press)

    def nextCheckState(self) -> None:
        """The tick is the visit's to say: the row is built again when it has."""

    def height_needed(self, columns: tuple[Column, ...]) -> int:
        """Layouts ask many times over; the cells are broken once for each set of widths."""
        if self.widths not in self._heights:
            self._heights[self.widths] = self._broken_height(columns)
        return self._heights[self.widths]

    def _broken_height(self, columns: tuple[Column, ...]) -> int:
        look = self.look
        heights = [
            Lines(
                cell.text, look.font("body", strong=cell.strong), width if column.wraps else None, look.direction
            ).height
            for cell, column, width in zip(self.row.cells, columns, self.widths, strict=True)
            if width
        ]
        return max(look.px(look.tokens.size.staff.table_row), round(max(heights, default=0)) + look.px(1.4))

    def place(self, widths: tuple[int, ...], lead: int, *, last: bool) -> None:
        self.widths, self.lead, self.last = widths, lead, last

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        ground = "primary_soft" if self.row.ticked or self.row.marked or self.isDown() else "surface"
        painter.fillRect(self.rect(), look.colour(ground))
        if not self.last:
            hair = look.px(look.tokens.line.hair)
            painter.fillRect(0, self.height() - hair, self.width(), hair, look.colour("line"))
        edge, gap = look.px(EDGE_MM), look.px(GAP_MM)
        at = edge
        if self.lead:
            self._paint_lead(painter, self._spot(at, self.lead))
            at += self.lead + gap
        for cell, width in zip(self.row.cells, self.widths, strict=True):
            if width:
                self._paint_cell(painter, cell, self._spot(at, width))
                at += width + gap
        painter.end()

    def _spot(self, at: int, width: int) -> QRectF:
        left = self.width() - at - width if self.look.right_to_left else at
        return QRectF(left, 0, width, self.height())

    def _paint_lead(self, painter: QPainter, place: QRectF) -> None:
        look, row = self.look, self.row
        side = look.px(look.icon_mm)
        box = QRectF(0, 0, side, side)
        box.moveCenter(place.center())
        if row.ticked is not None or row.sign:
            box.moveRight(place.right()) if look.right_to_left else box.moveLeft(place.left())
        if row.sign:
            colour = "ink2" if self.isEnabled() else "ink_off"
            painter.drawPixmap(QPoint(round(box.left()), round(box.top())), look.icon(row.sign, look.icon_mm, colour))
        elif row.ticked is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = look.stroke(look.tokens.line.field)
            painter.setPen(QPen(look.colour("primary" if row.ticked else "control"), line))
            painter.setBrush(look.colour("primary" if row.ticked else "surface"))
            painter.drawRoundedRect(box.adjusted(line / 2, line / 2, -line / 2, -line / 2), look.px(1.0), look.px(1.0))
            if row.ticked:
                tick = look.icon("check", look.icon_mm * 0.8, "on_primary")
                middle = box.center()
                painter.drawPixmap(
                    QPoint(round(middle.x() - tick.width() / 2), round(middle.y() - tick.height() / 2)), tick
                )
        if self.key:
            width = cap_size(look, self.key).width()
            left = place.left() if look.right_to_left else place.right() - width
            paint_cap(painter, look, QRectF(left, place.top(), width, place.height()), self.key)

    def _paint_cell(self, painter: QPainter, cell: Cell, place: QRectF) -> None:
        look = self.look
        colour = cell.colour or ("ink" if self.row.press is not None or self.row.ticked is None else "ink2")
        if cell.icon:
            pixmap = look.icon(cell.icon, look.icon_mm, colour)
            left = place.right() - pixmap.width() if look.right_to_left else place.left()
            painter.drawPixmap(QPoint(round(left), round(place.center().y() - pixmap.height() / 2)), pixmap)
            taken = pixmap.width() + look.px(1.4)
            place.adjust(0 if look.right_to_left else taken, 0, -taken if look.right_to_left else 0, 0)
        lines = Lines(cell.text, look.font("body", strong=cell.strong), place.width() + 1, look.direction)
        painter.setPen(look.colour(colour))
        lines.paint(painter, place.left(), place.top() + (place.height() - lines.height) / 2, place.width())
