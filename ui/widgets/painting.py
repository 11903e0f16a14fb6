"""How boxes are painted: outline, fill and the solid lower edge (ledge) of what can be pressed."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """What a box looks like. `outline_width`, `radius` and `ledge_height` are pixels; a ledge of 0 is none."""

    fill: QColor
    outline: QColor
    outline_width: float
    radius: float
    ledge: QColor | None = None
    ledge_height: int = 0
    dashed: bool = False


def paint_box(painter: QPainter, rect: QRectF, box: Box) -> None:
    """Paints `box` inside `rect`; the ledge takes the lowest pixels of it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = box.outline_width / 2
    outer = rect.adjusted(half, half, -half, -half)
    pen = QPen(box.outline, box.outline_width)
    if box.dashed:
        pen.setDashPattern([4.0, 3.0])
    if box.ledge is not None and box.ledge_height:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(box.ledge)
        painter.drawRoundedRect(rect, box.radius, box.radius)
        outer.setBottom(outer.bottom() - box.ledge_height)
    painter.setPen(pen if box.outline_width else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(box.fill))
    painter.drawRoundedRect(outer, box.radius, box.radius)
