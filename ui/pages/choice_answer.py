"""An answer that is one of several options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from kiosk.catalogue import Step
from kiosk.forms import offered
from ui.look import Look
from ui.pages.page import Page
from ui.pages.question import is_tight
from ui.theme import TextSize
from ui.widgets.choice import ChoiceRow
from ui.widgets.layouts import row
from ui.widgets.pager import PagedColumn

_PAIR: Final = 2
_FEW: Final = 3
_FEW_WIDE: Final = 5
"""Options that fit below one another on a page, on a small panel and on a large one."""


class ChoiceAnswer(QObject):
    """One of the options that are open to this person, each a large row; touching selects, Continue goes on, so that
    nothing is final yet."""

    def __init__(self, page: Page, heading: QVBoxLayout, step: Step, typed: str) -> None:
        super().__init__(page)
        look = page.look
        self._group = QButtonGroup(page)
        self._rows: dict[str, ChoiceRow] = {}
        page.content.addLayout(heading)
        rows: list[ChoiceRow] = []
        options = offered(step, {fact.id: fact.value for fact in page.scene.facts})
        many = _are_many(look, len(options))
        low = look.tokens.size.target_min if many else None
        bare = _is_small(look) and is_tight(look) and len(options) > _PAIR  # one alone would seem to be the only one
        for option in options:
            hint = look.texts.of(option.hint) if option.hint and not bare else ""
            title = look.texts.of(option.title)
            entry = ChoiceRow(look, title, hint, name=f"option:{option.id}", least_height_mm=low)
            entry.setChecked(option.id == typed)
            self._group.addButton(entry)
            self._rows[option.id] = entry
            rows.append(entry)
        page.content.addSpacing(look.px(look.tokens.space.s))
        lines = _in_pairs(look, rows) if many else list[QWidget](rows)
        page.content.addWidget(PagedColumn(look, lines, gap_mm=look.tokens.size.keypad_gap), 1)

    def text(self) -> str:
        return next((option for option, entry in self._rows.items() if entry.isChecked()), "")

    def take_focus(self) -> None:
        next(iter(self._rows.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def key_pressed(self, _event: QKeyEvent) -> bool:
        return False


def _is_small(look: Look) -> bool:
    """The panel itself, whatever the text."""
    return look.panel.width_mm < look.tokens.layout.wide_from


def _are_many(look: Look, count: int) -> bool:
    """So many that they stand two beside each other, and fewer pages are turned. Large text needs the whole line."""
    few = _FEW_WIDE if look.wide else _FEW
    return count > few and look.presentation.text_size is TextSize.M


def _in_pairs(look: Look, rows: Sequence[ChoiceRow]) -> list[QWidget]:
    lines: list[QWidget] = []
    for pair in (rows[at : at + 2] for at in range(0, len(rows), 2)):
        holder = QWidget()
        holder.setLayoutDirection(look.direction)
        line = row(look, *pair, gap_mm=look.tokens.size.keypad_gap)
        if len(pair) == 1:
            line.addStretch(1)
        for place in range(2):
            line.setStretch(place, 1)
        holder.setLayout(line)
        lines.append(holder)
    return lines
