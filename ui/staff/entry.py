"""A field that is typed into: its label above, what is to be put right below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.look import Look
from ui.widgets.painting import Box, paint_box
from ui.widgets.text import Text

_LONGEST = 100


class Entry(QLineEdit):
    """The box alone. `numbers`: ids and amounts, always left to right. What is typed stays in this field: no menu,
    no dragging, and the window forgets the selection that a window system keeps."""

    def __init__(self, look: Look, *, name: str, accessible: str, numbers: bool = False, characters: int = 12) -> None:
        super().__init__()
        self._look = look
        self._mistaken = False
        self._characters = characters
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setFont(look.font("body", strong=True))
        self.setMaxLength(_LONGEST)
        self.setFrame(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight if numbers else look.direction)
        inset = look.px(2.4)
        self.setTextMargins(inset, 0, inset, 0)
        palette = QPalette(look.palette)
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        palette.setColor(QPalette.ColorRole.PlaceholderText, look.colour("ink_off"))
        self.setPalette(palette)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_mistaken(self, mistaken: bool) -> None:
        self._mistaken = mistaken
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt types a digit that is pressed with Alt; here it is the key of an act."""
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        look = self._look
        metrics = QFontMetricsF(self.font())
        width = round(metrics.horizontalAdvance("0") * self._characters) + look.px(6.0)
        height = max(look.px(look.tokens.size.staff.control), round(metrics.height()) + look.px(1.6))
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, line = self._look, self._look.tokens.line
        strong = self.hasFocus() or self._mistaken
        outline = "error" if self._mistaken else "primary" if self.hasFocus() else "control"
        fill = "sunken" if not self.isEnabled() else "error_soft" if self._mistaken else "surface"
        painter = QPainter(self)
        box = Box(
            look.colour(fill),
            look.colour(outline),
            look.stroke(line.selected if strong else line.field),
            look.control_radius,
        )
        paint_box(painter, QRectF(self.rect()), box)
        painter.end()
        super().paintEvent(event)


class Field(QWidget):
    """`Field(look, label, name="plate", text="", mistake="", numbers=True)`: label, box, and the mistake in words.

    Signals:
        edited(str): each time a person changes the text.
    """

    edited = Signal(str)

    def __init__(
        self,
        look: Look,
        label: str,
        *,
        name: str,
        text: str = "",
        hint: str = "",
        mistake: str = "",
        numbers: bool = False,
        characters: int = 12,
    ) -> None:
        super().__init__()
        self.setLayoutDirection(look.direction)
        self.entry = Entry(look, name=name, accessible=label, numbers=numbers, characters=characters)
        self.entry.setText(text)
        self.entry.setPlaceholderText(hint)
        self.entry.set_mistaken(bool(mistake))
        self.entry.textEdited.connect(self.edited)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(look.px(0.8))
        stack.addWidget(Text(look, label, colour="ink2", wrap=False))
        stack.addWidget(self.entry)
        if mistake:
            self.entry.setAccessibleDescription(mistake)
            stack.addWidget(Text(look, mistake, colour="error", strong=True))
        stack.addStretch(1)

    def when_edited(self, act: Callable[[str], object]) -> None:
        self.edited.connect(act)

    def text(self) -> str:
        return self.entry.text()
