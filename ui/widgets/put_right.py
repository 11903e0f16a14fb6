"""The summary at the top of a page of what is to be put right; it takes the focus and leads to the field."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent

from ui.look import Look
from ui.widgets.button import Button, ButtonKind
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon
from ui.widgets.surface import Surface
from ui.widgets.text import Text

_TIGHT_FROM = 2  # the size L on panels that are not wide


class PutRight(Surface):
    """`PutRight(look, "Enter the number: 1 to 5 digits", lead)`: one thing left, in words that can be pressed.

    `lead` is called when they are; without it the words only show. Where large text leaves little room the heading is
    left out, and the words wrap, which a link does not.
    """

    def __init__(self, look: Look, words: str, lead: Callable[[], None] | None = None) -> None:
        super().__init__(look, "error", padding_mm=3.2)
        self.setObjectName("one_thing_left")
        self.widen_sides()
        roomy = look.wide or look.presentation.text_size.place < _TIGHT_FROM
        linked = lead is not None and roomy
        least = look.tokens.size.target_min
        self._link: Button | None = None
        if linked:
            self._link = Button(
                look, words, name="put_right", kind=ButtonKind.LINK, height_mm=least, link_colour="error"
            )
        text = column(look, gap_mm=0.0)
        if roomy:
            text.addWidget(Text(look, look.texts("One thing left"), strong=True, colour="error"))
        if self._link is not None and lead is not None:
            self._link.clicked.connect(lead)
            text.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            text.addWidget(Text(look, words, strong=True, colour="error"))
        line = row(look, Icon(look, "circle-alert", colour="error"))
        line.addLayout(text, 1)
        self.rows.addLayout(line)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._link is not None:
            self._link.setFocus(Qt.FocusReason.OtherFocusReason)
