"""A bundle that is open: its services one after the other, what is done of them, and the next to begin with."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.catalogue import Service
from kiosk.events import BundleOpened, ServiceChosen
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.basket_words import next_button
from ui.pages.page import Page, Send
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Disc, Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text
from ui.widgets.tile import minutes_text


class BundlePage(Page):
    """Any of them can be opened; the main button opens the first that is not done."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.bundle is not None
        texts = look.texts
        there = {service.id: service for service in scene.services}
        self._services = [there[name] for name in scene.bundle.services if name in there]
        self._next = next((service for service in self._services if service.id not in scene.bundle_done), None)
        self.content.addWidget(Text(look, texts.of(scene.bundle.title), role="display"))
        if not look.largest:
            self.content.addWidget(Text(look, self._said(), colour="ink2"))
        rows: list[QWidget] = [self._row(place, service) for place, service in enumerate(self._services, 1)]
        self.content.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.size.keypad_gap), 1)

    def bottom_bar(self) -> BottomBar:
        texts, icon = self.look.texts, "arrow-left" if not self.look.largest else ""
        back = BarButton(texts("Back"), partial(self.send, BundleOpened("")), name="back", icon=icon)
        if self._next is None and self.scene.basket:
            return BottomBar(leading=(back,), main=next_button(self.scene, self.look, self.send, name="main"))
        if self._next is None:
            other = BarButton(texts("Other services"), partial(self.send, BundleOpened("")), arrow="arrow-right")
            return BottomBar(main=other)
        begun = bool(self.scene.bundle_done)
        words = texts("Go on to the next") if begun else texts("Begin with the first")
        main = BarButton(words, partial(self.send, ServiceChosen(self._next.id)), arrow="arrow-right")
        return BottomBar(leading=(back,), main=main)

    def _said(self) -> str:
        texts = self.look.texts
        if self._next is None:
            return texts("All of them are ready to be paid") if self.scene.basket else texts("All of them are done")
        return texts("Each is a service of its own, with its own receipt. Leave out what you do not need")

    def _row(self, place: int, service: Service) -> PressableCard:
        look, texts = self.look, self.look.texts
        done = service.id in self.scene.bundle_done
        title, minutes = texts.of(service.title), minutes_text(look, service.minutes)
        waits = any(entry.service is not None and entry.service.id == service.id for entry in self.scene.basket)
        settled = texts("Ready to pay") if waits else texts("Done")
        state = settled if done else minutes
        card = PressableCard(
            look,
            name=f"service:{service.id}",
            accessible="، ".join((title, state)) if look.right_to_left else f"{title}, {state}",
            least_height_mm=look.tokens.size.choice_row,
            padding_mm=2.6,
        )
        card.when_pressed(partial(self.send, ServiceChosen(service.id)))
        number = Text(look, texts.isolated(str(place)), role="title", colour="ink2", wrap=False)
        sign = Disc(look, "check", millimetres=look.tokens.size.radio) if done else number
        words = column(look, Text(look, title, role="action"), gap_mm=0.0)
        if not look.largest:
            words.addWidget(Text(look, texts.of(service.agency_name), colour="ink2"))
        card.add(sign)
        card.add(IconTile(look, service.icon))
        card.add(words, 1)
        if look.medium:
            card.add(Text(look, state, colour="success" if done else "ink2", strong=done, wrap=False))
        card.add(Icon(look, "chevron-right", colour="primary"))
        card.line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return card
