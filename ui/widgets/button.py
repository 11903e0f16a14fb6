"""Buttons: one word or sentence, an icon before it, an arrow after it; solid, pressed at once, acting on release."""

from __future__ import annotations

import enum
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.look import Look, Role
from ui.widgets.painting import Box, paint_box


class ButtonKind(enum.Enum):
    """PRIMARY is the one filled button of a page; TOOL sits in the top bar; HELP is the tinted tool; LINK is a
    word to press inside text; KEY and SOFT_KEY are keys of a keypad."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TOOL = "tool"
    HELP = "help"
    LINK = "link"
    KEY = "key"
    SOFT_KEY = "soft_key"


_LEDGED = frozenset({ButtonKind.PRIMARY, ButtonKind.SECONDARY, ButtonKind.KEY, ButtonKind.SOFT_KEY})
_BAR_KINDS = frozenset({ButtonKind.PRIMARY, ButtonKind.SECONDARY})
_LEAST_WIDTH_MM = 45.0  # where there is room; elsewhere the least target
# Put together once: a flag of Qt is a Python enum, and slow to combine.
_CENTRED_LINE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
_SMALL = frozenset({ButtonKind.TOOL, ButtonKind.HELP, ButtonKind.LINK})


class Pressable(QPushButton):
    """What every control that acts when pressed has in common: a name for the tour, a name for people who listen,
    keyboard focus by Tab only, Enter as well as Space."""

    def __init__(self, look: Look, *, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setLayoutDirection(look.direction)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._act: Callable[[], object] | None = None

    def when_pressed(self, act: Callable[[], object]) -> None:
        """Calls `act`, without arguments, each time this is pressed and released inside, or chosen by key."""
        self._act = act
        self.clicked.connect(self._do_act)

    @Slot()
    def _do_act(self) -> None:
        if self._act is not None:
            self._act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class Button(Pressable):
    """`Button(look, text, name="main", kind=ButtonKind.PRIMARY, icon="clock", arrow="arrow-right")`.

    `icon` stands before the text, `arrow` after it, both by the names of the icon set (left-to-right names; they
    mirror by themselves). `text` may be "" where `icon` alone says it; then give `accessible`. `short` is taken
    instead of `text` when the width does not do. `sizeHint` is what it needs; `height_mm` and `least_width_mm`
    raise it; `link_colour` is a link's, where it stands in a tinted notice. Keys of a PIN do not show that they are
    pressed (`shows_press`). Say with `when_pressed` what it does.
    """

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        name: str,
        kind: ButtonKind = ButtonKind.SECONDARY,
        icon: str = "",
        arrow: str = "",
        accessible: str = "",
        short: str = "",
        role: Role | None = None,
        height_mm: float | None = None,
        least_width_mm: float | None = None,
        link_colour: str = "primary",
        shows_press: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, name=name, accessible=accessible or text, parent=parent)
        self._shows_press = shows_press
        self.kind = kind
        self._widths: dict[str, int] = {}
        self.setText(text)
        self._short = short
        self._link_colour = link_colour
        self._icon_name = icon
        self._arrow_name = arrow
        small = kind in _SMALL
        self._role: Role = role or ("body" if small else "action")
        self.setFont(look.font(self._role, strong=True))
        size = look.tokens.size
        self._least_height = look.px(height_mm or (size.tool if small else size.primary))
        usual_mm = _LEAST_WIDTH_MM if look.wide and kind in _BAR_KINDS else size.target_min
        self._least_width = look.px(usual_mm if least_width_mm is None else least_width_mm)
        self._padding = 0 if kind is ButtonKind.LINK else look.px(_padding_mm(kind, text))
        self._gap = look.px(2.0 if small else 3.0)
        scale = 1.0 if small else 1.12
        self._icon_mm = (look.icon_mm if icon or arrow else 0.0) * scale
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def needed_width(self, text: str) -> int:
        """Pixels that `text`, with the icon and the arrow, needs on one line."""
        parts = [self.look.px(self._icon_mm) for name in (self._icon_name, self._arrow_name) if name]
        if text:
            parts.append(self._text_width(text))
        return sum(parts) + self._gap * max(0, len(parts) - 1) + 2 * self._padding

    def _text_width(self, text: str) -> int:
        """Measured once: layouts ask many times over."""
        if text not in self._widths:
            self._widths[text] = round(QFontMetricsF(self.font()).horizontalAdvance(text)) + 2
        return self._widths[text]

    def shown_text(self) -> str:
        """The text, or the short one where the text does not fit."""
        if self._short and self.needed_width(self.text()) > self.width():
            return self._short
        return self.text()

    def sizeHint(self) -> QSize:
        ledge = self.look.ledge if self.kind in _LEDGED else 0
        line = round(QFontMetricsF(self.font()).height())
        height = max(self._least_height, line + self.look.px(0.6) + ledge)
        return QSize(max(self._least_width, self.needed_width(self.text())), height)

    def minimumSizeHint(self) -> QSize:
        narrow = self.needed_width(self._short or self.text())
        return QSize(max(self._least_width if not self._short else narrow, narrow), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        ledge = self.look.ledge if self.kind in _LEDGED and self.isEnabled() else 0
        pressed = self._shows_press and self.isDown() and self.isEnabled()
        rect = QRectF(self.rect())
        if pressed:
            rect.setTop(rect.top() + ledge)
            ledge = 0
        if self.kind is not ButtonKind.LINK:
            paint_box(painter, rect, self._box(pressed=pressed, ledge=ledge))
        self._paint_content(painter, rect.adjusted(0, 0, 0, -ledge), self._ink(pressed=pressed))
        painter.end()

    def _box(self, *, pressed: bool, ledge: int) -> Box:
        look = self.look
        colour = look.colour
        primary = self.kind is ButtonKind.PRIMARY
        fill, outline, edge = colour("surface"), colour("control"), colour("edge")
        width = look.outline
        if not self.isEnabled():
            fill = colour("sunken")
        elif primary:
            fill = colour("primary_press" if pressed else "primary")
            outline, width, edge = fill, 0.0, colour("primary_edge")
        elif pressed:
            fill = outline = colour("primary")
        elif self.kind is ButtonKind.HELP:
            fill, outline = colour("primary_soft"), colour("primary")
        elif self.kind is ButtonKind.SOFT_KEY:
            fill = colour("sunken")
        small = self.kind in _SMALL
        radius = look.px(look.tokens.radius.control if small else look.tokens.radius.button)
        return Box(fill, outline, width, radius, edge, ledge, dashed=not self.isEnabled())

    def _ink(self, *, pressed: bool) -> str:
        if not self.isEnabled():
            return "ink_off"
        if self.kind is ButtonKind.PRIMARY or (pressed and self.kind is not ButtonKind.LINK):
            return "on_primary"
        if self.kind is ButtonKind.LINK and self._link_colour != "primary":
            return self._link_colour
        if self.kind in (ButtonKind.HELP, ButtonKind.LINK):
            return "primary_press" if pressed else "primary"
        return "ink"

    def _paint_content(self, painter: QPainter, rect: QRectF, ink: str) -> None:
        text = self.shown_text()
        content = self.needed_width(text) - 2 * self._padding
        left = rect.left() + (rect.width() - content) / 2
        if self.kind is ButtonKind.LINK:
            left = rect.right() - content if self.look.right_to_left else rect.left()
        parts: list[tuple[str, int]] = []
        if self._icon_name:
            parts.append(("icon", self.look.px(self._icon_mm)))
        if text:
            parts.append(("text", self._text_width(text)))
        if self._arrow_name:
            parts.append(("arrow", self.look.px(self._icon_mm)))
        for part, width in reversed(parts) if self.look.right_to_left else parts:
            place = QRectF(left, rect.top(), width, rect.height())
            if part == "text":
                self._paint_text(painter, place, text, self.look.colour(ink))
            else:
                name = self._icon_name if part == "icon" else self._arrow_name
                _paint_pixmap(painter, place, self.look.icon(name, self._icon_mm, ink))
            left += width + self._gap

    def _paint_text(self, painter: QPainter, place: QRectF, text: str, colour: QColor) -> None:
        painter.setFont(self.font())
        painter.setPen(colour)
        painter.setLayoutDirection(self.look.direction)
        painter.drawText(place, _CENTRED_LINE, text)
        if self.kind is ButtonKind.LINK:
            metrics = QFontMetricsF(self.font())
            bottom = place.center().y() + metrics.height() / 2 - metrics.descent() * 0.35
            painter.fillRect(QRectF(place.left(), bottom, place.width(), max(1.0, self.look.outline / 1.5)), colour)


def _padding_mm(kind: ButtonKind, text: str) -> float:
    if kind in (ButtonKind.KEY, ButtonKind.SOFT_KEY):
        return 2.0
    return 3.2 if not text else 3.6 if kind in _SMALL else 5.0


def _paint_pixmap(painter: QPainter, place: QRectF, pixmap: QPixmap) -> None:
    corner = QPoint(
        round(place.center().x() - pixmap.width() / 2),
        round(place.center().y() - pixmap.height() / 2),
    )
    painter.drawPixmap(corner, pixmap)
