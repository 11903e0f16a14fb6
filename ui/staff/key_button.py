"""A button that shows its key: icon, words and cap on one line."""

from __future__ import annotations

import enum

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look import Look, Role
from ui.staff.key_cap import cap_size, paint_cap
from ui.widgets.button import Pressable
from ui.widgets.painting import Box, paint_box


class KeyButtonKind(enum.Enum):
    """PRIMARY is the one filled button of a page; QUIET has no box and stands inside a line; BAR is one key of the
    bar, its cap first; CHOICE is one part of a choice, filled when it is chosen."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    BAR = "bar"
    CHOICE = "choice"


_LEDGED = frozenset({KeyButtonKind.PRIMARY, KeyButtonKind.SECONDARY, KeyButtonKind.BAR})


class KeyButton(Pressable):
    """`KeyButton(look, words, "F8", name="main", kind=KeyButtonKind.PRIMARY, icon="banknote")`.

    `key` may be "" where Tab and Enter alone reach it. Words that have no room on one line wrap onto two. The press
    itself is said with `when_pressed`; the key is the window's to hear, from the page's `acts`.
    """

    def __init__(
        self,
        look: Look,
        words: str,
        key: str = "",
        *,
        name: str,
        kind: KeyButtonKind = KeyButtonKind.SECONDARY,
        icon: str = "",
        role: Role | None = None,
        accessible: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, name=name, accessible=accessible or words, parent=parent)
        self.kind = kind
        self.key = key
        self._icon = icon
        self.setText(words)
        self._role: Role = role or ("strong" if kind is KeyButtonKind.PRIMARY else "body")
        self.setFont(look.font(self._role, strong=True if kind is not KeyButtonKind.QUIET else None))
        self._icon_mm = look.icon_mm * (1.25 if kind is KeyButtonKind.PRIMARY else 1.0)
        self._gap = look.px(1.6)
        self._padding = 0 if kind is KeyButtonKind.QUIET else look.px(1.3 if kind is KeyButtonKind.BAR else 2.6)
        if kind is KeyButtonKind.CHOICE:
            self.setCheckable(True)
        across = QSizePolicy.Policy.Preferred if kind is not KeyButtonKind.QUIET else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(across, QSizePolicy.Policy.Fixed)
        if kind is KeyButtonKind.PRIMARY:
            policy = QSizePolicy(across, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def nextCheckState(self) -> None:
        """What is chosen the page says, which is built again when it has changed."""

    def words_height(self, width: int) -> int:
        """Pixels that the words need inside a button of that width."""
        metrics = QFontMetricsF(self.font())
        room = QRectF(0, 0, max(1, width - self._beside()), 10_000)
        return round(metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), self.text()).height())

    def needed_width(self) -> int:
        """Pixels on one line."""
        return self._beside() + self._advance(self.text()) + 1

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), self._height())

    def heightForWidth(self, width: int) -> int:
        return max(self._height(), self.words_height(width) + self.look.px(1.6) + self.look.ledge)

    def minimumSizeHint(self) -> QSize:
        if self.kind in {KeyButtonKind.PRIMARY, KeyButtonKind.BAR}:
            widest = max((self._advance(word) for word in self.text().split()), default=0)
            return QSize(self._beside() + widest + 1, self._height())
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        ledge = self.look.ledge if self.kind in _LEDGED and self.isEnabled() else 0
        rect = QRectF(self.rect())
        if self.isDown() and self.isEnabled():
            rect.setTop(rect.top() + ledge)
            ledge = 0
        if self.kind is not KeyButtonKind.QUIET:
            paint_box(painter, rect, self._box(ledge))
        self._paint_content(painter, rect.adjusted(0, 0, 0, -ledge))
        painter.end()

    def _height(self) -> int:
        look = self.look
        line = round(QFontMetricsF(self.font()).height())
        if self.kind is KeyButtonKind.QUIET:
            return max(line, cap_size(look, "F1").height(), look.px(look.tokens.size.staff.table_row * 0.75))
        least = look.px(look.tokens.size.staff.control * (1.5 if self.kind is KeyButtonKind.PRIMARY else 1.0))
        return max(least, line + look.px(1.6) + look.ledge)

    def _advance(self, text: str) -> int:
        return round(QFontMetricsF(self.font()).horizontalAdvance(text)) + 2

    def _beside(self) -> int:
        """Pixels of all but the words."""
        icon = self.look.px(self._icon_mm) + self._gap if self._icon else 0
        cap = cap_size(self.look, self.key).width() + self._gap if self.key else 0
        return icon + cap + 2 * self._padding

    def _box(self, ledge: int) -> Box:
        colour, look = self.look.colour, self.look
        filled = self.kind is KeyButtonKind.PRIMARY or (self.kind is KeyButtonKind.CHOICE and self.isChecked())
        fill, outline, edge, width = colour("surface"), colour("control"), colour("edge"), look.outline
        if not self.isEnabled():
            fill, outline = colour("sunken"), colour("edge" if self.kind is KeyButtonKind.BAR else "control")
        elif filled:
            fill = outline = colour("primary_press" if self.isDown() else "primary")
            edge = colour("primary_edge")
        elif self.isDown():
            fill = outline = colour("primary_soft")
        dashed = not self.isEnabled() and self.kind is not KeyButtonKind.BAR
        return Box(fill, outline, width, look.control_radius, edge, ledge, dashed=dashed)

    def _ink(self) -> str:
        if not self.isEnabled():
            return "ink_off"
        if self.kind is KeyButtonKind.PRIMARY or (self.kind is KeyButtonKind.CHOICE and self.isChecked()):
            return "on_primary"
        return "ink"

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        words = min(self._advance(self.text()), round(rect.width()) - self._beside())
        parts = [("icon", self.look.px(self._icon_mm))] if self._icon else []
        parts.append(("words", words))
        if self.key:
            cap = ("cap", cap_size(self.look, self.key).width())
            parts = [cap, *parts] if self.kind is KeyButtonKind.BAR else [*parts, cap]
        content = sum(width for _, width in parts) + self._gap * (len(parts) - 1)
        left = rect.left() + (rect.width() - content) / 2
        for part, width in reversed(parts) if self.look.right_to_left else parts:
            place = QRectF(left, rect.top(), width, rect.height())
            if part == "cap":
                paint_cap(painter, self.look, place, self.key, off=not self.isEnabled())
            elif part == "icon":
                pixmap = self.look.icon(self._icon, self._icon_mm, self._ink())
                top = place.center().y() - pixmap.height() / 2
                painter.drawPixmap(QPoint(round(place.left()), round(top)), pixmap)
            else:
                painter.setFont(self.font())
                painter.setPen(self.look.colour(self._ink()))
                painter.setLayoutDirection(self.look.direction)
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextDontClip
                painter.drawText(place, int(flags), self.text())
            left += width + self._gap
