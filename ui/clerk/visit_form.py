"""The middle of a visit: the service's tab, its fields, the lines, the consent, and the steps so far."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk.scene import State
from ui.clerk.consent_card import ConsentCard
from ui.clerk.desk import Desk
from ui.clerk.form_row import FormRow
from ui.clerk.lines_table import lines_table
from ui.clerk.sheet import Over
from ui.fact_words import shown_facts
from ui.fact_words import told as fact_told
from ui.look import Look
from ui.staff.flow import Flow
from ui.staff.key_button import KeyButton, KeyButtonKind
from ui.staff.keys import KeyAct
from ui.staff.page import height_at, is_tight
from ui.staff.table import Table, fitted_table
from ui.widgets.busy import BusyDots
from ui.widgets.layouts import row
from ui.widgets.notice import Notice
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_MOST_ROWS = 8
_STEPS_SHOWN = 8


class ServiceTab(QWidget):
    """The service that is open; filled, as a chosen tab."""

    def __init__(self, look: Look, words: str, icon: str) -> None:
        super().__init__()
        self._look = look
        line = QHBoxLayout(self)
        side = look.px(3.4)
        line.setContentsMargins(side, look.px(1.6), side, look.px(1.6))
        line.setSpacing(look.px(1.6))
        line.addWidget(Icon(look, icon, colour="on_primary"))
        line.addWidget(Text(look, words, strong=True, colour="on_primary", wrap=False))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        radius = look.card_radius
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("primary"))
        painter.setBrush(look.colour("primary"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 0, 0, radius), radius, radius)
        painter.end()


class _TabLine(QWidget):
    """The line under the tabs."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._colour = look.colour("primary")
        self.setFixedHeight(look.px(0.6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._colour)
        painter.end()


class VisitForm(QWidget):
    """`room` is the height in pixels that this may take: as many lines as fit, and the steps where there is room."""

    def __init__(self, look: Look, desk: Desk, room: int, width: int) -> None:
        super().__init__()
        self.look, self._desk, self._width = look, desk, width
        self.setLayoutDirection(look.direction)
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(look.px(2.4))
        self._table: Table | None = None
        tabs = self._tabs()
        self._rows.addLayout(tabs)
        self._fields = FormRow(look, desk)
        self._rows.addWidget(self._fields)
        gap = self._rows.spacing()
        used = tabs.sizeHint().height() + height_at(self._fields, width) + 2 * gap
        asked = desk.scene.state is State.CHECK_ANSWERS and desk.scene.correcting is None
        consent = ConsentCard(look, desk) if asked else None
        if consent is not None:
            used += height_at(consent, width) + gap
        used += self._add_answer(room - used)
        if consent is not None:
            self._rows.addWidget(consent)
        steps = self._steps()
        if steps is not None and room - used >= height_at(steps, width) + gap:
            self._rows.addWidget(steps)
        elif steps is not None:
            steps.deleteLater()
        self._rows.addStretch(1)

    def first(self) -> str:
        """Where typing begins: a field that is empty or wrong; with lines before the eyes, the first of them."""
        if self._table is not None and self._desk.scene.state is State.CHECK_ANSWERS:
            row_view = self._table.first_row()
            if row_view is not None:
                return row_view.objectName()
        return self._fields.first()

    def acts(self) -> tuple[KeyAct, ...]:
        acts = self._fields.acts()
        if self._table is None:
            return acts
        acts += self._table.acts()
        if self._desk.scene.state is State.CHECK_ANSWERS:
            acts += (KeyAct("Alt+5", self.look.texts("Choose all"), self._desk.till.tick_all),)
        return acts

    # -- parts

    def _tabs(self) -> QVBoxLayout:
        look, desk = self.look, self._desk
        service = desk.scene.service
        line = QHBoxLayout()
        line.setSpacing(look.px(2.0))
        if service is not None:
            line.addWidget(ServiceTab(look, look.texts.of(service.title), service.icon))
        another = KeyButton(
            look, look.texts("Another service"), "F3", name="find", kind=KeyButtonKind.QUIET, icon="search"
        )
        another.when_pressed(partial(desk.over, Over.FINDER))
        another.setEnabled(desk.can_choose_service())
        line.addWidget(another)
        line.addStretch(1)
        if (basket := self._basket()) is not None:
            line.addWidget(basket)
        whole = QVBoxLayout()
        whole.setSpacing(0)
        whole.addLayout(line)
        whole.addWidget(_TabLine(look))
        return whole

    def _basket(self) -> KeyButton | None:
        """Puts what is checked beside what is ready, to be paid at once."""
        look, desk = self.look, self._desk
        if desk.scene.state is not State.CHECK_ANSWERS or desk.scene.correcting is not None or is_tight(look):
            return None
        ready = len(desk.scene.basket)
        words = look.texts.plural("Add to {n} service", "Add to {n} services", ready) if ready else ""
        words = words or look.texts("Add to basket")
        button = KeyButton(look, words, "F9", name="basket", kind=KeyButtonKind.QUIET, icon="plus")
        button.when_pressed(desk.basket.want)
        button.setEnabled(desk.basket.can_be_wanted())
        return button

    def _add_answer(self, room: int) -> int:
        """What the agency said, or that it is being asked; the pixels that it takes."""
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        if scene.state is State.ENQUIRING:
            line = row(look, BusyDots(look), gap_mm=3.0)
            line.addWidget(Text(look, texts("The agency is being asked"), colour="ink2"), 1)
            self._rows.addLayout(line)
            return line.sizeHint().height() + self._rows.spacing()
        if scene.quote is None:
            on_file = [fact_told(fact, texts) for fact in shown_facts(scene)]
            return self._add_notice(Notice(look, "information", "\n".join(on_file))) if on_file else 0
        if not scene.quote.lines:
            told = "\n".join(fact_told(fact, texts) for fact in scene.quote.facts)
            return self._add_notice(Notice(look, "success", texts("There is nothing to pay"), told))
        under, quote = self._under(), scene.quote
        open_to_ticks = scene.state is State.CHECK_ANSWERS

        def make(rows: int) -> Table:
            return lines_table(look, self._desk, quote, rows_shown=rows, open_to_ticks=open_to_ticks)

        beside = height_at(under, self._width) + 2 * self._rows.spacing()
        if quote.facts:
            goes_by = " · ".join(fact_told(fact, texts) for fact in quote.facts)
            notice = Notice(look, "information", goes_by)
            least = make(1)
            if height_at(notice, self._width) + beside + least.heightForWidth(self._width) <= room:
                beside += self._add_notice(notice)
            else:
                notice.deleteLater()  # it stands on the citizen's screen too, and the sum must not be cut
            least.deleteLater()
        most = min(_MOST_ROWS, len(quote.lines))
        self._table = fitted_table(make, most, room - beside, self._width)
        self._rows.addWidget(self._table)
        self._rows.addWidget(under)
        return self._table.heightForWidth(self._width) + beside

    def _add_notice(self, notice: Notice) -> int:
        """The pixels that it takes."""
        self._rows.addWidget(notice)
        return height_at(notice, self._width) + self._rows.spacing()

    def _under(self) -> QWidget:
        look, texts, scene = self.look, self.look.texts, self._desk.scene
        assert scene.quote is not None
        payable = sum(line.payable for line in scene.quote.lines)
        chosen = len(scene.picked)
        pays_whole = scene.service is not None and scene.service.pays_whole
        if payable and pays_whole:
            said = texts("The fee is paid whole")
        elif payable:
            said = texts.plural(
                "{chosen} chosen of {n} payable here", "{chosen} chosen of {n} payable here", payable, chosen=chosen
            )
        else:
            said = texts("Nothing of this is paid here")
        parts: list[QWidget] = [Text(look, said, colour="ink2", wrap=False)]
        if scene.state is State.CHECK_ANSWERS and payable > 1 and not pays_whole:
            every = KeyButton(look, texts("Choose all"), "Alt+5", name="all", kind=KeyButtonKind.QUIET)
            every.when_pressed(self._desk.till.tick_all)
            parts.append(every)
        moment = scene.quote.expires_at
        when = texts("{date} at {time}", date=texts.date(moment), time=texts.time(moment))
        if is_tight(look):
            return Flow(look, tuple(parts), gap_mm=4.0)
        parts.append(Text(look, texts("The amount holds until {time}", time=when), colour="ink2", wrap=False))
        return Flow(look, tuple(parts), gap_mm=4.0)

    def _steps(self) -> QWidget | None:
        look, texts, story = self.look, self.look.texts, self._desk.sheet.story[-_STEPS_SHOWN:]
        if not story or look.largest:
            return None
        card = Surface(look, padding_mm=2.6)
        card.widen_sides()
        card.rows.addWidget(Text(look, texts("Steps of this visit"), strong=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(3.0))
        grid.setVerticalSpacing(look.px(1.0))
        half = -(-len(story) // 2)
        for at, (when, said) in enumerate(story):
            column = 2 * (at // half)
            grid.addWidget(Text(look, texts.time(when), colour="ink2", wrap=False), at % half, column)
            grid.addWidget(Text(look, said(texts)), at % half, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        card.rows.addLayout(grid)
        return card
