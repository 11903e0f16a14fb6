"""A page among the services: it goes to the others by itself, since the visit is still where a service is chosen."""

from __future__ import annotations

import dataclasses

from kiosk.scene import Browsing
from ui.pages.page import Page
from ui.widgets.bottom_bar import BarButton


class BrowsingPage(Page):
    def browse(self, browsing: Browsing, typed: str = "") -> None:
        """The same visit, looking elsewhere."""
        self.rebuild_wanted.emit(dataclasses.replace(self.scene, browsing=browsing, typed=typed))

    def back_to(self, browsing: Browsing) -> BarButton:
        """Back, which goes up among the services: the visit has gone nowhere yet."""
        icon = "arrow-left" if not self.look.largest else ""
        return BarButton(self.look.texts("Back"), lambda: self.browse(browsing), name="back", icon=icon)
