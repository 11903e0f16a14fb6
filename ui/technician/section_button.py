"""The button of one section of the technician's page."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from ui.look import Look
from ui.staff.key_cap import cap_size, paint_cap
from ui.technician.sections import ICONS, TITLES, Section
from ui.widgets.button import Pressable
from ui.widgets.painting import Box, paint_box


class SectionButton(Pressable):
    """One section in the leading column: icon and words at the leading side, its cap at the other; the one that is
    shown is filled. Very large text leaves the words to who listens."""

    def __init__(self, look: Look, section: Section) -> None:
        super().__init__(look, name=f"section:{section.value}", accessible=look.texts(TITLES[section]))
        self._icon, self._key = ICONS[section], str(section.value)
        self.setText(look.texts(TITLES[section]))
        self.setFont(look.font("body", strong=True))
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = self.look
        words = 0 if look.largest else look.text_width(self.text(), "body", strong=True)
        width = words + look.px(look.icon_mm + 1.8 + 2 * 2.6 + 1.8) + cap_size(look, self._key).width()
        return QSize(width, max(look.px(look.tokens.size.staff.control), look.line_height("body") + look.px(1.6)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look, shown = self.look, self.isChecked()
        ink = "on_primary" if shown else "ink"
        painter = QPainter(self)
        if shown or self.isDown():
            fill = look.colour("primary" if shown else "primary_soft")
            paint_box(painter, QRectF(self.rect()), Box(fill, fill, 0.0, look.control_radius))
        edge, cap = look.px(2.6), cap_size(look, self._key).width()
        place = QRectF(self.rect()).adjusted(edge, 0, -edge, 0)
        icon = look.icon(self._icon, look.icon_mm, ink)
        left = place.right() - icon.width() if look.right_to_left else place.left()
        painter.drawPixmap(QPoint(round(left), round(place.center().y() - icon.height() / 2)), icon)
        side = place.left() if look.right_to_left else place.right() - cap
        paint_cap(painter, look, QRectF(side, place.top(), cap, place.height()), self._key)
        taken = icon.width() + look.px(1.8)
        place.adjust(0 if look.right_to_left else taken, 0, -taken if look.right_to_left else 0, 0)
        if not look.largest:
            painter.setFont(self.font())
            painter.setPen(look.colour(ink))
            painter.setLayoutDirection(look.direction)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()
