"""F1: every key of the counter in one card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from ui.look import Look
from ui.staff.key_cap import KeyCap
from ui.staff.keys import KeyAct
from ui.widgets.surface import Surface
from ui.widgets.text import Text


class KeysCard(Surface):
    def __init__(self, look: Look, acts: tuple[KeyAct, ...]) -> None:
        super().__init__(look, padding_mm=4.0)
        self.setObjectName("keys")
        self.rows.addWidget(Text(look, look.texts("Keys of this screen"), role="strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(2.4))
        grid.setVerticalSpacing(look.px(1.2))
        columns = 2
        rows = -(-len(acts) // columns)
        for at, act in enumerate(acts):
            column = 2 * (at // rows)
            cap = KeyCap(look, act.key)
            grid.addWidget(cap, at % rows, column, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(Text(look, act.words), at % rows, column + 1)
        for column in range(columns):
            grid.setColumnStretch(2 * column + 1, 1)
        self.rows.addLayout(grid)
