"""Home: the person is greeted by name and chooses a service; what does not fit is on the next page of tiles."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kiosk.events import ResumeWanted, ServiceChosen
from kiosk.identity import Portrait
from kiosk.parked import Parked
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PageOf
from ui.widgets.picture import Icon
from ui.widgets.portrait import PortraitFrame
from ui.widgets.text import Text
from ui.widgets.tile import ServiceTile

_ROWS = {3: 2, 2: 2, 1: 3}  # rows of tiles by columns: 6, 4 or 3 services on a page

_TILE_HIGHEST_MM = 64.0
_ROW_HIGHEST_MM = 40.0  # a tile that is one line across the page


class ChoosingServicePage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._number = 1
        self._portrait: PortraitFrame | None = None
        self.content.addLayout(self._greeting())
        self._grid_place = QWidget()
        self._grid_place.setLayoutDirection(look.direction)
        self._grid = QGridLayout(self._grid_place)
        self._grid.setContentsMargins(0, 0, 0, 0)
        rows = _ROWS[look.tile_columns]
        highest = _TILE_HIGHEST_MM if look.tile_columns > 1 else _ROW_HIGHEST_MM
        self._grid_place.setMaximumHeight(look.px(rows * highest))
        self._grid.setSpacing(look.px(4.6 if look.wide else look.tokens.space.target_gap))
        if look.ample:
            self.content.addSpacing(look.px(look.tokens.space.m))
        self.content.addWidget(self._grid_place, 1)
        if scene.offers:
            self.content.addWidget(self._offer(scene.offers[0]))
        self.content.addStretch(0)
        self._show_tiles()

    def show_portrait(self, portrait: Portrait | None) -> None:
        """It is put where it belongs, and nothing else moves."""
        super().show_portrait(portrait)
        if portrait is not None and self._portrait is not None:
            self._portrait.show_face(portrait)

    def bottom_bar(self) -> BottomBar:
        texts, count = self.look.texts, self._page_count()
        identity = self.scene.identity
        note = ""
        if identity is not None and (self.look.wide or count == 1):
            note = texts("Your card is in the reader {number}", number=texts.masked(identity.national_number))
        pager = PageOf(self._number, count, self._turn) if count > 1 else None
        return BottomBar(note=note, note_icon="id-card", pager=pager)

    def _greeting(self) -> QHBoxLayout:
        look, texts = self.look, self.look.texts
        name = self.scene.identity.first_name(texts.language) if self.scene.identity else ""
        words = column(look, Text(look, texts("Welcome, {name}", name=name), role="display"), gap_mm=0.0)
        line = row(look)
        if not look.largest:
            words.addWidget(Text(look, texts("Which service do you need today?"), colour="ink2"))
            self._portrait = PortraitFrame(look, self.scene.portrait)
            line.addWidget(self._portrait)
        line.addLayout(words, 1)
        if len(self.scene.services) > 1 and look.medium:
            line.addWidget(Icon(look, "star", colour="ink2"), 0, Qt.AlignmentFlag.AlignBottom)
            used = Text(look, texts("Most used first"), colour="ink2", wrap=False)
            line.addWidget(used, 0, Qt.AlignmentFlag.AlignBottom)
        return line

    def _offer(self, parked: Parked) -> Notice:
        """The newest case that this person left half done."""
        look, texts = self.look, self.look.texts
        service = next((service for service in self.scene.services if service.id == parked.service), None)
        title = texts.of(service.title) if service else parked.service
        go_on = Button(look, texts("Continue it"), name=f"resume:{parked.reference}", kind=ButtonKind.TOOL)
        go_on.when_pressed(partial(self.send, ResumeWanted(parked.reference)))
        said = texts("Saved on {date}: {service}", date=texts.date(parked.parked_at), service=title)
        return Notice(look, "information", said, icon="bookmark", link=go_on)

    def _show_tiles(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        columns, per_page = self._columns(), self._per_page()
        first = (self._number - 1) * per_page
        for place, service in enumerate(self.scene.services[first : first + per_page]):
            tile = ServiceTile(self.look, service)
            tile.when_pressed(partial(self.send, ServiceChosen(service.id)))
            self._grid.addWidget(tile, place // columns, place % columns)
            tile.show()
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)
        for number in range(_ROWS[self.look.tile_columns]):
            self._grid.setRowStretch(number, 1)

    def _columns(self) -> int:
        """One service alone does not stand lost in a third of the page."""
        return min(self.look.tile_columns, 2) if len(self.scene.services) < 3 else self.look.tile_columns

    def _per_page(self) -> int:
        return self.look.tile_columns * _ROWS[self.look.tile_columns]

    def _page_count(self) -> int:
        return max(1, -(-len(self.scene.services) // self._per_page()))

    def _turn(self, number: int) -> None:
        self._number = number
        self._show_tiles()
        self.bar_changed.emit()
