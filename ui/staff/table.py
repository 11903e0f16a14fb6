"""A dense table: columns share one width over all rows, number keys tick, pages turn instead of scrolling."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.staff.key_cap import cap_size, paint_cap
from ui.staff.keys import KeyAct
from ui.widgets.button import Pressable
from ui.widgets.lines import Lines

_MOST_KEYS = 9
_GAP_MM = 3.6
_EDGE_MM = 3.0


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
        edge, gap = look.px(_EDGE_MM), look.px(_GAP_MM)
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


class Table(QWidget):
    """`Table(look, columns, rows, name="line", rows_shown=6)`: `rows_shown` at most on one page.

    The first nine rows of a page carry number keys where `keys` says so; `acts()` are these and the pager's.

    Signals:
        paged(): another page is shown, so `acts` are others.
    """

    paged = Signal()

    def __init__(
        self,
        look: Look,
        columns: tuple[Column, ...],
        rows: tuple[Row, ...],
        *,
        name: str,
        rows_shown: int,
        page: int = 0,
        keys: bool = True,
    ) -> None:
        super().__init__()
        self.look = look
        self._columns, self._rows, self._name, self._keys = columns, rows, name, keys
        self._shown = max(1, min(rows_shown, _MOST_KEYS))
        self.page = min(page, self.pages() - 1)
        self._views: list[RowView] = []
        self._widths: tuple[int, ...] = ()
        self._measured: list[int] = []
        self.setObjectName(f"table:{name}")
        self.setLayoutDirection(look.direction)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._fill()

    def pages(self) -> int:
        return max(1, -(-len(self._rows) // self._shown))

    def turn(self, step: int) -> None:
        page = min(max(0, self.page + step), self.pages() - 1)
        if page != self.page:
            self.page = page
            self._fill()
            self._arrange()
            self.paged.emit()

    def acts(self) -> tuple[KeyAct, ...]:
        acts = [KeyAct(view.key, view.accessibleName(), view.row.press) for view in self._views if view.key]
        if self.pages() > 1:
            texts = self.look.texts
            acts.append(KeyAct("PgUp", texts("Previous"), partial(self.turn, -1)))
            acts.append(KeyAct("PgDn", texts("Next"), partial(self.turn, 1)))
        return tuple(acts)

    def first_row(self) -> QWidget | None:
        return next((view for view in self._views if view.isEnabled()), None)

    def sizeHint(self) -> QSize:
        width = sum(self._natural()) + self._beside()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(40.0), self.heightForWidth(self.width() or self.look.px(40.0)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        widths = self._fitted(width)
        return self._head_height() + sum(self._height_of(view, widths) for view in self._views) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        head = self._head_height()
        painter.fillRect(0, 0, self.width(), self.height(), look.colour("surface"))
        if head:
            painter.fillRect(0, 0, self.width(), head, look.colour("sunken"))
        painter.setPen(look.colour("ink2"))
        at = look.px(_EDGE_MM) + (self._lead() + look.px(_GAP_MM) if self._lead() else 0)
        for column, width in zip(self._columns, self._widths, strict=False):
            if not width:
                continue
            left = self.width() - at - width if look.right_to_left else at
            if head:
                lines = Lines(column.title, look.font("body"), None, look.direction)
                side = max(0.0, width - lines.widest) if column.numbers and look.right_to_left else 0.0
                lines.paint(painter, left + side, (head - lines.height) / 2, width - side)
            at += width + look.px(_GAP_MM)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.colour("line"), look.stroke(look.tokens.line.hair)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _fill(self) -> None:
        for view in self._views:
            view.hide()
            view.setParent(None)
            view.deleteLater()
        start = self.page * self._shown
        shown = self._rows[start : start + self._shown]
        self._views = []
        for place, row in enumerate(shown):
            key = row.key or (str(place + 1) if self._keys and row.press is not None else "")
            view = RowView(self.look, row, key, self._name)
            view.setParent(self)
            view.show()
            self._views.append(view)
        self.updateGeometry()

    def _lead(self) -> int:
        """Pixels of the box and the cap before the cells."""
        look = self.look
        box = look.px(look.icon_mm) if any(row.ticked is not None or row.sign for row in self._rows) else 0
        caps = ["8"] if self._keys and any(row.press is not None for row in self._rows) else []
        caps += [row.key for row in self._rows if row.key]
        cap = max((cap_size(look, key).width() for key in caps), default=0)
        return box + cap + (look.px(2.0) if box and cap else 0)

    def _head_height(self) -> int:
        if not any(column.title for column in self._columns):
            return 0
        return max(self.look.px(self.look.tokens.size.staff.table_row * 0.85), self.look.line_height("body"))

    def _beside(self) -> int:
        look, count = self.look, len(self._columns)
        lead = self._lead()
        return 2 * look.px(_EDGE_MM) + (count - 1) * look.px(_GAP_MM) + (lead + look.px(_GAP_MM) if lead else 0)

    def _natural(self) -> list[int]:
        """The width of each column with every word on one line; the same for every page of the table."""
        if not self._measured:
            self._measured = self._measure()
        return self._measured

    def _measure(self) -> list[int]:
        look = self.look
        widths = []
        for at, column in enumerate(self._columns):
            widest = QFontMetricsF(look.font("body")).horizontalAdvance(column.title)
            for row in self._rows:
                cell = row.cells[at]
                icon = look.px(look.icon_mm) + look.px(1.4) if cell.icon else 0
                advance = QFontMetricsF(look.font("body", strong=cell.strong)).horizontalAdvance(cell.text)
                widest = max(widest, advance + icon)
            widths.append(round(widest) + 2)
        return widths

    def _fitted(self, width: int) -> tuple[int, ...]:
        """Columns leave one by one until the rest has room; what is left over or missing is the wrapping one's."""
        natural, gap = self._natural(), self.look.px(_GAP_MM)
        kept = set(range(len(natural)))
        room = width - self._beside()

        def spare() -> int:
            return room + gap * (len(natural) - len(kept)) - sum(natural[at] for at in kept)

        for at in sorted(kept, key=lambda at: -self._columns[at].leaves):
            if spare() >= 0 or not self._columns[at].leaves:
                break
            kept.discard(at)
        left = spare()
        wrapping = [at for at in kept if self._columns[at].wraps]
        share = left // len(wrapping) if wrapping else 0
        return tuple(
            0 if at not in kept else max(gap, wide + (share if at in wrapping else 0))
            for at, wide in enumerate(natural)
        )

    def _height_of(self, view: RowView, widths: tuple[int, ...]) -> int:
        view.place(widths, self._lead(), last=view is self._views[-1])
        return view.height_needed(self._columns)

    def _arrange(self) -> None:
        self._widths = self._fitted(self.width())
        top = self._head_height()
        for view in self._views:
            height = self._height_of(view, self._widths)
            view.setGeometry(1, top, self.width() - 2, height)
            top += height
        self.update()


def fitted_table(make: Callable[[int], Table], most: int, room: int, width: int) -> Table:
    """The table that `make` builds for as many rows, up to `most`, as `room` pixels of height hold at that width."""
    for rows in range(most, 1, -1):
        table = make(rows)
        if table.heightForWidth(width) <= room:
            return table
        table.deleteLater()
    return make(1)
