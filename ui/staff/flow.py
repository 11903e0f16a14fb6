"""Widgets side by side, as many on a line as have room; the rest on the next line."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look


class Flow(QWidget):
    """`Flow(look, widgets, gap_mm=3.0, stretch=False)`; `stretch` shares what is left of a line among its widgets."""

    def __init__(self, look: Look, widgets: tuple[QWidget, ...], *, gap_mm: float = 3.0, stretch: bool = False) -> None:
        super().__init__()
        self._look, self._widgets, self._gap, self._stretch = look, widgets, look.px(gap_mm), stretch
        self.setLayoutDirection(look.direction)
        for widget in widgets:
            widget.setParent(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        width = sum(widget.sizeHint().width() for widget in self._widgets) + self._gap * (len(self._widgets) - 1)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        widest = max((widget.minimumSizeHint().width() for widget in self._widgets), default=0)
        return QSize(widest, self.heightForWidth(max(widest, self.width())))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = self._lines(width)
        return sum(self._tall(line) for line in lines) + self._gap * max(0, len(lines) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        top = 0
        for line in self._lines(self.width()):
            tall, at = self._tall(line), 0
            spare = self.width() - sum(self._wide(widget) for widget in line) - self._gap * (len(line) - 1)
            share = max(0, spare) // len(line) if self._stretch else 0
            for widget in line:
                width = min(self._wide(widget) + share, self.width())
                x = self.width() - at - width if self._look.right_to_left else at
                widget.setGeometry(x, top, width, tall)
                at += width + self._gap
            top += tall + self._gap

    def _wide(self, widget: QWidget) -> int:
        return widget.sizeHint().width()

    def _tall(self, line: list[QWidget]) -> int:
        return max((self._height_of(widget) for widget in line), default=0)

    def _height_of(self, widget: QWidget) -> int:
        if widget.hasHeightForWidth():
            return widget.heightForWidth(self._wide(widget))
        return widget.sizeHint().height()

    def _lines(self, width: int) -> list[list[QWidget]]:
        lines: list[list[QWidget]] = [[]]
        taken = 0
        for widget in self._widgets:
            if widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                continue
            wide = self._wide(widget)
            if lines[-1] and taken + self._gap + wide > width:
                lines.append([])
                taken = 0
            taken += wide + (self._gap if lines[-1] else 0)
            lines[-1].append(widget)
        return [line for line in lines if line]
