"""One answer on the check page: label, value, and *Change* or, for what the card says, a lock."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from ui.look import Look
from ui.widgets.button import Button
from ui.widgets.joined_row import JoinedRow
from ui.widgets.layouts import column, row
from ui.widgets.picture import Icon
from ui.widgets.text import Text

_LABEL_MM = 62.0
_NARROW_LABEL_MM = 48.0


class AnswerRow(JoinedRow):
    """`AnswerRow(look, "Vehicle", "12-34567", change=Button(...))`: at the largest text size the label stands over its
    value. `source` says where a value is from that stands there for good, as "From the card". A `dense` row is as high
    on a wide panel as on others: where there is more to read than to press."""

    def __init__(
        self,
        look: Look,
        label: str,
        value: str,
        *,
        change: Button | None = None,
        source: str = "",
        dense: bool = False,
    ) -> None:
        size = look.tokens.size
        super().__init__(look, least_height_mm=size.answer_row if look.wide and not dense else size.tool + 3.0)
        named = Text(look, label, colour="ink2")
        words = Text(look, value, strong=True)
        if look.largest:
            self.line.addLayout(column(look, named, words, gap_mm=0.0), 1)
        else:
            named.setFixedWidth(look.px(_LABEL_MM if look.wide else _NARROW_LABEL_MM))
            self.line.addWidget(named)
            self.line.addWidget(words, 1)
        if source:
            self.line.addLayout(_lock(look, source))
        if change is not None:
            self.line.addWidget(change, 0, Qt.AlignmentFlag.AlignVCenter)


def _lock(look: Look, source: str) -> QHBoxLayout:
    line = row(look, Icon(look, "lock", colour="ink2", millimetres=look.icon_mm * 0.8), gap_mm=look.tokens.space.s)
    if not look.largest:
        line.addWidget(Text(look, source, colour="ink2", wrap=False))
    return line
