"""What is owed, as the agency states it: the person ticks what will be paid now."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kiosk.counter import Capacity
from kiosk.events import AnotherService, LinesPicked
from kiosk.scene import Scene
from kiosk.wire import Quote
from ui.fact_words import told
from ui.line_words import counted, line_words, subject
from ui.look import Look
from ui.pages.page import Page, Send
from ui.pages.question import progress
from ui.pages.quote_lines import holds_until, line_row, whose
from ui.pages.why_amount import WhyAmountPage
from ui.widgets.amount_card import AmountCard, AmountLine
from ui.widgets.bottom_bar import BarButton, BottomBar
from ui.widgets.button import Button, ButtonKind
from ui.widgets.choice import ChoiceRow
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.pager import PagedColumn
from ui.widgets.picture import Disc
from ui.widgets.put_right import PutRight
from ui.widgets.text import Text


class QuotePage(Page):
    """All that can be paid here is ticked at first. A quote without anything to pay says so, and leads on; it may be
    what the person wanted to know, so that what the agency goes by is told too."""

    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        assert scene.quote is not None
        self._quote: Quote = scene.quote
        self._lines = line_words(scene.service)
        self._payable = tuple(line for line in self._quote.lines if line.payable)
        self._picked = frozenset(scene.picked) & {line.id for line in self._payable}
        self._ticks: dict[str, ChoiceRow] = {}
        self._sum: QWidget | None = None
        self._notice: QWidget | None = None
        self._select = self._select_button()
        if not look.largest:
            self.content.addWidget(progress(scene, look))
        if self._quote.lines:
            self._build_list()
        else:
            self._build_nothing()

    def bottom_bar(self) -> BottomBar:
        texts = self.look.texts
        if not self._payable:
            another = texts("Another service")
            return BottomBar(main=BarButton(another, self._another, name="another_service", arrow="arrow-right"))
        words = texts.plural(*self._lines.go_on, len(self._picked))
        if not self._picked:
            words = texts("Continue")
        main = BarButton(words, self._go_on, arrow="arrow-right", short=texts("Continue"), again=not self._picked)
        return BottomBar(main=main, back=True)

    def kept_scene(self) -> Scene:
        return dataclasses.replace(self.scene, picked=self._picked_in_order(), total_fils=self._total())

    # -- the list

    def _build_list(self) -> None:
        look = self.look
        line = self.columns(look.tokens.space.xl)
        leading = column(look, gap_mm=look.tokens.space.target_gap)
        line.addLayout(leading, 1)
        leading.addLayout(self._heading())
        self._above = column(look)
        leading.addLayout(self._above)
        rows: list[QWidget] = []
        for entry in self._quote.lines:
            details = self.scene.behalf.capacity is not Capacity.PAYER
            tick = line_row(look, entry, sign=self._lines.sign, details=details)
            rows.append(tick)
            if entry.payable:
                tick.setChecked(entry.id in self._picked)
                tick.toggled.connect(self._ticked)
                self._ticks[entry.id] = tick
        if not self._payable:
            rows += [Text(look, told(fact, look.texts)) for fact in self._quote.facts]
        leading.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.space.target_gap), 1)
        self._sums = column(look)
        if look.wide:
            line.addLayout(self._sums)
        else:
            leading.addLayout(self._sums)
        self._show_sum()

    def _heading(self) -> QHBoxLayout:
        """The question, whose lines these are, and the switch for all of them."""
        look, texts = self.look, self.look.texts
        title = texts(self._lines.question if self._payable else self._lines.none_here)
        words = column(look, Text(look, title, role="display" if look.wide else "title"), gap_mm=0.0)
        if not look.largest:
            words.addWidget(Text(look, self._whose(), colour="ink2"))
        line = row(look)
        line.addLayout(words, 1)
        if len(self._payable) > 1:
            line.addWidget(self._select, 0, Qt.AlignmentFlag.AlignBottom)
        return line

    def _pays_whole(self) -> bool:
        """Its fee is one: where it can be paid, this page is not shown at all."""
        return self.scene.service is not None and self.scene.service.pays_whole

    def _whose(self) -> str:
        if self._pays_whole():
            return subject(self.scene, self.look.texts)
        return whose(self.scene, self._quote, self.look)

    def _select_button(self) -> Button:
        """As wide as the wider of its two words, so that it stands still."""
        look, texts = self.look, self.look.texts
        both = (texts("Select all"), texts("Select none"))
        button = Button(look, both[0], name="select_all", kind=ButtonKind.TOOL, parent=self)
        button.setMinimumWidth(max(button.needed_width(words) for words in both))
        button.clicked.connect(self._select_all)
        button.setVisible(len(self._payable) > 1)
        button.setText(both[len(self._picked) == len(self._payable)])
        return button

    # -- what changes with the ticks

    @Slot()
    def _ticked(self) -> None:
        texts = self.look.texts
        self._picked = frozenset(name for name, tick in self._ticks.items() if tick.isChecked())
        everything = len(self._picked) == len(self._payable)
        self._select.setText(texts("Select none") if everything else texts("Select all"))
        self._say("")
        self._show_sum()
        self.bar_changed.emit()

    @Slot()
    def _select_all(self) -> None:
        chosen = len(self._picked) < len(self._payable)
        for tick in self._ticks.values():
            tick.setChecked(chosen)

    def _picked_in_order(self) -> tuple[str, ...]:
        return tuple(line.id for line in self._payable if line.id in self._picked)

    def _total(self) -> int:
        return sum(line.amount_fils for line in self._payable if line.id in self._picked)

    def _show_sum(self) -> None:
        if not self._payable:
            return
        if self._sum is not None:
            self._sum.hide()
            self._sum.setParent(None)
            self._sum.deleteLater()
        self._sum = self._card() if self.look.wide else self._one_line()
        self._sums.addWidget(self._sum)

    def _card(self) -> QWidget:
        look, texts = self.look, self.look.texts
        fines = counted(self.scene.service, len(self._picked), texts)
        place = QWidget()
        place.setLayoutDirection(look.direction)
        card = AmountCard(look, texts("Total"), self._total(), lines=((fines, self._total()),), link=self._why())
        rows = column(look, card, gap_mm=look.tokens.space.m)
        rows.addWidget(Notice(look, "information", holds_until(look, self._quote), icon="clock"))
        rows.addStretch(1)
        place.setLayout(rows)
        place.setFixedWidth(card.width())
        return place

    def _one_line(self) -> QWidget:
        return AmountLine(self.look, self.look.texts("Total"), self._total(), link=self._why())

    def _why(self) -> Button:
        why = Button(self.look, self.look.texts("Why this amount?"), name="why", kind=ButtonKind.LINK)
        why.clicked.connect(self._ask_why)
        return why

    # -- nothing to pay

    def _build_nothing(self) -> None:
        """And what the agency goes by, as a credit that it holds."""
        look, texts, scene = self.look, self.look.texts, self.scene
        agency = texts.of(scene.service.agency_name) if scene.service else ""
        words = column(look, Text(look, texts(self._lines.nothing), role="display"), gap_mm=look.tokens.space.xs)
        words.addWidget(Text(look, subject(scene, texts), colour="ink2"))
        words.addWidget(Text(look, texts("{agency} states that nothing is due", agency=agency), colour="ink2"))
        for fact in self._quote.facts:
            words.addWidget(Text(look, told(fact, texts), role="title"))
        line = row(look, gap_mm=look.tokens.space.l)
        line.addWidget(Disc(look, "check"), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        self.content.addSpacing(look.px(look.tokens.space.l))
        self.content.addLayout(line)
        self.content.addStretch(1)

    # -- what is sent

    @Slot()
    def _go_on(self) -> None:
        if self._picked:
            self.send(LinesPicked(self._picked_in_order()))
        else:
            self._say(self.look.texts(self._lines.choose))

    @Slot()
    def _another(self) -> None:
        self.send(AnotherService())

    @Slot()
    def _ask_why(self) -> None:
        self.over_wanted.emit(WhyAmountPage)

    def _say(self, words: str) -> None:
        """What is to be put right, above the list; "" takes it away."""
        if self._notice is not None:
            self._notice.hide()
            self._notice.setParent(None)
            self._notice.deleteLater()
            self._notice = None
        if words:
            self._notice = PutRight(self.look, words)
            self._above.addWidget(self._notice)
