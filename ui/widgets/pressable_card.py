"""Cards that are pressed as a whole: their content lies in a layout, their box is painted below it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QWidget

from ui.look import Look
from ui.widgets.button import Pressable
from ui.widgets.painting import Box, paint_box


class PressableCard(Pressable):
    """Put the content into `line` (from leading to trailing). Checkable ones show `primary_soft` when chosen.

    `setEnabled(False)` shows it as not available: dashed outline, sunken, no ledge; say the reason in its content.
    """

    def __init__(
        self,
        look: Look,
        *,
        name: str,
        accessible: str,
        least_height_mm: float,
        ledge: bool = True,
        padding_mm: float = 4.0,
    ) -> None:
        super().__init__(look, name=name, accessible=accessible)
        self._ledge = look.ledge if ledge else 0
        self._least_height = look.px(least_height_mm)
        self._padding = look.px(padding_mm)
        self.setMinimumHeight(self._least_height)  # a layout asks the inner layout, not heightForWidth below
        self.line = QHBoxLayout(self)
        self.line.setSpacing(look.px(look.tokens.space.m))
        self._place_content(pressed=False)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.pressed.connect(self._sink)
        self.released.connect(self._rise)

    def add(self, part: QWidget | QLayout, stretch: int = 0) -> None:
        """Adds content that lets every touch through to the card."""
        if isinstance(part, QWidget):
            self.line.addWidget(part, stretch, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.line.addLayout(part, stretch)
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def hitButton(self, pos: object) -> bool:
        return self.rect().contains(pos)  # type: ignore[call-overload, no-any-return]  # always a QPoint

    def sizeHint(self) -> QSize:
        hint = self.line.totalSizeHint()
        return QSize(hint.width(), max(self._least_height, hint.height()))

    def minimumSizeHint(self) -> QSize:
        least = self.line.totalMinimumSize()
        return QSize(least.width(), max(self._least_height, least.height()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        needed = self.line.totalHeightForWidth(width) if self.line.hasHeightForWidth() else 0
        return max(self._least_height, needed, self.line.totalMinimumSize().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = self.look
        chosen, enabled, pressed = self.isChecked(), self.isEnabled(), self.isDown()
        rect = QRectF(self.rect())
        ledge = self._ledge if enabled else 0
        if pressed and ledge:
            rect.setTop(rect.top() + ledge)
            ledge = 0
        outline = "primary" if chosen or pressed else "control"
        painter = QPainter(self)
        paint_box(
            painter,
            rect,
            Box(
                fill=look.colour("primary_soft" if chosen or pressed else "surface" if enabled else "sunken"),
                outline=look.colour(outline),
                outline_width=look.stroke(look.tokens.line.selected if chosen else look.tokens.line.hair),
                radius=look.px(look.tokens.radius.card),
                ledge=look.colour("edge"),
                ledge_height=ledge,
                dashed=not enabled,
            ),
        )
        painter.end()

    def _place_content(self, *, pressed: bool) -> None:
        top = self._padding + (self._ledge if pressed else 0)
        bottom = self._padding + (0 if pressed else self._ledge)
        self.line.setContentsMargins(self.look.inset, top, self.look.inset, bottom)

    def _sink(self) -> None:
        self._place_content(pressed=True)

    def _rise(self) -> None:
        self._place_content(pressed=False)
