"""Why this amount: the agency's own lines, its quote and until when it holds, shown over the page that asked."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from kiosk.scene import Scene
from ui.look import Look
from ui.pages.page import Page, Send
from ui.pages.quote_lines import holds_until
from ui.widgets.amount_card import amount_lines
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_LINES_TOGETHER = 4
_QUOTE_DIGITS = 8


class WhyAmountPage(Page):
    """Every line that is to be paid, with the total; nothing here is computed but that sum."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        agency = texts.of(scene.service.agency_name) if scene.service else ""
        self.content.addWidget(Text(look, texts("Why this amount?"), role="display"))
        self.content.addWidget(Text(look, texts("{agency} states the amount", agency=agency), colour="ink2"))
        self.content.addWidget(PagedColumn(look, self._cards(), gap_mm=look.tokens.space.target_gap), 1)

    def bottom_bar(self) -> BottomBar:
        close = BarButton(self.look.texts("Close"), self._close, name="close", icon="x")
        return BottomBar(main=close, back=False)

    def _cards(self) -> list[QWidget]:
        """The lines in cards that fit a page, then what the quote itself says."""
        scene, look, texts = self.scene, self.look, self.look.texts
        if scene.quote is None:
            return []
        lines = [(texts.of(line.title), line.amount_fils) for line in scene.quote.lines if line.id in scene.picked]
        lines.append((texts("Total"), sum(fils for _, fils in lines)))
        cards: list[QWidget] = []
        for first in range(0, len(lines), _LINES_TOGETHER):
            card = Surface(look, padding_mm=look.tokens.space.m)
            card.rows.addLayout(
                amount_lines(look, tuple(lines[first : first + _LINES_TOGETHER]), strong=texts("Total"))
            )
            cards.append(card)
        number = texts("Quote {number}", number=str(scene.quote.quote)[-_QUOTE_DIGITS:].upper())
        cards.append(Notice(look, "information", holds_until(look, scene.quote), icon="clock"))
        about = Surface(look, padding_mm=look.tokens.space.m)
        about.rows.addLayout(column(look, Text(look, number, colour="ink2")))
        if scene.quote.provisional:
            about.rows.addWidget(Text(look, texts("Provisional fee: may change"), colour="ink2"))
        cards.append(about)
        return cards

    @Slot()
    def _close(self) -> None:
        self.over_wanted.emit(None)
