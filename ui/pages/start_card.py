"""Before the first question: what is needed, what it costs, how long it takes, what comes out, who answers for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from kiosk.catalogue import Service
from kiosk.events import Started
from kiosk.scene import Scene
from kiosk.wire import Words
from ui.look import Look
from ui.pages.page import Page, Send
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Icon, IconTile
from ui.widgets.surface import Separator, Surface
from ui.widgets.text import Text
from ui.widgets.tile import minutes_text

_LABEL_MM = 74.0
_ROW_MM = 18.0
_SMALL_ROW_MM = 16.0
_SMALL_ROW_OF_MANY_MM = 13.5


class StartCardPage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        service = scene.service
        if service is None:
            return
        texts = look.texts
        self._many = bool(service.eligibility)
        head = row(look)
        if not look.largest:
            head.addWidget(IconTile(look, service.icon, millimetres=22.0), 0, Qt.AlignmentFlag.AlignTop)
        titles = column(look, Text(look, texts.of(service.title), role="display"), gap_mm=0.0)
        if not look.largest:
            told = [texts.of(service.summary)]
            if service.only_electronic:
                told.append(texts("Only electronic now"))
            titles.addWidget(Text(look, " · ".join(told), colour="ink2"))
        head.addLayout(titles, 1)
        self.content.addLayout(head)
        rows = self._rows(service)
        limit = Notice(look, "information", self._limit(), icon="clock")
        if not look.wide:
            self.content.addWidget(PagedColumn(look, rows if look.ample else [*rows, limit]), 1)
            if look.ample:
                self.content.addWidget(limit)
            return
        card = Surface(look, padding_mm=look.tokens.space.m)
        card.widen_sides()
        card.rows.setSpacing(look.px(2.6))
        for place, entry in enumerate(rows):
            if place:
                card.rows.addWidget(Separator(look))
            card.rows.addWidget(entry)
        self.content.addWidget(card)
        self.content.addWidget(limit)
        self.content.addStretch(1)

    def bottom_bar(self) -> BottomBar:
        start = BarButton(self.look.texts("Start"), partial(self.send, Started()), arrow="arrow-right")
        return BottomBar(main=start, back=True)

    def _rows(self, service: Service) -> list[QWidget]:
        texts = self.look.texts
        promised = (service.result, service.level) if service.level is not None else (service.result,)
        rows = [
            self._row("list", texts("What you need"), self._together(service.needs)),
            self._row("banknote", texts("Cost"), texts.of(service.cost)),
            self._row("clock", texts("Time"), minutes_text(self.look, service.minutes)),
            self._row("receipt-text", texts("What you get"), self._together(promised)),
            self._row("landmark", texts("Agency"), texts.of(service.agency_name)),
        ]
        if service.eligibility:
            rows.insert(2, self._row("users", texts("Who it is for"), self._together(service.eligibility)))
        return rows

    def _together(self, told: Iterable[Words]) -> str:
        texts = self.look.texts
        return ("، " if texts.language == "ar" else " · ").join(texts.of(words) for words in told)

    def _row(self, icon: str, label: str, value: str) -> QWidget:
        look = self.look
        words = Text(look, label, colour="ink2")
        if not look.ample:
            joined = JoinedRow(look, least_height_mm=look.tokens.size.target_min)
            joined.line.addLayout(column(look, words, Text(look, value, strong=True), gap_mm=0.0), 1)
            return joined
        line = row(look, Icon(look, _ICONS.get(icon, icon), colour="primary"))
        words.setFixedWidth(look.px(_LABEL_MM))
        line.addWidget(words)
        line.addWidget(Text(look, value, strong=True), 1)
        if not look.wide:
            joined = JoinedRow(look, least_height_mm=_SMALL_ROW_OF_MANY_MM if self._many else _SMALL_ROW_MM)
            joined.line.addLayout(line, 1)
            return joined
        whole = QWidget()
        whole.setLayoutDirection(look.direction)
        whole.setLayout(line)
        whole.setMinimumHeight(look.px(_ROW_MM))
        return whole

    def _limit(self) -> str:
        return self.look.texts.plural(
            "The visit ends after {n} second without a touch",
            "The visit ends after {n} seconds without a touch",
            self.scene.seconds,
        )


_ICONS = {"list": "list-checks"}
