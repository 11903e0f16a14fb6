"""Text in one of the roles of the type scale: leading alignment, wrapping, never cut."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.look import Look, Role

_WIDEST_HINT = 16_777_215  # QWIDGETSIZE_MAX


class Text(QLabel):
    """`Text(look, "…", role="body", strong=None, colour="ink", centred=False, wrap=True)`.

    Asks for its width on one line; where there is less it wraps and asks for the height of its lines. The text is
    taken as it is (no mark-up). `set_colour` takes a name of the theme.
    """

    def __init__(
        self,
        look: Look,
        text: str,
        *,
        role: Role = "body",
        strong: bool | None = None,
        colour: str = "ink",
        centred: bool = False,
        wrap: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.look = look
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(look.font(role, strong=strong))
        self.setLayoutDirection(look.direction)
        self.setWordWrap(wrap)
        # AlignLeft is the leading side: QLabel mirrors it with the layout direction.
        side = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        self.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        self.set_colour(colour)

    def set_colour(self, name: str) -> None:
        palette = QPalette(self.look.palette)
        palette.setColor(QPalette.ColorRole.WindowText, self.look.colour(name))
        self.setPalette(palette)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        lines = self.text().split("\n")
        width = max(metrics.horizontalAdvance(line) for line in lines)
        return QSize(min(round(width) + 2, _WIDEST_HINT), round(metrics.height() * len(lines)) + 1)

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return self.sizeHint()
        metrics = QFontMetricsF(self.font())
        words = self.text().split() or [""]
        widest = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(round(widest) + 2, round(metrics.height()) + 1)

    def heightForWidth(self, width: int) -> int:
        metrics = QFontMetricsF(self.font())
        box = metrics.boundingRect(QRectF(0, 0, max(width, 1), _WIDEST_HINT), Qt.TextFlag.TextWordWrap, self.text())
        return max(round(box.height()), round(metrics.height())) + 1
