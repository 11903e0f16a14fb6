"""A dense table: columns share one width over all rows, number keys tick, pages turn instead of scrolling."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.staff.key_cap import cap_size
from ui.staff.keys import KeyAct
from ui.staff.table_row import EDGE_MM, GAP_MM, Cell, Column, Row, RowView
from ui.widgets.lines import Lines

__all__ = ["Cell", "Column", "Row", "RowView", "Table", "fitted_table"]

_MOST_KEYS = 9


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
        at = look.px(EDGE_MM) + (self._lead() + look.px(GAP_MM) if self._lead() else 0)
        for column, width in zip(self._columns, self._widths, strict=False):
            if not width:
                continue
            left = self.width() - at - width if look.right_to_left else at
            if head:
                lines = Lines(column.title, look.font("body"), None, look.direction)
                side = max(0.0, width - lines.widest) if column.numbers and look.right_to_left else 0.0
                lines.paint(painter, left + side, (head - lines.height) / 2, width - side)
            at += width + look.px(GAP_MM)
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
        return 2 * look.px(EDGE_MM) + (count - 1) * look.px(GAP_MM) + (lead + look.px(GAP_MM) if lead else 0)

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
        natural, gap = self._natural(), self.look.px(GAP_MM)
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
