"""Why this amount: the agency's own lines or the tariff's, and until when they hold, shown over the page that asked."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from kiosk.fees import Tariff
from kiosk.pricing import tariff_named
from kiosk.scene import Scene
from kiosk.wire import Quote
from ui.look import Look
from ui.pages.page import Page, Send
from ui.pages.quote_lines import holds_until
from ui.widgets.amount_card import AmountCard, AmountRow
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.layouts import column
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.text import Text

_QUOTE_DIGITS = 8


class WhyAmountPage(Page):
    """Every line that is to be paid, with the total; nothing here is computed but that sum."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        texts = look.texts
        agency = texts.of(scene.service.agency_name) if scene.service else ""
        heading = column(look, Text(look, texts("Why this amount?"), role="display"), gap_mm=0.0)
        tariff = self._tariff()
        says = texts("{agency} states the amount", agency=agency)
        if tariff is not None:
            says = texts("The published tariff says the amount")
        heading.addWidget(Text(look, says, colour="ink2"))
        line = self.columns(look.tokens.space.xl)
        leading = column(look, gap_mm=look.tokens.space.m)
        leading.addLayout(heading)
        line.addLayout(leading, 1)
        if scene.quote is None:
            leading.addStretch(1)
            return
        lines = [(texts.of(entry.told), entry.amount_fils) for entry in scene.quote.lines if entry.id in scene.picked]
        total = sum(fils for _, fils in lines)
        rows = self._rows([*lines, (texts("Total"), total)])
        if not look.wide:
            rows += self._about(scene.quote)
        leading.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.space.target_gap), 1)
        if look.wide:
            line.addWidget(self._beside(total, scene.quote))

    def bottom_bar(self) -> BottomBar:
        close = BarButton(self.look.texts("Close"), self._close, name="close", icon="x")
        return BottomBar(main=close, back=False)

    def _rows(self, lines: list[tuple[str, int]]) -> list[QWidget]:
        """The last of them, the total, is strong."""
        look, rows = self.look, list[QWidget]()
        width = max(
            Text(look, look.texts.number(fils), strong=True, wrap=False).sizeHint().width() for _, fils in lines
        )
        for place, (label, fils) in enumerate(lines):
            rows.append(AmountRow(look, label, fils, number_width=width, strong=place == len(lines) - 1))
        return rows

    def _beside(self, total: int, quote: Quote) -> QWidget:
        """The sum and what the quote says, in a column as wide as the sum's card."""
        look = self.look
        place = QWidget()
        place.setLayoutDirection(look.direction)
        card = AmountCard(look, look.texts("Total"), total)
        parts = column(look, card, *self._about(quote), gap_mm=look.tokens.space.m)
        parts.addStretch(1)
        place.setLayout(parts)
        place.setFixedWidth(card.width())
        return place

    def _tariff(self) -> Tariff | None:
        scene = self.scene
        if scene.service is None or scene.quote is None:
            return None
        return tariff_named(scene.service, scene.quote.tariff)

    def _about(self, quote: Quote) -> list[QWidget]:
        """What the quote itself says: until when it holds, whether it may change, and its number; or which tariff it
        follows, and on what that rests."""
        look, texts = self.look, self.look.texts
        parts: list[QWidget] = [Notice(look, "information", holds_until(look, quote), icon="clock")]
        if quote.provisional:
            parts.append(Notice(look, "warning", texts("Provisional fee: may change")))
        tariff = self._tariff()
        if tariff is not None:
            parts.append(Text(look, texts("Tariff {number}", number=tariff.id), colour="ink2"))
            parts.append(Text(look, texts.of(tariff.source), colour="ink2"))
            return parts
        number = texts("Quote {number}", number=str(quote.quote)[-_QUOTE_DIGITS:].upper())
        parts.append(Text(look, number, colour="ink2"))
        return parts

    @Slot()
    def _close(self) -> None:
        self.over_wanted.emit(None)
