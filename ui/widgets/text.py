"""Text in one of the roles of the type scale: leading alignment, wrapping, never cut."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.look import Look, Role
from ui.widgets.lines import Lines

# Dots and vowel marks below an Arabic letter reach past the font's own descent by this part of its pixel size.
_BELOW_DESCENT = 0.11
_SNUG = 0.26  # the part of the descent that digits leave empty


class Text(QLabel):
    """`Text(look, "…", role="body", strong=None, colour="ink", centred=False, wrap=True)`.

    Asks for its width on one line; where there is less it wraps and asks for the height of its lines. The text is
    taken as it is (no mark-up) and reads in the look's direction whatever it begins with. `set_colour` takes a name
    of the theme. `snug` is for amounts and numbers, which have nothing below the line: what follows stands nearer.
    """

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        role: Role = "body",
        strong: bool | None = None,
        colour: str = "ink",
        centred: bool = False,
        wrap: bool = True,
        snug: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._whole: Lines | None = None
        self._broken: tuple[int, Lines] | None = None
        self._hints: tuple[QSize, QSize] | None = None
        self.look = look
        self._colour = look.colour(colour)
        self._centred = centred
        self.setTextFormat(Qt.TextFormat.PlainText)
        font = look.font(role, strong=strong)
        self.setFont(font)
        self._font = font
        self._below = round(font.pixelSize() * (_BELOW_DESCENT if not snug else -_SNUG))
        self.setLayoutDirection(look.direction)
        self.setWordWrap(wrap)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)

    def set_colour(self, name: str) -> None:
        self._colour = self.look.colour(name)
        self.update()

    def setText(self, text: str) -> None:
        self._whole = self._broken = self._hints = None
        super().setText(text)

    def sizeHint(self) -> QSize:
        """All on one line."""
        return self._measured()[0]

    def minimumSizeHint(self) -> QSize:
        """The longest word on one line; more lines follow from heightForWidth."""
        return self._measured()[1]

    def heightForWidth(self, width: int) -> int:
        return self._height(self._lines(width).height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """QLabel takes the direction from the text's first letter; here it is the look's, so that a line that begins
        with a number or a foreign name still stands at the leading side."""
        del event
        lines = self._lines(self.width())
        painter = QPainter(self)
        painter.setPen(self._colour)
        lines.paint(painter, 0.0, self._top(lines), self.width(), centred=self._centred)
        painter.end()

    def _top(self, lines: Lines) -> float:
        return max(0.0, (self.height() - self._below - lines.height) / 2)

    def _lines(self, width: int) -> Lines:
        """The lines at `width`: the whole text where it fits, else broken once for each width asked for in turn.

        Breaking text costs more than anything else of a new page, and most texts fit.
        """
        whole = self._on_one_line()
        if not self.wordWrap() or whole.widest <= width:
            return whole
        if self._broken is None or self._broken[0] != width:
            self._broken = (width, Lines(self.text(), self._font, max(width, 1), self.look.direction))
        return self._broken[1]

    def _on_one_line(self) -> Lines:
        if self._whole is None:
            self._whole = Lines(self.text(), self._font, None, self.look.direction)
        return self._whole

    def _measured(self) -> tuple[QSize, QSize]:
        """Layouts ask many times over; a text is measured once."""
        if self._hints is None:
            whole = self._on_one_line()
            one_line = QSize(math.ceil(whole.widest) + 1, self._height(whole.height))
            self._hints = (one_line, self._least() if self.wordWrap() else one_line)
        return self._hints

    def _least(self) -> QSize:
        metrics = QFontMetricsF(self._font)
        widest = max(metrics.horizontalAdvance(word) for word in self.text().split() or [""])
        return QSize(math.ceil(widest) + 1, self._height(metrics.height()))

    def _height(self, lines: float) -> int:
        return math.ceil(lines) + self._below
