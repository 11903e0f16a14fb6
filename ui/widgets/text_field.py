"""A field of words for people who touch: large, with an icon before the text and one touch to clear it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from ui.look import Look
from ui.widgets.button import Button, ButtonKind
from ui.widgets.painting import Box, paint_box

_LONGEST = 100
_CARET_MM = 0.8


class TextField(QLineEdit):
    """`TextField(look, name="search", accessible="Search for a service", icon="search", hint="…")`.

    `set_active` shows the caret and the strong outline whether or not the window system gave it the focus: on the
    screen it is the field that the keyboard types into. A button named `clear` empties it. What is typed stays in this
    field: no menu, no dragging. `textEdited` tells each change by a person, clearing too; `pressed()` a touch;
    `complete()` Enter. `left_to_right` is for what is written so in Arabic too, as an e-mail address.
    """

    pressed = Signal()
    complete = Signal()

    def __init__(
        self,
        look: Look,
        *,
        name: str,
        accessible: str,
        text: str = "",
        icon: str = "",
        hint: str = "",
        longest: int = _LONGEST,
        left_to_right: bool = False,
    ) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._active = False
        self._mistaken = False
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFont(look.font("action", strong=True))
        self.setMaxLength(longest)
        self.setFrame(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight if left_to_right else look.direction)
        # An empty field would follow the direction of the window system's keyboard, not the screen's.
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        self.setPlaceholderText(hint)
        self.setText(text)
        palette = QPalette(look.palette)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clear = Button(look, "", name="clear", kind=ButtonKind.LINK, icon="x", accessible=look.texts("Clear all"))
        self._clear.setParent(self)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.when_pressed(self._empty)
        self.textChanged.connect(self._show_clear)
        self._place_text()
        self._show_clear(text)

    def set_active(self, active: bool) -> None:
        self._active = active
        self.update()

    def set_mistaken(self, mistaken: bool) -> None:
        self._mistaken = mistaken
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        line = round(QFontMetricsF(self.font()).height())
        return QSize(look.px(90.0), max(look.px(look.tokens.size.field), line + look.px(1.6)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(50.0), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.complete.emit()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.pressed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height()
        at_left = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self._clear.setGeometry(0 if at_left else self.width() - side, 0, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, line = self._look, self._look.tokens.line
        strong = self._active or self.hasFocus() or self._mistaken
        outline = "error" if self._mistaken else "primary" if strong else "control"
        painter = QPainter(self)
        box = Box(
            fill=look.colour("error_soft" if self._mistaken else "surface"),
            outline=look.colour(outline),
            outline_width=look.stroke(line.selected if strong else line.field),
            radius=look.control_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        if self._icon:
            picture = look.icon(self._icon, look.icon_mm, "ink2")
            inset = look.px(4.0)
            right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            left = self.width() - inset - picture.width() if right else inset
            painter.drawPixmap(left, (self.height() - picture.height()) // 2, picture)
        painter.end()
        super().paintEvent(event)
        if self._active or self.hasFocus():
            self._paint_caret()

    def _paint_caret(self) -> None:
        """Thicker than Qt's own, and always there: a blinking one is not found by everybody."""
        width, height = self._look.px(_CARET_MM), round(self.font().pixelSize() * 1.2)
        middle = self.cursorRect().center()
        painter = QPainter(self)
        painter.fillRect(middle.x(), (self.height() - height) // 2, width, height, self._look.colour("primary"))
        painter.end()

    def _place_text(self) -> None:
        look = self._look
        leading = look.px(4.0) + (look.px(look.icon_mm) + look.px(2.0) if self._icon else 0)
        trailing = self.sizeHint().height()
        right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        self.setTextMargins(trailing if right else leading, 0, leading if right else trailing, 0)

    @Slot(str)
    def _show_clear(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def _empty(self) -> None:
        self.clear()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.textEdited.emit("")
