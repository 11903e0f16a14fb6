"""One of several in the room of a field: the arrow keys go through them, nothing opens over the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ui.look import Look
from ui.staff.key_cap import cap_size, paint_cap
from ui.widgets.button import Pressable
from ui.widgets.painting import Box, paint_box
from ui.widgets.text import Text

_KEYS = "↑↓"


class Chooser(Pressable):
    """`Chooser(look, (("mine", "My fines"), …), "mine", name="search_by", accessible="Enquiry", choose=…)`.

    Up and Down, or a press, take the next; `choose` gets its id. The width is that of the longest words.
    """

    def __init__(
        self,
        look: Look,
        options: tuple[tuple[str, str], ...],
        chosen: str,
        *,
        name: str,
        accessible: str,
        choose: Callable[[str], object],
    ) -> None:
        super().__init__(look, name=name, accessible=accessible)
        self._options = options
        self._choose = choose
        self._mistaken = False
        self._place = next((at for at, (one, _) in enumerate(options) if one == chosen), -1)
        self.setFont(look.font("body", strong=True))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.when_pressed(lambda: self._go(1))
        self._tell()

    def chosen(self) -> str:
        """The id; "" while nothing is chosen."""
        return self._options[self._place][0] if self._place >= 0 else ""

    def set_mistaken(self, mistaken: bool) -> None:
        self._mistaken = mistaken
        self.update()

    def sizeHint(self) -> QSize:
        look, metrics = self.look, QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(words) for _, words in self._options), default=0.0)
        width = round(widest) + 2 + look.px(2 * 2.4 + 2.0) + cap_size(look, _KEYS).width()
        return QSize(width, max(look.px(look.tokens.size.staff.control), round(metrics.height()) + look.px(1.6)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._go(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # Enter goes on, as from any field
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, line = self.look, self.look.tokens.line
        strong = self.hasFocus() or self._mistaken
        outline = "error" if self._mistaken else "primary" if self.hasFocus() else "control"
        fill = look.colour("error_soft" if self._mistaken else "surface")
        width = look.stroke(line.selected if strong else line.field)
        painter = QPainter(self)
        paint_box(painter, QRectF(self.rect()), Box(fill, look.colour(outline), width, look.control_radius))
        inset, cap = look.px(2.4), cap_size(look, _KEYS).width()
        place = QRectF(self.rect()).adjusted(inset, 0, -inset, 0)
        left = place.left() if look.right_to_left else place.right() - cap
        paint_cap(painter, look, QRectF(left, 0, cap, self.height()), _KEYS)
        taken = cap + look.px(2.0)
        place.adjust(taken if look.right_to_left else 0, 0, 0 if look.right_to_left else -taken, 0)
        painter.setFont(self.font())
        painter.setPen(look.colour("ink"))
        painter.setLayoutDirection(look.direction)
        words = self._options[self._place][1] if self._place >= 0 else look.texts("Choose one")
        painter.drawText(place, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()

    def _go(self, step: int) -> None:
        if not self._options:
            return
        self._place = (self._place + step) % len(self._options) if self._place >= 0 else 0
        self._tell()
        self.update()
        self._choose(self.chosen())

    def _tell(self) -> None:
        self.setAccessibleDescription(self._options[self._place][1] if self._place >= 0 else "")


class ChooserField(QWidget):
    """A label above a chooser, and what is to be put right below."""

    def __init__(self, look: Look, label: str, chooser: Chooser, mistake: str = "") -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(0.8))
        stack.addWidget(Text(look, label, colour="ink2", wrap=False))
        stack.addWidget(chooser)
        if mistake:
            chooser.set_mistaken(True)
            stack.addWidget(Text(look, mistake, colour="error", strong=True))
        stack.addStretch(1)
