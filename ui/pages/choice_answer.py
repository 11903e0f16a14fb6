"""An answer that is one of several options."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from kiosk.catalogue import Step
from kiosk.forms import offered
from ui.pages.page import Page
from ui.widgets.choice import ChoiceRow
from ui.widgets.pager import PagedColumn


class ChoiceAnswer(QObject):
    """One of the options that are open to this person, each a large row; touching selects, Continue goes on, so that
    nothing is final yet."""

    def __init__(self, page: Page, heading: QVBoxLayout, step: Step, typed: str) -> None:
        super().__init__(page)
        look = page.look
        self._group = QButtonGroup(page)
        self._rows: dict[str, ChoiceRow] = {}
        page.content.addLayout(heading)
        rows: list[QWidget] = []
        for option in offered(step, {fact.id: fact.value for fact in page.scene.facts}):
            hint = look.texts.of(option.hint) if option.hint else ""
            entry = ChoiceRow(look, look.texts.of(option.title), hint, name=f"option:{option.id}")
            entry.setChecked(option.id == typed)
            self._group.addButton(entry)
            self._rows[option.id] = entry
            rows.append(entry)
        page.content.addSpacing(look.px(look.tokens.space.s))
        page.content.addWidget(PagedColumn(look, rows, gap_mm=look.tokens.size.keypad_gap), 1)

    def text(self) -> str:
        return next((option for option, entry in self._rows.items() if entry.isChecked()), "")

    def take_focus(self) -> None:
        next(iter(self._rows.values())).setFocus(Qt.FocusReason.TabFocusReason)

    def key_pressed(self, _event: QKeyEvent) -> bool:
        return False
