"""A notice: an outlined, tinted box with an icon and a sentence, and at most one thing to press in it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.look import Look
from ui.widgets.layouts import column
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text

NoticeKind = Literal["information", "success", "warning", "error"]

_ICONS: dict[NoticeKind, str] = {
    "information": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "circle-alert",
}
_COLOURS: dict[NoticeKind, str] = {
    "information": "primary",
    "success": "success",
    "warning": "warning",
    "error": "error",
}


class Notice(Surface):
    """`Notice(look, "warning", "first sentence", "second line", icon="cloud-off", link=Button(...))`.

    The first text is strong and in the notice's colour when a second follows it, else it is plain ink. Give `link` a
    `Button` of kind LINK; it stands at the trailing edge.
    """

    def __init__(
        self,
        look: Look,
        kind: NoticeKind,
        text: str,
        detail: str = "",
        *,
        icon: str = "",
        link: QWidget | None = None,
    ) -> None:
        super().__init__(look, kind, padding_mm=3.2)
        self.widen_sides()
        line = QHBoxLayout()
        line.setSpacing(look.px(look.tokens.space.m))
        line.addWidget(Icon(look, icon or _ICONS[kind], colour=_COLOURS[kind]), 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(look, gap_mm=0.6)
        if detail:
            words.addWidget(Text(look, text, strong=True, colour=_COLOURS[kind]))
            words.addWidget(Text(look, detail))
        else:
            words.addWidget(Text(look, text))
        line.addLayout(words, 1)
        if link is not None:
            line.addWidget(link, 0, Qt.AlignmentFlag.AlignVCenter)
        self.rows.addLayout(line)
