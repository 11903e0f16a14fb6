"""Home: the person is greeted by name and chooses a service, of the segment as which they come, most used first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from kiosk.catalogue import Service
from kiosk.events import BundleOpened, RequestsWanted, ResumeWanted, ServiceChosen
from kiosk.identity import Identity, Portrait
from kiosk.offers import Bundle
from kiosk.parked import Parked
from kiosk.scene import Browsing, Scene
from ui.look import Look
from ui.pages.basket_words import basket_strip
from ui.pages.browsing_page import BrowsingPage
from ui.pages.page import Send
from ui.pages.segments import SegmentChoice, segments_of
from ui.pages.tiles_page import TileEntry, TilesPage, per_page
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.picture import Icon
from ui.widgets.portrait import PortraitFrame
from ui.widgets.search_button import SearchButton
from ui.widgets.text import Text
from ui.widgets.tile import TileWords, bundle_words, service_words

_MOST_PAGES = 4
"""Of tiles that somebody turns; beyond, the most used stand on one page, and all of them under their agencies."""

_SEARCH_FROM = 3
"""Services from which on there is something to search."""


class ChoosingServicePage(TilesPage):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._portrait: PortraitFrame | None = None
        self._searches = len(scene.services) + len(scene.withheld) >= _SEARCH_FROM
        self.content.addLayout(self._greeting())
        self._add_choice()
        if look.ample and not self._chooses_segment():
            self.content.addSpacing(look.px(look.tokens.space.m))
        if not scene.services:  # as where none is confirmed for service yet
            texts = look.texts
            none = Notice(
                look, "information", texts("No service is open here now"), texts("Service goes on at the window.")
            )
            self.content.addWidget(none)
        self.show_tiles(self._entries_of_home())
        if scene.basket:
            self.content.addWidget(basket_strip(scene, look, send))
        elif scene.offers:
            self.content.addWidget(self._offer(scene.offers[0]))
        elif scene.withheld and scene.identity is not None and scene.identity.passport:
            needed = look.texts("Other services need the national smart card")
            self.content.addWidget(Notice(look, "information", needed, icon="id-card"))
        self.content.addStretch(0)

    def show_portrait(self, portrait: Portrait | None) -> None:
        """It is put where it belongs, and nothing else moves."""
        super().show_portrait(portrait)
        if portrait is not None and self._portrait is not None:
            self._portrait.show_face(portrait)

    def bottom_bar(self) -> BottomBar:
        texts, identity = self.look.texts, self.scene.identity
        note = ""
        follows = self.scene.can_follow
        if identity is not None and (self.look.wide or (self.page_count() == 1 and not follows)):
            note = self._card_words(identity)
        requests = BarButton(texts("My requests"), self._ask_requests, name="my_requests", icon="list-checks")
        leading = (requests,) if follows else ()
        return BottomBar(leading=leading, note=note, note_icon="id-card", pager=self.pager())

    def _card_words(self, identity: Identity) -> str:
        texts, number = self.look.texts, self.look.texts.masked(identity.number)
        if identity.is_passport:
            return texts("Your passport is in the reader {number}", number=number)
        return texts("Your card is in the reader {number}", number=number)

    @Slot()
    def _ask_requests(self) -> None:
        self.send(RequestsWanted())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Whoever begins to type on a real keyboard searches."""
        if self._searches and event.text().isalnum():
            self._search(event.text())
        else:
            super().keyPressEvent(event)

    def _search(self, typed: str = "") -> None:
        self.browse(Browsing("search"), typed)

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
        if self._searches and not look.largest:
            line.addWidget(self._search_button(), 0, Qt.AlignmentFlag.AlignVCenter)
        elif not self._searches and len(self.scene.services) > 1 and look.medium:
            self._add_order(line)
        return line

    def _search_button(self) -> SearchButton:
        texts = self.look.texts
        wanted = texts("Search for a service") if self.look.wide else texts("Search")
        button = SearchButton(self.look, wanted)
        button.setAccessibleName(texts("Search for a service"))
        button.when_pressed(self._search)
        return button

    def _add_choice(self) -> None:
        """As whom the person comes; at the largest size beside the search."""
        look = self.look
        line = row(look, gap_mm=look.tokens.space.target_gap)
        if look.largest and self._searches:
            line.addWidget(self._search_button(), 1)
        if self._chooses_segment():
            choice = SegmentChoice(self)
            line.addWidget(choice.widget, 1 if look.largest else 0)
        if not line.count():
            return
        if not look.largest:
            line.addStretch(1)
        if look.wide and self._searches:
            self._add_order(line)
        self.content.addLayout(line)

    def _chooses_segment(self) -> bool:
        return len(segments_of(self.scene)) > 1

    def _add_order(self, line: QHBoxLayout) -> None:
        used = Text(self.look, self.look.texts("Most used first"), colour="ink2", wrap=False)
        for part in (Icon(self.look, "star", colour="ink2"), used):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignBottom)

    def _offer(self, parked: Parked) -> Notice:
        """The newest case that this person left half done."""
        look, texts = self.look, self.look.texts
        service = next((service for service in self.scene.services if service.id == parked.service), None)
        title = texts.of(service.title) if service else parked.service
        go_on = Button(look, texts("Continue it"), name=f"resume:{parked.reference}", kind=ButtonKind.TOOL)
        go_on.when_pressed(partial(self.send, ResumeWanted(parked.reference)))
        said = texts("Saved on {date}: {service}", date=texts.date(parked.parked_at), service=title)
        return Notice(look, "information", said, icon="bookmark", link=go_on)

    def _entries_of_home(self) -> list[TileEntry]:
        """The most used, with the bundles at the end of the first page; where that is too much to turn through, the
        last tile opens all of them by agency."""
        here = per_page(self.look)
        services = [service_entry(self, service) for service in services_of_segment(self.scene)]
        bundles = [bundle_entry(self, bundle) for bundle in bundles_of_segment(self.scene)]
        if len(services) + len(bundles) <= _MOST_PAGES * here:
            first = max(0, here - len(bundles))
            return [*services[:first], *bundles, *services[first:]]
        shown = bundles[:1]
        return [*services[: here - 1 - len(shown)], *shown, self._all(len(services))]

    def _all(self, count: int) -> TileEntry:
        texts = self.look.texts
        words = TileWords(
            icon="landmark",
            title=texts("All services"),
            summary=texts("By agency"),
            foot=texts.plural("{n} service", "{n} services", count),
            foot_icon="list-checks",
        )
        return TileEntry("all_services", words, partial(self.browse, Browsing("agencies")))


def service_entry(page: BrowsingPage, service: Service) -> TileEntry:
    words = service_words(page.look, service)
    return TileEntry(f"service:{service.id}", words, partial(page.send, ServiceChosen(service.id)))


def bundle_entry(page: BrowsingPage, bundle: Bundle) -> TileEntry:
    return TileEntry(
        f"bundle:{bundle.id}", bundle_words(page.look, bundle), partial(page.send, BundleOpened(bundle.id))
    )


def services_of_segment(scene: Scene) -> tuple[Service, ...]:
    """All of them where the segment has none: nobody stands before an empty page."""
    return tuple(service for service in scene.services if scene.segment in service.segments) or scene.services


def bundles_of_segment(scene: Scene) -> tuple[Bundle, ...]:
    return tuple(bundle for bundle in scene.bundles if bundle.segment == scene.segment)
