"""All services by their agencies, for who would rather look than type: first the agencies, then one agency's own."""

from __future__ import annotations

from functools import partial

from kiosk.catalogue import Service
from kiosk.scene import Browsing, Scene
from kiosk.search import fold
from ui.look import Look
from ui.pages.choosing_service import bundle_entry, bundles_of_segment, service_entry, services_of_segment
from ui.pages.page import Send
from ui.pages.tiles_page import TileEntry, TilesPage
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.layouts import column, row
from ui.widgets.search_button import SearchButton
from ui.widgets.text import Text
from ui.widgets.tile import TileWords


class AgenciesPage(TilesPage):
    """In the order of their names; before them what is offered together."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        _add_heading(self, look.texts("All services, by agency"))
        by_agency: dict[str, list[Service]] = {}
        for service in services_of_segment(scene):
            by_agency.setdefault(service.agency, []).append(service)
        groups = sorted(by_agency.values(), key=lambda group: fold(look.texts.of(group[0].agency_name)))
        bundles = [bundle_entry(self, bundle) for bundle in bundles_of_segment(scene)]
        self.show_tiles([*bundles, *(self._agency(group) for group in groups)])
        self.content.addStretch(0)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(leading=(self.back_to(Browsing()),), pager=self.pager())

    def _agency(self, services: list[Service]) -> TileEntry:
        texts, first = self.look.texts, services[0]
        words = TileWords(
            icon="landmark",
            title=texts.of(first.agency_name),
            summary=texts.of(first.title),
            foot=texts.plural("{n} service", "{n} services", len(services)),
            foot_icon="list-checks",
        )
        return TileEntry(f"agency:{first.agency}", words, partial(self.browse, Browsing("agency", first.agency)))


class AgencyPage(TilesPage):
    """One agency's services, most used first."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        services = [service for service in services_of_segment(scene) if service.agency == scene.browsing.agency]
        _add_heading(self, look.texts.of(services[0].agency_name) if services else "")
        self.show_tiles([service_entry(self, service) for service in services])
        self.content.addStretch(0)

    def bottom_bar(self) -> BottomBar:
        return BottomBar(leading=(self.back_to(Browsing("agencies")),), pager=self.pager())


def _add_heading(page: TilesPage, title: str) -> None:
    look = page.look
    line = row(look)
    line.addLayout(column(look, Text(look, title, role="display" if not look.largest else "title")), 1)
    if not look.largest:
        search = SearchButton(look, look.texts("Search for a service") if look.wide else look.texts("Search"))
        search.when_pressed(partial(page.browse, Browsing("search")))
        line.addWidget(search)
    page.content.addLayout(line)
