"""Searching a service: a field, what was found with every key, and what to do where nothing was."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.catalogue import Service
from kiosk.events import ServiceChosen
from kiosk.scene import Browsing, Scene
from kiosk.search import Found, ServiceSearch, words_like
from kiosk.wire import Words
from ui.found_words import NO_SUCH_SERVICE, nothing_offered
from ui.look import Look, Role
from ui.pages.browsing_page import BrowsingPage
from ui.pages.page import Send
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.fitting_grid import FittingGrid
from ui.widgets.keyboard import KeyboardBar
from ui.widgets.layouts import column, row
from ui.widgets.pager import PageOf
from ui.widgets.text import Text
from ui.widgets.text_field import TextField
from ui.widgets.tile import FoundTile

_LONGEST = 40
_SUGGESTED = 4


_TOLD: tuple[Callable[[Service], Words], ...] = (
    lambda service: service.title,
    lambda service: service.agency_name,
    lambda service: service.cost,
)


class ServiceSearchPage(BrowsingPage):
    """The keyboard is there until Done; then what was found has its room, page by page, and a touch of the field brings
    it back. A real keyboard types wherever the focus is; Enter is Done."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._search = scene.search or ServiceSearch((*scene.services, *scene.withheld))
        self._found = Found(())
        self._withheld = frozenset(service.id for service in scene.withheld)
        self._why_nothing = NO_SUCH_SERVICE
        self._number, self._room = 1, 1
        self.content.addLayout(self._head())
        self._said = Text(look, "", colour="ink2")
        if not look.largest:
            self.content.addWidget(self._said)
        self._grid = FittingGrid(look, columns=look.tile_columns)
        self._grid.fitted.connect(self._take_room)
        self.content.addWidget(self._grid, 1)
        self._nothing: QWidget | None = None
        self._look_up(scene.typed)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def bottom_bar(self) -> BottomBar | KeyboardBar:
        if self._typing:
            return KeyboardBar(self._field, self._end_typing)
        count = -(-len(self._found.services) // self._room)
        pager = PageOf(self._number, count, self._turn_to) if count > 1 else None
        return BottomBar(pager=pager)

    @property
    def _typing(self) -> bool:
        return self.scene.browsing.typing

    def _set_typing(self, typing: bool) -> None:
        self.scene = dataclasses.replace(self.scene, browsing=dataclasses.replace(self.scene.browsing, typing=typing))

    def draft(self) -> str:
        return self._field.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The field has not the focus, and somebody types all the same."""
        if event.text().isprintable() and event.text():
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._field.keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.browse(Browsing())
        else:
            super().keyPressEvent(event)

    def _head(self) -> QHBoxLayout:
        look, texts = self.look, self.look.texts
        self._field = TextField(
            look,
            name="field:search",
            accessible=texts("Search for a service"),
            text=self.scene.typed,
            icon="search",
            hint=texts("Search for a service") if not look.largest else "",
            longest=_LONGEST,
        )
        self._field.set_active(self._typing)
        self._field.textEdited.connect(self._look_up)
        self._field.pressed.connect(self._begin_typing)
        self._field.complete.connect(self._end_typing)
        back = Button(look, texts("Back"), name="back", icon="arrow-left" if not look.largest else "")
        back.when_pressed(partial(self.browse, Browsing()))
        line = row(look, gap_mm=look.tokens.space.m)
        line.addWidget(self._field, 1)
        line.addWidget(back)
        return line

    @Slot(str)
    def _look_up(self, typed: str) -> None:
        self.scene = dataclasses.replace(self.scene, typed=typed)
        found = self._search.look_up(typed)
        services = tuple(service for service in found.services if service.id not in self._withheld)
        self._found = Found(services, found.forgiven)
        self._why_nothing = nothing_offered(found.services)
        self._number = 1
        self._show()

    def _show(self) -> None:
        if self._nothing is not None:
            self._nothing.hide()
            self._nothing.setParent(None)
            self._nothing.deleteLater()
            self._nothing = None
        there = bool(self._found.services)
        self._grid.setVisible(there)
        self._said.setText(self._words_for_found())
        self._said.setVisible(there)
        if there:
            first = (self._number - 1) * self._room if not self._typing else 0
            self._grid.show_tiles(len(self._found.services), self._tile, first, self._tallest())
        else:
            self._nothing = self._what_to_do()
            self.content.addWidget(self._nothing, 1)

    def _words_for_found(self) -> str:
        texts, count = self.look.texts, len(self._found.services)
        if not self.scene.typed.strip():
            return texts("Most used first")
        if self._found.forgiven:
            return texts.plural("{n} service with similar words", "{n} services with similar words", count)
        return texts.plural("{n} service matches", "{n} services match", count)

    def _tallest(self) -> tuple[int, ...]:
        """The places with the longest titles, agencies and costs."""
        of, found = self.look.texts.of, self._found.services
        return tuple({max(range(len(found)), key=lambda at: len(of(told(found[at])))) for told in _TOLD})

    def _tile(self, at: int) -> FoundTile:
        service = self._found.services[at]
        marked = words_like(self.look.texts.of(service.title), self.scene.typed)
        cost = self.look.wide or not self._typing  # beside the keyboard, a small panel has room for one row of it
        tile = FoundTile(self.look, service, marked=marked, cost=cost)
        tile.when_pressed(partial(self.send, ServiceChosen(service.id)))
        return tile

    def _what_to_do(self) -> QWidget:
        """A shorter word; words that others used; all services; and Help, which stands where it always does."""
        look, texts = self.look, self.look.texts
        place = QWidget()
        place.setLayoutDirection(look.direction)
        rows = column(look, gap_mm=look.tokens.space.m if look.ample else look.tokens.space.s)
        place.setLayout(rows)
        role: Role = "title" if look.wide else "action"
        rows.addWidget(Text(look, texts(self._why_nothing), role=role))
        if not look.largest:
            rows.addWidget(Text(look, texts("Or touch a word that others use. Help calls the clerk"), colour="ink2"))
        line, gap = row(look, gap_mm=look.tokens.space.target_gap), look.px(look.tokens.space.target_gap)
        every = Button(look, texts("All services"), name="all_services", kind=ButtonKind.SECONDARY, icon="list-checks")
        every.when_pressed(partial(self.browse, Browsing("agencies")))
        room = look.panel.width - 2 * look.page_margin - every.sizeHint().width()
        for word in self._words_of_others():
            button = Button(look, word, name=f"word:{word}", kind=ButtonKind.HELP, icon="search")
            button.when_pressed(partial(self._take_word, word))
            room -= button.sizeHint().width() + gap
            if room < 0:
                button.deleteLater()
                break
            line.addWidget(button)
        line.addWidget(every)
        line.addStretch(1)
        rows.addLayout(line)
        rows.addStretch(1)
        return place

    def _words_of_others(self) -> list[str]:
        """The first of each of the most used services, in the letters of the screen."""
        arabic = self.look.right_to_left
        found = []
        for service in self.scene.services:
            word = next((word for word in service.words if ("\u0600" <= word[0] <= "\u06ff") is arabic), "")
            if word and word not in found:
                found.append(word)
        return found[:_SUGGESTED]

    def _take_word(self, word: str) -> None:
        self._field.setText(word)
        self._look_up(word)

    @Slot()
    def _begin_typing(self) -> None:
        self._field.set_active(True)
        if not self._typing:
            self._set_typing(True)
            self.bar_changed.emit()
            self._show()

    @Slot()
    def _end_typing(self) -> None:
        self._set_typing(False)
        self._field.set_active(False)
        self._number = 1
        self.bar_changed.emit()
        self._show()

    @Slot(int)
    def _take_room(self, room: int) -> None:
        self._room = room
        if not self._typing:
            self.bar_changed.emit()

    def _turn_to(self, number: int) -> None:
        self._number = number
        self._show()
        self.bar_changed.emit()
