"""What a person has asked for, at any office: each request with its state in words, the newest first."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from kiosk.events import Back, RequestOpened
from kiosk.my_requests import Request
from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.request_words import state_words
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column, row
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Disc, Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text

_COLOURS = {"information": "primary", "success": "success", "warning": "warning", "error": "error"}
_ROW_MM = 31.0
_STATE_PART = 0.38  # of the width, at the trailing side


class MyRequestsPage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        if not scene.requests:
            self._build_nothing()
            return
        words = column(look, Text(look, texts("My requests"), role="display"), gap_mm=0.0)
        if not look.largest:
            words.addWidget(Text(look, texts("Press a request to see more"), colour="ink2"))
        self.content.addLayout(words)
        rows: list[QWidget] = [self._row(request) for request in scene.requests]
        self.content.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.space.target_gap), 1)

    def bottom_bar(self) -> BottomBar:
        if self.scene.requests:
            return BottomBar(back=True)
        choose = BarButton(self.look.texts("Choose a service"), partial(self.send, Back()), arrow="arrow-right")
        return BottomBar(main=choose)

    def _build_nothing(self) -> None:
        look, texts = self.look, self.look.texts
        words = column(look, Text(look, texts("You have no requests"), role="display"), gap_mm=look.tokens.space.xs)
        said = texts("What you request at any post office is listed here")
        words.addWidget(Text(look, said, role="title", strong=False))
        line = row(look, gap_mm=look.tokens.space.l)
        line.addWidget(Disc(look, "info", fill="primary"))
        line.addLayout(words, 1)
        self.content.addSpacing(look.px(look.tokens.space.l))
        self.content.addLayout(line)
        self.content.addStretch(1)

    def _row(self, request: Request) -> PressableCard:
        look, texts = self.look, self.look.texts
        service = next((one for one in self.scene.services if one.id == request.service), None)
        title = texts.of(service.title) if service else texts("Receipt {number}", number=request.receipt_number)
        state = state_words(request)
        said = texts(state.title)
        card = PressableCard(
            look,
            name=f"request:{request.transaction}",
            accessible=f"{title}: {said}",
            least_height_mm=_ROW_MM if not look.largest else look.tokens.size.target_min,
            padding_mm=3.0,
        )
        card.when_pressed(partial(self.send, RequestOpened(request.transaction)))
        names = column(look, Text(look, title, role="action"), gap_mm=0.0)
        asked = texts("Requested on {date}", date=texts.date(request.requested_at))
        colour = _COLOURS[state.kind]
        if look.largest:
            names.addWidget(Text(look, said, strong=True, colour=colour))
        else:
            names.addWidget(Text(look, asked, colour="ink2"))
            card.add(IconTile(look, service.icon if service else "file-text"))
        card.add(names, 1)
        if not look.largest:
            card.add(Icon(look, state.icon, colour=colour))
            told = Text(look, said, strong=True, colour=colour)
            told.setFixedWidth(round(look.panel.width * (_STATE_PART if not look.wide else _STATE_PART / 1.5)))
            card.add(told)
        card.add(Icon(look, "chevron-right", colour="primary"))
        return card
