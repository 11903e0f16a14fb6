"""One service at a time for the idle page, with the reason why it stands there; it changes quietly, now and then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kiosk.catalogue import Service
from kiosk.front import Promoted
from kiosk.texts import message
from ui.look import Look
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon, IconTile
from ui.widgets.pressable_card import PressableCard
from ui.widgets.text import Text
from ui.widgets.tile import minutes_text

_SHOWN_MS = 12_000
_WIDEST_MM = 190.0

_BECAUSE: Mapping[str, str] = {
    "season": message("In season now"),
    "used here": message("Often used at this office"),
}


class PromotionCard(QWidget):
    """`PromotionCard(look, promoted, services)`: the first, and after a while the next. Without motion the first stays.

    The card's object name is `service:<id>`; `when_pressed` says what a touch of any of them does.
    """

    def __init__(self, look: Look, promoted: tuple[Promoted, ...], services: tuple[Service, ...]) -> None:
        super().__init__()
        self._look = look
        there = {service.id: service for service in services}
        self._cards = [(entry, there[entry.service]) for entry in promoted if entry.service in there]
        self._place = 0
        self._act: Callable[[], object] | None = None
        self._shown: QWidget | None = None
        self.setLayoutDirection(look.direction)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stack = QVBoxLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.show_next)
        if look.motion and len(self._cards) > 1:
            self._timer.start(_SHOWN_MS)
        self._show()

    def when_pressed(self, act: Callable[[], object]) -> None:
        self._act = act

    @Slot()
    def show_next(self) -> None:
        if self._cards:
            self._place = (self._place + 1) % len(self._cards)
            self._show()

    def _show(self) -> None:
        if self._shown is not None:
            self._shown.hide()
            self._shown.setParent(None)
            self._shown.deleteLater()
            self._shown = None
        if self._cards:
            self._shown = self._card(*self._cards[self._place])
            self._stack.addWidget(self._shown)
            self._shown.show()

    def _card(self, promoted: Promoted, service: Service) -> QWidget:
        look, texts = self._look, self._look.texts
        title, minutes, because = (
            texts.of(service.title),
            minutes_text(look, service.minutes),
            _BECAUSE[promoted.because],
        )
        told = (texts(because), title, minutes)
        card = PressableCard(
            look,
            name=f"service:{service.id}",
            accessible="، ".join(told) if look.right_to_left else ", ".join(told),
            least_height_mm=28.0,
            padding_mm=4.0 if look.wide else 2.0,
        )
        card.setMaximumWidth(look.px(_WIDEST_MM))
        card.when_pressed(self._pressed)
        words = column(look, gap_mm=0.0)
        words.addWidget(Text(look, title, role="action"))
        if not look.largest:
            facts = row(look, gap_mm=1.6)
            facts.addWidget(Icon(look, "clock", colour="ink2", millimetres=look.icon_mm * 0.8))
            facts.addWidget(Text(look, f"{minutes} · {texts.of(service.agency_name)}", colour="ink2"), 1)
            words.addLayout(facts)
        card.add(IconTile(look, service.icon))
        card.add(words, 1)
        place = QWidget()
        place.setLayoutDirection(look.direction)
        rows = column(look, gap_mm=look.tokens.space.s)
        place.setLayout(rows)
        if not look.largest:
            why = row(look, gap_mm=1.6)
            icon = "star" if promoted.because == "used here" else "calendar-days"
            why.addWidget(Icon(look, icon, colour="ink2", millimetres=look.icon_mm * 0.8))
            why.addWidget(Text(look, texts(because), colour="ink2"), 1)
            rows.addLayout(why)
        rows.addWidget(card)
        rows.setAlignment(card, Qt.AlignmentFlag.AlignLeading)
        return place

    @Slot()
    def _pressed(self) -> None:
        if self._act is not None:
            self._act()
