"""Checks: every check of the section in one table, how many of each state, and one of them in detail."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.diagnostics import GROUP_TITLES, Check, Finding, Health
from kiosk.texts import LEGAL_TIME
from ui.look import Look
from ui.staff.key_cap import KeyCap
from ui.staff.keys import KeyAct
from ui.staff.table import Cell, Column
from ui.technician.detail import Detail, fitting_detail
from ui.technician.frame import Frame
from ui.technician.grid import Grid, GridRow
from ui.technician.leaving import Leaving
from ui.technician.sections import TITLES, Section
from ui.technician.session import Session
from ui.technician.signs import NOT_RUN, RUNNING, SIGNS
from ui.widgets.layouts import row
from ui.widgets.painting import Box, paint_box
from ui.widgets.picture import Icon
from ui.widgets.text import Text

_DETAIL_MM = 100.0
_DETAIL_SMALL_MM = 92.0
_COUNTED = ((Health.BAD, "error"), (Health.WARNING, "warning"), (Health.GOOD, "success"))


class ChecksPage(Frame):
    """Up and Down mark a check, R runs it again; PgUp and PgDn where not all fit."""

    def __init__(self, look: Look, session: Session, leaving: Leaving) -> None:
        super().__init__(look, session, leaving)
        texts = look.texts
        self._when = Text(look, "", colour="ink2", wrap=False)
        self._pages = QVBoxLayout()
        head = row(look, Text(look, texts(TITLES[self.section]), role="strong", wrap=False))
        head.addStretch(1)
        head.addLayout(self._pages)
        if not look.largest:
            head.addWidget(self._when)
        self.main.addLayout(head)
        self._counts = [Count(look, health, colour) for health, colour in _COUNTED]
        if self.section is Section.CHECKS:
            self.main.addLayout(row(look, *self._counts, gap_mm=2.4))
        columns = (
            Column(texts("State")),
            Column(texts("Check")),
            Column(texts("Measured"), wraps=True),
            Column(texts("Limit"), wraps=True, leaves=2),
            Column(texts("At"), leaves=3),
        )
        self.grid = Grid(look, columns, name="check", choose=session.choose)
        self.grid.paged.connect(self._show_pager)
        self.main.addWidget(self.grid, 1)
        self._column = _Column(look)
        self.side.addWidget(self._column)
        self.refresh()

    def acts(self) -> tuple[KeyAct, ...]:
        texts, session = self.look.texts, self.session
        paging = (
            (
                KeyAct("PgUp", texts("Previous"), lambda: self.grid.turn(-1)),
                KeyAct("PgDn", texts("Next"), lambda: self.grid.turn(1)),
            )
            if self.grid.pages() > 1
            else ()
        )
        return (
            *super().acts(),
            KeyAct("↑", texts("Previous"), lambda: session.step(-1)),
            KeyAct("↓", texts("Next"), lambda: session.step(1)),
            KeyAct("R", texts("Run this check again"), session.run_again),
            *paging,
        )

    def first_focus(self) -> QWidget | None:
        place = self.grid.marked_place
        return super().first_focus() if place.isHidden() else place

    def refresh(self) -> None:
        session = self.session
        chosen = session.chosen_check()
        listed = session.listed()
        self.grid.set_rows(tuple(self._row(check) for check in listed), chosen.id if chosen else "")
        found = [session.findings[check.id].measured.health for check in listed if check.id in session.findings]
        for count in self._counts:
            count.show_count(found.count(count.health))
        self._when.setText(self._ran())
        if chosen is not None:
            self._column.show_check(session, chosen)

    def _ran(self) -> str:
        session, texts = self.session, self.look.texts
        if session.running:
            done = sum(check.id in session.findings and check.id not in session.running for check in session.listed())
            return texts("Running: {done} of {all}", done=str(done), all=str(len(session.listed())))
        if session.ran_at is None:
            return ""
        return texts("Last run {time}", time=f"{session.ran_at.astimezone(LEGAL_TIME):%H:%M:%S}")

    def _row(self, check: Check) -> GridRow:
        session, texts = self.session, self.look.texts
        finding = session.findings.get(check.id)
        sign = (
            RUNNING if check.id in session.running else NOT_RUN if finding is None else SIGNS[finding.measured.health]
        )
        measured = limit = at = ""
        if finding is not None:
            measured = texts.of(finding.measured.value)
            limit = texts.of(finding.measured.limit) if finding.measured.limit is not None else ""
            at = texts.isolated(f"{finding.at.astimezone(LEGAL_TIME):%H:%M:%S}")
        group = texts.of(GROUP_TITLES[check.group]) if self.section in _GROUPED else ""
        return GridRow(
            check.id,
            (
                Cell(texts(sign.word), strong=True, colour=sign.colour, icon=sign.icon),
                Cell(texts.of(check.title), strong=True),
                Cell(measured),
                Cell(limit, colour="ink2"),
                Cell(at, colour="ink2"),
            ),
            group,
        )

    def _show_pager(self) -> None:
        show_pager(self.look, self._pages, self.grid)
        self.acts_changed.emit()


_GROUPED = frozenset({Section.CHECKS, Section.DEVICES})


def show_pager(look: Look, place: QVBoxLayout, grid: Grid) -> None:
    """Which page of a grid is shown, and the keys that turn it; nothing where there is only one."""
    while (item := place.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
    if grid.pages() == 1:
        return
    holder = QWidget()
    holder.setLayoutDirection(look.direction)
    words = look.texts("Page {n} of {all}", n=str(grid.page + 1), all=str(grid.pages()))
    line = row(
        look, Text(look, words, colour="ink2", wrap=False), KeyCap(look, "PgUp"), KeyCap(look, "PgDn"), gap_mm=2.0
    )
    holder.setLayout(line)
    place.addWidget(holder)


class Count(QWidget):
    """How many checks are in one state, in that state's colour, with its sign and its word."""

    def __init__(self, look: Look, health: Health, colour: str) -> None:
        super().__init__()
        self.health = health
        self._look, self._colour = look, colour
        self.setObjectName(f"count:{health.value}")
        self.setLayoutDirection(look.direction)
        self._number = Text(look, "0", role="strong", colour=colour, wrap=False)
        line = row(look, gap_mm=2.4)
        line.setContentsMargins(look.px(3.4), look.px(2.0), look.px(3.4), look.px(2.0))
        line.addWidget(Icon(look, SIGNS[health].icon, colour=colour, millimetres=look.icon_mm * 1.3))
        line.addWidget(self._number)
        line.addWidget(Text(look, look.texts(SIGNS[health].word), colour=colour, strong=True, wrap=False), 1)
        self.setLayout(line)

    def show_count(self, count: int) -> None:
        self._number.setText(str(count))
        self.setAccessibleName(f"{self._look.texts(SIGNS[self.health].word)}: {count}")

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        outline = "warning_line" if self._colour == "warning" else self._colour
        box = Box(
            fill=look.colour(f"{self._colour}_soft"),
            outline=look.colour(outline),
            outline_width=look.stroke(look.tokens.line.hair),
            radius=look.card_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        painter.end()


class _Column(QWidget):
    """The trailing column, on the surface's colour; holds one widget at a time."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setLayoutDirection(look.direction)
        self.setFixedWidth(look.px(_DETAIL_MM if look.wide else _DETAIL_SMALL_MM))
        self._stack = QVBoxLayout(self)
        edge = look.px(4.0)
        self._stack.setContentsMargins(edge, look.px(3.0), edge, look.px(3.0))
        self._shown: Detail | None = None
        self._wanted: tuple[Session, Check] | None = None
        self._said: tuple[str, Finding | None, bool] | None = None

    def show_check(self, session: Session, check: Check, *, anew: bool = False) -> None:
        """Built again only where what it says of the check has changed, or `anew`."""
        said = (check.id, session.findings.get(check.id), check.id in session.running)
        if said == self._said and not anew:
            return
        self._wanted, self._said = (session, check), said
        margins = self._stack.contentsMargins()
        room = QSize(self.width() - margins.left() - margins.right(), self.height() - margins.top() - margins.bottom())
        old, self._shown = self._shown, fitting_detail(self._look, session, check, room)
        if old is not None:
            self._stack.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self._stack.addWidget(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wanted is not None and event.size().height() != event.oldSize().height():
            self.show_check(*self._wanted, anew=True)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = self._look
        painter = QPainter(self)
        painter.fillRect(event.rect(), look.colour("surface"))
        hair = look.px(look.tokens.line.hair)
        left = self.width() - hair if look.right_to_left else 0
        painter.fillRect(left, 0, hair, self.height(), look.colour("line"))
        painter.end()
