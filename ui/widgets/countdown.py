"""Time that runs out, shown as a bar or a ring: it moves once a second and never flashes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look


class Countdown(QWidget):
    """`seconds` to run; `changed(int)` tells what is left, once a second. Only shows: the time-out itself is the
    visit's. Without motion it still counts, since the number is a fact."""

    changed = Signal(int)

    def __init__(self, look: Look, seconds: int) -> None:
        super().__init__()
        self.look = look
        self.total = max(1, seconds)
        self.left = self.total
        self._timer = QTimer(self)
        self._timer.setInterval(look.tokens.motion.countdown_tick)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._timer.start()

    @Slot()
    def _tick(self) -> None:
        self.left = max(0, self.left - 1)
        if self.left == 0:
            self._timer.stop()
        self.update()
        self.changed.emit(self.left)


class CountdownBar(Countdown):
    """A bar that empties towards its leading end."""

    def __init__(self, look: Look, seconds: int) -> None:
        super().__init__(look, seconds)
        self.setFixedHeight(look.px(4.8))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        radius = whole.height() / 2
        painter.setBrush(self.look.colour("edge"))
        painter.drawRoundedRect(whole, radius, radius)
        rest = QRectF(whole)
        rest.setWidth(max(whole.height(), whole.width() * self.left / self.total))
        if self.look.right_to_left:
            rest.moveRight(whole.right())
        painter.setBrush(self.look.colour("primary"))
        painter.drawRoundedRect(rest, radius, radius)
        painter.end()


class CountdownRing(Countdown):
    """`CountdownRing(look, seconds, diameter_mm=72)`: a ring with the seconds in it, running clockwise in both
    languages as a clock does. `unit` is set by whoever knows the words."""

    def __init__(self, look: Look, seconds: int, *, diameter_mm: float) -> None:
        super().__init__(look, seconds)
        self.unit = ""
        side = look.px(diameter_mm)
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thickness = self.width() * 0.08
        inset = thickness / 2 + 1
        ring = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.setBrush(look.colour("surface"))
        painter.setPen(QPen(look.colour("edge"), thickness))
        painter.drawEllipse(ring)
        pen = QPen(look.colour("primary"), thickness)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        if self.left:
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * self.left / self.total))
        self._paint_number(painter)
        painter.end()

    def _paint_number(self, painter: QPainter) -> None:
        look = self.look
        figure, body = look.font("figure"), look.font("body")
        capital = look.tokens.font.cap_em
        unit_height = QFontMetricsF(body).height() if self.unit else 0.0
        middle = self.height() / 2 - unit_height * 0.42
        painter.setPen(look.colour("ink"))
        painter.setFont(figure)
        number = str(self.left)
        width = QFontMetricsF(figure).horizontalAdvance(number)
        painter.drawText(round((self.width() - width) / 2), round(middle + figure.pixelSize() * capital / 2), number)
        if self.unit:
            painter.setFont(body)
            painter.setPen(look.colour("ink2"))
            top = middle + figure.pixelSize() * capital / 2 + look.px(1.0)
            place = QRectF(0, top, self.width(), unit_height)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, self.unit)
