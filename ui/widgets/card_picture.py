"""The card and the reader, drawn in the four states of a card: insert it, going in, reading, take it."""

from __future__ import annotations

import enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.scenery import between

# The drawing's own units: the reader is 380 wide, its slot 22 below its top; the card 216 x 342.
_WIDTH, _HEIGHT = 460.0, 488.0
_READER = QRectF(-190.0, 0.0, 380.0, 128.0)
_SLOT = 22.0
_CARD_WIDTH, _CARD_HEIGHT = 216.0, 342.0
_CARD_EDGE = 2.0  # card.svg's view box begins two units outside the card
_TOP = 358.0  # units above the reader's top


class CardState(enum.Enum):
    """`depth` is how deep the card is in the slot, in the drawing's units; `arrows` +1 down, -1 up."""

    INSERT = (-52.0, 1)
    GOING_IN = (70.0, 1)
    READING = (150.0, 0)
    TAKE = (-40.0, -1)

    @property
    def depth(self) -> float:
        return self.value[0]

    @property
    def arrows(self) -> int:
        return self.value[1]


class CardPicture(QWidget):
    """`CardPicture(look, CardState.INSERT)`: never mirrored. With more than one state it shows them in turn (900 ms
    a step, a pause after the last), beginning with the first that asks for something; without motion that one stays.
    `waiting` makes the reader's lamp amber: the card is missing."""

    def __init__(self, look: Look, *states: CardState, waiting: bool = False, widest_mm: float = 130.0) -> None:
        super().__init__()
        self._look = look
        self._states = states
        self._place = next((place for place, state in enumerate(states) if state.arrows), 0)
        self._waiting = waiting
        self._widest = look.px(widest_mm)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)
        if look.motion and len(states) > 1:
            self._timer.start(look.tokens.motion.card_step)

    def sizeHint(self) -> QSize:
        return QSize(self._widest, round(self._widest * _HEIGHT / _WIDTH))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint() / 3

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        scale = min(self.width() / _WIDTH, self.height() / _HEIGHT, self._widest / _WIDTH)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2, (self.height() - _HEIGHT * scale) / 2 + _TOP * scale)
        painter.scale(scale, scale)
        state = self._states[self._place]
        if not self._look.high_contrast:
            self._paint_discs(painter)
        self._paint_reader(painter, scale)
        self._paint_card(painter, state, scale)
        if state.arrows:
            self._paint_arrows(painter, state.arrows)
        painter.end()

    def _paint_discs(self, painter: QPainter) -> None:
        look = self._look
        painter.setPen(Qt.PenStyle.NoPen)
        inner = between(look.colour("sandstone_4"), look.colour("sandstone_3"), 0.55)
        for colour, radius in ((look.colour("sandstone_4"), 224.0), (inner, 170.0)):
            painter.setBrush(colour)
            painter.drawEllipse(QPointF(0.0, -134.0), radius, radius)

    def _paint_reader(self, painter: QPainter, scale: float) -> None:
        look = self._look
        self._draw(painter, "reader", _READER, scale)
        if self._waiting:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("lamp_wait"))
            painter.drawEllipse(QPointF(_READER.left() + 342.0, 86.0), 9.4, 9.4)
        if look.high_contrast:
            painter.setPen(QPen(look.colour("control"), 4.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(_READER, 26.0, 26.0)

    def _paint_card(self, painter: QPainter, state: CardState, scale: float) -> None:
        top = 14.0 + 20.0 - _CARD_HEIGHT + state.depth
        card = QRectF(-_CARD_WIDTH / 2, top, _CARD_WIDTH, _CARD_HEIGHT)
        painter.save()
        painter.setClipRect(QRectF(-_WIDTH, -_HEIGHT, 2 * _WIDTH, _HEIGHT + _SLOT))
        self._draw(painter, "card", card.adjusted(-_CARD_EDGE, -_CARD_EDGE, _CARD_EDGE, _CARD_EDGE), scale)
        painter.restore()

    def _draw(self, painter: QPainter, name: str, place: QRectF, scale: float) -> None:
        size = QSize(max(1, round(place.width() * scale)), max(1, round(place.height() * scale)))
        painter.drawPixmap(place, self._look.artwork.picture(name, size), QRectF(0, 0, size.width(), size.height()))

    def _paint_arrows(self, painter: QPainter, direction: int) -> None:
        pen = QPen(self._look.colour("primary"), 13.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for x in (-178.0, 178.0):
            tail, head = QPointF(x, -154.0), QPointF(x, -90.0)
            if direction < 0:
                tail, head = head, tail
            painter.drawLine(tail, head)
            painter.drawLine(head, head + QPointF(-24.0, -24.0 * direction))
            painter.drawLine(head, head + QPointF(24.0, -24.0 * direction))

    @Slot()
    def _step(self) -> None:
        self._place = (self._place + 1) % len(self._states)
        self.update()
        motion = self._look.tokens.motion
        last = self._place == len(self._states) - 1
        self._timer.start(motion.card_step + (motion.card_pause if last else 0))
