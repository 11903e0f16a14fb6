"""Finding a service in three keys: F3, a letter or digit, Enter."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk.catalogue import Service
from ui.clerk.desk import Desk
from ui.found_words import NO_SUCH_SERVICE, nothing_offered
from ui.look import Look
from ui.staff.entry import Entry
from ui.staff.key_cap import KeyCap
from ui.staff.table import Cell, Column, Row, Table
from ui.widgets.layouts import row
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class _Search(Entry):
    """The arrows go through what was found, while typing goes on."""

    def __init__(self, look: Look, finder: Finder, accessible: str) -> None:
        super().__init__(look, name="search", accessible=accessible, characters=24)
        self._finder = finder

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._finder.go(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._finder.take()
        else:
            super().keyPressEvent(event)


class Finder(Surface):
    """What is found changes with every key; Enter takes the marked one, which is the first until an arrow moved it."""

    def __init__(self, look: Look, desk: Desk, *, rows_shown: int) -> None:
        super().__init__(look, padding_mm=3.4)
        self._desk, self._shown = desk, rows_shown
        self._marked = 0
        self._found: tuple[Service, ...] = ()
        self._nothing = NO_SUCH_SERVICE
        texts = look.texts
        title = texts("Search for a service")
        head = row(look, Text(look, title, role="strong"), gap_mm=1.6)
        for key in ("↑", "↓", "Enter"):
            head.addWidget(KeyCap(look, key))
        self.rows.addLayout(head)
        self.search = _Search(look, self, title)
        self.search.setText(desk.sheet.search)
        self.search.textEdited.connect(self._type)
        self.rows.addWidget(self.search)
        self._list = QVBoxLayout()
        self.rows.addLayout(self._list)
        self._show()

    def go(self, step: int) -> None:
        if self._found:
            self._marked = (self._marked + step) % min(len(self._found), self._shown)
            self._show()

    def take(self) -> None:
        if self._found:
            self._desk.choose_service(self._found[self._marked].id)

    def _type(self, text: str) -> None:
        self._desk.sheet.search = text
        self._marked = 0
        self._show()

    def _show(self) -> None:
        withheld = {service.id for service in self._desk.scene.withheld}
        found = self._desk.found.find(self._desk.sheet.search)
        self._found = tuple(service for service in found if service.id not in withheld)
        self._nothing = nothing_offered(found)
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self._list.addWidget(self._results())

    def _results(self) -> QWidget:
        look, texts = self.look, self.look.texts
        if not self._found:
            return Text(look, texts(self._nothing), colour="ink2")
        rows = tuple(
            Row(
                service.id,
                (
                    Cell(texts.of(service.title), strong=True, icon=service.icon),
                    Cell(texts.of(service.agency_name), colour="ink2"),
                ),
                press=partial(self._desk.choose_service, service.id),
                marked=at == self._marked,
                key="Enter" if at == self._marked else "",
            )
            for at, service in enumerate(self._found[: self._shown])
        )
        columns = (Column("", wraps=True), Column("", leaves=1))
        return Table(look, columns, rows, name="service", rows_shown=self._shown, keys=False)
