"""What tells a demonstration and training from service: a label in the top bar, and training's mark over every page."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from kiosk.mode import NAMES, SHORT_NAMES, Mode
from kiosk.wire import Words
from ui.look import Look

WATERMARK: Final = Words(ar="تدريب: لا قيمة له. لا يُدفع شيء ولا يُرسل", en="Training: no value. Nothing is paid or sent")
_LEAN_DEGREES: Final = -18.0
_FAINT: Final = 0.12  # read at a glance, and what lies under it is read without effort
_FAINT_HIGH_CONTRAST: Final = 0.22


_PITCH: Final = 1.3  # of two short lines, in letters' heights


class ModeLabel(QWidget):
    """The name of the mode in both languages, one over the other; as large at every text size, because the bar is.
    `at_most`: pixels of height, where the bar is a low one."""

    def __init__(self, look: Look, mode: Mode, *, short: bool, at_most: int | None = None) -> None:
        super().__init__()
        self._look = look
        self._words = (SHORT_NAMES if short else NAMES)[mode]
        self.setObjectName("mode")
        self.setAccessibleName(f"{NAMES[mode].ar}، {NAMES[mode].en}")
        self._font = QFont(look.font("body", strong=True))
        padding = 2 * look.px(1.2) if at_most is None else 2
        usual = _pixels(look, look.tokens.type.citizen.body[0])
        room = usual if at_most is None else int((at_most - padding) / (2 * _PITCH))
        self._font.setPixelSize(min(usual, room))
        metrics = QFontMetricsF(self._font)
        widest = max(metrics.horizontalAdvance(words) for words in (self._words.ar, self._words.en))
        self._pitch = int(self._font.pixelSize() * _PITCH)
        self.setFixedSize(math.ceil(widest) + 2 * look.px(2.4), 2 * self._pitch + padding)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self._look
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inset = look.outline / 2
        painter.setPen(QPen(look.colour("warning"), look.outline))
        painter.setBrush(look.colour("warning_soft"))
        radius = look.px(look.tokens.radius.card) / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
        painter.setFont(self._font)
        painter.setPen(look.colour("warning"))
        top = (self.height() - 2 * self._pitch) / 2
        for place, words in enumerate((self._words.ar, self._words.en)):
            line = QRectF(0, top + place * self._pitch, self.width(), self._pitch)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words)
        painter.end()


def _pixels(look: Look, cap_mm: float) -> int:
    return round(cap_mm * look.panel.pixels_per_mm / look.tokens.font.cap_em)


def watermark_over(window: QWidget, look: Look, mode: Mode) -> Watermark | None:
    """Training's mark over all of `window`; None in any other mode. To be made anew with another look."""
    if mode is not Mode.TRAINING:
        return None
    font = QFont(look.font("body", strong=True))
    font.setPixelSize(_pixels(look, look.tokens.type.citizen.title[1]))
    made = Watermark(window, font, look.colour("ink"), high_contrast=look.high_contrast)
    made.show()
    return made


class Watermark(QWidget):
    """Lies over all of `over` and whatever is put there later, and lets every touch through. Painted once for a size.

    `font` and `colour` are those of the screen's own titles and text.
    """

    def __init__(self, over: QWidget, font: QFont, colour: QColor, *, high_contrast: bool = False) -> None:
        super().__init__(over)
        self._font = font
        self._colour = colour
        self._opacity = _FAINT_HIGH_CONTRAST if high_contrast else _FAINT
        self._painted: QPixmap | None = None
        self.setObjectName("watermark")
        self.setAccessibleName(f"{WATERMARK.ar}. {WATERMARK.en}")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(over.rect())
        over.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and watched is self.parentWidget():
            if event.type() is QEvent.Type.Resize:
                self.setGeometry(watched.rect())
            elif event.type() is QEvent.Type.ChildAdded:
                self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._painted is None or self._painted.size() != self.size():
            self._painted = self._picture()
        painter = QPainter(self)
        painter.setOpacity(self._opacity)  # of the whole: joined letters lie over one another where they meet
        painter.drawPixmap(event.rect(), self._painted, event.rect())
        painter.end()

    def _picture(self) -> QPixmap:
        """Rows that lean, Arabic and English in turn, each begun where the one above it has its gap."""
        picture = QPixmap(self.size())
        picture.fill(Qt.GlobalColor.transparent)
        metrics = QFontMetricsF(self._font)
        step = metrics.height() * 4.2
        reach = math.hypot(self.width(), self.height())
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(self._colour)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.rotate(_LEAN_DEGREES)
        for row in range(math.ceil(reach / step) + 1):
            words = WATERMARK.en if row % 2 else WATERMARK.ar
            width = metrics.horizontalAdvance(words) + metrics.height() * 3
            left = -reach / 2 - (width / 2 if row % 2 else 0.0)
            while left < reach / 2:
                place = QRectF(left, row * step - reach / 2, width, metrics.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, words)
                left += width
        painter.end()
        return picture
