"""What every page of the staff's screens is: built for one look, with its acts named by their keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.look import Look
from ui.staff.keys import KeyAct

_FEWEST_LINES = 25
_LOW_MM = 200.0


def is_tight(look: Look) -> bool:
    """Whether the panel is low, or low for its text: then pages leave out what is said elsewhere too."""
    return look.panel.height_mm < _LOW_MM or look.panel.height < _FEWEST_LINES * look.line_height("body")


def height_at(widget: QWidget, width: int) -> int:
    """Pixels that the widget needs at that width."""
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


class StaffPage(QWidget):
    """The area between strip and key bar. Subclasses fill `self.content`, a column inside the page's margins.

    Signals:
        acts_changed(): `bar` or `acts` must be asked again.
    """

    acts_changed = Signal()

    def __init__(self, look: Look, *, margin_mm: float = 4.0) -> None:
        super().__init__()
        self.look = look
        self.setLayoutDirection(look.direction)
        self.content = QVBoxLayout(self)
        margin = look.px(margin_mm) if margin_mm else 0
        self.content.setContentsMargins(margin, margin, margin, margin)
        self.content.setSpacing(look.px(3.0))

    def bar(self) -> tuple[KeyAct, ...]:
        """What the key bar shows, in its order."""
        return ()

    def acts(self) -> tuple[KeyAct, ...]:
        """What other keys do here; their caps stand on the page itself."""
        return ()

    def first_focus(self) -> QWidget | None:
        """Where typing goes when this page comes."""
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.look.colour("ground"))
        painter.end()
