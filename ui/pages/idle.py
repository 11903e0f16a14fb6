"""Nobody is here yet: the invitation, how to insert the card, what can be done here, and the country below."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout

from kiosk.failures import FAILURES
from kiosk.scene import Scene
from kiosk.wire import Words
from ui.look import Look, Role
from ui.pages.page import Page, Send
from ui.widgets.bottom_bar import BottomBar
from ui.widgets.card_picture import CardPicture, CardState
from ui.widgets.layouts import column, row
from ui.widgets.notice import Notice
from ui.widgets.promotion import PromotionCard
from ui.widgets.scenery import Panorama
from ui.widgets.text import Text
from ui.widgets.tile import ServiceTile

# Both languages stand on this one page, since nobody has chosen one yet.
_INVITATION = Words(ar="أدخل بطاقتك الذكية لنبدأ", en="Insert your smart card to begin")
_PICTURE_MM = 150.0
_CARD_MM = 104.0
_ATTENTION_MS = 4000
_SLOGAN_ROLES: tuple[Role, ...] = ("hero", "figure", "display")


class Invitation(Text):
    """The sentence that says what to do first; pressing a service without a card lights it up for a while."""

    def __init__(self, look: Look, text: str) -> None:
        super().__init__(look, text, role="display")
        self._lit = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_out)

    @Slot()
    def light_up(self) -> None:
        self._lit = True
        self._timer.start(_ATTENTION_MS)
        self.update()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lit:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            reach = min(self.sizeHint().width() + 2, self.width())
            left = self.width() - reach if self.look.right_to_left else 0
            line = QRectF(left, self.height() * 0.12, reach, self.height() * 0.82)
            painter.setPen(self.look.colour("highlight"))
            painter.setBrush(self.look.colour("highlight"))
            painter.drawRoundedRect(line, self.look.px(2.0), self.look.px(2.0))
            painter.end()
        super().paintEvent(event)

    @Slot()
    def _go_out(self) -> None:
        self._lit = False
        self.update()


class IdlePage(Page):
    def __init__(self, scene: Scene, look: Look, send: Send) -> None:
        super().__init__(scene, look, send)
        self._panorama: Panorama | None = None
        if not look.high_contrast and not (look.largest and not look.panel.width_mm >= look.tokens.layout.wide_from):
            self._panorama = Panorama(look, self)
            self._panorama.lower()
        margins = self.content.contentsMargins()
        kept_free = round(Panorama.height_at(look.panel.width) * 0.84) if self._panorama else margins.bottom()
        self.content.setContentsMargins(margins.left(), look.px(8.0 if look.wide else 5.0), margins.right(), kept_free)
        sides = row(look, gap_mm=look.tokens.space.l)
        words = column(look, gap_mm=0.0)
        sides.addLayout(words, 1)
        self.content.addLayout(sides)
        words.addStretch(1)
        self._add_words(words)
        words.addStretch(1)
        if scene.reader_failure is None:
            if scene.promoted:
                self._add_promotion(words)
            else:
                self._add_services(words)
            words.addStretch(1)
        sides.addLayout(self._card_side())

    def bottom_bar(self) -> BottomBar | None:
        return None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._panorama is not None:
            height = Panorama.height_at(self.width())
            self._panorama.setGeometry(0, self.height() - height, self.width(), height)

    def _room(self) -> int:
        """Pixels of width beside the card's picture."""
        look = self.look
        return look.panel.width - 2 * look.page_margin - self._picture_width() - look.px(look.tokens.space.l)

    def _picture_width(self) -> int:
        return min(self.look.px(_PICTURE_MM), round(self.look.panel.width * 0.3))

    def _add_words(self, words: QVBoxLayout) -> None:
        look, texts = self.look, self.look.texts
        slogan = texts("My government at my service")
        fitting = (role for role in _SLOGAN_ROLES if look.text_width(slogan, role) <= self._room())
        words.addWidget(Text(look, slogan, role=next(fitting, "display"), colour="primary"))
        self.invitation = Invitation(look, texts("Insert your smart card to begin"))
        failure = self.scene.reader_failure
        if failure is not None:
            text = FAILURES[failure.failure]
            words.addSpacing(look.px(look.tokens.space.l))
            words.addWidget(Notice(look, "warning", texts(text.title), texts(text.advice)))
            return
        words.addWidget(self.invitation)
        other = _INVITATION.en if texts.language == "ar" else _INVITATION.ar
        words.addWidget(Text(look, texts.isolated(other), role="title", strong=False, colour="ink2"))
        if not look.largest and any("passport" in service.cards for service in self.scene.services):
            words.addSpacing(look.px(look.tokens.space.s))
            words.addWidget(Text(look, texts("Not Jordanian? A passport with a chip is read too"), colour="ink2"))

    def _add_promotion(self, words: QVBoxLayout) -> None:
        """What is in season or used here, one at a time; it too says only that the card comes first."""
        card = PromotionCard(self.look, self.scene.promoted, self.scene.services)
        card.setMaximumWidth(self._room())
        card.when_pressed(self.invitation.light_up)
        words.addWidget(card)

    def _add_services(self, words: QVBoxLayout) -> None:
        """As many tiles as stand beside one another; pressing one without a card says what comes first."""
        look, texts = self.look, self.look.texts
        tiles = [ServiceTile(look, service, short=True) for service in self.scene.services[:3]]
        gap = look.px(look.tokens.space.m)
        line = row(look, gap_mm=look.tokens.space.m)
        used = 0
        for tile in tiles:
            used += tile.sizeHint().width() + gap
            if used > self._room() + gap and line.count():
                tile.deleteLater()
                continue
            tile.when_pressed(self.invitation.light_up)
            line.addWidget(tile)
        if len(self.scene.services) == 1 or used < self._room() * 0.8:
            line.addStretch(1)
        if not look.largest and self.scene.services:
            words.addWidget(Text(look, texts("What you can do here"), colour="ink2"))
            words.addSpacing(look.px(look.tokens.space.s))
        words.addLayout(line)

    def _card_side(self) -> QVBoxLayout:
        look, texts = self.look, self.look.texts
        side = column(look, gap_mm=1.0)
        ready = self.scene.reader_failure is None
        states = (CardState.INSERT, CardState.GOING_IN, CardState.READING) if ready else (CardState.READING,)
        picture = CardPicture(look, *states, waiting=not ready, widest_mm=_CARD_MM)
        picture.setFixedWidth(self._picture_width())
        side.addWidget(picture, 1)
        if ready:
            for hint in (
                Text(look, texts("Chip down"), strong=True, centred=True),
                Text(look, texts("Leave it in the reader until the end"), centred=True, colour="ink2"),
            ):
                hint.setFixedWidth(self._picture_width())
                side.addWidget(hint)
        return side
